"""A repository and its runs, one after another, of which later ones may remember what earlier ones came to."""

import os
from collections.abc import Mapping
from pathlib import Path

from pipelinekit.caches.blobs import BlobStore
from pipelinekit.caches.legs import LegStore
from pipelinekit.model.event import Event, LegFinished, LinesLogged
from pipelinekit.model.trigger import Trigger
from pipelinekit.records.event_lines import decode, encode
from pipelinekit.runs.request import Remembering
from pipelinekit.runs.run import Run
from pipelinekit.workspaces.manifest import Manifest
from tests.repositories import write
from tests.runs.fakes import FakeExecutor
from tests.runs.running import make_run, of

FIRST, SECOND, THIRD = (f"0192f000-0000-7000-8000-00000000000{n}" for n in (1, 2, 3))


class Bench:
    """Runs of one repository, one after another. executor: of all of them, with the places that they opened."""

    def __init__(self, tmp_path: Path) -> None:
        self.tmp_path = tmp_path
        self.top = tmp_path / "repository"
        self.executor = FakeExecutor()
        self.blobs = BlobStore(tmp_path / "blobs")
        self.legs = LegStore(tmp_path / "legs", self.blobs)
        for name in ("a.txt", "b.txt"):
            write(self.top, name, name)

    def make(
        self, text: str, run_id: str, *, inputs: Mapping[str, tuple[str, ...]] | None = None, fresh: bool = False,
        secrets: Mapping[str, str] | None = None, environment: Mapping[str, str] | None = None,
        trigger: Trigger | None = None, actions: Mapping[str, str] | None = None,
    ) -> Run:
        # Each run has folders of its own: a place is found by the run's folder.
        remembering = Remembering(self.legs, Manifest(self.top, os.environ), encode, decode, inputs or {}, recalls=not fresh)
        folder = self.tmp_path / run_id
        folder.mkdir(exist_ok=True)
        for name in ("blobs", "repository"):
            if not (folder / name).exists():
                (folder / name).symlink_to(self.tmp_path / name)
        self.blobs.root.mkdir(exist_ok=True)
        return make_run(
            text, folder, self.executor, secrets=secrets, environment=environment, trigger=trigger, actions=actions,
            run_id=run_id, remembering=remembering,
        )

    def run(self, text: str, run_id: str, **how: object) -> list[Event]:
        return list(self.make(text, run_id, **how))  # type: ignore[arg-type]

    def why(self, text: str, run_id: str = SECOND, **how: object) -> str:
        """Run it, and say why its leg `t` ran, as the log of it does."""
        [line] = [
            text.removeprefix("remembered: no, because ")
            for e in of(LinesLogged, self.run(text, run_id, **how)) if e.leg == "t"
            for _, text in e.lines if text.startswith("remembered: no")
        ] or [""]
        return line


def remembered(events: list[Event]) -> dict[str, str]:
    """The run that each leg comes from, '' where it ran."""
    return {event.leg: event.remembered for event in of(LegFinished, events)}


def with_step(line: str) -> str:
    return f"on: push\njobs:\n  t:\n    runs-on: x\n    steps:\n      - {line}\n"
