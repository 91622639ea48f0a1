"""Journals into Parquet."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest

from pipelinekit.model.event import Annotated, Event, LegQueued, LinesLogged, Measured, RunStarted
from pipelinekit.model.measure import TestExecution, TestOutcome
from pipelinekit.model.problem import Severity, SurroundingsMissing
from pipelinekit.records.journal import Journal
from pipelinekit.records.record import record
from pipelinekit.records.table_writer import schema
from pipelinekit.records.tables import TABLES
from tests.made_store import make_store, run_events, run_id

KINDS = {
    "string": "string", "json": "string", "int": "int64", "float": "double", "bool": "bool", "time": "timestamp[us, tz=UTC]",
}  # fmt: skip


def recorded(store: Path, *events: Event) -> None:
    started = next(event for event in run_events(1) if isinstance(event, RunStarted))
    with Journal.create(store, started.run_id, 1) as journal:
        for event in (started, LegQueued(started.at, "leg", "job"), *events):
            journal.append(event)
        record(store, journal.path)


@pytest.mark.parametrize("table", TABLES)
def test_files_have_the_columns_of_their_table(tmp_path: Path, table: str) -> None:
    store = make_store(tmp_path, runs=3)
    expected = [(column.name, KINDS[column.kind]) for column in TABLES[table]]
    files = list((tmp_path / "tables" / table).glob("*.parquet"))
    assert [(field.name, str(field.type)) for field in store.table(table).schema] == expected
    for file in files:
        written = pq.read_schema(file)
        assert [(field.name, str(field.type)) for field in written] == expected
        assert written.metadata[b"pipelinekit.format"] == b"1"
    assert (len(files) == 0) == (table == "deployments")


def test_files_carry_the_run_and_nothing_unfinished_is_left(tmp_path: Path) -> None:
    make_store(tmp_path, runs=1)
    files = [file for file in (tmp_path / "tables").rglob("*") if file.is_file()]
    assert {file.name for file in files} == {f"{run_id(1)}-1.parquet"}


def test_pandas_duckdb_and_polars_read_the_same(tmp_path: Path) -> None:
    make_store(tmp_path, runs=4)
    glob = str(tmp_path / "tables" / "tests" / "**" / "*.parquet")
    framed = pd.concat(pd.read_parquet(file) for file in (tmp_path / "tables" / "tests").glob("*.parquet"))
    counts = framed.groupby("outcome").size().to_dict()
    assert dict(duckdb.sql(f"select outcome, count(*) from '{glob}' group by all").fetchall()) == counts  # noqa: S608
    polars = pl.scan_parquet(glob).group_by("outcome").len().collect()
    assert dict(polars.iter_rows()) == counts
    assert counts["failed"] == 4


def test_making_the_files_again_gives_the_same_ones(tmp_path: Path) -> None:
    store = make_store(tmp_path, runs=2)
    before = {file: pq.read_table(file) for file in (tmp_path / "tables").rglob("*.parquet")}
    for journal in store.journals():
        record(tmp_path, journal)
    after = {file: pq.read_table(file) for file in (tmp_path / "tables").rglob("*.parquet")}
    assert after == before


def test_a_table_that_has_lost_its_rows_loses_its_file(tmp_path: Path) -> None:
    stale = tmp_path / "tables" / "tests" / f"{run_id(1)}-1.parquet"
    recorded(tmp_path, Measured(1.0, "leg", "r.xml", tests=(TestExecution("s", "c", "t", TestOutcome.PASSED),)))
    assert stale.exists()
    (tmp_path / "journals" / f"{run_id(1)}-1.jsonl").unlink()
    recorded(tmp_path)
    assert not stale.exists()


def test_numbers_that_no_column_holds_are_null_and_stop_nothing(tmp_path: Path) -> None:
    endless = TestExecution("s", "c", "t", TestOutcome.PASSED, duration_seconds=float("nan"))
    recorded(tmp_path, Measured(1.0, "leg", "r.xml", tests=(endless,)), Annotated(1.0, "leg", 1, Severity.NOTE, "m", line=10**30))
    [test] = pq.read_table(tmp_path / "tables" / "tests").to_pylist()
    [note] = pq.read_table(tmp_path / "tables" / "annotations").to_pylist()
    assert (test["test"], test["duration_seconds"]) == ("t", None)
    assert (note["message"], note["line"]) == ("m", None)


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ('<b>"quoted" \\ </b>\ttab', '<b>"quoted" \\ </b>\ttab'),
        ("\x00\x1b[31mred", "\x00\x1b[31mred"),
        ("ä𒍺\u2028", "ä𒍺\u2028"),
        ("\udcff", "?"),
        ("x" * 3_000_000, "x" * 3_000_000),
        ("", ""),
    ],
    ids=["quotes", "control characters", "unicode", "a lone surrogate", "3 MB", "empty"],
)
def test_any_line_of_a_log_reaches_its_table(tmp_path: Path, printed: str, text: str) -> None:
    recorded(tmp_path, LinesLogged(2.0, "leg", 3, 41, ((1.25, printed), (1.5, "next")), "runner", "Group"))
    rows = pq.read_table(tmp_path / "tables" / "logs").to_pylist()
    assert [(row["number"], row["text"]) for row in rows] == [(41, text), (42, "next")]
    assert (rows[0]["job"], rows[0]["leg"], rows[0]["step_index"], rows[0]["stream"], rows[0]["group"]) == (
        "job", "leg", 3, "runner", "Group",
    )  # fmt: skip
    assert rows[0]["at"].timestamp() == 1.25


def test_times_keep_their_microseconds(tmp_path: Path) -> None:
    recorded(tmp_path, LinesLogged(2.0, "leg", 1, 1, ((1_772_442_000.000001, "a"), (1_772_442_000.999999, "b"))))
    times = pq.read_table(tmp_path / "tables" / "logs")["at"].to_pylist()
    assert [time.microsecond for time in times] == [1, 999_999]


IN_A_PROCESS_OF_ITS_OWN = """
import resource, sys
from pathlib import Path
from pipelinekit.model.event import LinesLogged
from pipelinekit.records.record import record
from pipelinekit.records.store import Store
from tests.made_store import run_events

