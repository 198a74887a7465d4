"""The record of a run: what its tables were made from, what they hold, and whether a new run would change anything.

Only the standard library is used, so that a run that has nothing to do is quick.
"""

from __future__ import annotations

import glob
import hashlib
import importlib.metadata
import json
import os
import platform
import re
import stat
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from analysis.folder import COMMIT, MANIFEST, StoreError, file_hash, place

VERSION = "0.1.0"
# People's own files, which have hashes of their own.
OWN = ("metadata.csv", "actors.csv", "corrections.csv")
# Modules from which everything can be reached that bears on the rows and on their form in the files.
STARTS = ("read", "tagger", "statements", "events", "across", "cache", "store")
IMPORT = re.compile(r"^ *from analysis((?:\.\w+)*) import (\([^)]*\)|[\w, ]+)", re.MULTILINE)
LIBRARIES = (
    "lxml",
    "numpy",
    "onnxruntime",
    "pandas",
    "py3langid",
    "pyarrow",
    "pycountry",
    "regex",
    "snowballstemmer",
    "tokenizers",
    "trafilatura",
)


class WrongUseError(ValueError):
    """What was asked for cannot be done; the message says what was given, what is valid, and what to do."""


@dataclass(frozen=True)
class Manifest:
    """The record of a run, stored as `manifest.json` beside the tables.

    Attributes:
        program: name and version of the program that wrote the tables.
        made_from: what the tables depend on: `corpus`, `inputs` (SHA-256 by file), `metadata` and `actors` (SHA-256 or None),
            `parameters`, `versions`. Two runs with the same `made_from` write the same tables.
        counts: rows by table, and words, articles tagged anew, metadata rows without an article.
        files: SHA-256 and size in bytes of every other file.
        complete: False where an article failed for a reason that may pass (time, memory): the next run tries it again.
        started: time of the start, UTC, ISO 8601.
        seconds: how long the run took.
        changed: whether this run wrote the tables; not stored.
    """

    program: str = f"attest {VERSION}"
    made_from: dict[str, Any] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    complete: bool = True
    started: str = ""
    seconds: float = 0.0
    changed: bool = True

    def to_json(self) -> str:
        """The record as text. Names that are no valid Unicode are kept as escapes."""
        return json.dumps({key: value for key, value in asdict(self).items() if key != "changed"}, indent=1) + "\n"


def read_manifest(folder: str | Path) -> Manifest | None:
    """The record of the tables in a folder, None where there is none.

    Raises:
        StoreError: the file is damaged.
    """
    path = place(Path(folder), MANIFEST)
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return Manifest(**{key: values[key] for key in Manifest.__dataclass_fields__ if key in values}, changed=False)
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise StoreError(f"{path} is damaged ({type(error).__name__}); delete it and run extract again") from error


def is_current(folder: Path, old: Manifest | None, made_from: dict[str, Any]) -> bool:
    """Whether the tables in the folder are what a run on `made_from` would write, unchanged since they were written."""
    if old is None or not old.complete or old.made_from != made_from or (folder / COMMIT).exists():
        return False
    return all(_is_as_written(folder / name, written) for name, written in old.files.items())


def _is_as_written(path: Path, written: dict[str, Any]) -> bool:
    return path.is_file() and path.stat().st_size == written["bytes"] and file_hash(path) == written["sha256"]


# ------------------------------------------------------------------ what tables are made from


def project_root() -> Path:
    """The folder that holds `analysis/`, or what the environment variable ANALYSIS_ROOT names."""
    return Path(os.environ.get("ANALYSIS_ROOT") or Path(__file__).resolve().parent.parent)


def hash_inputs(corpus: str | Path) -> dict[str, str]:
    """SHA-256 of every regular file of a corpus, by its path below the folder (for a file: its name; for a glob: its path).

    Links are not followed and devices not opened; their kind stands in the place of a hash, so that a change is seen.

    Raises:
        WrongUseError: there is no such file, folder or match, or the folder is empty.
    """
    path = Path(corpus)
    if path.is_dir():
        hashes = {os.path.relpath(found, path): _fingerprint(found) for found in _walk(path)}
        if not hashes:
            raise WrongUseError(f"the folder {str(corpus)!r} is empty; give a folder of articles")
        return dict(sorted(hashes.items()))
    found = [str(path)] if path.exists() else sorted(glob.glob(str(corpus), recursive=True))  # noqa: PTH207
    if not found:
        raise WrongUseError(
            f"there is no file or folder {str(corpus)!r}; give a folder of articles, a file, or a pattern in quotes"
        )
    hashes = {}
    for name in found:
        hashes.update(
            {inner: _fingerprint(inner) for inner in _walk(Path(name))} if Path(name).is_dir() else {name: _fingerprint(name)}
        )
    return dict(sorted(hashes.items()))


def _walk(folder: Path) -> list[str]:
    found: list[str] = []
    waiting = [str(folder)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                (waiting if entry.is_dir(follow_symlinks=False) else found).append(entry.path)
    return found


def _fingerprint(path: str) -> str:
    mode = os.lstat(path).st_mode
    if stat.S_ISLNK(mode):
        return f"link to {Path(path).readlink()}"
    if not stat.S_ISREG(mode):
        return "no regular file"
    try:
        return file_hash(Path(path))
    except OSError as error:
        return f"unreadable: {error.strerror}"


def hash_of_file(path: Path | None) -> str | None:
    """SHA-256 of one of people's own files, None where none is used.

    Raises:
        WrongUseError: there is no such file.
    """
    if path is None:
        return None
    if not path.is_file():
        raise WrongUseError(f"there is no file {str(path)!r}; give an existing CSV file, or none")
    return file_hash(path)


def versions() -> dict[str, str]:
    """Versions of everything the rows depend on: Python, libraries, and one hash each over code, model and word lists."""
    package, data = Path(__file__).resolve().parent, project_root() / "data"
    found = {"attest": VERSION, "python": platform.python_version()}
    found["code"] = _hash_all([*_modules(package), package / "extract.py"], package)
    found["model"] = _hash_all([path for path in (package / "models").glob("*") if path.is_file()], package)
    found["word lists"] = _hash_all([path for path in data.glob("*.*") if path.is_file() and path.name not in OWN], data)
    return found | {name: version for name in LIBRARIES if (version := _version(name))}


def _modules(package: Path) -> list[Path]:
    """The modules that STARTS import, directly or not."""
    waiting, seen = [package / f"{name}.py" for name in STARTS], set()
    while waiting:
        path = waiting.pop()
        if path in seen or not path.is_file():
            continue
        seen.add(path)
        for module, names in IMPORT.findall(path.read_text(encoding="utf-8")):
            # What is imported may be a name of the module, or a module of the package.
            at = package.joinpath(*module.split(".")[1:])
            waiting += [at.with_suffix(".py"), *(at / f"{name}.py" for name in re.findall(r"\w+", names))]
    return sorted(seen)


def _hash_all(paths: list[Path], base: Path) -> str:
    lines = sorted(f"{path.relative_to(base)} {file_hash(path)}" for path in paths if path.is_file())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _version(library: str) -> str | None:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return None
