"""Pages -> PDF, printed by an installed Chromium or Chrome: tagged, with an outline, as the page's style for print says."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from analysis.folder import RunError
from analysis.manifest import WrongUseError

VARIABLE = "ATTEST_CHROMIUM"  # names the program where it is not found by itself
NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge",
    "microsoft-edge-stable",
)  # fmt: skip
ELSEWHERE = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
OPTIONS = (
    "--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-extensions",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-pdf-header-footer",
    "--export-tagged-pdf", "--generate-pdf-document-outline",
)  # fmt: skip
INSTALL = (
    "install it (Debian, Ubuntu: sudo apt install chromium; Fedora: sudo dnf install chromium; macOS: brew install --cask "
    f"chromium), or name the program in the environment variable {VARIABLE}"
)
LONGEST = 180.0  # seconds that a page may take


def find_chromium() -> str:
    """The program that prints.

    Raises:
        WrongUseError: there is none; the message says how to install it.
    """
    named = os.environ.get(VARIABLE)
    if named:
        found = shutil.which(named)
        if found is None:
            raise WrongUseError(f"{VARIABLE} names {named!r}, which is no program; {INSTALL}")
        return found
    for name in (*NAMES, *ELSEWHERE):
        found = shutil.which(name)
        if found is not None:
            return found
    raise WrongUseError(f"a PDF is printed by Chromium, and there is none; {INSTALL}")


def print_page(page: Path, pdf: Path, *, chromium: str, timeout: float = LONGEST) -> None:
    """Print a page into a PDF file, which is replaced as a whole.

    Args:
        page: the HTML file.
        pdf: the file to write.
        chromium: the program, from `find_chromium`.
        timeout: seconds that it may take.

    Raises:
        RunError: it did not work; the old file, if there is one, is unchanged.
    """
    with tempfile.TemporaryDirectory(prefix="attest-pdf-", ignore_cleanup_errors=True) as profile:
        printed = pdf.with_name(f".new-{pdf.name}")
        command = [chromium, *OPTIONS, f"--user-data-dir={profile}", f"--print-to-pdf={printed.absolute()}"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.append("--no-sandbox")  # Chromium has no sandbox for the superuser
        try:
            said = _run([*command, page.absolute().as_uri()], timeout)
            if not printed.is_file() or printed.read_bytes()[:4] != b"%PDF":
                raise RunError(f"{chromium} printed no PDF of {page}; it said: {said[-300:].strip() or 'nothing'}")
            printed.replace(pdf)
        finally:
            printed.unlink(missing_ok=True)


def _run(command: list[str], timeout: float) -> str:
    """Run Chromium in a process group of its own, so that none of its processes stays."""
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        return process.communicate(timeout=timeout)[1]
    except subprocess.TimeoutExpired:
        raise RunError(f"{command[0]} took more than {timeout:g} seconds to print {command[-1]}") from None
    finally:
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
