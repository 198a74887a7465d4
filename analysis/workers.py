"""One function over many items, in this process or in several; what fails, hangs or dies costs one item, not the run."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import Any, NamedTuple

from pebble import ProcessExpired, ProcessPool

from analysis.folder import RunError

CHUNK = 8
# Chunks on their way for each process: enough that none waits, few enough that memory stays flat.
IN_FLIGHT = 3
A_MINUTE = 60.0

# FAILED: the function raised. SLOW and DIED may pass when the item is tried again.
FAILED, SLOW, DIED = "failed", "took too long", "process died"
NOT_STARTED = "the worker processes could not be started"


Make = Callable[[], Callable[[Any], Any]]


class WorkersError(RunError):
    """The worker processes could not be started."""


class Outcome(NamedTuple):
    """What became of one item: a value, or why there is none (FAILED, SLOW or DIED) with the name of the exception's class."""

    item: Any
    value: Any = None
    failure: str | None = None
    error: str | None = None


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_each(
    make: Make, items: Iterable[Any], *, jobs: int = 0, seconds: Callable[[Any], float] | None = None
) -> Iterator[Outcome]:
    """Call a function on every item and yield what becomes of each, in any order.

    Args:
        make: makes the function, once in every process; it loads what the function needs. With several jobs it is pickled.
        items: any picklable values, taken as they are needed.
        jobs: number of worker processes; 0 works in this process, where nothing can be stopped.
        seconds: time that an item may take before its process is killed, by default a minute. Items travel in chunks; those
            of a chunk that had to be stopped are tried again one by one.

    Raises:
        WorkersError: no worker process could be started, or the function not be made there.

    >>> import functools, operator
    >>> [outcome.value for outcome in run_each(functools.partial(operator.itemgetter, 0), ["ab", "cd"])]
    ['a', 'c']
    >>> [outcome.failure for outcome in run_each(functools.partial(operator.itemgetter, 5), ["ab"])]
    ['failed']
    """
    if jobs == 0:
        return _run_here(make, items)
    return _run_in_pool(make, items, jobs, seconds or (lambda _: A_MINUTE))


def _run_here(make: Make, items: Iterable[Any]) -> Iterator[Outcome]:
    function = None
    for item in items:
        function = function or make()
        yield _outcome(function, item)


def _outcome(function: Callable[[Any], Any], item: Any) -> Outcome:
    try:
        return Outcome(item, function(item))
    except Exception as error:  # noqa: BLE001 - whatever an article does to the code, the other articles go on
        return Outcome(item, failure=FAILED, error=type(error).__name__)


def _run_in_pool(make: Make, items: Iterable[Any], jobs: int, seconds: Callable[[Any], float]) -> Iterator[Outcome]:
    chunks = _chunks(iter(items))
    with _Pool(make, jobs, seconds) as pool:
        while True:
            while len(pool.running) < jobs * IN_FLIGHT and (chunk := next(chunks, None)):
                pool.start(chunk)
            if not pool.running:
                return
            for chunk, future in pool.finished():
                failure, error = _stopped(future)
                if failure is None:
                    yield from (Outcome(item, *rest) for item, rest in zip(chunk, future.result(), strict=True))
                elif len(chunk) == 1:
                    yield Outcome(chunk[0], failure=failure, error=error)
                else:
                    for item in chunk:
                        pool.start([item])


class _Pool:
    """Worker processes and the chunks that are on their way through them; they end with the block."""

    def __init__(self, make: Make, jobs: int, seconds: Callable[[Any], float]) -> None:
        if getattr(multiprocessing.current_process(), "_inheriting", False):
            raise WorkersError(
                'worker processes import the script that starts them; put its calls under: if __name__ == "__main__":'
            )
        self.running: dict[Future, list[Any]] = {}
        self._seconds = seconds
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPool(max_workers=jobs, initializer=_prepare, initargs=(make,), context=context)

    def __enter__(self) -> _Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.stop()
        self._pool.join()

    def start(self, chunk: list[Any]) -> None:
        try:
            future = self._pool.schedule(_work_on, args=(chunk,), timeout=sum(map(self._seconds, chunk)))
        except RuntimeError as error:  # the pool has noticed that its processes do not start
            raise WorkersError(f"{NOT_STARTED}; their error output says why. Try with one job") from error
        self.running[future] = chunk

    def finished(self) -> list[tuple[list[Any], Future]]:
        """Wait until some chunks are through; they are no longer running."""
        return [(self.running.pop(future), future) for future in wait(self.running, return_when=FIRST_COMPLETED).done]


def _stopped(future: Future) -> tuple[str | None, str | None]:
    """Why a chunk has no result, and the name of the exception's class; a pair of None where it has one."""
    error = future.exception()
    if isinstance(error, TimeoutError):
        return SLOW, "TimeoutError"
    if isinstance(error, ProcessExpired):
        return DIED, "ProcessExpired"
    if isinstance(error, BrokenProcessPool):
        raise WorkersError(f"{NOT_STARTED}; their error output says why. Try with one job") from error
    if isinstance(error, _NotMadeError):
        raise WorkersError(f"{NOT_STARTED}: {error}")
    return None, None


def _chunks(items: Iterator[Any]) -> Iterator[list[Any]]:
    while chunk := list(islice(items, CHUNK)):
        yield chunk


# ------------------------------------------------------------------ inside a worker process


class _NotMadeError(Exception):
    """The function could not be made."""


class _Worker:
    """What a worker process keeps between chunks."""

    function: Callable[[Any], Any] | None = None
    problem: str = ""


def _prepare(make: Make) -> None:
    try:
        _Worker.function = staticmethod(make())  # type: ignore[assignment]
    except Exception as error:  # noqa: BLE001 - told to the process that waits, with the first chunk
        _Worker.problem = f"{type(error).__name__}: {error}"


def _work_on(chunk: list[Any]) -> list[tuple[Any, str | None, str | None]]:
    """Value, failure and error of every item. The items themselves need not travel back."""
    if _Worker.function is None:
        raise _NotMadeError(_Worker.problem)
    return [_outcome(_Worker.function, item)[1:] for item in chunk]
