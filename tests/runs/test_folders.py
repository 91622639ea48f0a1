"""Which folder stands for an action, and what is in it."""

from pathlib import Path

import pytest

from pipelinekit.runs.folders import ActionFolder, Actions, laid
from tests.repositories import write

COMPOSITE = "runs: {using: composite, steps: []}\n"


@pytest.mark.parametrize(
    ("uses", "rows", "path", "row"),
    [
        pytest.param("acme/a@v1", {"acme/a": "ci/a"}, "ci/a", "acme/a", id="without-its-ref"),
        pytest.param("acme/a@v1", {"acme/a": "ci/a", "acme/a@v1": "ci/one"}, "ci/one", "acme/a@v1", id="with-its-ref-first"),
        pytest.param("acme/a@v1", {"acme/a": "./ci/../vendor/a/"}, "vendor/a", "acme/a", id="path-is-made-plain"),
        pytest.param("acme/a@v1", {"acme/a": "/else/where"}, "/else/where", "acme/a", id="absolute"),
        pytest.param("./ci/a", {}, "ci/a", "", id="in-the-workspace"),
        pytest.param("./ci/a", {"./ci/a": "ci/b"}, "ci/b", "./ci/a", id="a-row-for-one-in-the-workspace"),
        pytest.param("$/ci/a", {}, "ci/a", "", id="beside-its-file"),
    ],
)
def test_the_folder_of(uses: str, rows: dict[str, str], path: str, row: str, tmp_path: Path) -> None:
    folder = Actions(tmp_path, rows).folder(uses)
    assert folder is not None
    assert (folder.path, folder.row) == (tmp_path / path, row)
    assert folder.in_workspace is (uses.startswith("./") and not row)


@pytest.mark.parametrize("uses", ["acme/a@v1", "docker://alpine", "$/", "../ci/a", "acme/skipped@v1"])
def test_no_folder_stands_for(uses: str, tmp_path: Path) -> None:
    assert Actions(tmp_path, {"acme/skipped": "skip"}).folder(uses) is None


@pytest.mark.parametrize(
    ("uses", "to", "root"),
    [
        ("acme/tools@v1", "vendor/x", "vendor/x"),
        ("acme/tools/deep/a@v1", "vendor/tools/deep/a", "vendor/tools"),
        ("acme/tools/a@v1", "vendor/other", "vendor/other"),
    ],
)
def test_where_the_repository_of_a_mapped_action_begins(uses: str, to: str, root: str, tmp_path: Path) -> None:
    folder = Actions(tmp_path, {uses: to}).folder(uses)
    assert folder is not None
    assert folder.root == tmp_path / root


def folder_of(path: Path) -> ActionFolder:
    return ActionFolder("acme/a", path, path)


def test_the_action_file_of_the_first_name_is_taken_and_named_as_a_person_sees_it(tmp_path: Path) -> None:
    write(tmp_path, "top/ci/a/action.yaml", COMPOSITE)
    write(tmp_path, "top/ci/a/action.yml", "name: first\n" + COMPOSITE)
    found = Actions(tmp_path / "top", seen_from=tmp_path / "top" / "docs").find(folder_of(tmp_path / "top" / "ci" / "a"))
    assert found.file == "../ci/a/action.yml"
    assert found.action is not None
    assert str(found.action.name) == "first"


def test_what_no_file_says_or_only_a_dockerfile(tmp_path: Path) -> None:
    write(tmp_path, "a/Dockerfile", "FROM x")
    write(tmp_path, "b/readme", "x")
    actions = Actions(tmp_path)
    found = {name: actions.find(folder_of(tmp_path / name)) for name in ("a", "b", "c")}
    assert [(one.file, one.action, one.is_dockerfile) for one in found.values()] == [("", None, True), ("", None, False), ("", None, False)]


def test_an_action_that_is_not_right_is_found_with_its_problems(tmp_path: Path) -> None:
    write(tmp_path, "a/action.yml", "runs: {using: composite}\n")
    found = Actions(tmp_path).find(folder_of(tmp_path / "a"))
    assert found.action is None
    assert [str(problem.position) for problem in found.problems] == ["a/action.yml:1:7"]


def test_an_action_is_read_once(tmp_path: Path) -> None:
    actions = Actions(tmp_path)
    assert actions.read("a.yml", COMPOSITE.encode())[0] is actions.read("a.yml", COMPOSITE.encode())[0]
    write(tmp_path, "a/action.yml", COMPOSITE)
    first = actions.find(folder_of(tmp_path / "a"))
    write(tmp_path, "a/action.yml", "name: edited\n" + COMPOSITE)
    assert actions.find(folder_of(tmp_path / "a")) is first


def test_all_is_laid_but_what_git_and_the_store_keep_and_links_are_followed_once(tmp_path: Path) -> None:
    for name in ("a/action.yml", "a/lib/x.sh", "a/.git/HEAD", "a/.pipelinekit/x", "shared/y.sh"):
        write(tmp_path, name, name)
    (tmp_path / "a" / "more").symlink_to("../shared")
    (tmp_path / "a" / "again").symlink_to(".")
    (tmp_path / "a" / "gone").symlink_to("nowhere")
    assert [name for name, _ in laid(tmp_path / "a")] == ["action.yml", "lib/x.sh", "more/y.sh"]


def test_files_are_named_from_the_top_and_looked_at_again_only_when_asked(tmp_path: Path) -> None:
    write(tmp_path, "top/ci/a/action.yml", COMPOSITE)
    write(tmp_path, "shared/b/action.yml", COMPOSITE)
    actions, a, b = Actions(tmp_path / "top"), folder_of(tmp_path / "top" / "ci" / "a"), folder_of(tmp_path / "shared" / "b")
    before = actions.files(a)
    assert (list(before), list(actions.files(b))) == (["ci/a/action.yml"], ["../shared/b/action.yml"])
    (tmp_path / "top" / "ci" / "a" / "action.yml").chmod(0o755)
    assert actions.files(a) == before
    assert actions.files(a, anew=True) != before
