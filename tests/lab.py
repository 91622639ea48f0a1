"""A real JupyterLab, opened by `pipelinekit lab`, and a person who works in it through Chromium.

    @pytest.mark.browser
    def test_it(lab: Lab) -> None:
        tab = lab.open("try.ipynb", "import pipelinekit as pk\nrun = pk.start('ci.yml', executor='host')\nrun", "await run.finish()")
        tab.run_all()
        tab.wait_idle()
        assert "success" in tab.text(1)              # of the outputs, as Jupyter would save them
        tab.output(0).locator("button").click()      # a Playwright locator, scrolled into view
        assert lab.wrong == []                       # errors of the console, requests to other hosts

`lab_server` is one server for all tests (its start takes 3 s), on a repository of its own (`lab.folder`) whose `ci.yml` has the jobs
`lint`, `test` with a matrix, and `deploy`; a module that needs another one writes it there under another name. `lab` is one browser
context for the tests of a module: the first `open` of each test takes the page that is there (JupyterLab loads for ten seconds), the
others are tabs of their own. Use `tab.page` for all that has no method here.

Lab.write(name, *cells)         a notebook of code cells; nothing was run yet. Returns its file.
Lab.open(name, *cells)          write it, where cells are given, and open it in a new tab, its kernel running; wide, high: of the window
Lab.home()                      JupyterLab without a document
Lab.shut_down()                 end the kernels of all notebooks (`open` would else find the old one)
Tab.run_all(), Tab.run(i)       begin to execute; return at once
Tab.wait_idle()                 until nothing executes and the kernel is idle
Tab.cell(i), Tab.output(i)      locators of the cell, and of what came out of it, scrolled into view
Tab.text(i)                     the text of a cell's outputs, from the notebook and not from the page
Tab.data(i)                     the MIME types of a cell's outputs, each with its content
Tab.edit(i, source)             put another text into a cell
Tab.restart(), Tab.interrupt()  of the kernel
Tab.save(), Tab.reload()        save the notebook; load the page again, which opens the notebook as it was saved
Tab.trusted()                   whether its outputs are shown as they are
Tab.theme("dark")               JupyterLab's own light or dark
Tab.command(id, **args)         one of JupyterLab's commands, waited for
Tab.evaluate(script)            in the page, with `app` and `panel` (the notebook's NotebookPanel) defined
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from tests.browsers import listen
from tests.repositories import repository

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page

START_SECONDS, END_SECONDS = 60.0, 30.0
OPEN_SECONDS = 60.0  # JupyterLab takes about ten on two cores
IDLE_SECONDS = 90.0
WORKFLOW = """
    name: CI
    on: push
    jobs:
      lint:
        runs-on: ubuntu-latest
        steps: [{name: Look, run: echo looked}]
      test:
        needs: lint
        runs-on: ubuntu-latest
        strategy: {matrix: {n: [1, 2], db: [sqlite, postgres]}}
        steps:
          - name: Test
            run: echo "tested ${{ matrix.n }}"
      deploy:
        needs: test
        if: github.ref == 'refs/heads/main'
        runs-on: ubuntu-latest
        steps: [{name: Ship, run: echo shipped}]
