"""The store, from outside."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import pipelinekit
from pipelinekit.model.event import RunStarted, StepStarted
from pipelinekit.model.problem import SurroundingsMissing, WorkflowInvalid
from pipelinekit.records.store import Store
from pipelinekit.records.tables import TABLES
from tests.made_store import make_store, run_events, run_id


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return make_store(tmp_path_factory.mktemp("made") / "it's [one]* store", runs=12)


@pytest.mark.parametrize(
    ("variable", "given", "found"),
    [
        pytest.param("", None, "repository/.pipelinekit", id="the repository's own"),
        pytest.param("other", None, "repository/folder/other", id="the variable's"),
        pytest.param("other", "third", "repository/folder/third", id="the given one"),
        pytest.param("", "/somewhere/else", "/somewhere/else", id="an absolute one"),
    ],
)
def test_the_store_that_is_meant_is_found(tmp_path: Path, variable: str, given: str | None, found: str) -> None:
    folder = tmp_path / "repository" / "folder"
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    folder.mkdir()
    assert Store.find(folder, {"PIPELINEKIT_STORE": variable}, given).path == tmp_path / found


def test_a_work_tree_whose_git_is_a_file_is_a_repository_too(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: elsewhere", encoding="utf-8")
    assert Store.find(tmp_path, {}).path == tmp_path / ".pipelinekit"


def test_outside_of_a_repository_the_store_is_the_folder_s_own(tmp_path: Path) -> None:
    assert Store.find(tmp_path, {}).path == tmp_path / ".pipelinekit"


def test_what_is_above_a_store_is_found_from_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".pipelinekit" / "notebooks").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / ".pipelinekit" / "notebooks")
    assert Store("..").path == tmp_path / ".pipelinekit"


def test_the_face_opens_the_store_of_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PIPELINEKIT_STORE", raising=False)
    assert pipelinekit.Store().path == tmp_path / ".pipelinekit"
    monkeypatch.setenv("PIPELINEKIT_STORE", "named")
    assert pipelinekit.Store().path == tmp_path / "named"


def test_a_store_that_is_not_there_is_read_as_empty_and_not_made(tmp_path: Path) -> None:
    empty = Store(tmp_path / "none")
    assert (empty.runs(), empty.live_runs(), empty.journals(), empty.recover()) == ([], [], [], [])
    for name in empty.tables:
        assert empty.table(name).num_rows == 0
        assert empty.table(name).column_names == [column.name for column in TABLES[name]]
        assert empty.sql(f"select * from {name}").column_names == [column.name for column in TABLES[name]]  # noqa: S608
        assert list(empty.frame(name).columns) == [column.name for column in TABLES[name]]
    assert not empty.path.exists()


def test_git_ignores_a_store_that_was_written(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    make_store(tmp_path / ".pipelinekit", runs=1)
    status = subprocess.run(["git", "status", "--porcelain"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert status.stdout == ""


def test_a_store_that_can_t_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("where the folder should be", encoding="utf-8")
    for ask in (Store(tmp_path / "file").next_number, lambda: Store(tmp_path / "file" / "below").start_journal("run", 1)):
        with pytest.raises(SurroundingsMissing, match="cannot write the store"):
            ask()


def test_runs_come_newest_first(store: Store) -> None:
    runs = store.runs()
    assert [run["number"] for run in runs] == list(range(12, 0, -1))
    assert runs[-1]["started_at"] == datetime(2026, 3, 2, 14, 0, tzinfo=UTC)


def test_a_table_can_be_narrowed_to_rows_and_columns(store: Store) -> None:
    table = store.table("tests", columns=["test", "execution"], outcome=["failed", "error"], leg="test (3.13)")
    assert table.column_names == ["test", "execution"]
    assert table.num_rows == 4
    assert store.table("jobs", run_id=run_id(2), attempt=1).num_rows == 4
    assert store.table("jobs", run_id=run_id(2), attempt=2).num_rows == 0


def test_a_frame_knows_its_times_are_utc(store: Store) -> None:
    frame = store.frame("runs")
    assert str(frame["started_at"].dtype) == "datetime64[us, UTC]"
    assert frame["duration_seconds"].dtype == "float64"


@pytest.mark.parametrize("name", TABLES)
def test_sql_sees_the_same_rows_as_tables(store: Store, name: str) -> None:
    assert store.sql(f"select count(*) as n from {name}")["n"].to_pylist() == [store.table(name).num_rows]  # noqa: S608


def test_sql_joins_and_gives_times_in_utc(store: Store) -> None:
    table = store.sql(
        "select r.number, max(r.started_at) as at, count(*) filter (where t.outcome = 'failed') as failed "
        "from Runs r join tests t using (run_id, attempt) group by 1 order by 1 limit 3"
    )
    assert table["failed"].to_pylist() == [0, 0, 3]
    assert table["at"].to_pylist()[0] == datetime(2026, 3, 2, 14, 0, tzinfo=UTC)


def test_a_query_that_is_wrong_is_duckdb_s_to_tell(store: Store) -> None:
    with pytest.raises(duckdb.Error, match="colour"):
        store.sql("select colour from runs")


@pytest.mark.parametrize("ask", [lambda s: s.table("nope"), lambda s: s.table("runs", colour=1), lambda s: s.table("runs", columns=["x"])])
def test_an_unknown_table_or_column_is_told_with_what_there_is(store: Store, ask: object) -> None:
    assert callable(ask)
    with pytest.raises(KeyError, match=r"tables here: runs|columns: run_id"):
        ask(store)


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("#3", 3), (run_id(5), 5), (run_id(7)[:13].upper(), 7)],
    ids=["number", "with a hash", "run id", "its beginning"],
)
def test_a_run_is_found_by_what_people_call_it(store: Store, text: str, number: int) -> None:
    assert store.find_run(text)["number"] == number


@pytest.mark.parametrize(("text", "message"), [("99", 'no run is called "99"'), ("019c", 'several runs are called "019c"')])
def test_a_run_that_can_t_be_found_is_told_with_those_there_are(store: Store, text: str, message: str) -> None:
    with pytest.raises(WorkflowInvalid) as wrong:
        store.find_run(text)
    [problem] = wrong.value.problems
    assert problem.message == message
    assert problem.hint.startswith(f"newest first: 12 ({run_id(12)[:13]}), 11 (")


def test_of_a_run_the_last_attempt_is_meant(tmp_path: Path) -> None:
    store = make_store(tmp_path, runs=1)
    with store.start_journal(run_id(1), 2) as journal:
        for event in run_events(1):
            journal.append(replace(event, attempt=2) if isinstance(event, RunStarted) else event)
        store.record(journal)
    assert [run["attempt"] for run in store.runs()] == [2, 1]
    assert store.find_run("1")["attempt"] == 2
    assert [store.find_attempt(text)["attempt"] for text in ("1", "1.1", "#1.2", f"{run_id(1)}.1")] == [2, 1, 2, 1]
    with pytest.raises(WorkflowInvalid) as wrong:
        store.find_attempt("1.3")
    assert (wrong.value.problems[0].message, wrong.value.problems[0].hint) == (
        'run 1 has no attempt "3"', "attempts, newest first: 2, 1",
    )  # fmt: skip
    assert {row["attempt"] for row in store.rows("jobs", run_id(1), 1)} == {1}


def test_a_run_that_lives_is_shown_from_its_journal(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.start_journal(run_id(4), 1) as journal:
        for event in run_events(4):
            journal.append(event)
            if isinstance(event, StepStarted) and event.name == "Lint":
                break
        assert store.runs() == []
        [live] = store.live_runs()
        assert (live["number"], live["outcome"]) == (4, None)
        assert store.find_run("4") == live
        assert store.rows("steps", run_id(4), 1)[-1]["name"] == "Lint"
        assert [line["text"] for line in store.log(run_id(4), 1, "test (3.9)")] == [
            "$ pip install -r requirements.txt", "\x1b[32mdone\x1b[0m",
        ]  # fmt: skip
        assert store.table("steps").num_rows == 0


def test_a_live_run_s_rows_are_those_that_are_recorded_later(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.start_journal(run_id(4), 1) as journal:
        for event in run_events(4):
            journal.append(event)
        live = {name: store.rows(name, run_id(4), 1) for name in store.tables if name != "logs"}
        log = list(store.log(run_id(4), 1, "deploy"))
        store.record(journal)
    assert {name: store.rows(name, run_id(4), 1) for name in live} == live
    assert list(store.log(run_id(4), 1, "deploy")) == log


def test_numbers_are_given_out_once_to_many_at_a_time(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with ThreadPoolExecutor(8) as several:
        numbers = list(several.map(lambda _: store.next_number(), range(100)))
    assert sorted(numbers) == list(range(1, 101))


def test_numbers_go_on_from_the_tables_where_the_count_is_lost(tmp_path: Path) -> None:
    store = make_store(tmp_path, runs=3)
    assert store.next_number() == 4
    (tmp_path / "last-number").write_text("", encoding="utf-8")
    assert store.next_number() == 4
    assert store.next_number() == 5


@pytest.mark.parametrize("content", [b"", b"PAR1", b"no parquet at all"], ids=["empty", "cut off", "something else"])
def test_a_file_that_is_no_parquet_is_named(tmp_path: Path, content: bytes) -> None:
    store = make_store(tmp_path, runs=2)
    broken = tmp_path / "tables" / "jobs" / f"{run_id(1)}-1.parquet"
    broken.write_bytes(content)
    for ask in (lambda: store.table("jobs"), lambda: store.sql("select * from jobs"), lambda: store.rows("jobs", run_id(1), 1)):
        with pytest.raises(SurroundingsMissing) as said:
            ask()
        assert said.value.message.startswith(f"cannot read {broken} (")
    assert store.table("steps").num_rows > 0


def test_a_broken_file_can_be_made_again_as_its_message_says(tmp_path: Path) -> None:
    store = make_store(tmp_path, runs=1)
    (tmp_path / "tables" / "jobs" / f"{run_id(1)}-1.parquet").unlink()
    (tmp_path / "tables" / "runs" / f"{run_id(1)}-1.parquet").unlink()
    assert store.recover() == [run_id(1)]
    assert store.table("jobs").num_rows == 4


def test_files_of_an_older_and_of_a_newer_format_are_read_beside_ours(tmp_path: Path) -> None:
    store = make_store(tmp_path, runs=1)
    other = tmp_path / "tables" / "coverage" / "imported" / "other.parquet"
    other.parent.mkdir()
    pq.write_table(pa.table({"run_id": ["x"], "lines": pa.array([5], pa.int32()), "mood": ["good"]}), other)
    table = store.table("coverage", run_id="x")
    assert table.column_names == [column.name for column in TABLES["coverage"]]
    assert table.select(["lines", "file"]).to_pylist() == [{"lines": 5, "file": None}]
    assert store.sql("select lines, file from coverage where run_id = 'x'").to_pylist() == [{"lines": 5, "file": None}]


LISTS = """
import sys
from pipelinekit.records.store import Store
store = Store(sys.argv[1])
store.recover(), store.runs(), store.rows("steps", store.find_run("1")["run_id"], 1)
list(store.log(store.find_run("1")["run_id"], 1, "deploy"))
print(sorted({"pandas", "duckdb", "pyarrow.dataset"} & sys.modules.keys()))
"""


def test_listing_runs_and_logs_imports_neither_pandas_nor_duckdb(store: Store) -> None:
    done = subprocess.run([sys.executable, "-c", LISTS, str(store.path)], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_opening_a_store_does_not_import_pyarrow() -> None:
    code = "import sys, pipelinekit.records.store; print('pyarrow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
