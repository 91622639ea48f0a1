"""`pipelinekit runs`, from its arguments to what it prints."""

import io
import json
from datetime import datetime
from pathlib import Path

import pytest

from pipelinekit.main import main
from pipelinekit.model.event import StepStarted
from pipelinekit.records.store import Store
from tests.made_store import make_store, run_events, run_id


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return make_store(tmp_path_factory.mktemp("runs"), runs=24)


def printed(*words: str) -> str:
    out = io.StringIO()
    assert main(["runs", *words], out) == 0
    return out.getvalue()


def test_the_newest_runs_stand_first_in_columns(store: Store) -> None:
    lines = printed("--store", str(store.path)).splitlines()
    assert len(lines) == 22
    assert lines[0].split() == ["run", "state", "workflow", "branch", "commit", "took", "started", "(UTC)"]
    assert [line.split()[:4] for line in lines[1:5]] == [
        ["24", "success", "ci", "main"], ["23", "success", "ci", "main"], ["22", "cancelled", "ci", "main"],
        ["21", "success", "ci", "main"],
    ]  # fmt: skip
    assert {line.index("ci  ") for line in lines[1:21]} == {lines[0].index("workflow")}
    assert "Say thanks after an order" in lines[1]
    assert lines[-1].replace("\xa0", " ") == "4 older runs: pipelinekit runs --limit 24"


def test_json_gives_the_rows_of_the_table(store: Store) -> None:
    rows = json.loads(printed("--store", str(store.path), "--format", "json"))
    assert [row["number"] for row in rows] == list(range(24, 0, -1))
    expected = store.runs()[3]
    for name, value in expected.items():
        if isinstance(value, datetime):
            assert datetime.fromisoformat(rows[3][name]) == value
        elif name != "inputs":
            assert rows[3][name] == value
    assert rows[3]["inputs"] == {}
    assert rows[3]["started_at"] == "2026-03-06T18:00:00.000000Z"


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_list_can_be_cut(store: Store, form: str) -> None:
    text = printed("--store", str(store.path), "--limit", "2", "--format", form)
    assert (text.count("success"), text.count("Show the basket")) == (2, 1)


def test_a_number_that_is_none_is_refused(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", "--store", str(store.path), "--limit", "0"]) == 2
    assert '"0" is not a number of runs from 1' in capsys.readouterr().err


def test_an_empty_store_says_so_and_is_not_made(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    assert printed("--store", str(folder)) == f"no runs are stored yet in {folder}\n  `pipelinekit run ci.yml` records one\n"
    assert printed("--store", str(folder), "--format", "json") == "[]\n"
    assert not folder.exists()


def test_a_run_that_goes_on_is_listed_but_is_no_row_yet(tmp_path: Path) -> None:
    store = make_store(tmp_path, runs=1)
    with store.start_journal(run_id(2), 1) as journal:
        journal.append(next(run_events(2)))
        assert printed("--store", str(tmp_path)).splitlines()[1].split()[:2] == ["2", "running"]
        assert [row["number"] for row in json.loads(printed("--store", str(tmp_path), "--format", "json"))] == [1]


def test_a_killed_run_is_listed_as_cancelled(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.start_journal(run_id(1), 1) as journal:
        for event in run_events(1):
            journal.append(event)
            if isinstance(event, StepStarted):
                break
    assert printed("--store", str(tmp_path)).splitlines()[1].split()[:2] == ["1", "cancelled"]


def test_a_broken_file_is_named_and_the_exit_code_is_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_store(tmp_path, runs=1)
    broken = tmp_path / "tables" / "runs" / f"{run_id(1)}-1.parquet"
    broken.write_bytes(b"nothing")
    assert main(["runs", "--store", str(tmp_path)], io.StringIO()) == 3
    assert f"cannot read {broken}" in capsys.readouterr().err
