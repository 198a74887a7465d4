"""Notebooks run in kernels, forked from one warm process that has pandas and matplotlib imported.

A kernel of its own costs a second of processor time before its first cell; a forked one a tenth. The warm process is
`python -m analysis.kernels`: it reads a request from a line of its input, forks, and answers with the process's id. It
ends when its input is closed, however its parent ended, and the kernels end with it.

Kernels always run the current interpreter, talk over sockets in a folder of their own instead of TCP ports, and get a short
environment without what may be secret.
"""

from __future__ import annotations

import gc
import importlib
import json
import logging
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from analysis.memory import give_back_memory

if TYPE_CHECKING:
    from nbformat import NotebookNode

PRELOADED = ("pandas", "pyarrow.parquet", "matplotlib.figure", "matplotlib.backends.backend_svg", "ipykernel.kernelapp")
PRELOADED_OWN = ("analysis.show", "analysis.event_plots", "analysis.timeline", "analysis.store", "analysis.report")
PASSED_ON = (
    "PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TERM", "USER", "VIRTUAL_ENV", "PYTHONPATH", "PYTHONHASHSEED",
    "ANALYSIS_ROOT", "MPLCONFIGDIR", "XDG_CACHE_HOME", "LD_LIBRARY_PATH", "OMP_NUM_THREADS", "COVERAGE_PROCESS_START",
)  # fmt: skip
PASSED_ON_STARTS = ("LC_", "OPENBLAS_")
FOLDER = re.compile(r"attest-(\d+)-\w+")
START_TIMEOUT = 90  # seconds that a kernel may take to start
LONGEST_SOCKET = 80  # characters; systems allow about 100 for the path of a socket


def kernel_environment(folder: Path) -> dict[str, str]:
    """The environment of a kernel: what it needs to run, and no keys or tokens of the person who starts it.

    Args:
        folder: a private folder for what IPython writes.
    """
    kept = {key: value for key, value in os.environ.items() if key in PASSED_ON or key.startswith(PASSED_ON_STARTS)}
    # Arrow on the C library's own memory, which is given back: see analysis.memory.
    own = {"IPYTHONDIR": str(folder / "ipython"), "PYTHONDONTWRITEBYTECODE": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
    return kept | own


# ------------------------------------------------------------------ the warm process


def serve(requests: IO[str], answers: IO[str]) -> None:
    """Import what notebooks need, then fork a kernel for every line of JSON, until there are no more lines."""
    give_back_memory()
    for name in (*PRELOADED, *PRELOADED_OWN):
        importlib.import_module(name)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, _bury)
    for line in iter(requests.readline, ""):
        request = json.loads(line)
        process = os.fork()
        if process == 0:
            _become_kernel(request, requests, answers)
        answers.write(f"{process}\n")
        answers.flush()


def _bury(*_: Any) -> None:
    """Let the system forget kernels that have ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _become_kernel(request: dict[str, Any], *inherited: IO[str]) -> None:
    """Turn this freshly forked process into a kernel; it never returns."""
    status = 1
    try:
        # Kernels must not keep the pipes of the warm process open, nor write into them or onto the terminal.
        nowhere = os.open(os.devnull, os.O_RDWR)
        for number in {0, 1, 2, *(file.fileno() for file in inherited)}:
            os.dup2(nowhere, number)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.setpgid(0, 0)
        os.environ.clear()
        os.environ.update(request["environment"])
        from ipykernel.kernelapp import IPKernelApp

        # The kernel looks once a second whether its parent is still there, and ends with it.
        app = IPKernelApp.instance(parent_handle=os.getppid())
        app.initialize(request["arguments"])
        app.start()
        status = 0
    finally:
        os._exit(status)


class Forge:
    """The warm process, seen from the one that runs the reports."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "analysis.kernels"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=_own_environment()
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        self._lock = threading.Lock()

    def fork(self, arguments: list[str], environment: dict[str, str]) -> int | None:
        """Fork a kernel; its process id, None where the warm process does not answer."""
        with self._lock, suppress(OSError, ValueError):
            self._stdin.write(json.dumps({"arguments": arguments, "environment": environment}) + "\n")
            self._stdin.flush()
            return int(self._stdout.readline())
        return None

    def close(self) -> None:
        """End the warm process; the kernels that it forked end a second later by themselves."""
        with suppress(OSError):
            self._stdin.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._stdout.close()


