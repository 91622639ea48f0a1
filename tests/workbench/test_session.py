"""Whole runs on this machine: planned, run, recorded, read back."""

import os
import threading
from pathlib import Path

import pytest

from pipelinekit.model.event import LegStarted, Noted
from pipelinekit.model.outcome import State
from pipelinekit.records.store import Store
from pipelinekit.workbench.planning import Wish, make
from pipelinekit.workbench.session import Session, Surroundings
from tests.repositories import repository

WORKFLOW = """
    name: CI
    on: push
    jobs:
      test:
        runs-on: ubuntu-latest
        steps:
          - uses: actions/checkout@v4
          - name: Test
            run: |
              cat > junit.xml <<'END'
              <testsuite name="s"><testcase classname="c" name="flaky"/><testcase classname="c" name="flaky"/>
              <testcase classname="c" name="bad"><failure message="assert 1 == 2">trace</failure></testcase></testsuite>
              END
              cat > coverage.xml <<'END'
              <coverage><sources><source>.</source></sources><packages><package><classes>
              <class filename="shop.py"><lines><line number="1" hits="1"/><line number="2" hits="0"/></lines></class>
              </classes></package></packages></coverage>
              END
              echo '<broken' > junit-broken.xml
              exit 1
          - if: always()
            run: echo "::warning file=shop.py,line=2::never run"
      deploy:
        needs: test
        runs-on: ubuntu-latest
        steps: [{run: echo no}]
"""


def session(top: Path, **more: str) -> Session:
    planned = make(Wish(), top, os.environ)
    secrets = {"TOKEN": more["token"]} if "token" in more else {}
    store = Store(top / ".pipelinekit")
    surroundings = Surroundings(store=store, environment=os.environ, executor="host", secrets=secrets, keep=False)
    return Session(planned, surroundings)


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Session:
    top = repository(tmp_path_factory.mktemp("shop"), WORKFLOW, **{"shop.py": "a = 1\nb = 2\n", "tests__junit-old.xml": "<testsuite/>"})
    run = session(top)
    run.prepare(lambda _: None)
    run.finish()
    return run


def test_the_run_is_recorded_with_what_it_was_of(ended: Session) -> None:
    row = ended.store.runs()[0]
    assert (row["run_id"], row["number"], row["outcome"], row["workflow"]) == (ended.run_id, 1, "failure", "CI")
    assert (row["branch"], row["subject"], row["actor"], row["executor"]) == ("main", "First", "Mira", "host")
    assert len(row["commit"]) == len(row["tree"]) == 40
    assert row["dirty"] is False


def test_legs_and_steps_are_recorded(ended: Session) -> None:
    jobs = {row["leg"]: row for row in ended.store.table("jobs").to_pylist()}
    assert (jobs["test"]["outcome"], jobs["deploy"]["outcome"]) == ("failure", "skipped")
    assert jobs["deploy"]["reason"] == 'because "test" failed'
    steps = ended.store.table("steps").to_pylist()
    assert [(s["name"], s["outcome"], s["exit_code"]) for s in steps if s["leg"] == "test"] == [
        ("Set up job", "success", None),
        ("Run actions/checkout@v4", "success", None),
        ("Test", "failure", 1),
        ('Run echo "::warning file=shop.py,line=2::never run"', "success", 0),
    ]


def test_every_execution_of_a_test_is_recorded(ended: Session) -> None:
    tests = ended.store.table("tests").to_pylist()
    assert [(t["test"], t["execution"], t["outcome"]) for t in tests] == [
        ("flaky", 1, "failed"), ("flaky", 2, "passed"), ("bad", 1, "failed"),
    ]


def test_coverage_and_annotations_are_recorded(ended: Session) -> None:
    coverage = ended.store.table("coverage").to_pylist()
    assert [(c["file"], c["lines_covered"], c["lines"]) for c in coverage] == [("shop.py", 1, 2)]
    warning = next(a for a in ended.store.table("annotations").to_pylist() if a["severity"] == "warning")
    assert (warning["file"], warning["line"], warning["message"]) == ("shop.py", 2, "never run")


