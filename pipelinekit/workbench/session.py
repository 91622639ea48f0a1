"""A run as a person holds it: its events go to the journal as they come, its state can be looked at, its Parquet is made."""

import contextlib
import shutil
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipelinekit.caches.blobs import BlobStore
from pipelinekit.caches.keys import CacheKeys
from pipelinekit.caches.legs import LegStore
from pipelinekit.executors.all_executors import EXECUTORS, SOURCES
from pipelinekit.model.event import Event, Noted, ReportFound, StepFinished, StepStarted
from pipelinekit.model.outcome import State
from pipelinekit.model.problem import Problem, SurroundingsMissing, WorkflowInvalid
from pipelinekit.model.run_state import LegState, RunState, fold
from pipelinekit.records.event_lines import decode, encode
from pipelinekit.records.run_id import new_run_id
from pipelinekit.records.store import Store
from pipelinekit.runs.leg import LegRun
from pipelinekit.runs.masks import Masks
from pipelinekit.runs.preview import Preview
from pipelinekit.runs.request import Remembering, RunRequest
from pipelinekit.runs.run import Run
from pipelinekit.runs.step import usual_name
from pipelinekit.workbench import wishes
from pipelinekit.workbench.breakpoints import ON_FAILURE, Breakpoint, has_failed
from pipelinekit.workbench.kept import KEEP_SECONDS, kept_places, prune
from pipelinekit.workbench.measuring import Measuring
from pipelinekit.workbench.planning import Planned, make
from pipelinekit.workspaces.manifest import Manifest
from pipelinekit.workspaces.snapshot import Snapshot