*begin, end = run_events(1)
store = Store(Path(sys.argv[1]))
with store.start_journal(begin[0].run_id, 1) as journal:
    for event in begin:
        journal.append(event)
    for first in range(1, int(sys.argv[2]), 100):
        texts = tuple((begin[0].at, f"line {first + n} says a good deal about what it is doing") for n in range(100))
        journal.append(LinesLogged(begin[0].at, "deploy", 1, first, texts))
    journal.append(end)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    store.record(journal)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, "pandas" in sys.modules)
"""


def _recorded_in_a_process(store: Path, lines: int) -> tuple[int, str]:
    """Kilobytes that recording took, and whether it imported pandas."""
    command = [sys.executable, "-c", IN_A_PROCESS_OF_ITS_OWN, str(store), str(lines)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    kilobytes, pandas = done.stdout.split()
    return int(kilobytes), pandas


def test_recording_does_not_import_pandas(tmp_path: Path) -> None:
    assert _recorded_in_a_process(tmp_path, 0)[1] == "False"


def test_memory_does_not_grow_with_the_log(tmp_path: Path) -> None:
    kilobytes, _ = _recorded_in_a_process(tmp_path, 300_000)
    [log] = (tmp_path / "tables" / "logs").iterdir()
    metadata = pq.read_metadata(log)
    assert metadata.num_rows >= 300_000
    assert metadata.num_row_groups >= 5
    assert kilobytes < 160_000  # 90 MB, where all lines at once take 400


FULL_DISK = """
import resource, sys
from pathlib import Path
from pipelinekit.model.problem import SurroundingsMissing
from pipelinekit.records.record import record

store = Path(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
try:
    record(store, next((store / "journals").iterdir()))
except SurroundingsMissing as full:
    print(full)
"""


def test_a_full_disk_is_said_and_leaves_the_journal_and_no_half_tables(tmp_path: Path) -> None:
    with Journal.create(tmp_path, run_id(1), 1) as journal:
        for event in run_events(1):
            journal.append(event)
    done = subprocess.run([sys.executable, "-c", FULL_DISK, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(f"cannot write the tables in {tmp_path} (")
    assert f"the run is kept in {journal.path}" in done.stdout
    assert [file for file in (tmp_path / "tables").rglob("*") if file.is_file()] == []
    record(tmp_path, journal.path)
    assert pq.read_table(tmp_path / "tables" / "runs").num_rows == 1


def test_a_table_that_can_t_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "tables").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(SurroundingsMissing, match="cannot write the tables"):
        recorded(tmp_path)


def test_the_schema_is_made_once() -> None:
    assert schema("runs") is schema("runs")
