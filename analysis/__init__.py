"""Attest: who said what, and what happened, as tables with the words behind every row.

>>> import analysis as an
>>> an.Tables()
Tables: 0 articles, 0 statements, 0 events, 0 actors, 0 problems
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.dates import find_dates
    from analysis.extract import extract
    from analysis.read import read_articles
    from analysis.schema import Tables
    from analysis.store import load_tables, save_tables

__all__ = ["Tables", "extract", "find_dates", "load_tables", "read_articles", "save_tables"]

# The module behind each name is imported when the name is first used, so that `import analysis` is quick.
_MODULES = {
    "Tables": "schema",
    "extract": "extract",
    "find_dates": "dates",
    "load_tables": "store",
    "read_articles": "read",
    "save_tables": "store",
}
# Modules for those who look at tables, within reach without an import of their own: `an.show.evidence(row, tables)`.
_AT_HAND = ("chronology", "corpus", "counts", "plots", "relations", "show", "timeline")


def __getattr__(name: str) -> Any:
    if name in _AT_HAND:
        return importlib.import_module(f"analysis.{name}")
    if name not in _MODULES:
        raise AttributeError(f"module 'analysis' has no attribute {name!r}; it has {', '.join(__all__)}")
    value = getattr(importlib.import_module(f"analysis.{_MODULES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """Importing the module `analysis.extract` would put it where the function of that name belongs; here the function stays."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _MODULES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