"""
# The person's own settings: the tests need a hand on the application. All else is as `pipelinekit lab` sets it.
OWN_SETTINGS = "c.LabApp.expose_app_in_browser = True\n"
OWN_KERNEL = {"argv": ["/bin/false"], "display_name": "A Python without pipelinekit", "language": "python"}
_PANEL = "const app = window.jupyterapp, panel = app.shell.currentWidget;"
_IDLE = f"""() => {{ {_PANEL}
    const busy = panel.content.widgets.some(cell => cell.model.executionState === 'running');
    return !window.pkRuns && !busy && panel.sessionContext.session?.kernel?.status === 'idle'; }}"""
_OPEN = f"""() => {{ if (!window.jupyterapp) return false; {_PANEL}
    return panel?.content?.widgets !== undefined && panel.context.isReady && app.commands.isEnabled('notebook:run-all-cells')
        && panel.sessionContext.session?.kernel?.status === 'idle'; }}"""


class LabServer:
    """`pipelinekit lab --no-browser` as a process. home: of a person whose settings are the tests' own. said: what it printed."""

    def __init__(self, folder: Path, home: Path, *words: str, **variables: str) -> None:
        self.folder, self.home = folder, home
        self.said: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pipelinekit", "lab", "--no-browser", *(words or ("--port", "0"))],
            cwd=folder, env={**environment(home), **variables}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip
        self._listening = threading.Event()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        if not self._listening.wait(START_SECONDS) or not self.address:
            self.end()
            raise AssertionError(f"the server does not start: {''.join(self.said)}")

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            if "Ctrl-C" in line:
                self._listening.set()
        self._listening.set()

    @property
    def address(self) -> str:
        """With its token; '' where it has printed none."""
        found = re.search(r"http://\S+", "".join(self.said))
        return found[0] if found else ""

    @property
    def token(self) -> str:
        return self.address.rpartition("token=")[2]

    @property
    def base(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return "/".join(self.address.split("/")[:3])

    def end(self, how: int = signal.SIGINT) -> int:
        """As Ctrl-C does it; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            return self.process.wait(END_SECONDS)
        finally:
            self.process.kill()
            self._reader.join()
            assert self.process.stdout is not None
            self.process.stdout.close()


def environment(home: Path) -> dict[str, str]:
    """Of a person with her own Jupyter settings in `home`, and none of those that this machine has."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON", "PIPELINEKIT_STORE"))}
    folders = {
        "JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces", "IPYTHONDIR": "ipython",
    }  # fmt: skip
    for folder in folders.values():
        (home / folder).mkdir(parents=True, exist_ok=True)
    (home / "config" / "jupyter_lab_config.py").write_text(OWN_SETTINGS, encoding="utf-8")
    kernel = home / "data" / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True, exist_ok=True)
    kernel.write_text(json.dumps(OWN_KERNEL), encoding="utf-8")
    return {**kept, **{name: str(home / folder) for name, folder in folders.items()}}


