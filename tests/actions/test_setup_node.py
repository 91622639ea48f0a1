"""actions/setup-node: the version is verified, told, and the package manager's cache kept."""

from pathlib import Path

import pytest

from tests.actions.conftest import Bench, FolderPlace, contents, lay

USES = "actions/setup-node"


@pytest.fixture
def programs(bench: Bench, tmp_path: Path) -> Path:
    """A node 20.11.1, and package managers that keep their caches in HOME."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name, words in {"node": "v20.11.1", "npm": "$HOME/.npm", "pnpm": "$HOME/.pnpm", "yarn": "$HOME/.yarn"}.items():
        (folder / name).write_text(f'#!/bin/sh\necho "{words}"\n')
        (folder / name).chmod(0o755)
    assert isinstance(bench.place, FolderPlace)
    bench.place.environment = {**bench.place.environment, "PATH": f"{folder}:/usr/bin:/bin"}
    return folder


@pytest.mark.parametrize("wish", ["20", "20.x", ">=18", "lts/*", "lts/iron", "20.11.1", "latest", ""])
def test_a_version_that_the_place_has_is_told(bench: Bench, programs: Path, wish: str) -> None:
    assert bench.use(USES, node_version=wish).outputs == {"node-version": "v20.11.1"}


@pytest.mark.parametrize("wish", ["18", "lts/hydrogen", ">20.11.1 <21", "nonsense"])
def test_another_version_fails_and_says_what_is_there(bench: Bench, programs: Path, wish: str) -> None:
    assert bench.failure(USES, node_version=wish) == (f"Unable to find Node version '{wish}': this place (an-image) has v20.11.1")


def test_a_place_without_node_fails(bench: Bench, programs: Path) -> None:
    (programs / "node").write_text("#!/bin/sh\nexit 127\n")
    assert bench.failure(USES, node_version="20") == "there is no Node in this place (an-image)"


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (".nvmrc", "v18\n"),
        (".tool-versions", "python 3.11\nnodejs 18.1.0\n"),
        ("package.json", '{"engines": {"node": "18"}}'),
        ("package.json", '{"volta": {"node": "18.0.0"}, "engines": {"node": "20"}}'),
    ],
)
def test_a_version_file_is_obeyed(bench: Bench, programs: Path, workspace: Path, file: str, text: str) -> None:
    (workspace / file).write_text(text)
    assert "Unable to find Node version '18" in bench.failure(USES, node_version_file=file)


def test_a_version_file_that_is_not_there_fails(bench: Bench, programs: Path) -> None:
    assert bench.failure(USES, node_version_file="x") == "The specified node version file at: x does not exist"


def test_a_registry_gets_its_npmrc(bench: Bench, programs: Path) -> None:
    result = bench.use(USES, registry_url="https://npm.example.org", scope="Acme")
    file = Path(result.environment["NPM_CONFIG_USERCONFIG"])
    assert file.read_text() == ("//npm.example.org/:_authToken=${NODE_AUTH_TOKEN}\n@acme:registry=https://npm.example.org/\n")
    assert result.environment["NODE_AUTH_TOKEN"] == "XXXXX-XXXXX-XXXXX-XXXXX"


@pytest.mark.parametrize(("manager", "lock"), [("npm", "package-lock.json"), ("pnpm", "pnpm-lock.yaml"), ("yarn", "yarn.lock")])
def test_the_cache_of_each_manager_comes_back(
    bench: Bench, programs: Path, workspace: Path, tmp_path: Path, manager: str, lock: str
) -> None:
    lay(workspace, lock)
    first = bench.use(USES, cache=manager)
    assert first.outputs["cache-hit"] == "false"
    lay(Path(bench.place.environment["HOME"]), f".{manager}/x")
    bench.post(first, USES, cache=manager)
    assert bench.cache_results()[-1][1].startswith(f"node-cache-Linux-x64-{manager}-")
    (Path(bench.place.environment["HOME"]) / f".{manager}" / "x").unlink()
    assert bench.use(USES, cache=manager).outputs["cache-hit"] == "true"
    assert contents(Path(bench.place.environment["HOME"])) == {f".{manager}/x": f".{manager}/x\n".encode()}


def test_on_the_host_the_authors_own_cache_is_left_alone(bench: Bench, programs: Path, workspace: Path) -> None:
    lay(workspace, "package-lock.json")
    assert isinstance(bench.place, FolderPlace)
    bench.place.image = ""
    assert bench.use(USES, cache="npm").environment == {"npm_config_cache": f"{bench.place.temp}/npm-cache"}


@pytest.mark.parametrize(
    ("cache", "path", "words"),
    [
        ("npm", "", "Dependencies lock file is not found"),
        ("npm", "gone.json", "Some specified paths were not resolved"),
        ("bun", "", "Caching for 'bun' is not supported"),
    ],
)
def test_a_cache_that_can_not_be_had_fails(bench: Bench, programs: Path, cache: str, path: str, words: str) -> None:
    assert words in bench.failure(USES, cache=cache, cache_dependency_path=path)
