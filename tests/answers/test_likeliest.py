"""The likeliest cause: what differed when it broke, and again when it was mended."""

from collections.abc import Sequence
from typing import Any

import pytest

from pipelinekit.analysis.compare import Recorded, compare
from pipelinekit.analysis.log_lines import StepLines
from pipelinekit.answers.grid import lines
from pipelinekit.answers.incident import Changed, Incident, Pair
from pipelinekit.answers.likeliest import evidence, likeliest, named_files, new_lines
from pipelinekit.answers.two_runs import Compared, Setting

LOG = ("tests/test_cart.py:43: AssertionError", "E   assert 625 == 563", "shop/cart.py  31  0  100%")


def run(number: int, outcome: str = "success", **columns: Any) -> dict[str, Any]:
    return {
        "number": number, "run_id": f"r{number}", "attempt": 1, "outcome": outcome, "started_at": 1, "created_at": 1, "workflow": "ci",
        "path": "ci.yml", "event": "push", "branch": "main", "commit": f"c{number}c0ffee", "tree": f"t{number}", "dirty": False,
        "inputs": "{}", "executor": "docker", "host": "vm", "subject": f"Change {number}", "actor": "Ada", "simulated": False,
        "duration_seconds": 60.0, "reason": "", **columns,
    }  # fmt: skip


def recorded(row: dict[str, Any], image: str = "sha256:1", key: str = "pip-1") -> Recorded:
    """One leg with one step, one cache and one test, which fails where the run does."""
    failed = row["outcome"] == "failure"
    own = {"leg": "test", "step_index": 1}
    leg = {**own, "outcome": row["outcome"], "started_at": 1, "duration_seconds": 60.0, "image": "python:3.12", "image_digest": image,
           "remembered": ""}  # fmt: skip
    step = {**own, "step": "test", "name": "Test", "parent": None, "outcome": row["outcome"], "started_at": 1, "duration_seconds": 50.0,
            "condition": ""}  # fmt: skip
    test = {"leg": "test", "suite": "", "class_name": "tests.test_cart", "test": "test_total", "execution": 1,
            "outcome": "failed" if failed else "passed", "message": ""}  # fmt: skip
    return Recorded(row, [leg], [step], [test], [{**own, "kind": "actions", "key": key, "result": "hit"}])


def compared(before: Recorded, after: Recorded, settings: Sequence[Setting] | None = ()) -> Compared:
    broke = after.run["outcome"] == "failure"
    logs = (StepLines("test", "Test", tuple(("+" if broke else "-", text) for text in LOG), 0, cut=False),)
    told = None if settings is None else tuple(settings)
    return Compared(dict(before.run), dict(after.run), compare(before, after), told, logs)


def incident(good: Recorded, bad: Recorded, mended: Recorded | None = None, **more: Any) -> Incident:
    settings = more.pop("settings", ())
    pair = Pair(dict(good.run), dict(bad.run), dict(mended.run) if mended else None)
    mending = compared(bad, mended, settings) if mended else None
    known: dict[str, Any] = {"flaky": (), "outage": None, "changed": None, **more}
    return Incident(pair, compared(good, bad, settings), mending, **known)


def same(row: dict[str, Any]) -> dict[str, Any]:
    """The same code as run 1."""
    return {**row, "commit": "c1c0ffee", "tree": "t1"}


GOOD, BAD = run(1), run(2, "failure")
FLAKY = {"class_name": "tests.test_cart", "test": "test_total", "disagreements": 3}
OUTAGE = {"failed": 40, "tests": 50}
OTHER = Setting("test", "Test", "variable", "TZ", "UTC", "CET")