def _own_environment() -> dict[str, str]:
    """As this process, with the package where it was found."""
    package = str(Path(__file__).resolve().parent.parent)
    known = os.environ.get("PYTHONPATH")
    return os.environ | {"PYTHONPATH": package if not known else f"{package}{os.pathsep}{known}"}


def is_alive(process: int) -> bool:
    """Whether a process of this user is there."""
    try:
        os.kill(process, 0)
    except OSError:
        return False
    return True


# ------------------------------------------------------------------ kernels


@contextmanager
def kernels(*, fork: bool = True) -> Iterator[type]:
    """A class of kernel managers for papermill's `kernel_manager_class`; what they started has ended afterwards.

    Args:
        fork: fork kernels from a warm process; False, or where that process does not work, starts each anew.
    """
    _clear_up()
    folder = Path(tempfile.mkdtemp(prefix=f"attest-{os.getpid()}-"))
    forge = Forge() if fork and hasattr(os, "fork") else None
    started: list[int] = []
    try:
        yield _manager_class(folder, forge, started)
    finally:
        for kernel in started:
            with suppress(OSError):
                os.killpg(kernel, signal.SIGKILL)
        if forge is not None:
            forge.close()
        shutil.rmtree(folder, ignore_errors=True)


def _clear_up() -> None:
    """Take away the private folders of runs that were killed; their names hold the number of the process."""
    for left in Path(tempfile.gettempdir()).glob("attest-*-*"):
        owner = FOLDER.fullmatch(left.name)
        with suppress(OSError):
            if owner and left.lstat().st_uid == os.getuid() and not is_alive(int(owner[1])):
                shutil.rmtree(left, ignore_errors=True)


def _manager_class(folder: Path, forge: Forge | None, started: list[int]) -> type:
    """Made here, so that jupyter_client is imported only where notebooks run."""
    from ipykernel.kernelspec import get_kernel_dict
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager
    from jupyter_client.provisioning import LocalProvisioner

    class Provisioner(LocalProvisioner):
        """Starts kernels with the short environment, forked where there is a forge; each leads a group of its own."""

        async def launch_kernel(self, cmd: list[str], **keywords: Any) -> Any:
            environment = kernel_environment(folder)
            # The command is: python -m ipykernel_launcher -f FILE ...
            number = forge.fork(cmd[3:], environment) if forge is not None else None
            if number is None:
                await super().launch_kernel(cmd, **(keywords | {"env": _with_package(environment)}))
            else:
                self.process = _Forked(number)  # type: ignore[assignment]
                self.pid = self.pgid = number
                self.cwd = Path.cwd()
            started.append(int(self.pid or 0))
            return self.connection_info

    class Manager(AsyncKernelManager):
        """Keeps its connection in the private folder and knows one kernel: the current interpreter."""

        def __init__(self, **keywords: Any) -> None:
            short = len(str(folder)) < LONGEST_SOCKET
            super().__init__(**keywords, transport="ipc" if short else "tcp")
            self.connection_file = str(folder / f"{uuid.uuid4().hex[:8]}.json")

        @property
        def kernel_spec(self) -> KernelSpec:
            return KernelSpec(resource_dir="", **get_kernel_dict())

        async def _async_pre_start_kernel(self, **keywords: Any) -> Any:
            if self.provisioner is None:
                self.kernel_id = self.kernel_id or Path(self.connection_file).stem
                self.provisioner = Provisioner(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)
            return await super()._async_pre_start_kernel(**keywords)

    return Manager


def _with_package(environment: dict[str, str]) -> dict[str, str]:
    return environment | {"PYTHONPATH": _own_environment()["PYTHONPATH"]}


