"""A folder whose files are replaced together or not at all: lock, staging, commit, and where a reader finds them.

New files are written into a hidden staging folder. Renaming that folder to `.commit` is the one moment at which they
become the folder's files; after it they are moved to their places one by one, the manifest last. A run that is killed
before the rename leaves the old files whole. One that is killed after it leaves some files in `.commit`: readers look
there first, and the next run moves them. Only the standard library is used, so that a run that has nothing to do is quick.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MANIFEST = "manifest.json"
COMMIT = ".commit"
STAGING = ".new-"
LOCK = ".lock"


class RunError(RuntimeError):
    """A run cannot go on; the message says why and what to do."""


class StoreError(RunError):
    """A folder of tables cannot be read or written; the message says which, why, and what to do."""


class BusyError(StoreError):
    """Another run is writing into the same folder."""


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def locked(folder: Path, *, name: str = LOCK) -> Iterator[None]:
    """Make the folder where it is missing and keep other runs out of it.

    Args:
        folder: the folder.
        name: of the file that is locked; runs that lock another one are not kept out.

    Raises:
        BusyError: another run holds it. The lock ends with the process that holds it, however that ends.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError(
                f"another run is writing into {folder}; wait until it has ended, or give another folder with --out"
            ) from None
        yield


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """A new empty folder for files on their way into `folder`; it is gone afterwards, with what was not committed.

    What killed runs left behind is removed first, so hold the lock.
    """
    finish(folder)
    for left in folder.glob(f"{STAGING}*"):
        shutil.rmtree(left, ignore_errors=True)
    staging = Path(tempfile.mkdtemp(prefix=STAGING, dir=folder))
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def was_killed(folder: Path) -> bool:
    """Whether a run was ended without notice while it wrote into the folder."""
    return any(folder.glob(f"{STAGING}*"))


def commit(staging: Path, folder: Path) -> None:
    """Make the files in `staging` those of `folder`: all of them, whatever happens on the way."""
    for path in staging.iterdir():
        _sync(path)
    _sync(staging)
    staging.rename(folder / COMMIT)
    _sync(folder)
    finish(folder)


def finish(folder: Path) -> None:
    """Move the files of a commit to their places, the manifest last; does nothing where there is no commit."""
    waiting = folder / COMMIT
    if not waiting.is_dir():
        return
    for path in sorted(waiting.iterdir(), key=lambda path: (path.name == MANIFEST, path.name)):
        path.replace(folder / path.name)
    _sync(folder)
    waiting.rmdir()


def place(folder: Path, name: str) -> Path:
    """Where a reader finds a file of the folder, also between a commit and its end."""
    waiting = folder / COMMIT / name
    return waiting if waiting.exists() else folder / name


@contextmanager
def full_disk_explained(folder: Path) -> Iterator[None]:
    """Turn what a full disk raises into a StoreError that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise StoreError(_full(folder)) from error
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_FULL:
            raise
        raise StoreError(_full(folder)) from error


def _full(folder: Path) -> str:
    free = "an unknown amount"
    with suppress(OSError):
        free = f"{shutil.disk_usage(folder).free / 1e6:,.1f} MB"
    return (
        f"the disk that holds {folder} is full ({free} free); the tables that were there are unchanged. "
        "Free some space or give a folder on another disk with --out, and run again: finished articles are not done twice"
    )


def _sync(path: Path) -> None:
    """Have the disk keep a file, or the names in a folder."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