_LEGS = "legs"  # of the store's folder: what is remembered


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a run needs of this machine. environment: of the process. secrets: name to value, never written anywhere.

    keep: whether a leg that stands at a stop is kept for a day. fresh: whether every leg runs, also one that would come out the
    same.
    """

    store: Store
    environment: Mapping[str, str]
    executor: str = "docker"
    cores: int = 2
    host: str = "localhost"
    secrets: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    keep: bool = True
    fresh: bool = False

    @property
    def may_recall(self) -> bool:
        """Whether there is a leg that may be remembered: then it is too early to get ready for containers."""
        return not self.fresh and (self.store.path / _LEGS).is_dir()


@dataclass(frozen=True, slots=True)
class Attempt:
    """Which attempt of which run. before: legs of the one before it; renewed: files changed since. start: `JOB[/STEP]`, or ''."""

    run_id: str
    number: int
    attempt: int = 1
    before: Mapping[str, LegState] = field(default_factory=dict)
    start: str = ""
    renewed: tuple[str, ...] = ()


class Session:
    """One run, from its first event to its Parquet. Iterate to run it, or take it step by step; both may follow each other.

    hear: gets each event once it is in the journal, in the thread in which it happens.
    """

    def __init__(self, planned: Planned, surroundings: Surroundings, attempt: Attempt | None = None) -> None:
        self.store = surroundings.store
        self.breakpoints: list[Breakpoint] = []
        self.running = False
        self._unwanted = ""
        self.hear: Callable[[Event], None] = lambda _: None
        self.surroundings = surroundings
        self._masks = Masks(surroundings.secrets.values())
        self._blobs = BlobStore(self.store.path / "blobs")
        self._now = steady_clock()
        first = attempt or Attempt(new_run_id(), self.store.next_number())
        self.run_id, self.number = first.run_id, first.number
        self._folder = self.store.path / "work" / self.run_id
        self._begin(planned, first)

    def _begin(self, planned: Planned, attempt: Attempt) -> None:
        self.attempt = attempt.attempt
        self.plan = planned.plan
        self.state = RunState()
        self.planned = planned
        self._executor = EXECUTORS[self.surroundings.executor](self.surroundings.environment)
        if not self.surroundings.may_recall or attempt.attempt > 1:
            self._executor.warm_up()
        self._run, self._recorded = Run(self._request(planned, attempt)), False
        if self._unwanted:
            self._run.cancel(self._unwanted)
        # Making the journal is what decides between two processes that go on with one run: the second finds it there.
        self._journal = self.store.start_journal(self.run_id, self.attempt)
        self._measuring = Measuring(self._blobs, self._masks)
        self._keeping = threading.RLock()  # a leg that is cancelled tells of it in the thread of who cancels
        if self.surroundings.keep:
            given = self.surroundings
            secrets = tuple(sorted(given.secrets))
            wishes.keep(self._folder, wishes.KeptWish(planned.wish, given.executor, secrets, dict(given.variables)))

    def _request(self, planned: Planned, attempt: Attempt) -> RunRequest:
        surroundings, settings = self.surroundings, planned.settings
        return RunRequest(
            plan=planned.plan,
            run_id=self.run_id,
            number=self.number,
            attempt=attempt.attempt,
            executor=self._executor,
            source=SOURCES.get(surroundings.executor, "pipelinekit"),
            snapshot=Snapshot(planned.top, self._folder / f"snapshot-{attempt.attempt}", surroundings.environment),
            blobs=self._blobs,
            caches=CacheKeys(self.store.path / "caches", self._blobs),
            folder=self._folder,
            masks=self._masks,
            now=self._now,
            cores=surroundings.cores,
            host=surroundings.host,
            secrets=surroundings.secrets,
            environment=surroundings.variables,
            runners=settings.runners,
            actions=planned.actions,
            reports=settings.reports,
            engine_socket=settings.engine_socket,
            keep_seconds=KEEP_SECONDS if surroundings.keep else 0.0,
            before=attempt.before,
            start=attempt.start,
            renewed=attempt.renewed,
            remembering=Remembering(
                LegStore(self.store.path / _LEGS, self._blobs), Manifest(planned.top, surroundings.environment), encode, decode,
                settings.inputs, recalls=not surroundings.fresh,
            ),
        )

    def prepare(self, say: Callable[[str], None]) -> None:
        """Make sure that the images are there; may pull for minutes. Raises SurroundingsMissing, and then nothing was recorded."""
        try:
            self._run.prepare(say)
        except BaseException:
            self.forget()
            raise

    def forget(self) -> None:
        """Of an attempt that has not begun nothing stays."""
        self._journal.close()
        self._journal.path.unlink(missing_ok=True)
        if self.attempt == 1:
            shutil.rmtree(self._folder, ignore_errors=True)

    # -- running -------------------------------------------------------------------------------------------------------

    def __iter__(self) -> Iterator[Event]:
        """Every event until the end, each in the journal before it is given out; then the Parquet is made.

        Breakpoints are recorded and passed. Raises SurroundingsMissing at the end where the place of a leg was lost on the way:
        the run is recorded then.
        """
        warm = threading.Thread(target=_warm)
        warm.start()
        events = iter(self._run)
        try:
            for event in events:
                yield from self._kept(event)
                for passed in self._passed(event):
                    yield from self._kept(passed)
        finally:
            if not self.state.state.finished:  # the reader has gone: the run ends, and that is recorded too
                threading.Thread(target=self._run.cancel, args=("its reader has gone",)).start()
                for event in events:  # to the last one, so that no leg waits for a reader; a journal that is full takes none
                    with contextlib.suppress(SurroundingsMissing):
                        list(self._kept(event))
            warm.join()
            self._record()
        if self._run.missing is not None:
            raise self._run.missing

    def cancel(self, why: str = "it was cancelled") -> None:
        """From another thread: end what runs. `always()` steps still run. Of a run that is recorded nothing changes."""
        self._unwanted = why  # before what runs is asked for: an attempt that begins right now is ended by one of the two
        if not self._recorded:
            self._run.cancel(why)

    def finish(self) -> RunState:
        """All that is left, legs in parallel; how it ended. Breakpoints are recorded and passed."""
        for _ in self:
            pass
        return self.state

    # -- step by step --------------------------------------------------------------------------------------------------

    def step(self, among: Collection[str] = ()) -> list[Event]:
        """One step of the first leg that is not through. Nothing more to do: an empty list, and the run is recorded.

        among: ids of the jobs to take it of, empty for all.
        """
        self.running = True
        try:
            return self._take(lambda hear: self._run.step(hear, among))
        finally:
            self.running = False

    def until(self, target: str, tell: Callable[[list[Event]], None] = lambda _: None, *, only: bool = False) -> RunState:
        """Step until the step named by `JOB[/STEP]` is next, to a breakpoint or the end. tell: gets each step's events.

        only: whether jobs that the target does not need are left waiting. Raises WorkflowInvalid where there is no such step, and
        where it has been already.
        """
        wanted, looked = Breakpoint.read(target), False
        wanted.check(self.plan)
        among = wanted.needed(self.plan) if only else ()
        while not self._stands_before(wanted, among):
            if not looked and self.state.started is not None:
                looked = True
                if not wanted.comes(self.plan, self.state):
                    hint = "retry() takes a failed step again, resume(start=...) all from a step on"
                    raise WorkflowInvalid(Problem("target", f'"{target}" does not come any more', hint=hint))
            if not (events := self.step(among)):
                break
            tell(events)
            if self._stop(events, among):
                break
        return self.state

    def go(self, tell: Callable[[list[Event]], None] = lambda _: None) -> Breakpoint | None:
        """Step until a breakpoint, which is given back, or the end. tell: gets each step's events."""
        while events := self.step():
            tell(events)
            if (found := self._stop(events)) is not None:
                return found
        return None

    def skip(self, why: str = "skipped by hand", target: str = "") -> list[Event]:
        """Leave the next step out, or the job or leg named by `target`.

        Raises WorkflowInvalid where that has begun, and where no step is left.
        """
        leg = self.leg()
        if not target and (self.state.state.finished or (leg is not None and leg.begun and leg.next_step() is None)):
            what = f"of {leg.leg.name} " if leg else ""
            raise WorkflowInvalid(Problem("skip", f"no step {what}is left to skip", hint="step() ends the job" if leg else ""))
        return self._take(lambda hear: self._run.skip_job(hear, target, why) if target else self._run.skip(hear, why))

    def retry(self, renewed: tuple[str, ...] = ()) -> list[Event]:
        """Stand before the step that failed again, as a new attempt; both attempts are recorded.

        The workspace is as it was before the step; what happened outside of it is not undone. The workflow is read anew, and a
        step that was edited runs as it is now. renewed: files that have changed; it stands before the checkout then.
        Raises WorkflowInvalid where the workflow is wrong now; then nothing has happened.
        """
        planned = make(self.planned.wish, self.planned.top, self.surroundings.environment)
        before = self._pause(f"taken again in attempt {self.attempt + 1}", failed=True)
        self._begin(planned, Attempt(self.run_id, self.number, self.attempt + 1, before, renewed=renewed))
        return self.step()

    def pause(self, why: str = "it was paused") -> None:
        """Keep what stands, and end the attempt: `pipelinekit resume` goes on, in this process or another.

        Twice is as once. Raises WorkflowInvalid where the run has ended.
        """
        if self.state.state.finished:
            raise WorkflowInvalid(Problem("pause", f"run {self.number} has ended: there is nothing to pause"))
        if self.state.state is not State.PAUSED:
            self._pause(why)

    def set_env(self, name: str, value: str) -> None:
        """For the steps that follow in the leg, as if a step had written it to GITHUB_ENV.

        Raises SurroundingsMissing where no leg is next: the run has not begun, or has ended.
        """
        self._open_leg().set_environment(name, value)

    def shell(self, command: str) -> tuple[int, list[str]]:
        """Run a command as the step that failed, else the next one, would be run: in its folder, with its environment.

        Returns exit code and lines, masked.
        """
        lines: list[str] = []
        result = self._open_leg().shell(command, lines.extend)
        return result.exit_code, [self._masks.hide(line) for line in lines]

    def stop_shell(self) -> None:
        """From another thread: end the command that `shell` runs."""
        if leg := self.leg():
            leg.stop_shell()

    def terminal(self, stdin: int, stdout: int) -> int:
        """An interactive shell there, joined to the person's terminal (file descriptors), not recorded; its exit code.

        Raises SurroundingsMissing where the two are no terminal.
        """
        return self._open_leg().terminal(stdin, stdout)

    def next(self) -> Preview | None:
        """What the next step would do; None where a place is to be opened first, or nothing is left."""
        leg = self.leg()
        return leg.preview() if leg else None

    def failed(self) -> str | None:
        """The leg and step that stands failed, or None."""
        leg = self.leg()
        step = leg.failed_step() if leg else None
        return f'"{usual_name(step)}" of {leg.leg.name}' if leg and step else None

    def leg(self, among: Collection[str] = ()) -> LegRun | None:
        """The leg whose step is next. among: ids of jobs, empty for all."""
        return self._run.next_leg(among)

    # -- inside --------------------------------------------------------------------------------------------------------

    def _open_leg(self) -> LegRun:
        leg = self.leg()
        if leg is None:
            ended = self.state.state.finished
            raise SurroundingsMissing("the run has ended: no leg is open" if ended else "no leg is open: take a step first")
        return leg

    def _take(self, verb: Callable[[Callable[[Event], None]], None]) -> list[Event]:
        """What happens while the verb is done, each event kept as it comes."""
        kept: list[Event] = []
        verb(lambda event: kept.extend(self._kept(event)))
        if self.state.state.finished:
            self._record()
        return kept

    def _pause(self, why: str, *, failed: bool = False) -> Mapping[str, LegState]:
        self._take(lambda hear: self._run.pause(hear, why, failed=failed))
        self._record()
        return {leg.leg: leg for leg in self.state.legs}

    def _stands_before(self, wanted: Breakpoint, among: Collection[str] = ()) -> bool:
        leg = self.leg(among)
        step = leg.next_step() if leg else None
        return leg is not None and step is not None and wanted.takes(leg.job.id, leg.leg.name, step)

    def _stop(self, events: Sequence[Event], among: Collection[str] = ()) -> Breakpoint | None:
        return next((wanted for wanted in self.breakpoints if self._hit(wanted, events, among)), None)

    def _hit(self, wanted: Breakpoint, events: Sequence[Event], among: Collection[str]) -> bool:
        if wanted.when == ON_FAILURE:
            leg = self.leg(among)
            stands = leg is not None and leg.failed_step() is not None
            return stands and any(has_failed(event, self.plan, self.state) for event in events)
        if wanted.when == "before":
            return self._stands_before(wanted, among)
        return any(wanted.begins_with(event, self.plan, self.state) for event in events)

    def _passed(self, event: Event) -> Iterator[Noted]:
        for wanted in self.breakpoints:
            if wanted.is_passed_by(event, self.plan, self.state):
                leg = event.leg if isinstance(event, StepStarted | StepFinished) else ""
                yield Noted(event.at, f"breakpoint {wanted} was passed: nobody watches", leg)

    def _kept(self, event: Event) -> Iterator[Event]:
        yield self._keep(event)
        if isinstance(event, ReportFound):
            yield from map(self._keep, self._measuring.read(event))

    def _keep(self, event: Event) -> Event:
        with self._keeping:
            self._journal.append(event)
            self.state = fold(self.state, event)
        self.hear(event)
        return event

    def _record(self) -> None:
        if self._recorded:
            return
        self._recorded = True
        self.store.record(self._journal)
        self._executor.close()
        self._journal.close()
        shutil.rmtree(self._folder / f"snapshot-{self.attempt}", ignore_errors=True)
        if not any(place.run_id == self.run_id for place in kept_places(self.store)):
            shutil.rmtree(self._folder, ignore_errors=True)
        else:
            prune(self.store, self.surroundings.environment, self._now())


def _warm() -> None:
    import pyarrow.parquet  # noqa: F401 - 0.2 s, spent while the first leg starts


def steady_clock() -> Callable[[], float]:
    """Seconds since 1970 that never run backwards: the wall clock once, the monotonic one from there on."""
    started, wall = time.monotonic(), time.time()
    return lambda: wall + time.monotonic() - started
