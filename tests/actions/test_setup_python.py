"""actions/setup-python: the version is verified, told, and pip's cache kept."""

import hashlib
import json
import platform
import sys
from pathlib import Path

import pytest

from pipelinekit.actions.setup_python import _wish_in
from pipelinekit.model.outcome import Outcome
from tests.actions.conftest import Bench, FolderPlace, contents, lay

USES = "actions/setup-python"
HERE = platform.python_version()


@pytest.fixture
def programs(bench: Bench, tmp_path: Path) -> Path:
    """The only folder with a Python on the place's PATH: this one, and its pip keeps its cache in HOME."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("sh", "env", "ln", "mkdir", "rm", "tar", "find", "git", "cat"):
        (folder / name).symlink_to(next(p for p in (Path("/usr/bin") / name, Path("/bin") / name) if p.exists()))
    python(folder, "python", HERE)
    assert isinstance(bench.place, FolderPlace)
    bench.place.environment = {**bench.place.environment, "PATH": str(folder), "RUNNER_OS": "Linux"}
    return folder


def python(folder: Path, name: str, version: str, implementation: str = "CPython") -> None:
    """A program that answers as a Python does where the action asks, and lays a wheel into its cache."""
    about = json.dumps([version, implementation, str(folder / name), "/opt/python", "x86_64"])
    (folder / name).unlink(missing_ok=True)
    (folder / name).write_text(
        "#!/bin/sh\n"
        f"case \"$*\" in -I*) echo '{about}';;\n"
        '"-m pip cache dir") echo "$HOME/.cache/pip";;\n'
        '*) echo "pip did: $*";; esac\n'
    )
    (folder / name).chmod(0o755)


@pytest.mark.parametrize("wish", ["3.11", "3.x", ">=3.9 <3.12", "3.11.4", "^3.10", "3.13\n3.11", "3.11-dev"])
def test_a_version_that_the_place_has_is_told(bench: Bench, programs: Path, wish: str) -> None:
    python(programs, "python", "3.11.4")
    result = bench.use(USES, python_version=wish)
    assert result.outputs == {"python-version": "3.11.4", "python-path": str(programs / "python")}
    assert result.environment["pythonLocation"] == result.environment["Python3_ROOT_DIR"] == "/opt/python"
    assert "Successfully set up CPython (3.11.4)" in bench.said
    assert result.post is None


@pytest.mark.parametrize("wish", ["3.12", "3.11.5", "<3.11", "pypy3.11", "3.11t", "nonsense"])
def test_another_version_fails_and_says_what_is_there(bench: Bench, programs: Path, wish: str) -> None:
    python(programs, "python", "3.11.4")
    assert bench.failure(USES, python_version=wish) == (
        f"The version '{wish}' of Python is not here: this place (an-image) has CPython 3.11.4"
    )


def test_another_implementation_fails(bench: Bench, programs: Path) -> None:
    python(programs, "python", "3.11.4", "PyPy")
    assert bench.failure(USES, python_version="3.11").endswith("has PyPy 3.11.4")


def test_the_real_python_of_this_machine_answers(bench: Bench) -> None:
    assert isinstance(bench.place, FolderPlace)
    bench.place.environment = {**bench.place.environment, "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
    result = bench.use(USES, python_version=HERE)
    assert result.outputs["python-version"] == HERE
    assert Path(result.outputs["python-path"]).exists()


def test_where_only_python3_is_there_steps_get_a_python(bench: Bench, programs: Path) -> None:
    (programs / "python").unlink()
    python(programs, "python3", HERE)
    result = bench.use(USES, python_version=HERE)
    (folder,) = result.path
    assert (Path(folder) / "python").resolve() == programs / "python3"


def test_a_place_without_python_fails(bench: Bench, programs: Path) -> None:
    (programs / "python").unlink()
    assert bench.failure(USES, python_version="3.11") == "there is no Python in this place (an-image)"


@pytest.mark.parametrize(
    ("file", "text", "wish"),
    [
        (".python-version", "# ours\n3.11\n", "3.11"),
        (".tool-versions", "nodejs 20.1.0\npython 3.11.4 # ours\n", "3.11.4"),
        ("pyproject.toml", '[project]\nrequires-python = ">=3.9,<3.13"\n', ">=3.9 <3.13"),
        ("pyproject.toml", '[project]\nrequires-python = "~=3.9"\n', "^3.9"),
        ("pyproject.toml", '[project]\nrequires-python = "~=3.9.2"\n', "~3.9.2"),
        ("pyproject.toml", '[project]\nrequires-python = "==3.11.*, !=3.11.3"\n', "=3.11.*"),
        ("pyproject.toml", '[tool.poetry.dependencies]\npython = "^3.10"\n', "^3.10"),
        ("pyproject.toml", "[project]\n", ""),
    ],
)
def test_the_version_in_a_file(file: str, text: str, wish: str) -> None:
    assert _wish_in(file, text) == wish


@pytest.mark.parametrize("text", ['[project]\nrequires-python = ">=3.9,<3.12"\n', '[project]\nrequires-python = "~=3.9"\n'])
def test_a_version_file_is_obeyed(bench: Bench, programs: Path, workspace: Path, text: str) -> None:
    python(programs, "python", "3.11.4")
    (workspace / "pyproject.toml").write_text(text)
    bench.use(USES, python_version_file="pyproject.toml")
    assert bench.warnings() == []
    python(programs, "python", "3.8.1")
    assert "is not here" in bench.failure(USES, python_version_file="pyproject.toml")


def test_a_version_file_that_is_not_there_fails(bench: Bench, programs: Path) -> None:
    assert bench.failure(USES, python_version_file="x") == "The specified python version file at: x doesn't exist."


def test_without_a_version_dot_python_version_is_read_else_it_is_told(bench: Bench, programs: Path, workspace: Path) -> None:
    bench.use(USES)
    assert bench.warnings() == ["::warning::Neither 'python-version' nor 'python-version-file' inputs were supplied."]
    (workspace / ".python-version").write_text("2.7\n")
    assert "The version '2.7'" in bench.failure(USES)


def test_update_environment_false_sets_no_variable(bench: Bench, programs: Path) -> None:
    assert bench.use(USES, python_version=HERE, update_environment="false").environment == {}


def test_pip_install_installs(bench: Bench, programs: Path) -> None:
    bench.use(USES, python_version=HERE, pip_version="24.0", pip_install="-r requirements.txt 'a b'")
    did = [line for line in bench.said if line.startswith("pip did")]
    assert did == ["pip did: -m pip install --upgrade pip==24.0", "pip did: -m pip install -r requirements.txt a b"]


def test_pips_cache_is_saved_on_a_miss_and_restored_on_a_hit(bench: Bench, programs: Path, workspace: Path, tmp_path: Path) -> None:
    (workspace / "requirements.txt").write_text("flask\n")
    hashed = hashlib.sha256(hashlib.sha256(b"flask\n").digest()).hexdigest()
    first = bench.use(USES, python_version=HERE, cache="pip")
    assert first.outputs["cache-hit"] == "false"
    assert first.environment.get("PIP_CACHE_DIR") is None
    lay(Path(bench.place.environment["HOME"]), ".cache/pip/wheel")
    bench.post(first, USES, cache="pip")
    (miss, saved) = bench.cache_results()
    assert (miss[0], saved[0], miss[1]) == ("miss", "saved", saved[1])
    assert saved[1].startswith("setup-python-Linux-x64-")
    assert saved[1].endswith(f"-python-{HERE}-pip-{hashed}")

    place = FolderPlace(tmp_path / "next", environment={"PATH": str(programs), "RUNNER_OS": "Linux"})
    place.environment = {**place.environment, "HOME": bench.place.environment["HOME"]}
    (tmp_path / "next" / "workspace" / "requirements.txt").write_text("flask\n")
    (Path(place.environment["HOME"]) / ".cache" / "pip" / "wheel").unlink()
    again = bench.in_another_place(place)
    second = again.use(USES, python_version=HERE, cache="pip")
    assert second.outputs["cache-hit"] == "true"
    assert contents(Path(place.environment["HOME"])) == {".cache/pip/wheel": b".cache/pip/wheel\n"}
    again.post(second, USES, cache="pip")
    assert [result for result, _, _ in again.cache_results()] == ["hit"]

    (tmp_path / "next" / "workspace" / "requirements.txt").write_text("flask\npytest\n")
    third = again.use(USES, python_version=HERE, cache="pip")
    assert third.outputs["cache-hit"] == "false"
    assert again.cache_results()[-1][0] == "partial"


def test_a_job_that_failed_saves_no_cache(bench: Bench, programs: Path, workspace: Path) -> None:
    lay(workspace, "requirements.txt")
    bench.post(bench.use(USES, python_version=HERE, cache="pip"), USES, Outcome.FAILURE, cache="pip")
    assert [result for result, _, _ in bench.cache_results()] == ["miss"]


def test_where_pip_kept_nothing_that_is_told_and_nothing_saved(bench: Bench, programs: Path, workspace: Path) -> None:
    lay(workspace, "requirements.txt")
    bench.post(bench.use(USES, python_version=HERE, cache="pip"), USES, cache="pip")
    assert bench.said[-1].startswith(f"pip kept nothing in {bench.place.environment['HOME']}/.cache/pip")
    assert [result for result, _, _ in bench.cache_results()] == ["miss"]


@pytest.mark.parametrize(
    ("files", "pattern", "expected"),
    [
        (["requirements.txt", "pyproject.toml"], "", ["requirements.txt"]),
        (["pyproject.toml"], "", ["pyproject.toml"]),
        (["a/requirements.txt", "b/requirements.txt"], "", ["a/requirements.txt", "b/requirements.txt"]),
        (["a.txt", "b.txt", "c.txt"], "c.txt\na.txt", ["c.txt", "a.txt"]),
    ],
    ids=["requirements first", "pyproject else", "all of them", "as the author says"],
)
def test_what_the_key_hashes(
    bench: Bench, programs: Path, workspace: Path, files: list[str], pattern: str, expected: list[str]
) -> None:
    lay(workspace, *files)
    bench.use(USES, python_version=HERE, cache="pip", cache_dependency_path=pattern)
    digests = b"".join(hashlib.sha256(f"{name}\n".encode()).digest() for name in expected)
    assert bench.cache_results()[0][1].endswith(hashlib.sha256(digests).hexdigest())


def test_without_a_file_to_hash_the_step_fails(bench: Bench, programs: Path) -> None:
    assert bench.failure(USES, python_version=HERE, cache="pip") == (
        f"No file in {bench.place.workspace} matched to [**/requirements.txt or **/pyproject.toml], "
        "make sure you have checked out the target repository"
    )


def test_on_the_host_the_authors_own_pip_cache_is_left_alone(bench: Bench, programs: Path, workspace: Path, tmp_path: Path) -> None:
    lay(workspace, "requirements.txt")
    lay(Path(bench.place.environment["HOME"]), ".cache/pip/of-the-author")
    assert isinstance(bench.place, FolderPlace)
    bench.place.image = ""
    first = bench.use(USES, python_version=HERE, cache="pip")
    folder = Path(first.environment["PIP_CACHE_DIR"])
    lay(folder, "wheel")
    bench.post(first, USES, cache="pip")
    place = FolderPlace(tmp_path / "next", image="", environment=bench.place.environment)
    lay(tmp_path / "next" / "workspace", "requirements.txt")
    again = bench.in_another_place(place)
    second = again.use(USES, python_version=HERE, cache="pip")
    assert second.outputs["cache-hit"] == "true"
    assert contents(Path(second.environment["PIP_CACHE_DIR"])) == {"wheel": b"wheel\n"}


def test_another_package_manager_is_refused_by_name(bench: Bench, programs: Path) -> None:
    assert bench.failure(USES, python_version=HERE, cache="poetry").startswith("Caching for 'poetry' is not supported here")
