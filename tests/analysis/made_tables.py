"""Tables made by hand: one mapping a row, with the types that the store gives; what a row does not say is null."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from pipelinekit.records.tables import TABLES

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
KINDS = {
    "string": pa.string(),
    "json": pa.string(),
    "int": pa.int64(),
    "float": pa.float64(),
    "bool": pa.bool_(),
    "time": pa.timestamp("us", tz="UTC"),
}


def table(name: str, rows: Iterable[Mapping[str, Any]] = ()) -> pa.Table:
    """A table of the store; run_id `r1`, attempt 1 where a row does not say otherwise."""
    schema = pa.schema([(column.name, KINDS[column.kind]) for column in TABLES[name]])
    return pa.Table.from_pylist([{"run_id": "r1", "attempt": 1, **row} for row in rows], schema=schema)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def run(number: int, **columns: Any) -> dict[str, Any]:
    """Run `r<number>` of ci.yml on main, an hour after the one before, each on its own tree; a minute long, successful."""
    begun = at(60 * number)
    return {
        "run_id": f"r{number}",
        "number": number,
        "simulated": False,
        "workflow": "ci",
        "path": ".github/workflows/ci.yml",
        "branch": "main",
        "commit": f"c{number}",
        "tree": f"t{number}",
        "dirty": False,
        "subject": f"Change {number}",
        "outcome": "success",
        "created_at": begun,
        "started_at": begun,
        "finished_at": begun + timedelta(minutes=1),
        "duration_seconds": 60.0,
        **columns,
    }


def runs(count: int, **columns: Any) -> pa.Table:
    """Runs r1 ... r<count>."""
    return table("runs", [run(number, **columns) for number in range(1, count + 1)])


def executions(number: int, test: str, outcomes: str, leg: str = "test", **columns: Any) -> list[dict[str, Any]]:
    """One row per letter, the first being execution 1: p passed, f failed, e error, s skipped, x xfailed."""
    words = {"p": "passed", "f": "failed", "e": "error", "s": "skipped", "x": "xfailed"}
    return [
        {
            "run_id": f"r{number}",
            "job": "test",
            "leg": leg,
            "suite": "pytest",
            "class_name": "tests.test_shop",
            "file": "tests/test_shop.py",
            "test": test,
            "execution": execution,
            "outcome": words[letter],
            "duration_seconds": 2.0,
            "message": f"assert {number}" if letter in "fe" else None,
            **columns,
        }
        for execution, letter in enumerate(outcomes, start=1)
    ]


def history(test: str, versions: Iterable[str], leg: str = "test", **columns: Any) -> list[dict[str, Any]]:
    """The executions of a test in r1, r2 ...: one word a run, '' where it did not run."""
    return [row for number, word in enumerate(versions, start=1) for row in executions(number, test, word, leg, **columns)]
