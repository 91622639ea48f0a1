"""What every answer promises."""

import json
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from pipelinekit.answers.all_answers import ALL_ANSWERS
from pipelinekit.answers.grid import lines, runs_of
from pipelinekit.answers.question import Answer, Asked, asked
from pipelinekit.records.store import Store
from tests.made_store import make_store

each = pytest.mark.parametrize("question", ALL_ANSWERS)


@each
def test_an_answer_is_a_sentence_with_evidence_data_and_a_picture(question: str, answers: dict[str, Answer]) -> None:
    answer = answers[question]
    assert answer.sentence.endswith(".")
    assert answer.grids
    assert answer.data["rows"]
    picture = answer.draw()
    assert picture is not None
    assert picture.rows


@each
def test_every_row_has_a_cell_below_every_head(question: str, answers: dict[str, Answer]) -> None:
    for grid in answers[question].grids:
        assert {len(row) for row in grid.rows} == {len(grid.head)}
        assert lines(grid)


@each
def test_its_data_is_json(question: str, answers: dict[str, Answer]) -> None:
    data = answers[question].data
    assert json.dumps(data, default=lambda at: at.isoformat() if isinstance(at, datetime) else None)


@each
def test_the_runs_that_it_names_are_in_the_store(question: str, answers: dict[str, Answer], about: Asked) -> None:
    known = set(about.runs.column("run_id").to_pylist())
    assert {run.run_id for run in runs_of(answers[question].grids)} <= known


@each
def test_one_run_is_enough_for_an_answer(question: str, tmp_path: Path) -> None:
    found = asked(make_store(tmp_path, runs=1))
    assert found is not None
    answer = ALL_ANSWERS[question](found)
    assert answer.sentence
    assert answer.grids or answer.empty


def test_what_is_asked_about_is_said(about: Asked) -> None:
    assert about.about == "4 Feb – 4 Mar 2026, n\u00a0=\u00a012\u00a0runs"


def test_no_run_of_a_branch_is_nothing_to_ask(store: Store) -> None:
    assert asked(store, branch="nowhere") is None


def test_where_no_test_is_reported_none_is_called_healthy(tmp_path: Path) -> None:
    store = make_store(tmp_path / ".pipelinekit", runs=1)
    shutil.rmtree(store.path / "tables" / "tests")
    found = asked(store)
    assert found is not None
    answer = ALL_ANSWERS["flaky"](found)
    assert answer.sentence.startswith("No test was reported.")
    assert (answer.empty, answer.otherwise) == ("There is no test to judge.", "No test is reported, so there is no rate to draw.")
