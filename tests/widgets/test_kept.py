"""What a notebook keeps of a live run for its page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelinekit.books.clean import clean_tree
from pipelinekit.books.execute import execute
from pipelinekit.books.read import read
from pipelinekit.model.event import LegStarted, StepFinished, StepStarted
from pipelinekit.model.outcome import Outcome
from pipelinekit.records.journal import journal_path
from pipelinekit.records.journal_log import JournalLog
from pipelinekit.run_views.live_run import LiveRun
from pipelinekit.run_views.mount import MIME, data
from pipelinekit.widgets import kept
from pipelinekit.widgets.held import Known
from tests.books.made_book import code, write
from tests.repositories import repository
from tests.run_views import live_runs
from tests.widgets.fake_run import FakeRun, logged

NO_LOG = JournalLog(Path("nowhere.jsonl"))
TWO_STEPS = "on: push\njobs: {test: {runs-on: ubuntu-latest, steps: [{name: One, run: echo one}, {name: Two, run: echo two}]}}\n"


def failed(folder: Path, lines: int = 1) -> FakeRun:
    """It stands where `Look` of lint has failed, after that many lines."""
    run = FakeRun.make(folder)
    run.begin()
    texts = [f"line {n}" for n in range(1, lines)]
    run.tell(
        LegStarted(1001.0, "lint", "ubuntu-latest"), StepStarted(1002.0, "lint", 1, "__run", "Look"),
        logged("lint", 1, 1, *texts, "Error: it looks wrong", stream="stderr"),
        StepFinished(1020.0, "lint", 1, Outcome.FAILURE, Outcome.FAILURE, 1),
    )  # fmt: skip
    return run


def journal_of(run: FakeRun) -> JournalLog:
    return JournalLog(journal_path(run.store.path, run.run_id, run.attempt))


def test_why_it_failed_is_found_at_once(tmp_path: Path) -> None:
    run = failed(tmp_path)
    seen = kept.studied(run, Known(), journal_of(run))
    assert [found.lines for found in seen.failures] == [((1, "Error: it looks wrong"),)]
    assert seen.path == {"lint"}


def test_the_end_of_a_long_log_is_kept_with_the_line_that_decides(tmp_path: Path) -> None:
    run = failed(tmp_path, lines=5000)
    found = kept.parts(kept.studied(run, Known(), journal_of(run)), journal_of(run))
    lines = found["tail"]["lint"]
    assert (len(lines), lines[-1][0], lines[-1][5]) == (100, 5000, "d"), "three legs share 300 lines"
    assert list(found["legs"]) == ["lint", "test (3.11)", "test (3.12)"]


def test_lines_that_are_very_long_are_left_out(tmp_path: Path) -> None:
    run = failed(tmp_path)
    run.tell(logged("lint", 1, 2, *["x" * 4000] * 90))
    found = kept.parts(kept.studied(run, Known(), journal_of(run)), journal_of(run))
    assert len(found["tail"]["lint"]) == 20
    assert len(json.dumps(found)) <= kept.MOST_BYTES


@pytest.mark.parametrize(("make", "legs"), [(live_runs.paused, 11), (lambda: live_runs.wide(20, 10), 12)], ids=["few", "200"])
def test_of_many_legs_those_that_matter_are_kept(make: object, legs: int) -> None:
    run: LiveRun = make()  # type: ignore[operator]
    found = kept.parts(run, NO_LOG)
    assert len(found["legs"]) == legs
    assert "failure" in [leg["state"] for leg in found["legs"].values()]
    assert len(json.dumps(found)) <= kept.MOST_BYTES


@pytest.mark.parametrize("make", live_runs.ALL.values(), ids=live_runs.ALL)
def test_the_page_of_a_notebook_takes_nothing_out_of_it(make: object) -> None:
    whole = data(make(), {}, {})  # type: ignore[operator]
    written = json.loads(json.dumps({name: whole[name] for name in ("shape", "state", "legs")}))
    assert clean_tree(written) == written


@pytest.mark.notebook
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::UserWarning")
def test_each_cell_keeps_the_run_as_its_last_verb_left_it(tmp_path: Path) -> None:
    repository(tmp_path, TWO_STEPS)
    begin = 'import pipelinekit as pk\nrun = pk.start("ci.yml", executor="host")\nfor _ in range(2):\n    await run.step()'
    cells = (code(begin), code("await run.step()\nawait run.step();"), code("print(run.store)"))
    execute(write(tmp_path / "book.ipynb", *cells), tmp_path / "out.ipynb", directory=tmp_path)
    shown = [[output.data for output in cell.outputs if MIME in output.data] for cell in read(tmp_path / "out.ipynb").cells]
    assert [len(cell) for cell in shown] == [1, 1, 0], "one picture for the run's cells, none for the other"
    said = [cell[0][MIME]["state"]["says"] for cell in shown[:2]]
    assert said[0] == "run 1 · paused before Two of test"
    assert said[1].startswith("run 1 · succeeded in ")
    assert "success: One" in shown[0][0]["text/plain"]
    assert [line[3] for line in shown[1][0][MIME]["tail"]["test"]][-1] == "two"


def test_a_run_that_has_not_begun_is_kept_too(tmp_path: Path) -> None:
    run = FakeRun.make(tmp_path)
    found = kept.parts(kept.studied(run, Known(), NO_LOG), NO_LOG)
    assert found["state"]["state"] == "queued"
