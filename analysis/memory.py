"""Memory that was used once is given back to the system, so that several processes fit on a small computer."""

from __future__ import annotations

import ctypes

# glibc's mallopt(3): free memory at the top beyond which it is returned; size from which a block is mapped, and so returned,
# on its own; and heaps for threads.
TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8
LARGE = 256 * 1024  # bytes
HEAPS = 2


def give_back_memory() -> None:
    """Have this process return what it frees; what it forks does so too.

    Without this the C library keeps what the largest page once took, for as long as the process lives. Other C libraries than
    glibc have no such setting; there nothing happens.

    Example:
        >>> give_back_memory()
    """
    settings = getattr(ctypes.CDLL(None), "mallopt", None)
    if settings is not None:
        for name, value in ((TRIM_THRESHOLD, LARGE), (MMAP_THRESHOLD, LARGE), (ARENA_MAX, HEAPS)):
            settings(name, value)
