"""What is refused before anything runs: by name, with every place that is to blame."""

from pathlib import Path

import pytest

from pipelinekit.model.position import Position
from pipelinekit.model.problem import Problem
from pipelinekit.model.trigger import Trigger
from pipelinekit.plans.plan import make_plan
from pipelinekit.runs import contexts
from pipelinekit.runs.folders import Actions
from pipelinekit.runs.refuse import refused
from tests.plans.written import workflow
from tests.repositories import write
from tests.runs.actions import action, job

ROWS = {"acme/a": "ci/a"}
HINT = '[tool.pipelinekit.actions] can map it to "skip", or to a folder with a composite action'


def problems(tmp_path: Path, text: str, rows: dict[str, str] | None = None) -> list[Problem]:
    found = workflow(text, "ci.yml")
    plan = make_plan(found, Trigger(), contexts.github(found, Trigger()))
    place = {"acme/a": Position("pyproject.toml", 7, 1)}.get
    return refused(plan, Actions(tmp_path / "repository", ROWS if rows is None else rows, place=place))


def told(found: list[Problem]) -> list[str]:
    """Each problem in a line, the other places indented."""
    return [
        line for one in found
        for line in (f"{one.position} {one.message}", *(f"  {place} {word}" for place, word in one.related))
    ]  # fmt: skip


def test_composite_actions_are_not_refused(tmp_path: Path) -> None:
    action(tmp_path, "ci/a", "- {uses: ./ci/b}\n- {uses: actions/cache@v4, with: {path: x, key: y}}")
    action(tmp_path, "ci/b", "- {run: x, shell: sh}")
    assert problems(tmp_path, job("- uses: acme/a@v1\n- uses: ./ci/b\n- uses: ./made/while/it/runs")) == []


def test_an_action_that_nothing_stands_for_is_refused(tmp_path: Path) -> None:
    [one] = problems(tmp_path, job("- uses: acme/other@v1"))
    assert told([one]) == ['ci.yml:6:15 job "t": this action can\'t run here yet: "acme/other@v1"']
    assert (one.hint, one.length) == (HINT, len("acme/other@v1"))


def test_one_inside_another_is_told_with_the_way_to_it(tmp_path: Path) -> None:
    action(tmp_path, "ci/a", "- {uses: ./ci/b}")
    action(tmp_path, "ci/b", "- {run: x, shell: sh}\n- {uses: acme/other@v1}")
    assert told(problems(tmp_path, job("- uses: acme/a@v1"))) == [
        'ci/b/action.yml:5:14 job "t": this action can\'t run here yet: "acme/other@v1"',
        '  ci/a/action.yml:4:14 by "./ci/b", which is used here',
        '  ci.yml:6:15 by "acme/a@v1", which is used here',
    ]


@pytest.mark.parametrize(
    ("content", "kind", "using"),
    [
        pytest.param("runs: {using: node24, main: x.js}\n", "JavaScript actions", "node24", id="javascript"),
        pytest.param("runs: {using: docker, image: Dockerfile}\n", "Docker actions", "docker", id="docker"),
    ],
)
@pytest.mark.parametrize("uses", ["acme/a@v1", "./ci/a"])
def test_other_kinds_of_action_in_a_folder_are_refused_by_their_kind(
    content: str, kind: str, using: str, uses: str, tmp_path: Path
) -> None:
    write(tmp_path / "repository", "ci/a/action.yml", content)
    mapped = ['  pyproject.toml:7:1 "acme/a" is mapped here'] if uses.startswith("acme") else []
    assert told(problems(tmp_path, job(f"- uses: {uses}"))) == [
        f'ci.yml:6:15 job "t": {kind} can\'t run here yet: "{uses}"',
        f'  ci/a/action.yml:1:15 the action is of the kind "{using}"',
        *mapped,
    ]


def test_a_dockerfile_alone_makes_a_docker_action(tmp_path: Path) -> None:
    write(tmp_path / "repository", "ci/a/Dockerfile", "FROM x")
    assert told(problems(tmp_path, job("- uses: ./ci/a"))) == ['ci.yml:6:15 job "t": Docker actions can\'t run here yet: "./ci/a"']


def test_a_mapped_folder_that_is_not_there_or_holds_no_action_is_told_with_its_row(tmp_path: Path) -> None:
    row = '  pyproject.toml:7:1 "acme/a" is mapped here'
    assert told(problems(tmp_path, job("- uses: acme/a@v1"))) == [
        'ci.yml:6:15 "acme/a@v1" is mapped to the folder "ci/a", which is not there', row,
    ]  # fmt: skip
    write(tmp_path / "repository", "ci/a/readme", "x")
    assert told(problems(tmp_path, job("- uses: acme/a@v1"))) == [
        'ci.yml:6:15 "acme/a@v1" is mapped to the folder "ci/a", which holds no action.yml', row,
    ]  # fmt: skip


def test_a_folder_beside_the_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert told(problems(tmp_path, job("- uses: $/ci/none"))) == ['ci.yml:6:15 the folder of "$/ci/none" is not there']


def test_an_action_that_cannot_be_read_is_told_at_its_place_once(tmp_path: Path) -> None:
    write(tmp_path / "repository", "ci/a/action.yml", "runs:\n  using: composite\n  steps:\n    - run: make\n")
    two = job("- uses: acme/a@v1") + "  u:\n    runs-on: x\n    steps: [{uses: acme/a@v2}]\n"
    assert told(problems(tmp_path, two)) == [
        'ci/a/action.yml:4:7 a step of an action needs "shell"',
        '  ci.yml:6:15 "acme/a@v1" is used here',
        '  pyproject.toml:7:1 "acme/a" is mapped here',
    ]


def test_a_shell_of_elsewhere_inside_an_action_is_refused(tmp_path: Path) -> None:
    action(tmp_path, "ci/a", "- {run: dir, shell: cmd}")
    assert told(problems(tmp_path, job("- uses: ./ci/a"))) == ['ci/a/action.yml:4:25 job "t": this shell can\'t run here yet: "cmd"']


def test_problems_of_the_workflow_come_before_those_of_actions(tmp_path: Path) -> None:
    action(tmp_path, "ci/a", "- {uses: acme/inner@v1}")
    found = problems(tmp_path, job("- uses: acme/a@v1\n- uses: acme/other@v1"))
    assert [one.position.file for one in found if one.position] == ["ci.yml", "ci/a/action.yml"]


def test_actions_that_use_each_other_are_gone_through_once(tmp_path: Path) -> None:
    action(tmp_path, "ci/a", "- {uses: ./ci/b}\n- {uses: ./ci/b}")
    action(tmp_path, "ci/b", "- {uses: ./ci/a}\n- {uses: acme/other@v1}")
    assert len(problems(tmp_path, job("- uses: ./ci/a\n- uses: ./ci/b"))) == 1


def test_what_is_mapped_to_skip_is_not_refused(tmp_path: Path) -> None:
    assert problems(tmp_path, job("- uses: acme/a@v1\n- uses: docker://alpine"), {"acme/a": "skip", "docker://alpine": "skip"}) == []
