"""JupyterLab as `make lab` opens it: the right kernel, nothing in the way, and all cells give what the report shows."""

from __future__ import annotations

import html
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from fake_tables import fake_tables
from test_pages import CHROMIUM, FLAGS, in_browser

from analysis import report
from analysis.store import save_tables

ROOT = Path(__file__).parent.parent
# The start page is what `make lab` opens; statements has the table that can be filtered.
NOTEBOOKS = [name for name in ("start", "statements") if (ROOT / "notebooks" / f"{name}.ipynb").exists()]

RAN = """count => {
    const prompts = [...document.querySelectorAll(".jp-Notebook .jp-InputPrompt")].map(prompt => prompt.textContent);
    return prompts.at(-1).includes(`[${count}]`) || document.querySelector(".jp-OutputArea-output[data-mime-type*='error']");
}"""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def wait_for_kernel(address: str, name: str) -> None:
    """Until the notebook's kernel is at rest and the page is connected with it."""
    for _ in range(300):
        with urllib.request.urlopen(f"{address}/api/sessions?token=token", timeout=10) as answer:
            kernels = [session["kernel"] for session in json.load(answer) if session["path"] == f"{name}.ipynb"]
        if kernels and kernels[0]["connections"] and kernels[0]["execution_state"] == "idle":
            return
        time.sleep(0.1)
    raise AssertionError("no kernel came up")


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab with copies of the notebooks, which read stored tables; gives its address and the folder."""
    folder, port = tmp_path_factory.mktemp("lab"), free_port()
    save_tables(fake_tables(), folder / "tables")
    (folder / "notebooks").mkdir()
    for name in NOTEBOOKS:
        text = (ROOT / "notebooks" / f"{name}.ipynb").read_text("utf-8")
        given = text.replace(r"tables: str = \"\"", rf"tables: str = \"{folder / 'tables'}\"")
        assert given != text
        (folder / "notebooks" / f"{name}.ipynb").write_text(given, "utf-8")
    environment = os.environ | {
        "JUPYTER_CONFIG_PATH": str(ROOT / "analysis" / "lab"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "PYTHONPATH": str(ROOT),
    }
    options = ["--no-browser", f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=token"]
    options += ["--allow-root"] if os.geteuid() == 0 else []
    command = [sys.executable, "-m", "jupyterlab", str(folder / "notebooks" / f"{NOTEBOOKS[0]}.ipynb"), *options]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/api?token=token", timeout=1)
                break
            except OSError:
                assert server.poll() is None, (folder / "log").read_text()
                time.sleep(0.1)
        yield address, folder
    finally:
        server.terminate()
        server.wait(20)


@in_browser
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_all_cells_run_and_show_what_the_report_shows(lab, tmp_path, name) -> None:
    from playwright.sync_api import sync_playwright

    address, folder = lab
    (outcome,) = report.report([name], tables=folder / "tables", out=tmp_path, articles=False)
    assert outcome.state == "made", outcome.why
    found = re.findall(r'<p class="finding">(.*?)</p>', outcome.page.read_text("utf-8"), re.S)
    findings = [html.unescape(re.sub("<[^>]*>", "", one)) for one in found]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), headless=True, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.goto(f"{address}/lab/tree/{name}.ipynb?token=token")
        page.locator(".jp-Notebook").wait_for(timeout=60_000)
        # The lab may have the start page open behind it.
        idle = page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']:visible")
        idle.first.wait_for(timeout=60_000)
        wait_for_kernel(address, name)
        assert page.locator(".jp-Dialog, .Toastify__toast").count() == 0, "nothing may stand in the way"
        page.get_by_text("Run", exact=True).first.click()
        page.get_by_text("Run All Cells", exact=True).click()
        cells = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text("utf-8"))["cells"]
        page.wait_for_function(RAN, arg=sum(cell["cell_type"] == "code" for cell in cells), timeout=90_000)
        assert page.locator(".jp-Dialog, .Toastify__toast, .jp-OutputArea-output[data-mime-type*='error']").count() == 0
        shown = page.locator(".jp-Notebook p.finding").evaluate_all("found => found.map(one => one.textContent)")
        browser.close()
    assert findings
    assert shown == findings


@in_browser
def test_there_is_one_kernel_and_it_is_this_python(lab) -> None:
    address, _ = lab
    with urllib.request.urlopen(f"{address}/api/kernelspecs?token=token", timeout=10) as answer:
        specs = json.load(answer)
    assert list(specs["kernelspecs"]) == ["python3"]
    assert specs["default"] == "python3"
