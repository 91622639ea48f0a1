"""The sentence of each answer fits what was found."""

from typing import Any

import pytest

from pipelinekit.answers import cache, coverage, flaky, speed


def made(**columns: Any) -> dict[str, Any]:
    return {"test": "a", "class": "healthy", "attempts": 20, "failed_runs": 0, "runs": 20, "lost_seconds": 0.0, **columns}


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        pytest.param([], "No test was reported.", id="no-tests"),
        pytest.param(
            [made()], "None of 1\u00a0test failed and passed on the same code. One that fails less often than 13.9", id="healthy"
        ),
        pytest.param([made(**{"class": "broken"})], "`a` fails in every run now.", id="broken"),
        pytest.param(
            [made(**{"class": "flaky", "failed_runs": 3, "lost_seconds": 600.0}), made(test="b", **{"class": "flaky"})],
            "`a`, the dearest of 2 flaky tests, failed 3 of 20 runs on unchanged code; it cost 10m in 28\u00a0days.",
            id="several",
        ),
    ],
)
def test_of_tests(rows: list[dict[str, Any]], sentence: str) -> None:
    assert flaky.sentence(rows, 28).startswith(sentence)


def test_too_few_runs_are_said_and_no_median() -> None:
    workflow = {"workflow": "ci", "n": 3, "enough": False, "last_seconds": 61.0}
    assert speed.sentence([workflow], []) == (
        "The last successful run of ci took 1m\u00a001s; for a median there are too few (n\u00a0=\u00a03)."
    )


def test_a_cache_that_costs_is_named() -> None:
    family = {"family": "pip-*", "hits": 4, "lookups": 9, "enough": True, "saved_seconds": -240.0, "saved_high": -60.0}
    assert "`pip-*` costs more than it saves (\u22124m)." in cache.sentence([family], 28)


@pytest.mark.parametrize(
    ("change", "carried", "said"),
    [
        pytest.param(
            0.02, False, "83.6\u202f% of 171\u00a0lines are covered, ↑ +2.0\u00a0pts better against the run before.", id="rose"
        ),
        pytest.param(None, True, "83.6\u202f% of 171\u00a0lines are covered. Some of it is carried forward", id="carried-forward"),
    ],
)
def test_of_coverage(change: float | None, carried: bool, said: str) -> None:
    newest = {"share": 143 / 171, "lines": 171, "change": change, "carried_forward": carried}
    assert coverage.sentence(newest).startswith(said)
