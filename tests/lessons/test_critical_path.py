import json
from collections.abc import Mapping

import pyarrow as pa
import pytest

from pipelinekit.lessons.critical_path import decides, longest, shorter
from pipelinekit.lessons.seen import Seen, SeenRun
from pipelinekit.records.store import Row
from tests.lessons.made import job, run, told

Times = Mapping[str, tuple[float, float, list[str]]]
CHAIN: Times = {
    "lint": (0, 1, []), "unit": (1, 4, ["lint"]), "docs": (4, 6, ["unit"]), "package": (6, 8, ["docs"]), "publish": (8, 9, ["package"]),
}  # fmt: skip
BROAD: Times = {
    "lint": (0, 1, []), "unit": (0, 3, []), "docs": (0, 2, []), "package": (0, 2, []), "publish": (3, 4, ["lint", "unit", "package"]),
}  # fmt: skip


def recorded(number: int, times: Times, outcome: str = "success", queued: float = 0.0, idle: tuple[str, ...] = ()) -> SeenRun:
    rows = [
        job(
            name,
            begins,
            ends,
            needs=json.dumps(needs),
            run_id=str(number),
            attempt=1,
            queued_seconds=queued,
            duration_seconds=ends - begins,
        )
        for name, (begins, ends, needs) in times.items()
    ]
    done = [told("map", f"{name} done", name) for name in times if name not in idle]
    return run(number, outcome, seconds=max(ends for _, ends, _ in times.values()), jobs=rows, annotations=done)


def seen(*runs: SeenRun, answer: str = "") -> Seen:
    rows: list[Row] = [row for one in runs for row in one.jobs]
    return Seen(runs, pa.Table.from_pylist(rows) if rows else None, answer)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        pytest.param("", "no-answer", id="no-answer"),
        pytest.param("tests", "no-job", id="no-such-job"),
        pytest.param("docs", "not-longest", id="shorter-one"),
        pytest.param(" unit ", "passed", id="right"),
    ],
)
def test_the_longest_job_of_the_chain_is_named(answer: str, kind: str) -> None:
    assert longest(seen(recorded(1, CHAIN), answer=answer)).kind == kind


def test_without_a_run_nothing_can_be_read() -> None:
    assert longest(seen(answer="unit")).kind == "no-run"
    assert shorter(seen()).kind == "no-run"


@pytest.mark.parametrize(
    ("second", "kind"),
    [
        pytest.param(CHAIN, "chain", id="still-a-chain"),
        pytest.param({**BROAD, "publish": (0, 1, [])}, "too-early", id="published-unchecked"),
        pytest.param(BROAD, "passed", id="broad"),
    ],
)
def test_a_run_without_needless_waiting_is_shorter_and_safe(second: Times, kind: str) -> None:
    assert shorter(seen(recorded(1, CHAIN), recorded(2, second))).kind == kind


def test_the_first_run_is_not_compared_with_itself() -> None:
    assert shorter(seen(recorded(1, CHAIN))).says.startswith("Run 1 took 9.0s. Its critical path has 5 jobs: lint → unit")


def test_a_run_without_all_five_does_not_count() -> None:
    found = shorter(seen(recorded(1, CHAIN), recorded(2, {"lint": (0, 1, [])})))
    assert (found.kind, "without `unit`" in found.says) == ("not-whole", True)


def test_jobs_that_do_nothing_save_no_time() -> None:
    found = shorter(seen(recorded(1, CHAIN), recorded(2, BROAD, idle=("unit", "docs"))))
    assert (found.kind, "`unit` and `docs` ended well without" in found.says) == ("idle", True)


def test_a_broad_run_that_took_longer_all_the_same_is_told() -> None:
    slow = {name: (3 * begins, 3 * ends, needs) for name, (begins, ends, needs) in BROAD.items()}
    found = shorter(seen(recorded(1, CHAIN), recorded(2, slow, queued=2.0)))
    assert (found.kind, "the longest wait for a place was 2.0s" in found.says) == ("not-shorter", True)


def test_a_job_that_is_nearly_the_longest_will_do() -> None:
    near = {**CHAIN, "docs": (4.0, 6.8, ["unit"])}
    assert longest(seen(recorded(1, near), answer="docs")).passed


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        pytest.param("docs", "off-path", id="nobody-waits-for-it"),
        pytest.param("publish", "not-longest", id="shorter-one"),
        pytest.param("unit", "passed", id="right"),
    ],
)
def test_what_decides_now_is_named(answer: str, kind: str) -> None:
    assert decides(seen(recorded(1, CHAIN), recorded(2, BROAD), answer=answer)).kind == kind


def test_as_long_as_all_wait_there_is_no_slack_to_read() -> None:
    assert decides(seen(recorded(1, CHAIN), answer="unit")).kind == "no-slack"
