"""The pipeline of a notebook: run, edited, run again; shown; written as a file."""

import asyncio
from pathlib import Path

import pytest

import pipelinekit as pk
from pipelinekit.checks.all_checks import check
from pipelinekit.live_runs.done import RunFailed
from pipelinekit.live_runs.run import Run
from pipelinekit.model.problem import WorkflowInvalid
from pipelinekit.stages import pipeline as module
from pipelinekit.stages.pipeline import Pipeline
from pipelinekit.workflows.read import read
from tests.repositories import repository

FILE = "on: push\njobs: {other: {runs-on: x}}\n"


@pytest.fixture
def pipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    """In a repository of its own, which is where it runs."""
    repository(tmp_path, FILE, src__a="1\n", README="first\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(module, "_PIPELINES", [])
    held: Pipeline = pk.pipeline()
    return held


def shown(pipe: Pipeline) -> list[str]:
    return pipe._repr_mimebundle_()["text/plain"].splitlines()[1:]


def define(word: str = "built") -> None:
    pk.stage("build", f"echo {word} $(cat src/a)", inputs=["src/**"])
    pk.stage("test", "echo tested", needs=["build"], inputs=["src/**"])
    pk.stage("alone", "echo alone")


def test_each_kernel_has_one(pipe: Pipeline) -> None:
    assert pk.pipeline() is pipe
    assert repr(pipe) == "<Pipeline .github/workflows/notebook.yml: stages 0>"
    assert pipe._repr_mimebundle_()["text/plain"] == (
        ".github/workflows/notebook.yml has no stage yet: a cell that begins with %%stage NAME makes one"
    )


def test_an_edit_makes_stale_what_has_run_and_the_next_run_takes_the_new_definition(pipe: Pipeline) -> None:
    define()
    assert shown(pipe) == ["  build: not run yet", "  test: not run yet  <- build", "  alone: not run yet"]
    run = asyncio.run(pipe.run(executor="host"))
    assert shown(pipe) == ["  build: success", "  test: success  <- build", "  alone: success"]

    change = pk.stage("build", "echo rebuilt $(cat src/a)", inputs=["src/**"])
    assert change.stale == ("build", "test")
    assert shown(pipe) == ["  build: stale", "  test: stale  <- build", "  alone: success"]
    assert pk.stage("alone", "echo alone").stale == ()

    again = pipe.run_sync(executor="host")
    assert shown(pipe) == ["  build: success", "  test: success  <- build", "  alone: success"]
    assert [row["text"] for row in run.store.log(again.run_id, 1, "build")][-1] == "rebuilt 1"


def test_a_stage_that_was_not_in_the_last_run_shows_what_it_came_to_before(pipe: Pipeline) -> None:
    define()
    pipe.run_sync(executor="host")
    pipe.run_sync(executor="host", jobs=["build"])
    assert shown(pipe) == ["  build: success", "  test: success  <- build", "  alone: success"]


def test_stages_that_did_not_change_are_remembered_by_what_they_read(pipe: Pipeline, tmp_path: Path) -> None:
    define()
    first = pipe.run_sync(executor="host")
    (tmp_path / "README").write_text("second\n")
    pk.stage("build", "echo rebuilt", inputs=["src/**"])
    again = pipe.run_sync(executor="host")
    assert {leg.leg: leg.remembered for leg in again.state.legs} == {"build": "", "test": first.run_id, "alone": ""}


def test_a_failed_stage_is_mended_in_its_cell_and_taken_again(pipe: Pipeline) -> None:
    define()
    pk.stage("build", "false")
    run = pipe.start(executor="host")
    run.step_sync()
    while run.failed() is None:
        run.step_sync()
    assert shown(pipe)[0] == "  build: running"
    assert pk.stage("build", "true").stale == ("build", "test")
    assert run.retry_sync().outcome == "success"
    assert (run.attempt, shown(pipe)[0]) == (2, "  build: success")


def test_where_nobody_watches_a_failure_is_raised(pipe: Pipeline) -> None:
    pk.stage("build", "false")
    with pytest.raises(RunFailed, match="ended in failure: build failed"):
        pipe.run_sync(executor="host")
    assert pipe.run_sync(executor="host", check=False).state.state == "failure"
    assert pipe._repr_mimebundle_()["text/plain"].startswith(".github/workflows/notebook.yml: 1\u00a0stage. Failed: build\n")


def test_a_failed_run_is_gone_on_with_as_the_stages_are_now(pipe: Pipeline) -> None:
    pk.stage("build", "false")
    pipe.run_sync(executor="host", check=False)
    pk.stage("build", "echo mended")
    run = pipe.resume(1)
    assert run.finish_sync().outcome == "success"
    assert (run.attempt, pipe.last) == (2, run)


def test_it_stands_for_a_workflow(pipe: Pipeline) -> None:
    define()
    assert [leg.name for leg in pk.plan(pipe, jobs=["test"]).legs] == ["build", "test"]
    assert [planned.job.id for planned in pipe.plan().jobs] == ["build", "test", "alone"]
    run: Run = pk.start(pipe, executor="host")
    run.cancel_sync()
    assert pipe.last is run


def test_what_can_not_run_is_told_with_the_lines_of_its_cell(pipe: Pipeline) -> None:
    pipe.job("test", "runs-on: ubuntu-latest\n")
    pipe.step("test/1", "- name: Act\n  uses: some/action@v1\n")
    with pytest.raises(WorkflowInvalid) as raised:
        pk.start(pipe, executor="host")
    assert raised.value._render_traceback_()[0].startswith("%%step test/1:3:9: ")
    assert "3 |   uses: some/action@v1" in raised.value._render_traceback_()


def test_what_stands_before_the_stages_is_said_in_python_too(pipe: Pipeline) -> None:
    define()
    assert pk.pipeline("Nightly build", on={"schedule": [{"cron": "0 3 * * *"}]}, env={"LEVEL": "3.10"}) is pipe
    assert pipe.path == ".github/workflows/nightly-build.yml"
    assert pipe.text().startswith(
        'name: Nightly build\n\non:\n  schedule:\n    - cron: 0 3 * * *\n\nenv:\n  LEVEL: "3.10"\n\njobs:\n  build:\n'
    )
    with pytest.raises(WorkflowInvalid, match="psuh"):
        pk.pipeline(on="psuh")
    assert "Nightly" in pipe.text()


def test_a_variable_keeps_the_line_breaks_at_its_end_before_the_stages(pipe: Pipeline) -> None:
    pk.pipeline("CI", env={"A": "x\n\n"})
    pk.stage("a", "ls")
    assert "env:\n  A: |+\n    x\n\njobs:\n" in pipe.text()


def test_the_file_that_is_exported_has_nothing_wrong_and_says_what_a_stage_reads(pipe: Pipeline, tmp_path: Path) -> None:
    define()
    file = pk.export(".github/workflows/made.yml")
    workflow, problems = read(file)
    assert problems == []
    assert workflow is not None
    assert check(workflow) == []
    assert all(job.runs_on for job in workflow.jobs)
    assert workflow.source == pipe.text()
    assert "# pipelinekit: inputs 'src/**'" in workflow.source
    assert [leg.name for leg in pk.plan("made.yml").legs] == ["build", "test", "alone"]


def test_a_workflow_that_was_built_can_be_exported(tmp_path: Path) -> None:
    built = pk.workflow("ci", jobs={"a": pk.job(["ls"])})
    assert pk.export(tmp_path / "deep" / "ci.yml", built).read_text() == built.source


def test_stages_that_are_no_workflow_are_not_exported(pipe: Pipeline, tmp_path: Path) -> None:
    pk.stage("test", "ls", needs=["nothing"])
    with pytest.raises(WorkflowInvalid, match="nothing"):
        pk.export("made.yml")
    assert not (tmp_path / "made.yml").exists()


def test_the_picture_says_what_the_text_says(pipe: Pipeline) -> None:
    define()
    bundle = pipe._repr_mimebundle_()
    assert '<img src="data:image/svg+xml;base64,' in bundle["text/html"]
    assert "test: not run yet" in bundle["text/html"]
