"""The Airflow example, imported with stand-ins: its tasks, their order, their words. `make airflow-test` runs it."""

from __future__ import annotations

import importlib.util
import shlex
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))


class Dag:
    """Stands in for airflow.DAG."""

    current: Dag | None = None

    def __init__(self, **options) -> None:
        self.options, self.tasks = options, {}

    def __enter__(self) -> Dag:
        Dag.current = self
        return self

    def __exit__(self, *_) -> None:
        Dag.current = None


class Task:
    """Stands in for an operator: keeps what it is given and what comes before it."""

    def __init__(self, **options) -> None:
        self.options, self.before = options, set()
        Dag.current.tasks[options["task_id"]] = self

    def __rshift__(self, other: Task) -> Task:
        other.before.add(self.options["task_id"])
        return other


class Papermill(Task):
    """Stands in for PapermillOperator."""


def load(monkeypatch: pytest.MonkeyPatch, *, airflow: int, **environment: str) -> Dag:
    for name in ("HOME", "CORPUS", "OUTPUT", "KERNEL", "RETRIES"):
        monkeypatch.delenv(f"ATTEST_{name}", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(f"ATTEST_{name}", value)
    bash = "airflow.providers.standard.operators.bash" if airflow == 3 else "airflow.operators.bash"
    holds = {"airflow": {"DAG": Dag}, bash: {"BashOperator": Task}}
    holds["airflow.providers.papermill.operators.papermill"] = {"PapermillOperator": Papermill}
    for name, values in holds.items():
        for end in range(1, len(name.split("."))):
            parent = ".".join(name.split(".")[:end])
            if parent not in holds and parent not in sys.modules:
                monkeypatch.setitem(sys.modules, parent, ModuleType(parent))
        module = ModuleType(name)
        module.__dict__.update(values)
        monkeypatch.setitem(sys.modules, name, module)
    spec = importlib.util.spec_from_file_location("airflow_dag", ROOT / "schedules" / "airflow_dag.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.dag


@pytest.mark.parametrize("airflow", [2, 3])
def test_every_notebook_runs_after_the_extraction(monkeypatch, airflow) -> None:
    dag = load(monkeypatch, airflow=airflow)
    assert sorted(name for name, task in dag.tasks.items() if isinstance(task, Papermill)) == NOTEBOOKS
    assert all(dag.tasks[name].before == {"make_folder"} for name in NOTEBOOKS)
    assert dag.tasks["make_folder"].before == {"extract"}
    assert dag.options["max_active_runs"] == 1
    assert dag.options["catchup"] is False


def test_notebooks_get_the_tables_and_the_projects_kernel(monkeypatch, tmp_path) -> None:
    dag = load(monkeypatch, airflow=3, OUTPUT=str(tmp_path / "out put"))
    for name in NOTEBOOKS:
        options = dag.tasks[name].options
        assert options["parameters"] == {"tables": str(ROOT / "data" / "tables")}
        assert Path(options["input_nb"]) == ROOT / "notebooks" / f"{name}.ipynb"
        assert Path(options["output_nb"]) == tmp_path / "out put" / f"{name}.ipynb"
        assert (options["kernel_name"], options["language_name"]) == ("attest", "python")


def test_paths_with_spaces_reach_the_commands_as_they_are(monkeypatch, tmp_path) -> None:
    home = tmp_path / "my project"
    (home / "notebooks").mkdir(parents=True)
    dag = load(monkeypatch, airflow=3, HOME=str(home), CORPUS="/srv/it's press/*.txt", RETRIES="0")
    command = shlex.split(dag.tasks["extract"].options["bash_command"])
    assert command[0] == str(home / ".venv" / "bin" / "python")
    assert command[1:5] == ["-m", "analysis", "extract", "/srv/it's press/*.txt"]
    assert dag.tasks["extract"].options["cwd"] == str(home)
    assert dag.options["default_args"]["retries"] == 0
