"""What goes to a terminal or into a log: values made harmless, and how far a run is."""

from __future__ import annotations

import shutil
import time
import unicodedata
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from tqdm import tqdm

# Controls, marks that reorder or hide text, halves of surrogate pairs, line and paragraph ends.
ESCAPED = ("Cc", "Cf", "Cs", "Zl", "Zp")
PAUSE = 5.0


def shown(value: object, *, limit: int = 200) -> str:
    """Text that may stand in a terminal or a log: what could steer either is written as its code, and long text is cut.

    >>> shown("red \\x1b[31m title\\n")
    'red \\\\x1b[31m title\\\\n'
    """
    text = str(value)
    text = text if len(text) <= limit else text[: limit - 1] + "…"
    return "".join(
        letter.encode("unicode_escape").decode() if unicodedata.category(letter) in ESCAPED else letter for letter in text
    )


class ProgressLines:
    """Writes a line every few seconds: for logs and pipes."""

    def __init__(self, stream: TextIO, *, pause: float = PAUSE) -> None:
        self._stream, self._pause, self._last = stream, pause, time.monotonic()

    def __call__(self, step: str, done: int, total: int | None) -> None:
        if time.monotonic() - self._last >= self._pause:
            self._last = time.monotonic()
            of = f" of {total:,}" if total else ""
            self._stream.write(f"{step}: {done:,}{of} articles\n")
            self._stream.flush()

    def close(self) -> None:
        """Nothing is left open."""


class ProgressBar:
    """Draws a bar for each step: for terminals."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._step = stream, ""
        self._bar: tqdm[Any] | None = None

    def __call__(self, step: str, done: int, total: int | None) -> None:
        from tqdm import tqdm

        if step != self._step or self._bar is None:
            self.close()
            self._step = step
            # A terminal that does not know its size says 0, and the bar would be hidden.
            width, height = shutil.get_terminal_size()
            size = {"ncols": min(width, 100), "nrows": height}
            self._bar = tqdm(total=total, desc=step, unit=" articles", file=self._stream, leave=False, **size)
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """Take the bar off the terminal."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def progress_on(stream: TextIO) -> ProgressBar | ProgressLines:
    """A bar on a terminal, lines elsewhere."""
    return ProgressBar(stream) if stream.isatty() else ProgressLines(stream)
