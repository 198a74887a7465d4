"""One function over many items, in this process or in several; what fails, hangs or dies costs one item, not the run."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from typing import Any, NamedTuple

from pebble import ProcessExpired, ProcessPool

from analysis.folder import RunError

# Items on their way for each process: enough that none waits, few enough that memory stays flat.
IN_FLIGHT = 4
A_MINUTE = 60.0

# FAILED: the function raised. SLOW and DIED may pass when the item is tried again.
FAILED, SLOW, DIED = "failed", "took too long", "process died"
NOT_STARTED = "the worker processes could not be started"
LOOK_THERE = "their error output says why. Try with one job"


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
        seconds: time that an item may take before its process is killed, by default a minute.

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
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        raise WorkersError(
            'worker processes import the script that starts them; put its calls under: if __name__ == "__main__":'
        )
    context, waiting = multiprocessing.get_context("spawn"), iter(items)
    pool = ProcessPool(max_workers=jobs, initializer=_prepare, initargs=(make,), context=context)
    running: dict[Future, Any] = {}
    try:
        while True:
            for item in islice(waiting, jobs * IN_FLIGHT - len(running)):
                running[_start(pool, item, seconds(item))] = item
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield _result(running.pop(future), future)
    finally:
        pool.stop()
        pool.join()


def _start(pool: ProcessPool, item: Any, seconds: float) -> Future:
    try:
        with _signals_wait():
            return pool.schedule(_work_on, args=(item,), timeout=seconds)
    except RuntimeError as error:  # the pool has noticed that its processes do not start
        raise WorkersError(f"{NOT_STARTED}; {LOOK_THERE}") from error


@contextmanager
def _signals_wait() -> Iterator[None]:
    """Handle signals that end this process only afterwards: a worker whose start is broken off would say so at length."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {number: signal.signal(number, lambda it, _: came.append(it)) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
    for one in came[:1]:
        signal.raise_signal(one)


def _result(item: Any, future: Future) -> Outcome:
    error = future.exception()
    if error is None:
        return Outcome(item, *future.result())
    if isinstance(error, TimeoutError):
        return Outcome(item, failure=SLOW, error="TimeoutError")
    if isinstance(error, ProcessExpired):
        return Outcome(item, failure=DIED, error="ProcessExpired")
    if isinstance(error, BrokenProcessPool):
        raise WorkersError(f"{NOT_STARTED}; {LOOK_THERE}") from error
    raise WorkersError(f"{NOT_STARTED}: {error}")


# ------------------------------------------------------------------ inside a worker process


class _NotMadeError(Exception):
    """The function could not be made."""


class _Worker:
    """What a worker process keeps between items."""

    function: Callable[[Any], Any] | None = None
    problem: str = ""


def _prepare(make: Make) -> None:
    try:
        _Worker.function = staticmethod(make())  # type: ignore[assignment]
    except Exception as error:  # noqa: BLE001 - told to the process that waits, with its first item
        _Worker.problem = f"{type(error).__name__}: {error}"


def _work_on(item: Any) -> tuple[Any, str | None, str | None]:
    """Value, failure and error of an item. The item itself need not travel back."""
    if _Worker.function is None:
        raise _NotMadeError(_Worker.problem)
    return _outcome(_Worker.function, item)[1:]
