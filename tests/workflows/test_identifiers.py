import pytest

from pipelinekit.workflows.identifiers import MAX_LENGTH
from tests.workflows.written import job, told, workflow_of


def ids(*steps: str) -> list[str]:
    workflow = workflow_of(job("\n".join(["steps:", *(f"  - {{{step}}}" for step in steps)])))
    return [step.id for step in workflow.jobs[0].steps]


@pytest.mark.parametrize(
    ("step", "identifier"),
    [
        ("run: make", "__run"),
        ("uses: actions/checkout@v4", "__actions_checkout"),
        ("uses: Actions/Cache/save@v4", "__Actions_Cache"),
        ("uses: ./tools/lint", "__self"),
        ("uses: docker://alpine:3.20", "__alpine_3_20"),
        ("uses: docker://ghcr.io/a/b@sha256:0a", "__ghcr_io_a_b_sha256_0a"),
        ("uses: a/b@v1, id: mine", "mine"),
        ("wait-all: null", "__wait-all"),
    ],
)
def test_a_step_without_an_id_gets_one_from_what_it_does(step: str, identifier: str) -> None:
    assert ids(step) == [identifier]


def test_the_second_of_a_kind_gets_a_number() -> None:
    assert ids("run: a", "run: b", "uses: a/b@v1", "uses: A/B@v1", "run: c") == ["__run", "__run_2", "__a_b", "__A_B_2", "__run_3"]


def test_a_long_id_is_cut_and_its_number_fits() -> None:
    long = f"uses: docker://{'x' * 200}"
    first, second = ids(long, long)
    assert len(first) == len(second) == MAX_LENGTH
    assert second.endswith("_2")


@pytest.mark.parametrize("identifier", ["a", "_", "_a", "a-b_9", "A" * 99])
def test_ids_that_github_takes(identifier: str) -> None:
    assert ids(f"run: make, id: {identifier}") == [identifier]


@pytest.mark.parametrize("identifier", ["9a", "-a", "a b", "a.b", "a$", "é", "A" * 100])
def test_ids_that_github_refuses(identifier: str) -> None:
    assert told(job(f"steps:\n  - run: make\n    id: {identifier}")) == [f'7:13 "{identifier}" is not an id']


def test_ids_in_parallel_share_the_scope_of_the_job() -> None:
    text = job("steps:\n  - {run: a, id: one}\n  - parallel:\n      - {run: b, id: ONE}")
    assert told(text) == ['8:26 the id "ONE" is used twice in this job']
