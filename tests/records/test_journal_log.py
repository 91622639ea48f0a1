"""Stretches of a log out of a journal that grows."""

from pathlib import Path

import pytest

from pipelinekit.model.event import LegStarted, LinesLogged
from pipelinekit.records.event_lines import encode
from pipelinekit.records.journal import journal_path
from pipelinekit.records.journal_log import JournalLog
from pipelinekit.records.store import Store

RUN = "0192f000-0000-7000-8000-000000000000"


def logged(leg: str, step: int, first: int, count: int, group: str = "") -> LinesLogged:
    return LinesLogged(1.0, leg, step, first, tuple((1.0 + n, f"{leg} {n}") for n in range(first, first + count)), group=group)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    store = Store(tmp_path / "store")
    with store.start_journal(RUN, 1) as journal:
        journal.append(LegStarted(0.0, 'a "b" \\', "ubuntu-latest"))
        journal.append(logged('a "b" \\', 0, 1, 3))
        journal.append(logged("other", 1, 1, 5))
        journal.append(logged('a "b" \\', 1, 4, 4, group="Setting up"))
        journal.append(logged('a "b" \\', 2, 8, 3))
    return journal_path(store.path, RUN, 1)


@pytest.mark.parametrize(
    ("steps", "first", "last", "numbers"),
    [
        (None, 1, None, range(1, 11)),
        (None, 3, 8, range(3, 9)),
        ({1}, 1, None, range(4, 8)),
        ({0, 2}, 2, 9, (2, 3, 8, 9)),
        ({5}, 1, None, ()),
        (None, 11, None, ()),
    ],
    ids=["all", "a stretch", "a step", "two steps", "no such step", "past the end"],
)
def test_any_stretch_can_be_read(path: Path, steps: set[int] | None, first: int, last: int | None, numbers: list[int]) -> None:
    assert [line.number for line in JournalLog(path).read('a "b" \\', steps, first, last)] == list(numbers)


def test_a_line_knows_its_step_its_time_and_its_group(path: Path) -> None:
    line = next(JournalLog(path).read('a "b" \\', first=5))
    assert (line.step, line.at, line.text, line.group, line.stream) == (1, 6.0, 'a "b" \\ 5', "Setting up", "output")


@pytest.mark.parametrize(
    ("steps", "number", "numbers"),
    [(None, None, [7, 8, 9, 10]), ({1}, None, [4, 5, 6, 7]), (None, 6, [2, 3, 4, 5]), (None, 1, [])],
    ids=["the last", "the last of a step", "before a line", "before the first"],
)
def test_the_lines_before_one_can_be_read(path: Path, steps: set[int] | None, number: int | None, numbers: list[int]) -> None:
    assert [line.number for line in JournalLog(path).before('a "b" \\', steps, 4, number)] == numbers


def test_it_goes_on_where_the_journal_grows(path: Path) -> None:
    log = JournalLog(path)
    assert len(list(log.read("other"))) == 5
    line = encode(logged("other", 1, 6, 2))
    with path.open("ab") as journal:
        journal.write(line[:20])
        journal.flush()
        assert len(list(log.read("other"))) == 5, "half a line is left for later"
        journal.write(line[20:])
        journal.flush()
        assert len(list(log.read("other"))) == 7


def test_a_journal_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    log = JournalLog(tmp_path / "none.jsonl")
    assert list(log.read("a")) == []
    assert log.before("a", None, 10) == []
