"""Whether something that happened starts the workflow, and the reason if it does not."""

import pytest

from pipelinekit.model.trigger import Trigger
from pipelinekit.plans.triggers import usual_event, why_not
from tests.plans.written import workflow

JOBS = "jobs: {t: {runs-on: x, steps: [{run: a}]}}\n"


def why(on: str, trigger: Trigger) -> str:
    return why_not(workflow(f"on:\n{on}\n{JOBS}"), trigger)


@pytest.mark.parametrize(
    ("on", "trigger", "reason"),
    [
        pytest.param("  push:", Trigger(), "", id="no-filter"),
        pytest.param("  push: {branches: [main, 'r/**']}", Trigger(ref="refs/heads/r/1"), "", id="branch-taken"),
        pytest.param(
            "  push: {branches: [main]}", Trigger(ref="refs/heads/dev"), 'branch "dev" matches none of branches: main', id="branch-left"
        ),
        pytest.param(
            "  push: {branches-ignore: [dev]}", Trigger(ref="refs/heads/dev"), 'branch "dev" matches branches-ignore: dev', id="ignored"
        ),
        pytest.param(
            "  push: {branches: [main]}", Trigger(ref="refs/tags/v1"), "it names only branches, and this is a tag", id="tag-on-branches"
        ),
        pytest.param("  push: {tags: ['v*']}", Trigger(ref="refs/tags/v1"), "", id="tag-taken"),
        pytest.param("  push: {tags: ['v*']}", Trigger(), "it names only tags, and this is a branch", id="branch-on-tags"),
        pytest.param(
            "  push: {paths: ['src/**']}", Trigger(changed_files=("docs/a.md",)), "no changed file matches paths: src/**", id="paths"
        ),
        pytest.param("  push: {paths: ['src/**']}", Trigger(changed_files=("docs/a.md", "src/a.py")), "", id="one-path-is-enough"),
        pytest.param(
            "  push: {paths-ignore: ['docs/**']}", Trigger(changed_files=("docs/a.md",)),
            "every changed file matches paths-ignore: docs/**", id="all-paths-ignored",
        ),
        pytest.param("  push: {paths-ignore: ['docs/**']}", Trigger(changed_files=("docs/a.md", "a.py")), "", id="not-all-ignored"),
        pytest.param("  push: {paths: ['src/**']}", Trigger(ref="refs/tags/v1", changed_files=("a",)), "", id="paths-not-for-tags"),
        pytest.param(
            "  pull_request: {branches: [main]}", Trigger(event="pull_request", ref="refs/pull/1/merge", base_ref="dev"),
            'branch "dev" matches none of branches: main', id="pull-request-goes-by-its-base",
        ),
        pytest.param(
            "  pull_request:", Trigger(event="pull_request", payload={"action": "closed"}),
            'activity type "closed" is none of opened, synchronize, reopened', id="usual-types",
        ),
        pytest.param("  schedule: [{cron: '0 0 * * *'}]", Trigger(), '"push" does not start it; what does: schedule', id="other-event"),
    ],
)
def test_why_it_would_not_start(on: str, trigger: Trigger, reason: str) -> None:
    assert why(on, trigger) == reason


@pytest.mark.parametrize(
    ("on", "event"), [("[pull_request, push]", "push"), ("workflow_dispatch", "workflow_dispatch"), ("[issues, release]", "issues")]
)
def test_usual_event_is_a_push_where_there_is_one(on: str, event: str) -> None:
    assert usual_event(workflow(f"on: {on}\n{JOBS}")) == event
