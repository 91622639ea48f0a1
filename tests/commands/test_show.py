"""`pipelinekit show`, from its arguments to what it prints."""

import io
import json
from pathlib import Path

import pytest

from pipelinekit.main import main
from pipelinekit.model.event import StepStarted
from pipelinekit.records.store import Store
from tests.made_store import make_store, run_events, run_id


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return make_store(tmp_path_factory.mktemp("show"), runs=12)


def printed(store: Store, *words: str) -> str:
    out = io.StringIO()
    assert main(["show", *words, "--store", str(store.path)], out) == 0
    return out.getvalue().replace("\xa0", " ")


def test_a_failed_run_is_shown_with_what_decided_it(store: Store) -> None:
    text = printed(store, "3")
    assert text.startswith('run 3: failure in 44s: "test (3.9)" failed\n')
    assert f"  {run_id(3)}\n" in text
    assert (
        "  6  failure  Test         6.5s  exit code 1\n"
        "          $ pytest --cov\n"
        "          1 failed\n"
    ) in text  # fmt: skip
    assert "  failed tests: test_total_with_discount[25]\n" in text
    assert 'deploy: skipped: because "test (3.9)" failed\n' in text
    assert "  error  test (3.9)   tests/test_cart.py:21  test_total_with_discount[25]: assert Decimal" in text
    assert text.endswith('look further: pipelinekit logs 3 "test (3.9)" --step 6\n')


def test_a_skipped_step_is_shown_with_the_three_lines_of_its_condition(store: Store) -> None:
    assert (
        "  2  skipped  Tell the team     –\n          ${{ failure() }}\n          ${{ false }}\n          false\n"
    ) in printed(store, "12")  # fmt: skip


def test_a_forgiven_step_says_that_it_failed(store: Store) -> None:
    assert "  4  success  Lint             0.9s  failed, and was forgiven, exit code 1\n" in printed(store, "7")


def test_artifacts_caches_and_notes_are_shown(store: Store) -> None:
    text = printed(store, "1")
    assert f"artifacts\n  shop  48 kB  12 files  sha256:{'e' * 64}  from deploy\n" in text
    assert "  cache miss: setup-python-3.9-pip-00000001\n" in text
    assert "notes\n  permissions: accepted, without effect on one machine\n" in text
    assert "  cache hit: setup-python-3.9-pip-00000001, saved about 17s\n" in printed(store, "2")


def test_json_holds_the_rows_and_the_failure(store: Store) -> None:
    shown = json.loads(printed(store, "3", "--format", "json"))
    assert (shown["run"]["run_id"], shown["run"]["outcome"]) == (run_id(3), "failure")
    assert [leg["leg"] for leg in shown["legs"]] == ["test (3.9)", "test (3.11)", "test (3.13)", "deploy"]
    first, *_, last = shown["legs"]
    assert first["failure"] == {"step": 6, "lines": ["$ pytest --cov", "1 failed"], "tests": ["test_total_with_discount[25]"]}
    assert first["matrix"] == {"python": "3.9"}
    assert [step["name"] for step in first["steps"]][:2] == ["Set up job", "Check out"]
    assert first["annotations"][0]["line"] == 21
    assert (last["failure"], last["needs"]) == (None, ["test"])


def test_a_run_that_goes_on_is_shown_as_far_as_it_is(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.start_journal(run_id(1), 1) as journal:
        for event in run_events(1):
            journal.append(event)
            if isinstance(event, StepStarted) and event.name == "Install":
                break
        text = printed(store, "1")
    assert text.startswith("run 1: running\n")
    assert ["3", "running", "Install", "–"] in [line.split() for line in text.splitlines()]
    assert "deploy: queued\n" in text


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("number", range(1, 13))
def test_every_run_of_a_store_can_be_shown(store: Store, number: int, form: str) -> None:
    assert run_id(number) in printed(store, str(number), "--format", form)


def test_an_unknown_run_is_told_with_those_there_are(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "99", "--store", str(store.path)], io.StringIO()) == 2
    error = capsys.readouterr().err
    assert 'no run is called "99" [run]' in error
    assert f"newest first: 12 ({run_id(12)[:13]}), 11 (" in error
