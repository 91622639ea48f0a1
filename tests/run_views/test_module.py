"""The run widget's module alone, in Chromium, with a model of ten lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipelinekit.model.outcome import State
from pipelinekit.run_views import widget as run_widget
from pipelinekit.run_views.live_run import LiveRun
from pipelinekit.run_views.mount import module
from tests.run_views import live_runs
from tests.run_views.widget_page import chromium_at, parts, shown

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@cache
def axe() -> str:
    """The text of axe-core, which the package for Playwright brings."""
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with chromium_at(chromium) as opened:
        yield opened


@pytest.mark.parametrize("make", live_runs.ALL.values(), ids=live_runs.ALL)
def test_every_job_is_drawn_where_python_put_it_with_icon_word_and_time(make: Callable[[], LiveRun], browser: Browser) -> None:
    run = make()
    shape, state = run_widget.shape(run), run_widget.state(run)
    with shown(browser, run, alive=False) as page:
        boxes = page.page.eval_on_selector_all(
            ".pk-node", "all => all.map(n => ['x','y','width','height'].map(k => +n.querySelector('.pk-box').getAttribute(k)))"
        )
        assert boxes == [job["box"] for job in shape["jobs"]]
        icons = page.page.eval_on_selector_all(".pk-node use", "all => all.map(u => u.getAttribute('href'))")
        assert icons == [f"#pk-{job['state']}" for job in state["jobs"]]
        assert page.page.evaluate("document.querySelectorAll('symbol').length") == len(run_widget.words()["icons"])
        for label, job in zip(page.page.eval_on_selector_all(".pk-node", "all => all.map(n => n.getAttribute('aria-label'))"), state["jobs"], strict=True):
            assert job["word"] in label
            assert isinstance(job["time"], float) or job["time"] in label
        assert page.page.evaluate("document.querySelectorAll('.pk-edge').length") == len(shape["edges"])


@pytest.mark.parametrize(
    ("make", "tab", "filled", "says"),
    [
        (live_runs.fresh, "Log", ["Step"], "not started: 6\u00a0jobs, 11\u00a0legs"),
        (live_runs.running, "Matrix", [], "5 of 11\u00a0legs done; 4 run, 2 wait"),
        (live_runs.paused, "Log", ["Retry step"], "paused after Run pytest failed in test (3.12, postgres); its container is kept"),
        (live_runs.finished, "Waterfall", [], "succeeded on attempt 2"),
        (live_runs.wide, "Matrix", [], "14 of 27\u00a0legs done, 1 failed; 6 run, 7 wait"),
    ],
    ids=live_runs.ALL,
)  # fmt: skip
def test_it_opens_on_what_matters(make: Callable[[], LiveRun], tab: str, filled: list[str], says: str, browser: Browser) -> None:
    with shown(browser, make()) as page:
        assert page.texts("[role=tab][aria-selected=true]") == [tab]
        assert [text.removesuffix(text[-1]) for text in page.texts(".pk-btn.pk-main")] == filled
        assert says in page.texts(".pk-run-says")[0]


def test_a_view_says_that_it_is_there_what_it_watches_and_that_it_goes(browser: Browser) -> None:
    with shown(browser, live_runs.paused()) as page:
        assert [said["op"] for said in page.sent] == ["watch", "sync"]
        assert page.ops("watch") == [{"op": "watch", "leg": "test (3.12, postgres)", "step": 4}]
        page.page.evaluate("views[0].clean()")
        assert page.sent[-1]["op"] == "close"
        assert page.page.evaluate("document.querySelectorAll('.pk-run').length") == 0
        assert page.page.evaluate("Object.values(theModel.hear).every(set => set.size === 0)")


def test_buttons_do_nothing_before_the_kernel_answers(browser: Browser) -> None:
    with shown(browser, live_runs.fresh(), alive=False) as page:
        assert page.find(".pk-btn:not([aria-disabled])").count() == 0
        page.find(".pk-btn >> text=Step").dispatch_event("click")
        assert page.ops("do") == []
        page.tell({"op": "here"})
        page.find(".pk-btn >> text=Step").click()
        assert page.ops("do") == [{"op": "do", "verb": "step", "argument": ""}]


@pytest.mark.parametrize(
    ("key", "verb", "argument"),
    [("s", "step", ""), ("u", "until", "lint"), ("c", "go", ""), ("k", "skip", ""), ("x", "cancel", "")],
)
def test_keys_say_verbs_while_the_focus_is_inside(key: str, verb: str, argument: str, browser: Browser) -> None:
    with shown(browser, live_runs.fresh()) as page:
        page.page.keyboard.press(key)
        assert page.ops("do") == []
        page.find(".pk-node[aria-current]").focus()
        page.page.keyboard.press(key)
        assert page.ops("do") == [{"op": "do", "verb": verb, "argument": argument}]


def test_a_click_beside_all_buttons_takes_the_keys_too(browser: Browser) -> None:
    with shown(browser, live_runs.fresh()) as page:
        page.find(".pk-run-says").click()
        page.page.keyboard.press("s")
        assert [said["verb"] for said in page.ops("do")] == ["step"]


def test_what_can_not_be_done_now_has_no_key(browser: Browser) -> None:
    with shown(browser, live_runs.running()) as page:
        page.find(".pk-node[aria-current]").focus()
        for key in "suckr":
            page.page.keyboard.press(key)
        assert page.ops("do") == []
        assert page.find(".pk-btn:not([aria-disabled])").count() == 1


def test_running_to_here_means_what_is_chosen(browser: Browser) -> None:
    with shown(browser, live_runs.fresh()) as page:
        page.find(".pk-node >> nth=3").click()  # a matrix: its first leg
        page.page.keyboard.press("u")
        page.show(live_runs.fresh())
        page.find(".pk-node >> nth=3").click()
        page.find(".pk-steps button >> text=Run pytest").click()
        page.page.keyboard.press("u")
        page.show(live_runs.fresh())
        page.find(".pk-node >> nth=3").click()
        page.page.keyboard.press("k")
        assert [said["argument"] for said in page.ops("do")] == ["test (3.11, sqlite)", "test (3.11, sqlite)/4", "test (3.11, sqlite)"]


def test_a_verb_is_said_once_however_often_it_is_pressed(browser: Browser) -> None:
    with shown(browser, live_runs.fresh()) as page:
        page.find("button[data-do='verb:step']").dblclick()
        page.page.keyboard.press("s")
        assert len(page.ops("do")) == 1
        page.show(live_runs.fresh())  # the kernel has something to say
        page.page.keyboard.press("s")
        assert len(page.ops("do")) == 2


def test_what_runs_is_followed_again_after_a_verb(browser: Browser) -> None:
    with shown(browser, live_runs.paused()) as page:
        page.find(".pk-node >> nth=0").click()
        page.find(".pk-steps button >> nth=0").click()
        assert page.texts(".pk-run-leg") == ["lint"]
        page.page.keyboard.press("s")
        page.show(live_runs.paused())
        assert page.texts(".pk-run-leg") == ["test (3.12, postgres)"]
        assert page.find(".pk-steps [aria-current]").inner_text().startswith("Run pytest")


def test_a_breakpoint_is_a_key_or_a_click_away(browser: Browser) -> None:
    with shown(browser, live_runs.paused()) as page:
        page.find(".pk-node >> nth=4").focus()
        page.page.keyboard.press("b")
        page.find(".pk-stop-at >> nth=0").click()
        page.find(".pk-steps button:has-text('Install')").focus()
        page.page.keyboard.press("b")
        assert [said["where"] for said in page.ops("stop")] == ["build-image", "lint", "test/3"]
        assert page.find(".pk-stop").count() == 1
        assert page.find(".pk-node >> nth=5").get_attribute("aria-label") == "deploy-staging: queued, breakpoint"


def test_arrows_lead_from_node_to_node(browser: Browser) -> None:
    with shown(browser, live_runs.running()) as page:
        page.find(".pk-node >> nth=0").focus()
        for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowLeft"):
            page.page.keyboard.press(key)
        assert page.focused() == "job:3"
        page.page.keyboard.press("Enter")
        assert page.find(".pk-node[aria-current]").get_attribute("aria-label").startswith("test")  # type: ignore[union-attr]


def test_choosing_a_matrix_shows_its_grid_and_a_cell_its_log(browser: Browser) -> None:
    with shown(browser, live_runs.paused()) as page:
        page.find(".pk-node >> nth=3").click()
        assert page.texts("[role=tab][aria-selected=true]") == ["Matrix"]
        assert page.find(".pk-matrix td button").count() == 6
        page.find(".pk-matrix button[aria-label^='test (3.13, sqlite)']").click()
        assert page.texts("[role=tab][aria-selected=true]") == ["Log"]
        assert page.texts(".pk-run-leg") == ["test (3.13, sqlite)"]
        assert page.ops("watch")[-1]["leg"] == "test (3.13, sqlite)"


def test_the_next_step_is_outlined_and_says_what_it_will_do(browser: Browser) -> None:
    run = replace(live_runs.fresh(), upcoming={"name": "Setting up lint", "runs": True, "label": "ubuntu-latest", "command": "", "environment": {"SIZE": "<b>"}})
    with shown(browser, run) as page:
        assert page.find(".pk-node.pk-next").get_attribute("aria-label") == "lint: queued, ~19s, next"
        assert page.texts(".pk-steps .pk-next") == ["Set up job"]
        assert "Setting up lint is next." in page.texts(".pk-ahead")[0]
        assert page.texts(".pk-ahead code") == ["ubuntu-latest", "SIZE=<b>"]


def test_a_skipped_step_says_why(browser: Browser) -> None:
    found = parts(live_runs.paused())
    found["legs"]["lint"]["why"] = {"1": "Evaluating: failure()\nExpanded: (false)\nResult: false"}
    found["legs"]["lint"]["steps"][0][3] = "skipped"
    with shown(browser, live_runs.paused()) as page:
        page.put("legs", found["legs"])
        page.find(".pk-node >> nth=0").click()
        page.find(".pk-steps button >> text=ruff").click()
        assert page.texts(".pk-why") == ["Evaluating: failure()\nExpanded: (false)\nResult: false"]


def test_each_panel_shows_what_the_leg_left(browser: Browser) -> None:
    with shown(browser, live_runs.paused()) as page:
        assert page.texts("[role=tab]") == ["Log", "Matrix", "Waterfall", "Changes", "Annotations 1", "Artifacts 1", "Summary"]
        for tab, text in (
            ("Changes", "hit: pip-3.12-9c41d0, 84\u00a0MB, spared 41s"), ("Annotations", "tests/test_checkout.py:88"), ("Artifacts", "84\u00a0kB"),
            ("Summary", "postgres"), ("Waterfall", "on the critical path"),
        ):  # fmt: skip
            page.find(f"[role=tab] >> text={tab}").click()
            assert text in page.find("[role=tabpanel]").inner_text()
        page.find("[role=tab] >> text=Artifacts").click()
        page.find("text=look into it").click()
        assert page.ops("open") == [{"op": "open", "what": "sha256:" + "ab" * 32}]
        page.tell({"op": "open", "tree": ["div", {}, ["button", {"data-do": "open:sha256:ab:junit: x.xml"}, "junit: x.xml"]]})
        page.find("text=junit: x.xml").click()
        assert page.ops("open")[-1] == {"op": "open", "what": "sha256:ab:junit: x.xml"}


def test_two_views_of_one_run_choose_apart(browser: Browser) -> None:
    with shown(browser, live_runs.running()) as page:
        page.page.evaluate("show(theModel)")
        page.tell({"op": "here"})
        page.find(".pk-run >> nth=1").locator(".pk-node >> nth=0").click()
        page.find(".pk-run >> nth=1").locator("[role=tab] >> text=Waterfall").click()
        assert page.texts(".pk-run-leg") == ["test (3.12, sqlite)", "lint"]
        assert page.texts("[role=tab][aria-selected=true]") == ["Matrix", "Waterfall"]
        page.show(replace(live_runs.running(), now=live_runs.BEGIN + 140))
        assert page.texts(".pk-run-leg") == ["test (3.12, sqlite)", "lint"]
        names = {said["view"] for said in page.sent}
        assert len(names) == 2


def test_a_view_that_is_made_anew_remembers_choice_and_focus(browser: Browser) -> None:
    with shown(browser, live_runs.paused()) as page:
        page.find(".pk-node >> nth=2").click()
        page.find(".pk-node >> nth=2").focus()
        page.page.evaluate("views[0].clean(); show(theModel)")
        assert page.texts(".pk-run-leg") == ["frontend"]
        assert page.focused() == "job:2"


def test_an_update_leaves_focus_and_selection_where_they_are(browser: Browser) -> None:
    run = live_runs.wide(20, 10)
    with shown(browser, run) as page:
        page.find(".pk-matrix button >> nth=30").focus()
        page.page.evaluate("getSelection().selectAllChildren(document.querySelector('.pk-run-leg'))")
        before = page.page.evaluate("[document.activeElement.dataset.do, String(getSelection())]")
        legs = tuple(replace(each, state=State.SUCCESS, finished_at=live_runs.BEGIN + 180) if each.state is State.RUNNING else each for each in run.state.legs)
        page.show(replace(run, state=replace(run.state, legs=legs)))
        assert page.page.evaluate("[document.activeElement.dataset.do, String(getSelection())]") == before
        assert page.find(".pk-matrix td.pk-running").count() == 0


def test_a_narrow_cell_shows_the_jobs_as_a_list(browser: Browser) -> None:
    with shown(browser, live_runs.paused(), width=390) as page:
        assert not page.find(".pk-graph > svg").is_visible()
        assert page.find(".pk-graph-list li:visible").count() == 6
        assert page.page.evaluate("document.documentElement.scrollWidth") <= 390
        page.find(".pk-graph-list button >> nth=0").click()
        assert page.texts(".pk-run-leg") == ["lint"]


def test_where_nobody_wants_motion_nothing_moves(browser: Browser) -> None:
    with shown(browser, live_runs.running(), reduced_motion="reduce") as page:
        moving = page.page.evaluate("document.getAnimations().length")
        assert moving == 0
    with shown(browser, live_runs.running()) as page:
        assert page.page.evaluate("document.getAnimations().length") > 0


@pytest.mark.parametrize(
    ("make", "theme"),
    [(live_runs.paused, "light"), (live_runs.paused, "dark"), (live_runs.running, "dark")],
    ids=["paused, light", "paused, dark", "running, dark"],
)
def test_axe_finds_nothing(make: Callable[[], LiveRun], theme: str, browser: Browser) -> None:
    with shown(browser, make(), theme=theme) as page:
        page.page.evaluate(axe())
        for tab in range(page.find("[role=tab]").count()):
            page.find("[role=tab]").nth(tab).click()
            # The order of headings is the notebook's: a job's summary brings its own.
            found = page.page.evaluate("axe.run('.pk-run', { rules: { 'heading-order': { enabled: false } } })")
            assert [(each["id"], each["nodes"][0]["html"][:200], each["nodes"][0]["failureSummary"]) for each in found["violations"]] == []


def test_the_clock_goes_while_something_runs(browser: Browser) -> None:
    with shown(browser, live_runs.running()) as page:
        first = page.texts(".pk-run-clock")[0]
        page.page.wait_for_function("old => document.querySelector('.pk-run-clock').textContent !== old", arg=first)


def test_a_lost_kernel_takes_the_buttons_away_until_it_answers(browser: Browser) -> None:
    with shown(browser, live_runs.fresh()) as page:
        page.page.evaluate("theModel.hear['comm_live_update'].forEach(f => f())")
        page.settle()
        assert page.find(".pk-btn:not([aria-disabled])").count() == 0
        assert page.texts(".pk-run-beat") == ["no kernel: run the cell again"]
        page.page.wait_for_function("sent.at(-1).op === 'sync'", timeout=15_000)  # not at once: one that goes would answer
        page.tell({"op": "here"})
        assert page.find(".pk-btn:not([aria-disabled])").count() > 0
        assert page.texts(".pk-run-beat") == [""]


def test_a_command_is_typed_and_answered(browser: Browser) -> None:
    with shown(browser, live_runs.paused()) as page:
        page.find(".pk-node[aria-current]").focus()
        page.page.keyboard.press("e")
        assert page.focused() == "shell"
        page.page.keyboard.type("ls -x <b>")
        page.page.keyboard.press("Enter")
        assert page.ops("do") == [{"op": "do", "verb": "shell", "argument": "ls -x <b>"}]
        assert page.texts(".pk-run-shell pre") == ["$ ls -x <b>"], "until it is through"
        page.tell({"op": "shell", "lines": ["$ ls -x <b>", "<i>no</i>", "exit code 2"]})
        assert page.texts(".pk-run-shell pre") == ["$ ls -x <b>\n<i>no</i>\nexit code 2"]
        page.find(".pk-node[aria-current]").focus()
        page.page.keyboard.press("e")
        assert page.focused() == "shell", "a line that is open is gone to"
        page.page.keyboard.press("Escape")
        assert page.find(".pk-run-shell").count() == 0
        page.page.keyboard.press("s")
        assert page.ops("do")[-1]["verb"] == "step", "the keys are the widget's still"


def test_without_a_run_it_says_how_to_start_one(browser: Browser) -> None:
    with shown(browser, live_runs.fresh()) as page:
        page.put("state", {})
        assert page.texts(".pk-empty") == ['No run yet. Press ▶ in this cell, or call pk.start("ci.yml").']


def test_the_module_is_small_and_asks_nobody() -> None:
    text = module()
    assert len(text.encode()) < 25_000
    assert "import " not in text
    assert text.count("http") == text.count("http://www.w3.org/2000/svg") == 1
