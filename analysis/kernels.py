"""Kernels for notebooks, forked from one warm process that has pandas and matplotlib imported.

A kernel of its own costs a second of processor time before its first cell; a forked one a tenth. The warm process is
`python -m analysis.kernels`: it reads a request from a line of its input, forks, and answers with the process's id. It
ends when its input is closed, however its parent ended, and the kernels end with it.

Kernels always run the current interpreter, talk over sockets in a folder of their own instead of TCP ports, and get a short
environment without what may be secret.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

PRELOADED = ("pandas", "pyarrow.parquet", "matplotlib.figure", "matplotlib.backends.backend_svg", "ipykernel.kernelapp")
PRELOADED_OWN = ("analysis.show", "analysis.plots", "analysis.store", "analysis.report")
PASSED_ON = (
    "PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TERM", "USER", "VIRTUAL_ENV", "PYTHONPATH", "PYTHONHASHSEED",
    "ANALYSIS_ROOT", "MPLCONFIGDIR", "XDG_CACHE_HOME", "LD_LIBRARY_PATH", "OMP_NUM_THREADS", "COVERAGE_PROCESS_START",
)  # fmt: skip
PASSED_ON_STARTS = ("LC_", "OPENBLAS_")
LONGEST_SOCKET = 80  # characters; systems allow about 100 for the path of a socket


def kernel_environment(folder: Path) -> dict[str, str]:
    """The environment of a kernel: what it needs to run, and no keys or tokens of the person who starts it.

    Args:
        folder: a private folder for what IPython writes.
    """
    kept = {key: value for key, value in os.environ.items() if key in PASSED_ON or key.startswith(PASSED_ON_STARTS)}
    return kept | {"IPYTHONDIR": str(folder / "ipython"), "PYTHONDONTWRITEBYTECODE": "1"}


# ------------------------------------------------------------------ the warm process


def serve(requests: IO[str], answers: IO[str]) -> None:
    """Import what notebooks need, then fork a kernel for every line of JSON, until there are no more lines."""
    for name in (*PRELOADED, *PRELOADED_OWN):
        importlib.import_module(name)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Nobody waits for the kernels here: the system takes them away when they end.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in iter(requests.readline, ""):
        request = json.loads(line)
        process = os.fork()
        if process == 0:
            _become_kernel(request, requests, answers)
        answers.write(f"{process}\n")
        answers.flush()


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
    folder = Path(tempfile.mkdtemp(prefix="attest-"))
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


if __name__ == "__main__":
    # Kernels and libraries may write to the standard output: the pipe to the parent is taken away from there first.
    answers_to_parent = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    serve(sys.stdin, answers_to_parent)
