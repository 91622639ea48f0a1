"""The run widget's module alone in Chromium: a page that pretends to be JupyterLab, and a model of ten lines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelinekit.run_views import widget as run_widget
from pipelinekit.run_views.leg import leg
from pipelinekit.run_views.live_run import Json, LiveRun
from pipelinekit.run_views.mount import module, styles

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip
LAB = {
    "light": "--jp-layout-color0: #fff; --jp-layout-color1: #fff; background: #fff",
    "dark": "--jp-layout-color0: #111; --jp-layout-color1: #212121; background: #111",
}
# `sent` is what the views said, `tell` says something to them, `put` gives a part of the model its new value.
MODEL = """
window.sent = []; window.views = [];
window.model = (data) => {
  const hear = {};
  return {
    data, hear, get: (k) => data[k], on: (n, f) => (hear[n] ??= new Set()).add(f), off: (n, f) => hear[n]?.delete(f), send: (m) => sent.push(m),
    tell: (m) => hear["msg:custom"]?.forEach((f) => f(m)), put: (k, v) => { data[k] = v; hear["change:" + k]?.forEach((f) => f()); },
  };
};
window.load = async (text) => (await import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })))).default;
window.show = (model) => { const el = document.createElement("div"); document.querySelector("main").append(el); const clean = widget.render({ model, el }); views.push({ el, clean }); return views.length - 1; };
"""


_POUR = """([leg, step, batch, all]) => new Promise((done) => {
  let n = 0, longest = 0, before = performance.now();
  const began = before, beat = () => { const now = performance.now(); longest = Math.max(longest, now - before); before = now; if (n < all) requestAnimationFrame(beat); };
  const end = () => done([performance.now() - began, longest]);
  const send = () => {
    theModel.tell({ op: "lines", leg, step, lines: batch.map((l) => [++n, ...l.slice(1)]) });
    if (n < all) setTimeout(send, 50); else setTimeout(() => requestAnimationFrame(end), 150);
  };
  requestAnimationFrame(beat);
  send();
})"""
_REDRAW = """async ([states, times]) => {
  const found = [];
  for (let i = 0; i < times; i++) {
    const at = performance.now();
    theModel.put("state", states[i % states.length]);
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    found.push(performance.now() - at);
  }
  return found.sort((a, b) => a - b);
}"""


def parts(run: LiveRun) -> dict[str, Json]:
    """What a kernel would give the model."""
    return {
        "words": run_widget.words(), "shape": run_widget.shape(run), "state": run_widget.state(run),
        "legs": {each.leg: leg(run, each) for each in run.state.legs}, "tail": {}, "files": {},
    }  # fmt: skip


class Shown:
    """A page with a run on it. wrong: errors and requests to other hosts."""

    def __init__(self, page: Page, wrong: list[str]) -> None:
        self.page, self.wrong = page, wrong

    @property
    def sent(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.evaluate("sent")
        return found

    def ops(self, *ops: str) -> list[dict[str, Any]]:
        """What the views said of these kinds, without their names."""
        return [{k: v for k, v in said.items() if k != "view"} for said in self.sent if said["op"] in ops]

    def tell(self, message: Json) -> None:
        self.page.evaluate("(m) => theModel.tell(m)", message)
        self.settle()

    def put(self, name: str, value: Json) -> None:
        self.page.evaluate("([k, v]) => theModel.put(k, v)", [name, value])
        self.settle()

    def show(self, run: LiveRun) -> None:
        """The model says what it would of this run."""
        for name, value in parts(run).items():
            self.page.evaluate("([k, v]) => theModel.put(k, v)", [name, value])
        self.settle()

    def pour(self, batch: list[Any], lines: int) -> tuple[float, float]:
        """Say the batch every 50 ms, numbered on, until so many lines are said: seconds to the end, longest frame in ms."""
        watched = self.ops("watch")[-1]
        took, longest = self.page.evaluate(_POUR, [watched["leg"], watched["step"], batch, lines])
        return took / 1000, longest

    def redraw(self, states: list[Json], times: int = 30) -> list[float]:
        """Milliseconds from each state that is put to the frame that shows it, shortest first."""
        found: list[float] = self.page.evaluate(_REDRAW, [states, times])
        return found

    def first_picture(self) -> float:
        """Milliseconds until another view stands."""
        took: float = self.page.evaluate(
            "() => { const at = performance.now(); show(theModel); document.body.offsetHeight; return performance.now() - at; }"
        )
        return took

    def settle(self) -> None:
        """Two frames later."""
        self.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def find(self, selector: str) -> Locator:
        return self.page.locator(selector)

    def texts(self, selector: str) -> list[str]:
        return [text.strip() for text in self.page.locator(selector).all_text_contents()]

    def focused(self) -> str:
        found: str = self.page.evaluate("document.activeElement.dataset.do || document.activeElement.name || document.activeElement.tagName")
        return found


@contextmanager
def chromium_at(program: Path) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield opened
        opened.close()


@contextmanager
def shown(
    browser: Browser, run: LiveRun, *, theme: str = "light", width: int = 1280, alive: bool = True, **options: Any
) -> Iterator[Shown]:
    """alive: whether the kernel answers. options: of the browser's context."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **options)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: wrong.append(f"dialog {dialog.message}"))
    page.on("request", lambda asked: None if asked.url.startswith(("data:", "blob:", "about:")) else wrong.append(asked.url))
    page.set_content(
        f"<!doctype html><html lang=en><head><title>Run</title><style>{styles()} body {{ margin: 0; {LAB[theme]} }}"
        f" h1 {{ color: #777 }} main {{ max-width: 1110px; margin: 0 auto; padding: 8px }}</style></head>"
        f"<body data-jp-theme-light={'true' if theme == 'light' else 'false'}><main><h1>Run</h1></main></body></html>"
    )
    page.evaluate(f"() => {{ {MODEL} }}")
    page.evaluate("async ([text, data]) => { window.widget = await load(text); window.theModel = model(data); show(theModel); }", [module(), parts(run)])
    found = Shown(page, wrong)
    if alive:
        found.tell({"op": "here"})
    yield found
    context.close()
    assert wrong == []
