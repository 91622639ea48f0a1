from pathlib import Path

import pytest

from pipelinekit.model.problem import WorkflowInvalid
from pipelinekit.workflows.find import find, read_shown, workflow_files


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with two workflows, and a folder in it."""
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    (tmp_path / "src").mkdir()
    (folder / "ci.yml").write_text("on: [push, pull_request]\njobs: {a: {runs-on: x}}")
    (folder / "release.yaml").write_text("on: {release: }\njobs: {a: {runs-on: x}}")
    (folder / "notes.md").write_text("not a workflow")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("ci.yml", ".github/workflows/ci.yml"),
        ("ci", ".github/workflows/ci.yml"),
        ("release", ".github/workflows/release.yaml"),
        (".github/workflows/ci.yml", ".github/workflows/ci.yml"),
    ],
)
def test_a_workflow_is_found_by_its_path_or_its_name(repository: Path, name: str, found: str) -> None:
    assert find(repository, name) == repository / found


def test_a_workflow_is_found_from_a_folder_further_down(repository: Path) -> None:
    path = find(repository / "src", "ci")
    assert path == repository / ".github" / "workflows" / "ci.yml"
    workflow, _ = read_shown(repository / "src", path)
    assert workflow is not None
    assert workflow.jobs[0].position.file == "../.github/workflows/ci.yml"


def test_a_file_beside_comes_before_a_name(repository: Path) -> None:
    (repository / "ci.yml").write_text("")
    assert find(repository, "ci.yml") == repository / "ci.yml"


def test_the_only_workflow_needs_no_name(repository: Path) -> None:
    (repository / ".github" / "workflows" / "release.yaml").unlink()
    assert find(repository, None) == repository / ".github" / "workflows" / "ci.yml"


def told(directory: Path, name: str | None) -> tuple[str, str]:
    with pytest.raises(WorkflowInvalid) as raised:
        find(directory, name)
    (problem,) = raised.value.problems
    return problem.message, problem.hint


def test_of_several_workflows_all_are_listed_with_their_events(repository: Path) -> None:
    (repository / ".github" / "workflows" / "broken.yml").write_text("a: *b")
    message, _ = told(repository, None)
    assert message.splitlines() == [
        "there are 3 workflows; say which:",
        '  broken.yml    can\'t be read: no anchor has the name "b"',
        "  ci.yml        push, pull_request",
        "  release.yaml  release",
    ]


def test_a_name_that_no_workflow_has_is_told_with_those_there_are(repository: Path) -> None:
    assert told(repository, "cy.yml") == (
        'there is no workflow "cy.yml"',
        'did you mean "ci.yml"? workflows in .github/workflows: "ci.yml", "release.yaml"',
    )


def test_a_folder_is_no_workflow(repository: Path) -> None:
    assert told(repository, "src")[0] == '"src" is a folder, not a workflow file'


def test_where_there_is_no_workflow_that_is_told(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert told(tmp_path, None) == ("there is no workflow in .github/workflows", "give a file, or make one in .github/workflows")
    assert told(tmp_path, "ci.yml") == ('there is no workflow "ci.yml"', "there is no workflow in .github/workflows either")


def test_the_search_ends_at_the_top_of_the_repository(repository: Path) -> None:
    inner = repository / "src" / "vendored"
    (inner / ".git").mkdir(parents=True)
    assert workflow_files(inner) == []
    assert [path.name for path in workflow_files(repository / "src")] == ["ci.yml", "release.yaml"]
