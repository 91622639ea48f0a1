"""`pipelinekit logs`, from its arguments to what it prints."""

import io
from pathlib import Path

import pytest

from pipelinekit.main import main
from pipelinekit.model.event import StepFinished
from pipelinekit.records.store import Store
from tests.made_store import make_store, run_events, run_id


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return make_store(tmp_path_factory.mktemp("logs"), runs=3)


def printed(store: Store, *words: str) -> str:
    out = io.StringIO()
    assert main(["logs", *words, "--store", str(store.path)], out) == 0
    return out.getvalue().replace("\xa0", " ")


def test_every_leg_of_a_run_is_headed_and_its_steps_too(store: Store) -> None:
    lines = printed(store, "2").splitlines()
    assert [line.split(": ")[0] for line in lines if line.startswith("===")] == [
        "=== test (3.9)", "=== test (3.11)", "=== test (3.13)", "=== deploy",
    ]  # fmt: skip
    assert lines[-4:] == ["=== deploy: success in 8.1s", "--- Pack the shop", "shop/", "shop/app.py"]


def test_colour_codes_are_left_out(store: Store) -> None:
    text = printed(store, "2", "test (3.9)", "--step", "Install")
    assert text.splitlines()[1:] == ["--- Install", "$ pip install -r requirements.txt", "done"]


@pytest.mark.parametrize(
    ("job", "legs"),
    [("test", ["test (3.9)", "test (3.11)", "test (3.13)"]), ("test (3.11)", ["test (3.11)"]), ("deploy", ["deploy"])],
    ids=["a job's id", "a leg's name", "a job that is one leg"],
)
def test_a_job_can_be_chosen(store: Store, job: str, legs: list[str]) -> None:
    heads = [line for line in printed(store, "3", job).splitlines() if line.startswith("===")]
    assert [head.split(": ")[0].removeprefix("=== ") for head in heads] == legs


@pytest.mark.parametrize("step", ["lint", "Lint", "4"])
def test_a_step_can_be_chosen_by_id_name_or_number(store: Store, step: str) -> None:
    assert printed(store, "2", "test (3.11)", "--step", step).splitlines()[1:] == ["--- Lint", "$ ruff check .", "done"]


def test_a_leg_that_printed_nothing_says_what_became_of_it(store: Store) -> None:
    assert printed(store, "3", "deploy") == '=== deploy: skipped: because "test (3.9)" failed\n'


def test_a_run_that_goes_on_prints_what_it_has(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.start_journal(run_id(1), 1) as journal:
        for event in run_events(1):
            journal.append(event)
            if isinstance(event, StepFinished) and event.step == 3:
                break
        assert printed(store, "1", "test (3.9)").splitlines() == [
            "=== test (3.9): running", "--- Install", "$ pip install -r requirements.txt", "done",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["99"], 'no run is called "99"'),
        (["3", "tset"], 'run 3 has no job or leg "tset" [job]\n  legs: "test (3.9)", "test (3.11)", "test (3.13)", "deploy"'),
        (["3", "deploy", "--step", "nope"], 'no step is called "nope" [step]\n  steps: none'),
        (["2", "deploy", "--step", "nope"], 'no step is called "nope" [step]\n  steps: 0 "Set up job", 1 "Pack the shop"'),
    ],
    ids=["run", "job", "step of a leg without steps", "step"],
)
def test_what_is_unknown_is_told_with_what_there_is(
    store: Store, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    assert main(["logs", *words, "--store", str(store.path)], io.StringIO()) == 2
    assert told in capsys.readouterr().err