class Lab:
    """One browser context. wrong: what went wrong in any of its tabs."""

    def __init__(self, server: LabServer, context: BrowserContext) -> None:
        self.server, self.folder = server, server.folder
        self.wrong: list[str] = []
        self._context = context
        self._desk: Tab | None = None
        self._taken = False

    def write(self, name: str, *cells: str) -> Path:
        written: list[dict[str, object]] = [
            {"cell_type": "code", "id": f"cell-{at}", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
            for at, source in enumerate(cells)
        ]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        file = self.folder / name
        book = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": written}
        file.write_text(json.dumps(book), encoding="utf-8")
        return file

    def open(self, name: str, *cells: str, wide: int = 1280, high: int = 900) -> Tab:
        if cells:
            self.write(name, *cells)
        if self._desk is not None and not self._taken:
            self._taken = True
            return self._reopen(self._desk, name, wide, high)
        tab = Tab(self._page(wide, high))
        if self._desk is None:
            self._desk, self._taken = tab, True
        space = re.sub(r"\W", "-", name) + f"-{id(tab)}"  # what was open in other tests is not opened again
        tab.page.goto(f"{self.server.base}/lab/workspaces/{space}/tree/{quote(name)}?token={self.server.token}")
        tab.wait_open()
        return tab

    def clear(self) -> None:
        """Between two tests: no kernel runs, no document is open, nothing went wrong; the first page stays for the next one."""
        self.shut_down()
        self.wrong.clear()
        self._taken = False
        if self._desk is not None and self._desk.reloaded:  # JupyterLab opens again what was open then, at any time
            self._desk = None
        for page in self._context.pages:
            if self._desk is None or page is not self._desk.page:
                page.close()

    def home(self) -> Page:
        page = self._page(1280, 900)
        page.goto(f"{self.server.base}/lab/workspaces/home-{id(page)}?token={self.server.token}")
        page.wait_for_selector(".jp-Launcher", timeout=OPEN_SECONDS * 1000)
        return page

    def shut_down(self) -> None:
        for session in self._ask("GET", "sessions").json():
            self._ask("DELETE", f"sessions/{session['id']}")

    def _reopen(self, tab: Tab, name: str, wide: int, high: int) -> Tab:
        tab.page.set_viewport_size({"width": wide, "height": high})
        tab.evaluate("""
            for (const open of app.shell.widgets('main')) if (open.context) open.context.model.dirty = false;  // nobody is asked to save
            await app.commands.execute('application:close-all');
        """)
        tab.evaluate(f"await app.commands.execute('docmanager:open', {{path: {json.dumps(name)}}})")
        tab.page.wait_for_function(f"() => window.jupyterapp.shell.currentWidget?.context?.path === {json.dumps(name)}")
        tab.wait_open()
        self.wrong.clear()  # a document that is closed leaves requests of JupyterLab's debugger without an answer
        return tab

    def _ask(self, method: str, path: str) -> Any:
        address = f"{self.server.base}/api/{path}?token={self.server.token}"
        return self._context.request.fetch(address, method=method)

    def _page(self, wide: int, high: int) -> Page:
        page = self._context.new_page()
        page.set_viewport_size({"width": wide, "height": high})
        listen(page, self.wrong, ("error",))  # JupyterLab itself warns
        return page


class Tab:
    """One notebook in JupyterLab. Cells count from 0."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.reloaded = False

    def wait_open(self) -> None:
        self.page.wait_for_function(_OPEN, timeout=OPEN_SECONDS * 1000)

    def wait_idle(self, seconds: float = IDLE_SECONDS) -> None:
        self.page.wait_for_function(_IDLE, timeout=seconds * 1000)

    def run_all(self) -> None:
        self._begin("notebook:run-all-cells")

    def run(self, at: int) -> None:
        self.evaluate(f"panel.content.activeCellIndex = {at}; panel.content.deselectAll()")
        self._begin("notebook:run-cell")

    def cell(self, at: int) -> Locator:
        self.evaluate(f"return panel.content.scrollToItem({at}, 'smart')")
        return self.page.locator(f'.jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell[data-windowed-list-index="{at}"]')

    def output(self, at: int) -> Locator:
        return self.cell(at).locator(".jp-OutputArea-output")

    def text(self, at: int) -> str:
        parts = [out.get("text") or (out.get("data") or {}).get("text/plain") or out.get("evalue", "") for out in self._outputs(at)]
        return "\n".join("".join(part) for part in parts)

    def data(self, at: int) -> dict[str, Any]:
        return {mime: content for out in self._outputs(at) for mime, content in out.get("data", {}).items()}

    def edit(self, at: int, source: str) -> None:
        self.evaluate(f"panel.content.widgets[{at}].model.sharedModel.setSource({json.dumps(source)})")

    def restart(self) -> None:
        self.evaluate("return panel.sessionContext.restartKernel()")
        self.wait_idle()

    def interrupt(self) -> None:
        self.command("notebook:interrupt-kernel")

    def save(self) -> None:
        self.evaluate("return panel.context.save()")

    def reload(self) -> None:
        self.page.reload()
        self.reloaded = True
        self.wait_open()

    def trusted(self) -> bool:
        return bool(self.evaluate("return panel.content.widgets.every(cell => cell.model.type !== 'code' || cell.model.trusted)"))

    def theme(self, name: str) -> None:
        self.command("apputils:change-theme", theme=f"JupyterLab {name.capitalize()}")
        self.page.wait_for_selector(f'body[data-jp-theme-light="{str(name == "light").lower()}"]', state="attached")

    def command(self, name: str, **arguments: object) -> None:
        self.evaluate(f"return app.commands.execute({json.dumps(name)}, {json.dumps(arguments)}).then(() => null)")

    def evaluate(self, script: str) -> Any:
        return self.page.evaluate(f"async () => {{ {_PANEL} {script} }}")

    def _begin(self, command: str) -> None:
        ends = "() => { window.pkRuns -= 1; }"
        self.evaluate(f"window.pkRuns = (window.pkRuns || 0) + 1; app.commands.execute('{command}').then({ends}, {ends})")

    def _outputs(self, at: int) -> list[dict[str, Any]]:
        return list(self.evaluate(f"return panel.content.widgets[{at}].model.outputs.toJSON()"))


@pytest.fixture(scope="session")
def lab_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabServer]:
    pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")
    top = tmp_path_factory.mktemp("lab")
    with started(repository(top / "shop", WORKFLOW), top / "home") as server:
        yield server


@contextmanager
def started(folder: Path, home: Path, *words: str, **variables: str) -> Iterator[LabServer]:
    """One for a test alone. words: other arguments than `--port 0`."""
    server = LabServer(folder, home, *words, **variables)
    try:
        yield server
    finally:
        server.end()


@pytest.fixture(scope="module")
def lab_of_module(lab_server: LabServer, browser: Browser) -> Iterator[Lab]:
    context = browser.new_context()
    yield Lab(lab_server, context)
    context.close()


@pytest.fixture
def lab(lab_of_module: Lab) -> Iterator[Lab]:
    yield lab_of_module
    lab_of_module.clear()
