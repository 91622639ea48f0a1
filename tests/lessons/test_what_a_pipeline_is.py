import pytest

from pipelinekit.lessons.seen import SeenRun
from pipelinekit.lessons.what_a_pipeline_is import artifact, order, stops
from tests.lessons.made import job, run, seen, step, told

BUILT, CHECKED, PUBLISHED = (
    told("leaflet", "built aaa", "build"),
    told("leaflet", "checked aaa", "test"),
    told("leaflet", "published aaa"),
)
PAGE = {"name": "page"}


def jobs(build: float = 2, test: float = 3, deploy: float | None = 4, test_outcome: str = "success") -> SeenRun:
    """build and test end, deploy begins; None: it was skipped."""
    rows = [job("build", 0, build), job("test", build, test, test_outcome)]
    reason = 'because "test" failed'
    return run(1, jobs=[*rows, job("deploy", deploy, 5, "skipped" if deploy is None else "success", reason=reason)])


@pytest.mark.parametrize(
    ("runs", "kind"),
    [
        pytest.param([], "no-run", id="nothing"),
        pytest.param([jobs(deploy=None)], "no-deploy", id="skipped"),
        pytest.param([jobs(deploy=0)], "not-after-build", id="at-once"),
        pytest.param([jobs(deploy=2.5)], "not-after-test", id="after-the-build-alone"),
        pytest.param([run(1, jobs=[job("test", 0, 1), job("deploy", 2, 3)])], "job-gone", id="renamed"),
        pytest.param([jobs()], "passed", id="in-order"),
        pytest.param([jobs(), jobs(deploy=0)], "not-after-build", id="was-in-order-once"),
        pytest.param([jobs(), jobs(deploy=None)], "passed", id="skipped-after-it"),
    ],
)
def test_deploy_waits_for_build_and_test(runs: list[SeenRun], kind: str) -> None:
    assert order(seen(*runs)).kind == kind


@pytest.mark.parametrize(
    ("runs", "kind"),
    [
        pytest.param([], "no-run", id="nothing"),
        pytest.param([run(1, "failure", annotations=[BUILT])], "nothing-published", id="nothing-published"),
        pytest.param([run(1, annotations=[BUILT, told("leaflet", "built bbb"), PUBLISHED])], "built-twice", id="built-twice"),
        pytest.param([run(1, annotations=[BUILT, told("leaflet", "published ccc")])], "another-page", id="another"),
        pytest.param(
            [run(1, "failure", annotations=[BUILT, CHECKED, PUBLISHED], artifacts=[PAGE])], "not-well", id="failed-elsewhere"
        ),
        pytest.param([run(1, annotations=[BUILT, PUBLISHED], artifacts=[PAGE])], "unchecked", id="unchecked"),
        pytest.param(
            [run(1, annotations=[BUILT, CHECKED, told("link", "#Monday leads nowhere"), PUBLISHED], artifacts=[PAGE])],
            "silenced",
            id="silenced",
        ),
        pytest.param([run(1, annotations=[BUILT, CHECKED, PUBLISHED], artifacts=[PAGE])], "passed", id="the-same-page"),
    ],
)
def test_what_was_built_and_tested_is_what_is_published(runs: list[SeenRun], kind: str) -> None:
    assert artifact(seen(*runs)).kind == kind


def test_it_names_the_step_because_of_which_nothing_was_published() -> None:
    failed = run(1, "failure", steps=[step("deploy", 2, 1, 1, "failure", "Publish")])
    assert artifact(seen(failed)).says == 'Run 1 published nothing. "Publish" of `deploy` failed.'


@pytest.mark.parametrize(
    ("runs", "kind"),
    [
        pytest.param([jobs()], "no-failure", id="green"),
        pytest.param([jobs(test_outcome="failure")], "deploy-ran", id="deploy-ran"),
        pytest.param([jobs(deploy=None, test_outcome="failure")], "passed", id="skipped"),
    ],
)
def test_a_failing_test_skips_the_deployment(runs: list[SeenRun], kind: str) -> None:
    assert stops(seen(*runs)).kind == kind


def test_a_page_that_was_published_although_a_test_failed_is_told() -> None:
    failed = run(1, "failure", jobs=[job("test", 0, 1, "failure"), job("deploy", 0, 1)], annotations=[PUBLISHED])
    assert stops(seen(failed)).kind == "published-anyway"
