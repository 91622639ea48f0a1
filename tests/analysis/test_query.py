"""How this room asks."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from pipelinekit.analysis import query


def test_a_question_sees_its_tables_and_values_and_no_others() -> None:
    answer = query.ask("SELECT sum(a) AS total FROM numbers WHERE a > $least", {"least": 1}, numbers=pa.table({"a": [1, 2, 3]}))
    assert answer.to_pylist() == [{"total": 5}]
    with pytest.raises(Exception, match="numbers"):
        query.ask("SELECT * FROM numbers")


def test_times_stay_in_utc() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    times = pa.table({"a": pa.array([moment], pa.timestamp("us", tz="UTC"))})
    answer = query.ask("SELECT a FROM times", times=times)
    assert answer.column("a")[0].as_py() == moment
    assert str(answer.column("a").type.tz).endswith("UTC")


def test_a_missing_column_is_named_with_those_that_are_there() -> None:
    with pytest.raises(query.MissingColumn, match='table "tests" has no column leg, tree; it has run_id'):
        query.require(pa.table({"run_id": ["r1"]}), "tests", ("run_id", "leg", "tree"))


def test_rows_have_the_promised_columns_whatever_they_hold() -> None:
    answer = query.rows([{"b": 1.0, "other": 3}], {"a": "string", "b": "float", "c": "strings"})
    assert answer.to_pylist() == [{"a": None, "b": 1.0, "c": None}]
