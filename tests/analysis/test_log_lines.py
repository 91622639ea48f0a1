"""Which lines of a log differ, apart from what changes in every run."""

from collections.abc import Iterable

import pytest

from pipelinekit.analysis.log_lines import COMPARED, KEPT, StepLines, by_step, differences, mask

KEY = ("test", None, "Test", 1)


def different(before: Iterable[str], after: Iterable[str]) -> list[StepLines]:
    def lines(texts: Iterable[str]) -> Iterable[dict[str, object]]:
        return ({"leg": "test", "step_index": 1, "text": text} for text in texts)

    keys = {("test", 1): KEY}
    return list(differences(by_step(lines(before), keys), by_step(lines(after), keys), [(KEY, "test", "Test")]))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("3 passed in 0.53s", "3 passed in 12.04s", id="seconds"),
        pytest.param("built in 1m 04s", "built in 2m 59s", id="minutes"),
        pytest.param("at 2026-11-24T08:00:01.123Z begun", "at 2026-11-25T09:10:11.456Z begun", id="ISO time"),
        pytest.param("[08:00:01] begun", "[19:20:21] begun", id="time of day"),
        pytest.param("HEAD is now at 8b3e2f2 Add", "HEAD is now at 60d4c8b Add", id="commit"),
        pytest.param("<Basket at 0x7f3a1c>", "<Basket at 0x55d0e2f0>", id="memory"),
        pytest.param("listening on 127.0.0.1:41233", "listening on 172.17.0.2:8000", id="network"),
        pytest.param("wrote /tmp/tmpab12/x.whl", "wrote /tmp/tmpzz99/x.whl", id="temporary file"),
        pytest.param("1.2 MB at 3.4 MB/s", "1.2 MB at 900 kB/s", id="speed"),
        pytest.param("id 019cb549-3600-7007-8000-000000000007", "id 019cb65b-de80-7008-8000-000000000008", id="UUID"),
        pytest.param("\x1b[32mdone\x1b[0m", "done", id="colour"),
    ],
)
def test_what_changes_in_every_run_is_no_difference(before: str, after: str) -> None:
    assert different([before], [after]) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("1 failed, 3 passed", "2 failed, 2 passed", id="counts"),
        pytest.param("flask==3.0.1", "flask==3.1.0", id="versions"),
        pytest.param("coverage 81 %", "coverage 79 %", id="shares"),
        pytest.param("app.py:12: error", "app.py:14: error", id="places"),
        pytest.param("accessed", "defaced", id="words of hex digits"),
    ],
)
def test_what_a_change_of_the_code_changes_is_one(before: str, after: str) -> None:
    assert [step.lines for step in different([before], [after])] == [(("-", before), ("+", after))]
    assert mask(before) != mask(after)


def test_lines_are_shown_as_they_were_said_and_in_their_order() -> None:
    [step] = different(["a", "b 0.1s", "c"], ["a", "b 0.2s", "x", "c", "y 0.3s"])
    assert step == StepLines("test", "Test", (("+", "x"), ("+", "y 0.3s")), 0, cut=False)


def test_a_log_that_says_the_same_again_and_again_still_has_its_differences() -> None:
    said = [f"test {'ok' if n % 3 else 'skipped'}" for n in range(400)]
    [step] = different([*said, "a", *said[:50]], ["b", *said, *said[:50], "c"])
    assert step.lines == (("+", "b"), ("-", "a"), ("+", "c"))


@pytest.mark.parametrize(("before", "after"), [(["a"], ["a", "a"]), (["a", "b", "a"], ["a", "b", "a", "b", "a"])], ids=["one", "two"])
def test_a_line_that_is_said_once_more_is_one_more(before: list[str], after: list[str]) -> None:
    [step] = different(before, after)
    assert [sign for sign, _ in step.lines] == ["+"] * (len(after) - len(before))


def test_of_many_lines_that_differ_the_rest_is_counted() -> None:
    [step] = different([], [f"line {n}" for n in range(KEPT + 7)])
    assert (len(step.lines), step.left_out) == (KEPT, 7)


def test_of_a_long_log_the_end_is_compared() -> None:
    same = [f"line {n}" for n in range(COMPARED + 500)]
    assert different(same, ["one more", *same]) == []
    [step] = different(same, [*same, "failed"])
    assert (step.lines, step.cut) == ((("+", "failed"),), True)


def test_lines_of_steps_that_are_not_asked_about_are_passed_over() -> None:
    assert by_step([{"leg": "test", "step_index": 9, "text": "x"}], {("test", 1): KEY}) == {}
