"""The outputs that notebooks keep: run each on the seeds and store the text of what it shows, or see whether it still holds.

`python -m analysis.outputs` writes them, `python -m analysis.outputs --check` only compares. Figures and tables to look at
are not stored: their HTML is long and changes with every style. `make test` runs every notebook and compares the text.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from analysis.kernels import run_notebooks
from analysis.manifest import project_root
from analysis.parameters import SCHEMAS, choose

TIMEOUT = 600.0  # seconds that a cell may take
GOOD, DIFFERENT = 0, 1


def stored(notebook: dict[str, Any], ran: dict[str, Any]) -> dict[str, Any]:
    """A notebook with the text outputs of a run of it.

    Args:
        notebook: as JSON.
        ran: the same with the outputs of a run; cells are matched by their ids.

    Returns:
        A new notebook, as JSON: outputs of kind text/plain only. Code cells are counted from 1, so that it looks as after
        “Run All Cells” and nbval compares it.

    >>> cell = {"id": "a", "cell_type": "code", "outputs": []}
    >>> shown = {"output_type": "execute_result", "data": {"text/plain": "one line", "text/html": "<p>"}}
    >>> stored({"cells": [cell]}, {"cells": [cell | {"outputs": [shown]}]})["cells"][0]["outputs"][0]["data"]
    {'text/plain': ['one line']}
    """
    outputs = {cell["id"]: cell["outputs"] for cell in ran["cells"] if cell["cell_type"] == "code"}
    cells, number = [], 0
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            number += 1
            cell = cell | {"execution_count": number, "outputs": list(_texts(outputs[cell["id"]], number))}
        cells.append(cell)
    return notebook | {"cells": cells}


def _texts(outputs: Iterable[dict[str, Any]], number: int) -> Iterable[dict[str, Any]]:
    for output in outputs:
        if output["output_type"] in ("execute_result", "display_data"):
            text = "".join(output["data"]["text/plain"])
            data = {"text/plain": text.splitlines(keepends=True)}
            yield {"data": data, "execution_count": number, "metadata": {}, "output_type": "execute_result"}


def rewrite(names: Sequence[str] = (), *, check: bool = False, tables: Path | None = None) -> list[str]:
    """Run notebooks with their defaults and store their text outputs.

    Args:
        names: notebooks; none = all.
        check: write nothing.
        tables: folder of stored tables, in the place of the seeds; what is stored then does not pass `make test`.

    Returns:
        The notebooks whose stored outputs are not those of the run.

    Raises:
        RuntimeError: a notebook did not run to its end.
    """
    chosen = [choose(name, SCHEMAS, what="notebook") for name in names] or list(SCHEMAS)
    paths = [project_root() / "notebooks" / f"{name}.ipynb" for name in chosen]
    given = {"tables": str(tables)} if tables is not None else {}
    changed = []
    # One after the other: the first may have to read the seeds, for all.
    for number, result in run_notebooks([(path, given) for path in paths], timeout=TIMEOUT):
        if result.notebook is None:
            assert result.failure is not None
            raise RuntimeError(
                f"{chosen[number]}: {result.failure.kind} in cell {result.failure.cell}: {result.failure.message}"
            )
        before = json.loads(paths[number].read_text(encoding="utf-8"))
        after = stored(before, json.loads(json.dumps(result.notebook)))
        if after != before:
            changed.append(chosen[number])
            if not check:
                text = json.dumps(after, indent=1, ensure_ascii=False) + "\n"
                paths[number].write_text(text, encoding="utf-8", newline="\n")
    return changed


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 1 if `--check` finds a difference."""
    parser = argparse.ArgumentParser(prog="python -m analysis.outputs", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="which; all if none is named")
    parser.add_argument("--check", action="store_true", help="compare only, and write nothing")
    parser.add_argument("--tables", type=Path, help="stored tables, in the place of the seeds")
    args = parser.parse_args(arguments)
    changed = rewrite(args.notebooks, check=args.check, tables=args.tables)
    what = "differ from what is stored" if args.check else "have new outputs"
    sys.stdout.write(f"{', '.join(changed)} {what}\n" if changed else "the stored outputs are those of the seeds\n")
    return DIFFERENT if args.check and changed else GOOD


if __name__ == "__main__":
    raise SystemExit(main())
