"""The log of the run widget's module, in Chromium: order, colours, groups, search, many lines, hostile ones, speed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest

from pipelinekit.run_views.log_lines import LogLines
from pipelinekit.views.log import Line
from tests.run_views import live_runs
from tests.run_views.widget_page import Shown, chromium_at, parts, shown
from tests.views.parsed import HOSTILE

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

LEG, STEP = "test (3.12, postgres)", 4
LINES = 100_000
MOST = 5_000  # lines that the page holds


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with chromium_at(chromium) as opened:
        yield opened


def lines(*texts: str, first: int = 1, group: str = "", deciding: set[int] | None = None) -> list[Any]:
    found = ((STEP, Line(number, text, number / 10, group)) for number, text in enumerate(texts, first))
    return LogLines().add(found, deciding or set())


def say(page: Shown, found: list[Any], **more: Any) -> None:
    page.tell({"op": "lines", "leg": LEG, "step": STEP, "lines": found, **more})
    page.page.wait_for_timeout(120)  # the page changes ten times a second


def test_lines_are_added_in_order_and_none_twice(browser: Browser) -> None:
    with shown(browser, live_runs.paused()) as page:
        page.tell({"op": "log", "leg": LEG, "step": STEP, "lines": lines("one", "two")})
        say(page, lines("two", "three", first=2))
        assert page.texts(".pk-run-log .pk-line") == ["1+0.1sone", "2+0.2stwo", "3+0.3sthree"]


def test_lines_of_another_step_stay_away(browser: Browser) -> None:
    with shown(browser, live_runs.paused()) as page:
        page.tell({"op": "lines", "leg": LEG, "step": 3, "lines": lines("no")})
        page.tell({"op": "lines", "leg": "lint", "step": STEP, "lines": lines("no")})
        assert page.texts(".pk-line") == []


def test_colours_are_classes_of_ours(browser: Browser) -> None:
    with shown(browser, live_runs.paused()) as page:
        say(page, lines("\x1b[31;1mred\x1b[0m \x1b[38;5;46mgreen\x1b[0m \x1b[38;2;30;60;250mblue", "still blue"))
        kinds = page.page.eval_on_selector_all(".pk-line > span > span", "all => all.map(s => [s.className, s.textContent])")
        assert kinds == [["pk-a-red pk-a-bold", "red"], ["", " "], ["pk-a-green", "green"], ["", " "], ["pk-a-blue", "blue"], ["pk-a-blue", "still blue"]]


def test_groups_are_folded_but_for_those_that_decide(browser: Browser) -> None:
    with shown(browser, live_runs.paused()) as page:
        say(page, [*lines("a"), *lines("b", "c", first=2, group="Collecting"), *lines("d", first=4), *lines("E   no", first=5, group="Failing", deciding={5})])
        assert page.texts(".pk-group summary b") == ["Collecting", "Failing"]
        assert page.page.eval_on_selector_all(".pk-group", "all => all.map(g => g.open)") == [False, True]
        assert page.texts(".pk-group .pk-num") == ["0.1s", "0.0s"]
        assert page.texts(".pk-hit > span") == ["E   no"]


def test_hostile_lines_are_text(browser: Browser) -> None:
    with shown(browser, live_runs.paused()) as page:
        say(page, [*lines(HOSTILE, "\x1b]0;title\x07\x1b[2J\x1b[Hshown", "x" * 1_000_000), *lines("in it", first=4, group=HOSTILE)])
        assert page.page.evaluate("document.querySelectorAll('.pk-run img, .pk-run script').length") == 0
        texts = page.texts(".pk-run-log .pk-line > span")
        assert texts[0].startswith("<script>alert('x')</script>")
        assert texts[1] == "shown"
        assert len(texts[2]) < 5_000
        assert "whole log" in texts[2]
        assert page.page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_it_follows_only_a_reader_who_is_at_the_end(browser: Browser) -> None:
    with shown(browser, live_runs.paused()) as page:
        log = ".pk-run-log > .pk-log"
        at_end = "el => el.scrollHeight - el.scrollTop - el.clientHeight < 24"
        say(page, lines(*(f"line {n}" for n in range(300))))
        page.page.wait_for_selector("text=line 299")
        assert page.page.eval_on_selector(log, at_end)
        page.page.eval_on_selector(log, "el => { el.scrollTop = 100 }")
        page.settle()
        say(page, lines(*(f"more {n}" for n in range(300)), first=301))
        page.page.wait_for_selector("text=more 299", state="attached")
        assert abs(page.page.eval_on_selector(log, "el => el.scrollTop") - 100) < 60
        page.find("text=to the end").click()
        page.tell({"op": "log", "leg": LEG, "step": STEP, "lines": lines(*(f"line {n}" for n in range(300)), first=900)})
        assert page.page.eval_on_selector(log, at_end)


def test_the_lines_before_can_be_had(browser: Browser) -> None:
    with shown(browser, live_runs.paused()) as page:
        page.tell({"op": "log", "leg": LEG, "step": STEP, "lines": lines("late", first=700)})
        assert page.find("text=earlier").count() == 0
        page.tell({"op": "log", "leg": LEG, "step": STEP, "lines": lines("late", first=700), "more": True})
        page.find("text=earlier").click()
        assert page.ops("before") == [{"op": "before", "leg": LEG, "step": STEP, "line": 700}]
        page.tell({"op": "log", "leg": LEG, "step": STEP, "at": 700, "lines": lines(*(f"line {n}" for n in range(690, 705)), first=690)})
        assert page.texts(".pk-at") == ["700+70.0sline 700"]
        say(page, lines("it goes on", first=2000))
        assert page.find("text=it goes on").count() == 0, "with a gap in between it would lie"


def test_search_asks_the_kernel_and_leads_to_the_line(browser: Browser) -> None:
    with shown(browser, live_runs.paused()) as page:
        page.find("input[name=find]").fill("Deci(mal")
        page.page.wait_for_function("sent.some(m => m.op === 'find')")
        assert page.ops("find") == [{"op": "find", "leg": LEG, "text": "Deci(mal"}]
        page.tell({"op": "found", "text": "Deci(mal", "total": 17, "lines": lines("a \x1b[31mDECI(mal\x1b[0m b", first=900)})
        assert page.texts(".pk-tools [role=status]") == ["17\u00a0lines"]
        assert page.texts(".pk-found mark") == ["DECI(mal"]
        page.find(".pk-found button").click()
        assert page.ops("at") == [{"op": "at", "leg": LEG, "line": 900}]
        page.tell({"op": "log", "leg": LEG, "step": 2, "at": 900, "lines": lines("before", "here", first=899)})
        assert page.texts(".pk-at") == ["900+90.0shere"]
        assert page.texts(".pk-steps [aria-current] b") == ["Set up Python"]


def test_a_deciding_line_of_the_failure_leads_to_its_place(browser: Browser) -> None:
    with shown(browser, live_runs.paused()) as page:
        page.find(".pk-callout button").click()
        assert page.ops("at") == [{"op": "at", "leg": LEG, "line": 20}]


def test_the_whole_log_is_fetched_as_a_file(browser: Browser) -> None:
    with shown(browser, live_runs.paused()) as page:
        page.find("text=whole log, 1,204").click()
        assert page.ops("whole") == [{"op": "whole", "leg": LEG}]
        with page.page.expect_download() as download:
            page.tell({"op": "whole", "name": "run-27.log", "text": "one\n", "done": False})
            page.tell({"op": "whole", "name": "run-27.log", "text": "two\n", "done": True})
        assert download.value.suggested_filename == "run-27.log"
        assert Path(download.value.path()).read_text(encoding="utf-8") == "one\ntwo\n"


def test_without_a_kernel_the_tail_is_shown_and_searched(browser: Browser) -> None:
    found = parts(live_runs.paused())
    found["tail"] = {LEG: lines("one", "two \x1b[31mred", "three", first=20)}
    with shown(browser, live_runs.paused(), alive=False) as page:
        page.put("tail", found["tail"])
        page.find(".pk-node >> nth=0").click()
        page.find(".pk-node >> nth=3").click()
        page.find("[role=tab] >> text=Log").click()
        assert page.texts(".pk-run-log .pk-line > span") == ["one", "two red", "three"]
        page.find("input[name=find]").fill("RED")
        page.page.wait_for_selector(".pk-found")
        assert page.texts(".pk-found mark") == ["red"]
        page.find(".pk-found button").click()
        assert page.texts(".pk-at > span") == ["two red"]


def test_a_hundred_thousand_lines_are_shown_while_the_page_answers(browser: Browser) -> None:
    """As the kernel sends them in its greatest hurry: 5,000 lines every 50 ms."""
    batch = lines(*(f"\x1b[32mtests/test_{n % 97}.py::test_{n}\x1b[0m PASSED [{n % 100:3}%]" for n in range(5_000)))
    with shown(browser, live_runs.running()) as page:
        page.find("[role=tab] >> text=Log").click()
        seconds, longest = page.pour(batch, LINES)
        assert page.page.evaluate("document.querySelector('.pk-run-log .pk-block:last-child').lastChild.dataset.n") == str(LINES)
        assert page.find(".pk-line").count() <= MOST
        assert page.find("text=earlier").count() == 1
        assert seconds < 5
        assert longest < 500


def test_the_page_holds_five_thousand_lines(browser: Browser) -> None:
    with shown(browser, live_runs.paused()) as page:
        for first in range(1, 9_001, 1_000):
            say(page, lines(*(f"line {n}" for n in range(1_000)), first=first))
        assert MOST - 50 <= page.find(".pk-line").count() <= MOST
        assert page.texts(".pk-line >> nth=-1") == ["9000+900.0sline 999"]


@pytest.mark.parametrize(("rows", "columns"), [(6, 10), (20, 10)], ids=["60 legs", "200 legs"])
def test_a_large_matrix_is_drawn_again_ten_times_a_second(rows: int, columns: int, browser: Browser) -> None:
    run = live_runs.wide(rows, columns)
    with shown(browser, run) as page:
        assert median(page.redraw([parts(other)["state"] for other in live_runs.going_on(run)])) < 100


def test_the_first_picture_takes_no_time(browser: Browser) -> None:
    with shown(browser, live_runs.wide(20, 10)) as page:
        assert page.first_picture() < 300
