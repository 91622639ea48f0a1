"""actions/upload-artifact: which files, under which names, and what is refused."""

import io
import zipfile
from pathlib import Path

import pytest

from tests.actions.conftest import Bench, lay

USES = "actions/upload-artifact"


def unzipped(bench: Bench, name: str = "artifact") -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(bench.blobs.read(bench.artifacts[name]))) as zip_:
        return {entry: zip_.read(entry).decode() for entry in zip_.namelist()}


TREE = ["dist/a.whl", "dist/b.tar.gz", "dist/sub/c.whl", "dist/.hidden/d.whl", "dist/.e.whl", "docs/index.html", ".env"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("dist", ["a.whl", "b.tar.gz", "sub/c.whl"], id="a folder is the root of what is in it"),
        pytest.param("dist/", ["a.whl", "b.tar.gz", "sub/c.whl"], id="a folder with a slash"),
        pytest.param("./dist/**", ["a.whl", "b.tar.gz", "sub/c.whl"], id="all below"),
        pytest.param("dist/*.whl", ["a.whl"], id="a pattern's root is its folder"),
        pytest.param("**/*.whl", ["dist/a.whl", "dist/sub/c.whl"], id="from the workspace"),
        pytest.param("dist/sub/c.whl", ["c.whl"], id="one file is at the root"),
        pytest.param("dist/a.whl\ndist/sub/c.whl", ["a.whl", "sub/c.whl"], id="two paths share a root"),
        pytest.param("dist/sub\ndocs", ["dist/sub/c.whl", "docs/index.html"], id="far apart"),
        pytest.param("dist\n!dist/**/*.whl", ["b.tar.gz"], id="taken out again"),
        pytest.param("dist\n!dist/sub", ["a.whl", "b.tar.gz"], id="a folder taken out"),
        pytest.param(".", ["dist/a.whl", "dist/b.tar.gz", "dist/sub/c.whl", "docs/index.html"], id="everything"),
    ],
)
def test_which_files_and_under_which_names(bench: Bench, workspace: Path, path: str, expected: list[str]) -> None:
    lay(workspace, *TREE)
    bench.use(USES, path=path)
    assert sorted(unzipped(bench)) == expected


def test_hidden_files_come_where_they_are_asked_for(bench: Bench, workspace: Path) -> None:
    lay(workspace, *TREE)
    bench.use(USES, path="dist", include_hidden_files="true")
    assert sorted(unzipped(bench)) == [".e.whl", ".hidden/d.whl", "a.whl", "b.tar.gz", "sub/c.whl"]
    bench.use(USES, path=".env", name="env", include_hidden_files="true")
    assert unzipped(bench, "env") == {".env": ".env\n"}
    bench.use(USES, path=".env", name="none")
    assert "none" not in bench.artifacts


def test_home_and_absolute_paths_are_found_and_links_followed(bench: Bench, workspace: Path, tmp_path: Path) -> None:
    lay(Path(bench.place.environment["HOME"]), "report/r.txt")
    lay(tmp_path / "aside", "a.txt", "deep/b.txt")
    (workspace / "link").symlink_to(tmp_path / "aside" / "deep")
    bench.use(USES, path="~/report", name="home")
    bench.use(USES, path=str(tmp_path / "aside" / "*.txt"), name="aside")
    bench.use(USES, path="link", name="link")
    assert unzipped(bench, "home") == {"r.txt": "report/r.txt\n"}
    assert unzipped(bench, "aside") == {"a.txt": "a.txt\n"}
    assert unzipped(bench, "link") == {"b.txt": "deep/b.txt\n"}


def test_the_artifact_is_recorded_with_its_size_and_outputs(bench: Bench, workspace: Path) -> None:
    lay(workspace, *TREE)
    outputs = bench.use(USES, path="dist", name="wheels").outputs
    (event,) = bench.saved_artifacts()
    assert (event.name, event.files, event.leg, event.step) == ("wheels", 3, "test", 3)
    assert event.digest == bench.artifacts["wheels"] == f"sha256:{outputs['artifact-digest']}"
    assert event.size_bytes == bench.blobs.size_bytes(event.digest)
    assert outputs["artifact-id"].isdigit()
    assert bench.blobs.verify(event.digest)
    assert bench.said[0] == "With the provided path, there will be 3 files uploaded"


@pytest.mark.parametrize(("level", "is_smaller"), [("0", False), ("1", True), ("6", True), ("9", True)])
def test_compression_level(bench: Bench, workspace: Path, level: str, is_smaller: bool) -> None:
    (workspace / "a.txt").write_text("a" * 10_000)
    bench.use(USES, path="a.txt", compression_level=level)
    assert (bench.saved_artifacts()[0].size_bytes < 1_000) is is_smaller


@pytest.mark.parametrize(("how", "is_warned"), [("warn", True), ("ignore", False)])
def test_no_files_is_told(bench: Bench, how: str, is_warned: bool) -> None:
    assert bench.use(USES, path="gone", if_no_files_found=how).outputs == {}
    assert bench.artifacts == {}
    assert bench.said[-1].endswith("No files were found with the provided path: gone. No artifacts will be uploaded.")
    assert bool(bench.warnings()) is is_warned


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"path": "gone", "if_no_files_found": "error"}, "No files were found with the provided path: gone."),
        ({"path": "gone", "if_no_files_found": "explode"}, "Unrecognized if-no-files-found input"),
        ({"path": "dist", "compression_level": "10"}, "Invalid compression-level"),
        ({"path": "dist/../dist"}, "Relative pathing '.' and '..' is not allowed"),
        ({"path": "  \n"}, "Input required and not supplied: path"),
        *(({"path": "dist", "name": f"a{c}b"}, "The artifact name is not valid") for c in '":<>|*?\r\n\\/'),
    ],
)
def test_what_is_refused(bench: Bench, workspace: Path, inputs: dict[str, str], words: str) -> None:
    lay(workspace, *TREE)
    assert words in bench.failure(USES, **inputs)
    assert bench.artifacts == {}


def test_a_file_name_that_an_artifact_can_not_have_is_refused(bench: Bench, workspace: Path) -> None:
    lay(workspace, "dist/a:b")
    assert "Contains the following character: Colon :" in bench.failure(USES, path="dist")


def test_a_name_is_taken_once_a_run_unless_it_is_overwritten(bench: Bench, workspace: Path) -> None:
    lay(workspace, "a", "b")
    bench.use(USES, path="a")
    assert "(409) Conflict" in bench.failure(USES, path="b")
    assert "(409) Conflict" in bench.failure(USES, path="a"), "even with the same content"
    bench.use(USES, path="b", overwrite="true")
    assert unzipped(bench) == {"b": "b\n"}
