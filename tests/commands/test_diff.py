"""`pipelinekit diff`, from its arguments to what it prints."""

import io
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipelinekit.main import main
from pipelinekit.model.event import Event, LegStarted, LinesLogged, RunStarted, StepFinished, StepSkipped, StepStarted
from pipelinekit.records.store import Store
from tests.made_store import make_store, run_events, run_id


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return make_store(tmp_path_factory.mktemp("diff"), runs=12)


def printed(store: Store, *words: str) -> str:
    out = io.StringIO()
    assert main(["diff", *words, "--store", str(store.path)], out) == 0
    return out.getvalue().replace("\xa0", " ").replace("\u202f", " ")


def as_json(store: Store, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(printed(store, *words, "--format", "json"))
    return found


def record(store: Store, run: str, attempt: int, events: Iterable[Event]) -> None:
    with store.start_journal(run, attempt) as journal:
        for event in events:
            journal.append(replace(event, attempt=attempt) if isinstance(event, RunStarted) else event)
        store.record(journal)


@pytest.mark.parametrize(
    ("before", "after", "answer"),
    [
        pytest.param(
            "2", "3",
            "Run 3 failed, where run 2 succeeded: `test_total_with_discount[25]` newly fails. They differ in the code.",
            id="broken",
        ),
        pytest.param(
            "3", "4",
            "Run 4 succeeded, where run 3 failed: `test_total_with_discount[25]` is fixed. They differ in the code.",
            id="mended",
        ),
        pytest.param(
            "5", "6",
            "Run 6 succeeded, where run 5 failed: `test_two_buyers_race_for_the_last_item` is fixed. "
            "They had the same code, images, commands, variables and cache keys.",
            id="flaky",
        ),
        pytest.param(
            "8", "9", "Both runs succeeded: run 9 took 35s longer (+77 %). They differ in the code and 3 cache keys.", id="slower"
        ),
        pytest.param("6", "7", "Both runs succeeded. They differ in the code and the event.", id="another-event"),
        pytest.param(
            "7", "7", "Both runs succeeded. They had the same code, images, commands, variables and cache keys.", id="itself"
        ),
    ],
)  # fmt: skip
def test_the_answer_stands_in_the_first_line(store: Store, before: str, after: str, answer: str) -> None:
    assert printed(store, before, after).splitlines()[0] == answer


def test_the_evidence_follows(store: Store) -> None:
    text = printed(store, "2", "3")
    assert "run 2  success  44s  8b3e2f2 Add discounts to the cart\nrun 3  failure  44s  60d4c8b Round" in text
    assert "runs\n  commit  8b3e2f2  →  60d4c8b\n" in text
    assert "  test (3.9)   success → failure  17s → 18s  ↑ +1.1s, +7 %\n" in text
    assert "  deploy       success → skipped  8.1s → –\n" in text
    assert (
        "tests newly failing\n"
        "  tests.test_cart::test_total_with_discount[25] [test (3.9), test (3.11) and test (3.13)]\n"
        "    assert Decimal('7.4925') == Decimal('7.49')\n"
    ) in text
    assert "steps\n  Test: success → failure [test (3.9), test (3.11) and test (3.13)]\n" in text
    assert "log lines\n  Test [test (3.9), test (3.11) and test (3.13)]\n    - done\n    + 1 failed\n" in text


def test_caches_tell_their_keys_and_what_was_found(store: Store) -> None:
    text = printed(store, "8", "9")
    assert "  Python 3.9: hit → miss, setup-python-3.9-pip-00000001 → setup-python-3.9-pip-00000002 [test (3.9)]\n" in text
    assert "  Python 3.9: – → saved, setup-python-3.9-pip-00000002 [test (3.9)]\n" in text
    assert "  Install: success, 4.3s → 23s, ↑ +19s worse, +439 % [test (3.9)]\n" in text


def other_surroundings(events: Iterable[Event]) -> Iterable[Event]:
    """The same run, on another image, one command of it with another option and variable."""
    for event in events:
        match event:
            case LegStarted():
                yield replace(event, image_digest="sha256:" + "f" * 64)
            case StepStarted(name="Test"):
                yield replace(event, command="pytest --cov -x", environment={"LEVEL": "2"})
            case _:
                yield event


def test_images_commands_and_variables_are_compared(tmp_path: Path) -> None:
    store = make_store(tmp_path, runs=1)
    record(store, run_id(1), 2, other_surroundings(run_events(1)))
    text = printed(store, "1.1", "1.2")
    assert text.startswith(
        "Both runs succeeded. They differ in the images of 4 legs, 3 commands and 3 variables.\n\nrun 1.1  success"
    )
    legs = "[test (3.9), test (3.11) and test (3.13)]"
    assert f"images\n  pipelinekit/python:3.9 (sha256:{'9' * 12} → sha256:{'f' * 12}) [test (3.9)]\n" in text
    assert f"commands and environment\n  Test: command {legs}\n    - pytest --cov\n    + pytest --cov -x\n" in text
    assert f"  Test: LEVEL {legs}\n    + 2\n" in text
    settings = as_json(store, "1.1", "1")["settings"]
    assert settings[0] == {
        "leg": "test (3.9)", "step": "Test", "kind": "command", "name": "", "before": "pytest --cov", "after": "pytest --cov -x",
    }  # fmt: skip
    assert (settings[1]["kind"], settings[1]["name"], settings[1]["before"], settings[1]["after"]) == ("variable", "LEVEL", None, "2")


def goes_on(events: Iterable[Event]) -> Iterable[Event]:
    """The same run, as a second attempt that does not install again."""
    for event in events:
        match event:
            case StepStarted(name="Install"):
                yield StepSkipped(event.at, event.leg, event.step, event.id, event.name, condition="done in attempt 1")
            case LinesLogged(step=3) | StepFinished(step=3):
                pass
            case _:
                yield event


def test_what_a_second_attempt_did_not_run_again_is_told_and_its_log_not_missed(tmp_path: Path) -> None:
    store = make_store(tmp_path, runs=1)
    record(store, run_id(1), 2, goes_on(run_events(1)))
    text = printed(store, "1.1", "1.2")
    assert "  Install: success → skipped [test (3.9), test (3.11) and test (3.13)]\n    done in attempt 1\n" in text
    assert "log lines" not in text


def test_where_a_journal_is_gone_that_is_said(tmp_path: Path) -> None:
    store = make_store(tmp_path, runs=2)
    store.journals()[0].unlink()
    text = printed(store, "1", "2")
    assert "commands and environment\n  not compared: a journal is not there\n" in text
    assert as_json(store, "1", "2")["settings"] is None


def test_json_has_the_same_keys_for_every_two_runs(store: Store) -> None:
    kinds = {name: set() for name in ("facts", "legs", "steps", "caches", "logs")}  # type: dict[str, set[str]]
    tests: set[str] = set()
    for after in range(1, 13):
        found = as_json(store, "1", str(after))
        assert list(found) == [
            "sentence", "before", "after", "took", "facts", "legs", "steps", "tests", "caches", "caches_compared", "settings", "logs",
        ]  # fmt: skip
        assert list(found["tests"]) == ["newly_failing", "still_failing", "fixed", "new", "gone"]
        assert (found["before"]["number"], found["after"]["number"]) == (1, after)
        for name, keys in kinds.items():
            keys.update(*found[name])
        tests.update(*(row for rows in found["tests"].values() for row in rows))
    took = "took"
    assert kinds == {
        "facts": {"name", "before", "after"},
        "legs": {
            "leg", "before_outcome", "after_outcome", took, "before_image", "after_image", "before_digest", "after_digest",
            "other_image", "remembered",
        },
        "steps": {"leg", "name", "before_outcome", "after_outcome", took, "condition"},
        "caches": {"leg", "step", "kind", "before_key", "after_key", "before_result", "after_result"},
        "logs": {"leg", "step", "lines", "left_out", "cut"},
    }  # fmt: skip
    assert tests == {"leg", "suite", "class_name", "test", "before_outcome", "after_outcome", "message"}
    assert set(as_json(store, "1", "2")["took"]) == {"before_seconds", "after_seconds", "change_seconds", "change", "beyond_noise"}


def test_json_holds_what_the_text_says(store: Store) -> None:
    found = as_json(store, "2", "3")
    assert [row["leg"] for row in found["tests"]["newly_failing"]] == ["test (3.9)", "test (3.11)", "test (3.13)"]
    assert found["logs"][0]["lines"] == [["-", "done"], ["+", "1 failed"]]
    assert found["sentence"] == printed(store, "2", "3").splitlines()[0]


def test_a_run_that_goes_on_is_compared_as_far_as_it_is(tmp_path: Path) -> None:
    store = make_store(tmp_path, runs=1)
    with store.start_journal(run_id(2), 1) as journal:
        for event in run_events(2):
            journal.append(event)
            if isinstance(event, StepStarted) and event.name == "Lint":
                break
        text = printed(store, "1", "2")
    assert text.startswith("Run 2 still runs, where run 1 succeeded. They differ in the code.\n")
    assert "  test (3.9)   success → running" in text


@pytest.mark.parametrize(("before", "after"), [("99", "1"), ("1", "99"), ("1", "2.4")])
def test_an_unknown_run_is_told_with_those_there_are(
    store: Store, before: str, after: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = io.StringIO()
    assert main(["diff", before, after, "--store", str(store.path)], out) == 2
    assert out.getvalue() == ""
    assert ("newest first: 12" if "99" in (before, after) else "attempts, newest first: 1") in capsys.readouterr().err
