"""What a run is asked to do, and all that it needs from outside: nothing below reads the environment or a setting itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipelinekit.caches.blobs import BlobStore
from pipelinekit.caches.keys import CacheKeys
from pipelinekit.caches.legs import LegStore
from pipelinekit.executors.base import Executor
from pipelinekit.model.event import Event
from pipelinekit.model.plan import Plan
from pipelinekit.model.run_state import LegState
from pipelinekit.runs.folders import Actions
from pipelinekit.runs.masks import Masks
from pipelinekit.workspaces.manifest import Manifest
from pipelinekit.workspaces.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Remembering:
    """What legs that would come out the same are found with. encode, decode: an event as a line, and back.

    inputs: by the id of a job the globs of all files that it reads, for those that declare them. recalls: whether what was kept
    may stand for a leg; without, legs are only kept.
    """

    legs: LegStore
    manifest: Manifest
    encode: Callable[[Event], bytes]
    decode: Callable[[bytes], Event]
    inputs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    recalls: bool = True


@dataclass(frozen=True, slots=True)
class RunRequest:
    """folder: for this run's workspaces, made and removed by it. environment: laid over the workflow's (`--env`).

    runners: label to image. reports: globs of test reports and coverage files, from the workspace's
    top. cores: legs at a time. now: seconds since 1970 that never run backwards. keep_seconds: how long the place of a leg that
    stands at a stop is kept, 0 for not at all. before: the legs of the attempt before this one, by name. start: `JOB` or
    `JOB/STEP` from which on everything runs again, '' for what had not ended well. renewed: files of the repository that have
    changed since the attempt before, so that legs that go on begin again at their checkout. remembering: None where nothing is.
    """

    plan: Plan
    run_id: str
    number: int
    attempt: int
    executor: Executor
    snapshot: Snapshot
    actions: Actions
    blobs: BlobStore
    caches: CacheKeys
    folder: Path
    masks: Masks
    now: Callable[[], float]
    cores: int
    host: str
    secrets: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    runners: Mapping[str, str] = field(default_factory=dict)
    reports: tuple[str, ...] = ()
    engine_socket: bool = False
    source: str = "pipelinekit"
    keep_seconds: float = 0.0
    before: Mapping[str, LegState] = field(default_factory=dict)
    start: str = ""
    renewed: tuple[str, ...] = ()
    remembering: Remembering | None = None
