from pathlib import Path
from typing import Any

import pytest

from pipelinekit.lessons.all_lessons import LESSONS
from pipelinekit.lessons.base import not_yet, passed
from pipelinekit.lessons.listing import lessons
from pipelinekit.lessons.place import Where
from pipelinekit.lessons.progress import begin
from pipelinekit.lessons.shown import Card, Solution, Verdict
from pipelinekit.lessons.solution import steps

ROW = LESSONS["caching"]
CHECK = ROW.check("cache-hit")


def verdict(*, passes: bool, level: int = 0, stale: bool = False, helped: bool = False) -> Verdict:
    found = passed("Run 4 asked for `deps-a`.") if passes else not_yet("another-key", "Run 3 asked for `deps-<b>`.")
    return Verdict(CHECK, found, level, stale, helped, 1, 3)


def test_a_check_that_did_not_pass_says_what_was_found_and_gives_its_hints() -> None:
    assert repr(verdict(passes=False, level=1)).splitlines() == [
        "○ not yet: a run that finds the cache that an earlier run has saved",
        "  Run 3 asked for `deps-<b>`.",
        f"  hint 1: {CHECK.hints['another-key'][0]}",
        f"  hint 2: {CHECK.hints['another-key'][1]}",
        '  One more hint: `lesson.hint("cache-hit")`',
    ]


def test_after_the_last_hint_none_is_promised() -> None:
    assert "One more hint" not in repr(verdict(passes=False, level=9))


def test_a_check_that_passed_says_how_far_the_lesson_is() -> None:
    assert repr(verdict(passes=True)).splitlines()[-1] == "  1 of 3 checks of this lesson passed."
    assert "with the solution's help" in repr(verdict(passes=True, helped=True))


SHOWN: dict[str, Any] = {
    "verdict": verdict(passes=False),
    "passed": verdict(passes=True),
    "card": Card(ROW, Path("/lessons/caching"), Where("host", "without containers"), begin("caching")),
    "solution": Solution(ROW.title, steps(ROW.sample), 0),
    "listing": lessons("/nowhere"),
}


@pytest.mark.parametrize("value", SHOWN.values(), ids=SHOWN)
def test_it_needs_nothing_beside_it_and_lets_nothing_through(value: Any) -> None:
    bundle = value._repr_mimebundle_()
    html = bundle["text/html"]
    assert bundle["text/plain"] == repr(value)
    assert not [word for word in ("http", "<script", "<style", "<svg", "class=", "deps-<b>") if word in html]
    assert html.count("<div") == html.count("</div>")


def test_the_card_names_its_checks_with_their_state_in_words() -> None:
    progress = begin("caching")
    progress.note("cache-hit", passed("..."), 1)
    progress.show_solution()
    progress.note("cache-miss", passed("..."), 2)
    html = Card(ROW, Path("/lessons/caching"), Where("host", "it was asked for"), progress)._repr_mimebundle_()["text/html"]
    assert "✓ passed</td>" in html
    assert "✓ passed, with the solution</td>" in html
    assert "○ not yet</td>" in html
    assert "was shown" in html
