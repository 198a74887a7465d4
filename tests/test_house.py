"""Rules of the house that a program can check: one direction of imports, and a package that needs only itself."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "analysis"
MODULES = {".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): path for path in PACKAGE.rglob("*.py")}


def imports_of(path: Path) -> set[str]:
    """The modules of the project that a module imports, inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_imports_go_in_one_direction() -> None:
    # The package itself and its command line hand out what all the others hold.
    graph = {
        name: imports_of(path) & set(MODULES) - {name, "analysis"}
        for name, path in MODULES.items()
        if not name.endswith("__init__") and name != "analysis.__main__"
    }
    order = list(TopologicalSorter(graph).static_order())  # raises CycleError
    assert order.index("analysis.schema") < order.index("analysis.read") < order.index("analysis.extract")
    assert order.index("analysis.extract") < order.index("analysis.report") < order.index("analysis.cli")


@pytest.mark.parametrize("name", MODULES)
def test_nothing_at_run_time_needs_training_benchmarks_or_tests(name: str) -> None:
    outside = {module.split(".")[0] for module in imports_of(MODULES[name])}
    assert not outside & {"training", "benchmarks", "tests", "torch", "transformers", "onnx"}
