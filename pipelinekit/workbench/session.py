"""A run as a person holds it: its events go to the journal as they come, its state can be looked at, its Parquet is made."""

import contextlib
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from pipelinekit.caches.blobs import BlobStore
from pipelinekit.caches.keys import CacheKeys
from pipelinekit.executors.all_executors import EXECUTORS
from pipelinekit.importers.all_importers import read_report
from pipelinekit.importers.report_broken import ReportBroken
from pipelinekit.model.event import Event, Measured, Noted, ReportFound
from pipelinekit.model.problem import SurroundingsMissing
from pipelinekit.model.run_state import RunState, fold
from pipelinekit.records.run_id import new_run_id
from pipelinekit.records.store import Store
from pipelinekit.runs.masks import Masks
from pipelinekit.runs.request import RunRequest
from pipelinekit.runs.run import Run
from pipelinekit.workbench.planning import Planned
from pipelinekit.workspaces.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a run needs of this machine. environment: of the process. secrets: name to value, never written anywhere."""

    store: Store
    environment: Mapping[str, str]
    executor: str = "docker"
    cores: int = 2
    host: str = "localhost"
    secrets: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)


class Session:
    """One run, from its first event to its Parquet. Iterate to run it, or call `step()` and `finish()`."""

    def __init__(self, planned: Planned, surroundings: Surroundings) -> None:
        self.plan = planned.plan
        self.store = surroundings.store
        self.run_id = new_run_id()
        self.state = RunState()
        self._masks = Masks(surroundings.secrets.values())
        self._blobs = BlobStore(self.store.path / "blobs")
        self._executor = EXECUTORS[surroundings.executor](surroundings.environment)
        self._folder = self.store.path / "work" / self.run_id
        self.number = self.store.next_number()
        self._run = Run(self._request(planned, surroundings))
        self._journal = self.store.start_journal(self.run_id, 1)
        self._recorded = False
        self._measured: set[tuple[str, str]] = set()

    def _request(self, planned: Planned, surroundings: Surroundings) -> RunRequest:
        folder = self._folder
        return RunRequest(
            plan=planned.plan,
            run_id=self.run_id,
            number=self.number,
            attempt=1,
            executor=self._executor,
            snapshot=Snapshot(planned.top, folder / "snapshot", surroundings.environment),
            blobs=self._blobs,
            caches=CacheKeys(self.store.path / "caches", self._blobs),
            folder=folder,
            masks=self._masks,
            now=steady_clock(),
            cores=surroundings.cores,
            host=surroundings.host,
            secrets=surroundings.secrets,
            environment=surroundings.variables,
            runners=planned.settings.runners,
            actions=planned.settings.actions,
            reports=planned.settings.reports,
            engine_socket=planned.settings.engine_socket,
        )

    def prepare(self, say: Callable[[str], None]) -> None:
        """Make sure that the images are there; may pull for minutes. Raises SurroundingsMissing, and then nothing was recorded."""
        try:
            self._run.prepare(say)
        except BaseException:
            self._journal.close()
            self._journal.path.unlink(missing_ok=True)
            raise

    def __iter__(self) -> Iterator[Event]:
        """Every event until the end, each in the journal before it is given out; then the Parquet is made.

        Raises SurroundingsMissing at the end where the place of a leg was lost on the way: the run is recorded then.
        """
        warm = threading.Thread(target=self._warm)
        warm.start()
        events = iter(self._run)
        try:
            for event in events:
                yield from self._kept(event)
        finally:
            if not self.state.state.finished:  # the reader has gone: the run ends, and that is recorded too
                threading.Thread(target=self._run.cancel, args=("its reader has gone",)).start()
                for event in events:
                    list(self._kept(event))
            warm.join()
            self._record()
        if self._run.missing is not None:
            raise self._run.missing

    def step(self) -> list[Event]:
        """One step of the first leg that is not through. Nothing more to do: an empty list, and the run is recorded."""
        events = [kept for event in self._run.step() for kept in self._kept(event)]
        if self.state.state.finished:
            self._record()
        return events

    def finish(self) -> RunState:
        """All that is left; how it ended."""
        for _ in self:
            pass
        return self.state

    def cancel(self, why: str = "it was cancelled") -> None:
        """From another thread: end what runs. `always()` steps still run."""
        self._run.cancel(why)

    def _kept(self, event: Event) -> Iterator[Event]:
        self._journal.append(event)
        self.state = fold(self.state, event)
        yield event
        if isinstance(event, ReportFound):
            for measured in self._measure(event):
                self._journal.append(measured)
                self.state = fold(self.state, measured)
                yield measured

    def _measure(self, found: ReportFound) -> Iterator[Event]:
        if (found.leg, found.digest) in self._measured:  # an upload named it, and its glob found it again
            return
        self._measured.add((found.leg, found.digest))
        try:
            tests, coverage = read_report(self._blobs.path(found.digest), top=found.top)
        except ReportBroken as broken:
            yield Noted(found.at, f"{found.path} was left out: {broken}", found.leg)
            return
        hide = self._masks.hide
        masked = tuple(replace(t, test=hide(t.test), class_name=hide(t.class_name), message=hide(t.message)) for t in tests)
        flagged = tuple(replace(file, flag=found.flag) for file in coverage)
        if tests or coverage:
            yield Measured(found.at, found.leg, found.path, masked, flagged)

    def _warm(self) -> None:
        import pyarrow.parquet  # noqa: F401 - 0.2 s, spent while the first leg starts

    def _record(self) -> None:
        if not self._recorded:
            self._recorded = True
            self._executor.close()
            shutil.rmtree(self._folder, ignore_errors=True)
            self.store.record(self._journal)
            self._journal.close()


def steady_clock() -> Callable[[], float]:
    """Seconds since 1970 that never run backwards: the wall clock once, the monotonic one from there on."""
    started, wall = time.monotonic(), time.time()
    return lambda: wall + time.monotonic() - started


def recover(store: Store, environment: Mapping[str, str]) -> list[str]:
    """Record the runs that were killed, and remove what they left: containers (where an engine answers) and workspaces."""
    run_ids = store.recover()
    for run_id in run_ids:
        shutil.rmtree(store.path / "work" / run_id, ignore_errors=True)
    if run_ids:
        with contextlib.suppress(SurroundingsMissing):  # without an engine there is no container left either
            EXECUTORS["docker"](environment).sweep(frozenset(run_ids))
    return run_ids


