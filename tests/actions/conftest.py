"""A place that is a folder of this machine, and calls of actions in it."""

import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from pipelinekit.actions.all_actions import SHIMS
from pipelinekit.actions.base import ActionCall, ActionFailed, ActionResult
from pipelinekit.caches.blobs import BlobStore
from pipelinekit.caches.keys import CacheKeys
from pipelinekit.executors.base import Command, CommandResult, Lines, Place, Usage
from pipelinekit.model.event import ArtifactSaved, CacheUsed, Event, ReportFound
from pipelinekit.model.node import Value
from pipelinekit.model.outcome import Outcome
from pipelinekit.workspaces.snapshot import Snapshot
from tests.workspaces.conftest import ENVIRONMENT, contents, git, repository

__all__ = ["contents", "git", "repository"]


@dataclass
class FolderPlace:
    """workspace, temp and home are folders below `folder`; commands are processes of this machine."""

    folder: Path
    image: str = "an-image"
    image_digest: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    commands: list[tuple[str, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name in ("workspace", "temp", "home"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.environment = {**ENVIRONMENT, "HOME": str(self.folder / "home"), **self.environment}

    @property
    def name(self) -> str:
        return str(self.folder)

    @property
    def workspace(self) -> str:
        return str(self.folder / "workspace")

    @property
    def temp(self) -> str:
        return str(self.folder / "temp")

    @property
    def private(self) -> str:
        return str(self.folder / "private")

    @property
    def workspace_folder(self) -> Path:
        return self.folder / "workspace"

    def perform(self, command: Command, on_lines: Lines) -> CommandResult:
        self.commands.append(command.argv)
        environment = {**self.environment, **command.environment}
        done = subprocess.run(
            ["env", *command.argv],  # `env` answers 127 where there is no such program
            cwd=Path(self.workspace) / command.directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.stdout:
            on_lines(done.stdout.splitlines())
        return CommandResult(done.returncode)

    def terminal(self, command: Command, stdin: int, stdout: int) -> int:
        raise AssertionError("no test of an action opens a terminal")

    def stop(self) -> None:
        raise AssertionError("no test stops a command")

    def read(self, path: str) -> bytes:
        return Path(path).read_bytes()

    def write(self, path: str, content: bytes, mode: int = 0o644) -> None:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(content)

    def fetch(self, path: str, file: Path) -> None:
        file.write_bytes(self.read(path))

    def send(self, file: Path, path: str) -> None:
        self.write(path, file.read_bytes())

    def close(self) -> Usage:
        return Usage()

    def keep(self) -> Usage:
        return Usage()


@dataclass
class Bench:
    """Calls actions as the runner does, and keeps what they said and what happened."""

    place: Place
    snapshot: Snapshot
    blobs: BlobStore
    caches: CacheKeys
    github: dict[str, Value] = field(default_factory=dict)
    artifacts: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    time: float = 1_000_000.0

    def call(self, uses: str, **inputs: str) -> ActionCall:
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        known = SHIMS[uses].inputs
        given = {name if name in known else name.replace("-", "_"): value for name, value in given.items()}
        assert set(given) <= set(known)

        def run(command: Command) -> CommandResult:
            return self.place.perform(command, self.said.extend)

        return ActionCall(
            leg="test",
            step=3,
            uses=f"{uses}@v4",
            inputs={name: given.get(name, input_.default) for name, input_ in known.items()},
            github=self.github,
            environment=dict(self.place.environment),
            place=self.place,
            snapshot=self.snapshot,
            blobs=self.blobs,
            caches=self.caches,
            artifacts=self.artifacts,
            job_outcome=Outcome.SUCCESS,
            now=self.now,
            say=self.said.append,
            emit=self.events.append,
            run=run,
        )

    def now(self) -> float:
        self.time += 0.5
        return self.time

    def use(self, uses: str, **inputs: str) -> ActionResult:
        return SHIMS[uses].main(self.call(uses, **inputs))

    def post(self, result: ActionResult, uses: str, outcome: Outcome = Outcome.SUCCESS, **inputs: str) -> None:
        assert result.post is not None
        result.post(replace(self.call(uses, **inputs), job_outcome=outcome))

    def failure(self, uses: str, **inputs: str) -> str:
        with pytest.raises(ActionFailed) as failed:
            self.use(uses, **inputs)
        return str(failed.value)

    def in_another_place(self, place: Place) -> "Bench":
        """The same run and store; what is said and what happens is kept apart."""
        return replace(self, place=place, said=[], events=[])

    def cache_results(self) -> list[tuple[str, str, str]]:
        return [(e.result, e.key, e.matched_key) for e in self.events if isinstance(e, CacheUsed)]

    def saved_artifacts(self) -> list[ArtifactSaved]:
        return [event for event in self.events if isinstance(event, ArtifactSaved)]

    def reports(self) -> list[ReportFound]:
        return [event for event in self.events if isinstance(event, ReportFound)]

    def warnings(self) -> list[str]:
        return [line for line in self.said if line.startswith("::warning::")]


MakeBench = Callable[..., Bench]


@pytest.fixture
def bench(tmp_path: Path, repository: Path) -> Bench:
    blobs = BlobStore(tmp_path / "store" / "blobs")
    return Bench(
        FolderPlace(tmp_path / "place"),
        Snapshot(repository, tmp_path / "snapshot", ENVIRONMENT),
        blobs,
        CacheKeys(tmp_path / "store" / "caches", blobs),
        {
            "repository": "acme/shop",
            "ref": "refs/heads/main",
            "ref_name": "main",
            "sha": "1234567890" * 4,
            "event": {"repository": {"default_branch": "main"}},
            "run_id": "7",
        },
    )


@pytest.fixture
def workspace(bench: Bench) -> Path:
    return bench.place.workspace_folder


def lay(folder: Path, *names: str) -> None:
    """Make files whose content is their name."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{name}\n")


def needs_program(name: str) -> pytest.MarkDecorator:
    there = any((Path(folder) / name).exists() for folder in os.get_exec_path())
    return pytest.mark.skipif(not there, reason=f"{name} is not installed")
