import io
import os
from pathlib import Path

import pytest

from pipelinekit.commands import demo
from pipelinekit.main import main
from pipelinekit.model.problem import WorkflowInvalid
from pipelinekit.records.store import FOLDER, Store
from pipelinekit.samples.lay import FOLDER as SAMPLES
from pipelinekit.samples.lay import history
from pipelinekit.workbench.planning import make
from pipelinekit.workbench.session import Surroundings

TEST_LEGS = ["test (3.9)", "test (3.11)", "test (3.13)"]
FLAKY = "test_a_good_is_found_by_its_name"


def surroundings(folder: Path, executor: str, **environment: str) -> Surroundings:
    return Surroundings(Store(folder / FOLDER), {**os.environ, **environment}, executor)


def lay_up_to(folder: Path, subject: str) -> None:
    for commit in demo.laid(folder):
        if commit.subject == subject:
            return


def test_a_folder_that_no_demo_made_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.txt").write_text("three years of work")
    assert main(["demo", str(tmp_path)], io.StringIO()) == 2
    assert "it holds what no demo made" in capsys.readouterr().err
    assert (tmp_path / "thesis.txt").read_text() == "three years of work"


def test_a_repository_that_no_demo_made_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    with pytest.raises(WorkflowInvalid):
        demo.make_room(tmp_path)


def test_what_a_demo_made_is_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    next(iter(demo.laid(folder)))
    (folder / "site").mkdir()
    demo.make_room(folder)
    assert not folder.exists()


def test_a_demo_that_was_stopped_after_its_first_commit_can_be_made_anew(tmp_path: Path) -> None:
    commits = demo.laid(tmp_path)
    next(commits)
    demo.make_room(tmp_path)
    assert not tmp_path.exists()


def test_every_commit_plans_three_test_legs_and_a_delivery(tmp_path: Path) -> None:
    for commit in demo.laid(tmp_path):
        plan = make(demo._wish(tmp_path, surroundings(tmp_path, "docker")), tmp_path, os.environ).plan
        assert [leg.name for leg in plan.legs] == [*TEST_LEGS, "deploy"], commit.subject
        assert plan.trigger.commit == commit.hash
        assert not plan.trigger.dirty


def test_on_this_machine_itself_only_the_pythons_that_it_has_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "_is_here", lambda python, _: python == "3.11")
    lay_up_to(tmp_path, history("shop")[0].subject)
    plan = make(demo._wish(tmp_path, surroundings(tmp_path, "host")), tmp_path, os.environ).plan
    assert [leg.name for leg in plan.legs] == ["test (3.11)", "deploy"]


def test_without_an_engine_the_demo_says_so_and_runs_on_this_machine() -> None:
    out = io.StringIO()
    assert demo._executor({"DOCKER_HOST": "unix:///nowhere/docker.sock"}, out) == "host"
    assert out.getvalue().startswith("no container engine answers (cannot reach Docker at unix:///nowhere/docker.sock")


@pytest.mark.docker
def test_a_leg_of_the_demo_is_recorded_with_its_flaky_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_up_to(tmp_path, "Let customers search the goods")
    store = Store(tmp_path / FOLDER)
    monkeypatch.chdir(tmp_path)
    out = io.StringIO()
    assert main(["run", "ci.yml", "--matrix", "python:3.11", "--store", str(store.path)], out) == 0, out.getvalue()
    run = store.runs()[0]
    flaky = store.frame("tests", run_id=run["run_id"], test=FLAKY).sort_values("execution")
    assert flaky.outcome.tolist() == ["failed", "passed"]
    assert len(store.frame("tests")) == 29
    assert set(store.frame("coverage").file) >= {"shop/basket.py", "shop/search.py"}
    assert set(store.frame("coverage").flag) == {"python-3.11"}
    assert store.frame("caches", kind="actions").result.tolist() == ["miss", "saved"]
    assert store.frame("artifacts").name.tolist() == ["shop"]
    assert {row["leg"]: row["outcome"] for row in store.table("jobs").to_pylist()} == {"test (3.11)": "success", "deploy": "success"}


class TestTheRecordedStore:
    """The store that ships comes from a demo in containers, so it shows what a whole demo records."""

    store = Store(SAMPLES / "recorded")

    def test_it_is_small(self) -> None:
        assert sum(file.stat().st_size for file in self.store.path.rglob("*") if file.is_file()) < 1_000_000

    def test_it_holds_six_runs_that_ended_as_their_commits_are_meant_to(self) -> None:
        runs = sorted(self.store.runs(), key=lambda run: int(run["number"]))
        assert [(run["subject"], run["outcome"]) for run in runs] == [(c.subject, c.outcome) for c in history("shop")]
        assert {run["executor"] for run in runs} == {"docker"}
        assert not any(run["simulated"] or run["dirty"] for run in runs)

    def test_it_holds_eighteen_test_legs_with_tests_coverage_and_caches(self) -> None:
        legs = self.store.sql(
            """SELECT count(*) AS legs, count(*) FILTER (tests > 0) AS tested, count(*) FILTER (lines > 0) AS covered,
                      count(*) FILTER (lookups > 0) AS cached
               FROM (SELECT (SELECT count(*) FROM tests t WHERE t.run_id = j.run_id AND t.leg = j.leg) AS tests,
                            (SELECT count(*) FROM coverage c WHERE c.run_id = j.run_id AND c.leg = j.leg) AS lines,
                            (SELECT count(*) FROM caches k WHERE k.run_id = j.run_id AND k.leg = j.leg AND k.kind = 'actions') AS lookups
                     FROM jobs j WHERE j.job = 'test')"""
        ).to_pylist()
        assert legs == [{"legs": 18, "tested": 18, "covered": 18, "cached": 18}]

    def test_the_flaky_test_loses_its_race_first_and_wins_it_then_in_every_leg_that_has_it(self) -> None:
        outcomes = self.store.sql(
            f"""SELECT list(outcome ORDER BY execution) AS outcomes, count(*) OVER () AS legs
                FROM tests WHERE test = '{FLAKY}' GROUP BY run_id, leg"""  # noqa: S608 - a name of ours
        ).to_pylist()
        assert outcomes == [{"outcomes": ["failed", "passed"], "legs": 9}] * 9

    def test_only_the_first_run_and_the_change_of_a_dependency_miss_the_cache(self) -> None:
        results = self.store.sql(
            """SELECT number, list(DISTINCT result ORDER BY result) AS results FROM caches JOIN runs USING (run_id)
               WHERE kind = 'actions' GROUP BY number ORDER BY number"""
        ).to_pylist()
        assert [row["results"] for row in results] == [["miss", "saved"], *[["hit"]] * 4, ["partial", "saved"]]

    def test_nothing_is_delivered_when_a_test_fails(self) -> None:
        delivered = self.store.sql(
            "SELECT number, j.outcome FROM jobs j JOIN runs USING (run_id) WHERE job = 'deploy' ORDER BY number"
        ).to_pylist()
        assert [row["outcome"] for row in delivered] == ["success", "skipped", *["success"] * 4]

    def test_polars_and_pandas_read_it_without_our_help(self) -> None:
        import pandas as pd
        import polars as pl

        files = sorted(str(file) for file in (self.store.path / "tables" / "tests").glob("*.parquet"))
        assert len(pd.concat(map(pd.read_parquet, files))) == len(pl.read_parquet(files))