def test_a_broken_report_is_told_and_the_rest_stays(ended: Session) -> None:
    notes = [e.message for e in ended.store.events(ended.run_id, 1) if isinstance(e, Noted)]
    assert any("junit-broken.xml was left out" in note for note in notes)


def test_a_report_that_lay_in_the_repository_is_nobodys_result(ended: Session) -> None:
    assert not any("junit-old" in str(e) for e in ended.store.events(ended.run_id, 1))


def test_duckdb_pandas_and_polars_read_the_same(ended: Session) -> None:
    import duckdb
    import pandas as pd
    import polars as pl

    files = str(ended.store.path / "tables" / "tests" / "**" / "*.parquet")
    assert duckdb.read_parquet(files).filter("outcome = 'failed'").count("*").fetchall() == [(2,)]
    assert len(pd.read_parquet(ended.store.path / "tables" / "tests")) == 3
    assert pl.read_parquet(files).filter(pl.col("outcome") == "passed").height == 1


def test_nothing_is_left_of_the_workspaces(ended: Session) -> None:
    assert not list((ended.store.path / "work").rglob("*.py"))


def test_stepping_records_the_same_as_running(tmp_path: Path) -> None:
    top = repository(tmp_path / "r", "on: push\njobs: {t: {runs-on: x, steps: [{run: echo a}, {run: echo b}]}}\n")
    run = session(top)
    taken = 0
    while run.step():
        taken += 1
    assert taken == 4
    assert run.state.state is State.SUCCESS
    assert [row["outcome"] for row in run.store.runs()] == ["success"]


def test_no_file_of_the_store_carries_a_secret(tmp_path: Path) -> None:
    workflow = """
        on: push
        jobs:
          t:
            runs-on: x
            env: {TOKEN: "${{ secrets.TOKEN }}"}
            outputs: {o: "${{ steps.a.outputs.o }}"}
            steps:
              - id: a
                run: |
                  echo "$TOKEN"; echo "o=$TOKEN" >> $GITHUB_OUTPUT; echo "E=$TOKEN" >> $GITHUB_ENV
                  echo "$TOKEN" >> $GITHUB_STEP_SUMMARY; echo "::error title=$TOKEN::$TOKEN"
                  echo "<testsuite><testcase name='t'><failure message='$TOKEN'/></testcase></testsuite>" > junit.xml
    """
    run = session(repository(tmp_path / "r", workflow), token="open-sesame-123")
    run.finish()
    found = [p for p in run.store.path.rglob("*") if p.is_file() and b"open-sesame-123" in p.read_bytes()]
    assert [p for p in found if "blobs" not in p.parts] == []  # a report is kept as the job wrote it
    for table in run.store.tables:
        assert "open-sesame" not in str(run.store.table(table).to_pylist()), table
    assert run.store.table("tests").column("message").to_pylist() == ["***"]
    assert run.state.state is State.SUCCESS


def test_cancelling_records_what_was_done(tmp_path: Path) -> None:
    top = repository(tmp_path / "r", "on: push\njobs: {t: {runs-on: x, steps: [{run: sleep 60}, {if: always(), run: echo clean}]}}\n")
    run = session(top)
    for event in run:
        if isinstance(event, LegStarted):
            threading.Thread(target=run.cancel).start()
    assert run.store.runs()[0]["outcome"] == "cancelled"
    assert "clean" in run.store.table("logs").column("text").to_pylist()


def test_a_reader_that_goes_away_leaves_a_whole_record(tmp_path: Path) -> None:
    top = repository(tmp_path / "r", "on: push\njobs: {t: {runs-on: x, steps: [{run: sleep 60}]}}\n")
    run = session(top)
    events = iter(run)
    while not isinstance(next(events), LegStarted):
        pass
    events.close()  # type: ignore[attr-defined]  # a generator is more than an iterator
    assert run.store.runs()[0]["outcome"] == "cancelled"
