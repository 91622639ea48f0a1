"""actions/download-artifact: what comes, and where it is laid."""

from pathlib import Path

import pytest

from tests.actions.conftest import Bench, FolderPlace, contents, lay

USES = "actions/download-artifact"


@pytest.fixture
def later(bench: Bench, workspace: Path, tmp_path: Path) -> Bench:
    """Another leg of a run in which three artifacts were uploaded."""
    lay(workspace, "a/a.txt", "b/deep/b.txt", "c/c.txt")
    for name, path in {"wheels-a": "a", "wheels-b": "b", "docs": "c"}.items():
        bench.use("actions/upload-artifact", name=name, path=path)
    return bench.in_another_place(FolderPlace(tmp_path / "later"))


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        pytest.param({"name": "wheels-b"}, ["deep/b.txt"], id="one, into the workspace itself"),
        pytest.param({"name": "docs", "path": "in/here"}, ["in/here/c.txt"], id="one, into a folder"),
        pytest.param({}, ["docs/c.txt", "wheels-a/a.txt", "wheels-b/deep/b.txt"], id="all, each into its folder"),
        pytest.param({"pattern": "wheels-*"}, ["wheels-a/a.txt", "wheels-b/deep/b.txt"], id="by pattern"),
        pytest.param({"pattern": "{docs,*-a}", "path": "x"}, ["x/docs/c.txt", "x/wheels-a/a.txt"], id="braces"),
        pytest.param({"pattern": "!wheels-*"}, ["docs/c.txt"], id="all but"),
        pytest.param({"pattern": "wheels-[a]", "merge_multiple": "true"}, ["a.txt"], id="a set, merged"),
        pytest.param({"merge_multiple": "true"}, ["a.txt", "c.txt", "deep/b.txt"], id="merged"),
        pytest.param({"pattern": "none*"}, [], id="nothing matches"),
    ],
)
def test_what_comes_and_where_it_is_laid(later: Bench, inputs: dict[str, str], expected: list[str]) -> None:
    result = later.use(USES, **inputs)
    assert sorted(contents(later.place.workspace_folder)) == expected
    assert result.outputs["download-path"].startswith(later.place.workspace)


def test_contents_come_as_they_were_and_modes_do_not(later: Bench) -> None:
    later.use(USES, name="docs", path="~/docs")
    file = Path(later.place.environment["HOME"]) / "docs" / "c.txt"
    assert file.read_text() == "c/c.txt\n"
    assert not file.stat().st_mode & 0o111


def test_by_id(bench: Bench, workspace: Path, tmp_path: Path) -> None:
    lay(workspace, "a", "b")
    number = bench.use("actions/upload-artifact", name="one", path="a").outputs["artifact-id"]
    bench.use("actions/upload-artifact", name="two", path="b")
    later = bench.in_another_place(FolderPlace(tmp_path / "later"))
    later.use(USES, artifact_ids=number)
    assert contents(later.place.workspace_folder) == {"one/a": b"a\n"}
    assert "one of these IDs: 12" in later.failure(USES, artifact_ids="12")


def test_a_name_that_no_artifact_has_fails_and_lists_what_there_is(later: Bench) -> None:
    assert later.failure(USES, name="wheel") == (
        'Unable to download artifact(s): Artifact not found for name: wheel (this run has: "wheels-a", "wheels-b", "docs")'
    )


def test_artifacts_of_another_run_are_not_at_hand(later: Bench) -> None:
    later.use(USES, name="docs", run_id="7")
    assert later.failure(USES, name="docs", run_id="8") == ('only artifacts of this run are at hand here: those of run "8" are not')


def test_name_and_ids_can_not_be_used_together(later: Bench) -> None:
    assert "cannot be used together" in later.failure(USES, name="docs", artifact_ids="1")


def test_a_broken_artifact_fails(later: Bench) -> None:
    blob = later.blobs.path(later.artifacts["docs"])
    blob.write_bytes(blob.read_bytes()[:-1])
    assert 'the artifact "docs" is broken' in later.failure(USES, name="docs")