@pytest.mark.parametrize(
    ("found", "causes", "said"),
    [
        pytest.param(
            incident(recorded(GOOD), recorded(BAD)), ("code",),
            "The likeliest cause is the code of `c2c0ffe`: nothing else that is recorded differs.", id="only-the-code",
        ),
        pytest.param(
            incident(recorded(GOOD), recorded(BAD), recorded(run(3))), ("code",),
            "nothing else that is recorded differs, and run 3, which mended it, has other code.", id="the-code-and-mended-by-it",
        ),
        pytest.param(
            incident(recorded(GOOD), recorded(same(BAD), image="sha256:2")), ("images",),
            "The likeliest cause is the image of 1\u00a0leg: nothing else that is recorded differs.", id="only-the-image",
        ),
        pytest.param(
            incident(recorded(GOOD), recorded(BAD, image="sha256:2")), ("code", "images"),
            "The cause can't be told apart: the code and the image of 1\u00a0leg differ.", id="two-things",
        ),
        pytest.param(
            incident(recorded(GOOD), recorded(BAD, image="sha256:2"), recorded({**run(3), "commit": "c2c0ffee", "tree": "t2"})),
            ("images",), "run 3, which mended it, has images that differ again.", id="two-things-of-which-one-changed-back",
        ),
        pytest.param(
            incident(recorded(GOOD), recorded(same(BAD))), (),
            "The cause can't be known: code, images, commands, variables and cache keys are the same, so it is chance", id="nothing",
        ),
        pytest.param(
            incident(recorded(GOOD), recorded(same(BAD), key="pip-2")), ("cache keys",),
            "The likeliest cause is 1\u00a0cache key", id="a-cache-key",
        ),
        pytest.param(
            incident(recorded(GOOD), recorded(same(BAD)), settings=[OTHER]), ("variables",),
            "The likeliest cause is 1\u00a0variable", id="a-variable",
        ),
        pytest.param(
            incident(recorded(GOOD), recorded(BAD), flaky=[FLAKY]), ("chance",),
            "The likeliest cause is chance: `test_total` is flaky, and failed and passed on the same code 3\u00a0times.", id="flaky",
        ),
        pytest.param(
            incident(recorded(GOOD), recorded(same(BAD)), outage=OUTAGE), ("outage",),
            "The likeliest cause is an outage: 40 of 50 tests failed in it, and the code is the same.", id="outage",
        ),
        pytest.param(incident(recorded(GOOD), recorded(BAD), outage=OUTAGE), ("code",), "the code of `c2c0ffe`", id="broken-widely"),
    ],
)  # fmt: skip
def test_the_cause_is_what_differed(found: Incident, causes: tuple[str, ...], said: str) -> None:
    answer = likeliest(found)
    assert answer.causes == causes
    assert said in answer.sentence
    assert answer.sentence.startswith("Run 2 broke what run 1 had: `test_total` newly fails.")


def test_a_run_that_went_well_has_broken_nothing() -> None:
    assert likeliest(incident(recorded(GOOD), recorded(run(3)))).sentence.startswith(
        "Run 3 succeeded, so nothing is broken that run 1 had"
    )


def test_a_changed_file_that_the_failure_names_speaks_for_the_code() -> None:
    changed = Changed([("c2c0ffee", "Ada", "Round it")], ["docs/a.md", "shop/cart.py", "tests/test_cart.py"])
    found = incident(recorded(GOOD), recorded(BAD, image="sha256:2"), changed=changed)
    assert named_files(found) == ["tests/test_cart.py"]  # the line of coverage names a file, but no place in it
    answer = likeliest(found)
    assert answer.causes == ("code",)
    assert "`c2c0ffe`, “Round it”: the failure names `tests/test_cart.py`, which changed." in answer.sentence


def test_what_is_not_recorded_is_said_to_be_not_known() -> None:
    answer = likeliest(incident(recorded(GOOD), recorded(BAD), settings=None))
    assert answer.sentence.endswith("Not known: commands and variables.")


def test_without_a_good_run_there_is_nothing_to_compare() -> None:
    found = Incident(Pair(None, BAD, None), None, None, (), None, None)
    assert likeliest(found).sentence == (
        "Run 2 failed, and no run that succeeded before it is stored. "
        "So there is nothing to compare it with, and the cause can't be known."
    )
    assert "no run yet" in lines(evidence(found))


def test_the_new_lines_of_several_legs_are_told_once() -> None:
    assert new_lines(incident(recorded(GOOD), recorded(BAD))) == list(LOG)


def test_the_evidence_says_of_each_input_how_it_stands() -> None:
    changed = Changed([("c2c0ffee", "Ada", "Round <b>it</b>")], ["tests/test_cart.py", "shop/a.py"])
    text = lines(evidence(incident(recorded(GOOD), recorded(BAD, image="sha256:2"), recorded(run(3)), changed=changed)))
    assert "commits                              c2c0ffe Round <b>it</b> (Ada)" in text
    assert "changed files                        tests/test_cart.py, which the failure names" in text
    assert "images                               differ: the image of 1\u00a0leg" in text
    assert (
        "the same                             workflow, event, inputs, executor, host, commands, variables and cache keys" in text
    )
    assert "mended by                            3" in text