class _Forked:
    """A forked kernel with the methods of subprocess.Popen that jupyter_client uses."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        """None while it runs, else 1: how a kernel ended is not known."""
        return None if is_alive(self.pid) else 1

    def wait(self) -> int:
        """Return at once; jupyter_client waits with `poll` before."""
        return 1

    def send_signal(self, number: int) -> None:
        """Send a signal; one that has ended is no error."""
        with suppress(OSError):
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


# ------------------------------------------------------------------ notebooks


class Failure(NamedTuple):
    """Why a notebook did not run to its end.

    Attributes:
        kind: class of the error.
        message: what it says.
        cell: number of the code cell, from 1 as in JupyterLab; None where no cell is to blame.
        source: the cell's code.
    """

    kind: str
    message: str
    cell: int | None = None
    source: str = ""


class Result(NamedTuple):
    """What became of a notebook: the notebook with its outputs, or a failure, and how many seconds it took."""

    notebook: NotebookNode | None
    failure: Failure | None
    seconds: float


def run_notebooks(
    work: Sequence[tuple[Path, Mapping[str, Any]]], *, timeout: float, fork: bool = True, jobs: int = 1
) -> Generator[tuple[int, Result], None, None]:
    """Run notebooks with parameters; nothing is written.

    Args:
        work: paths of notebooks, each with its parameters: str, int, float, bool, None and lists of these.
        timeout: seconds that a cell may take.
        fork: fork kernels from a warm process where there is more than one notebook; for one it is not worth its start.
        jobs: how many run at once.

    Yields:
        (place in `work`, result), as they end. Who stops listening ends all kernels.
    """
    if not work:
        return
    # Leaving the innermost block ends the kernels, so that the threads around it end too, whatever happens.
    with _quiet(), ThreadPoolExecutor(max(1, jobs)) as pool, kernels(fork=fork and len(work) > 1) as manager:
        waiting: dict[Future[Result], int] = {}
        try:
            for number, (path, parameters) in enumerate(work):
                waiting[pool.submit(_run, path, parameters, timeout, manager)] = number
            for done in as_completed(waiting):
                yield waiting[done], done.result()
        finally:
            for future in waiting:
                future.cancel()


def _run(path: Path, parameters: Mapping[str, Any], timeout: float, manager: type) -> Result:
    with without_grammars():
        import nbformat
        import papermill
        from nbclient.exceptions import CellTimeoutError, DeadKernelError
        from papermill.exceptions import PapermillExecutionError

    begun = time.monotonic()
    started: list[str] = []

    def starts(cell: Any, cell_index: int) -> None:  # noqa: ARG001 - both are given by name
        if cell.cell_type == "code" and "injected-parameters" not in cell.metadata.get("tags", []):
            started.append(cell.source)

    def failed(kind: str, message: str) -> Result:
        # Cells count as in JupyterLab, where there is no cell with injected parameters.
        failure = Failure(kind, message, len(started) or None, started[-1] if started else "")
        return Result(None, failure, time.monotonic() - begun)

    try:
        notebook = papermill.execute_notebook(
            nbformat.read(path, as_version=4),
            None,
            parameters=dict(parameters),
            kernel_name="python3",
            language="python",
            progress_bar=False,
            request_save_on_cell_execute=False,
            autosave_cell_every=0,
            start_timeout=START_TIMEOUT,
            execution_timeout=timeout,
            iopub_timeout=timeout,  # papermill fails a cell whose output is 4 s late, which a busy machine is
            shutdown_kernel="immediate",
            kernel_manager_class=manager,
            on_cell_start=starts,
        )
    except PapermillExecutionError as error:
        return failed(error.ename, error.evalue)
    except CellTimeoutError:
        return failed("CellTimeoutError", f"It ran for more than {timeout:g} seconds.")
    except (DeadKernelError, RuntimeError, OSError) as error:
        return failed(type(error).__name__, str(error))
    return Result(notebook, None, time.monotonic() - begun)


@contextmanager
def without_grammars() -> Iterator[None]:
    """Keep nbformat from compiling 35 grammars that it does not use, at almost a second of processor time.

    jsonschema imports rfc3987_syntax only for checks of web addresses, and does without where it is missing.
    """
    name = "rfc3987_syntax"
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        sys.modules.pop(name, None)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep libraries from logging what goes wrong in a notebook: its error page says it better."""
    loggers = [logging.getLogger(name) for name in ("papermill", "asyncio", "traitlets")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        # What asyncio has to say of a kernel that died, it says when its unfinished work is thrown away.
        gc.collect()
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


if __name__ == "__main__":
    # Kernels and libraries may write to the standard output: the pipe to the parent is taken away from there first.
    answers_to_parent = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    serve(sys.stdin, answers_to_parent)
