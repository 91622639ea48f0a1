"""`pipelinekit stats`: a sentence, its evidence, and the same for programs."""

import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelinekit.main import main
from pipelinekit.records.store import Store
from tests.made_store import make_store

QUESTIONS = ("flaky", "speed", "coverage", "cache")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shop") / ".pipelinekit"
    make_store(path)
    return path


def told(*words: str) -> str:
    out = io.StringIO()
    assert main(["stats", *words], out) == 0
    return out.getvalue()


def answer(*words: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(told(*words, "--format", "json"))
    return read


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        pytest.param("flaky", "`test_two_buyers_race_for_the_last_item` failed 3 of 11 runs on unchanged code", id="flaky"),
        pytest.param("speed", "Runs of ci take 46s (p50).", id="speed"),
        pytest.param("coverage", "83.6\u202f% of 171\u00a0lines are covered", id="coverage"),
        pytest.param("cache", "Caches saved 8m in 28\u00a0days; 28 of 34 lookups hit.", id="cache"),
    ],
)
def test_the_answer_is_a_sentence_before_its_evidence(store: Path, question: str, sentence: str) -> None:
    text = told(question, "--store", str(store))
    assert text.startswith(sentence)
    assert text.endswith("n\u00a0=\u00a012\u00a0runs\n")


@pytest.mark.parametrize(
    ("question", "keys"),
    [
        pytest.param("flaky", {"test", "class", "rate", "rate_low", "rate_high", "lost_seconds", "marks"}, id="flaky"),
        pytest.param("speed", {"kind", "workflow", "n", "p50_seconds", "p95_seconds", "change_seconds"}, id="speed"),
        pytest.param("coverage", {"number", "lines_covered", "lines", "share", "change"}, id="coverage"),
        pytest.param("cache", {"family", "hits", "lookups", "saved_seconds", "saved_low", "saved_high"}, id="cache"),
    ],
)
def test_programs_get_the_rows_under_stable_keys(store: Path, question: str, keys: set[str]) -> None:
    read = answer(question, "--store", str(store))
    assert read["question"] == question
    assert read["runs"] == 12
    assert read["rows"]
    assert keys <= set(read["rows"][0])


def test_speed_tells_workflow_job_and_step_with_the_critical_path(store: Path) -> None:
    read = answer("speed", "--store", str(store))
    assert [row["kind"] for row in read["rows"]] == sorted((row["kind"] for row in read["rows"]), key=("workflow", "job", "step").index)
    assert sum(row["share"] for row in read["critical_path"]) == pytest.approx(1)
    assert len(read["trend"]) == 12


def test_fewer_days_ask_about_fewer_runs(store: Path) -> None:
    assert answer("flaky", "--store", str(store), "--days", "1")["runs"] == 5


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_empty_store_says_how_to_record_a_run(tmp_path: Path, question: str) -> None:
    assert "`pipelinekit run ci.yml` records one." in told(question, "--store", str(tmp_path / "none"))
    assert answer(question, "--store", str(tmp_path / "none"))["rows"] == []


def test_a_filter_that_matches_nothing_is_named(store: Path) -> None:
    assert told("flaky", "--store", str(store), "--branch", "nope", "--workflow", "ci.yml") == (
        f"None of the 12\u00a0runs in {store} matches --workflow ci.yml --branch nope.\n"
    )


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["flaky", "--days", "0"], id="no-days"),
        pytest.param(["flaky", "--days", "week"], id="no-number"),
        pytest.param(["weather"], id="no-such-question"),
        pytest.param([], id="no-question"),
    ],
)
def test_what_can_not_be_asked_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stats", *words], io.StringIO()) == 2
    assert "usage:" in capsys.readouterr().err


def test_made_up_history_is_flagged(tmp_path: Path, store: Path) -> None:
    folder = tmp_path / "tables" / "runs"
    folder.mkdir(parents=True)
    runs = Store(store).table("runs")
    at = runs.column_names.index("simulated")
    pq.write_table(runs.set_column(at, "simulated", pa.array([True] * len(runs))), folder / "made-1.parquet")
    assert told("speed", "--store", str(tmp_path)).endswith("runs, simulated history\n")
