"""Plain papermill, as somebody else's pipeline calls it: from any folder, on the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from fake_tables import fake_tables

from analysis.store import save_tables

ROOT = Path(__file__).parent.parent


def test_a_notebook_runs_from_any_folder_with_parameters(tmp_path) -> None:
    elsewhere = tmp_path / "any where"
    elsewhere.mkdir()
    save_tables(fake_tables(12, events=4), tmp_path / "tables")
    name = "timeline" if (ROOT / "notebooks" / "timeline.ipynb").exists() else "statements"
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", str(ROOT / "notebooks" / f"{name}.ipynb"), "out.ipynb"]
    command += ["-p", "since", "2013-01-01", "-p", "until", "2019", "-p", "tables", str(tmp_path / "tables")]
    done = subprocess.run(command, cwd=elsewhere, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2_000:]
    notebook = json.loads((elsewhere / "out.ipynb").read_text("utf-8"))
    codes = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] for cell in codes)
    assert "2013-01-01" in "".join("".join(cell["source"]) for cell in codes)
    assert not [path for path in elsewhere.iterdir() if path.name not in ("out.ipynb", ".ipynb_checkpoints")]
