"""A live run as a notebook or a script holds it: verbs that begin at once, one after another, and can be awaited."""

import contextlib
import threading
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import Future
from typing import Any, TypeVar

from pipelinekit.live_runs import leaving
from pipelinekit.live_runs.doing import Doing
from pipelinekit.live_runs.done import Done, RunFailed, ShellResult
from pipelinekit.live_runs.orders import Orders
from pipelinekit.live_runs.twins import Twins
from pipelinekit.model.event import Event, LinesLogged
from pipelinekit.model.outcome import State
from pipelinekit.model.plan import Plan
from pipelinekit.model.problem import Problem, WorkflowInvalid
from pipelinekit.model.run_state import RunState
from pipelinekit.records.store import Store
from pipelinekit.runs.preview import Preview
from pipelinekit.widgets import cell
from pipelinekit.workbench import live
from pipelinekit.workbench.breakpoints import Breakpoint
from pipelinekit.workbench.session import Session

Hear = Callable[[Event | None], object]
Raw = TypeVar("Raw")
Result = TypeVar("Result")


class Run(Twins):
    """One run, held live. Its verbs return a Doing; each has a twin whose name ends in `_sync` that waits.

    doing: the verb under way, '' where none is. watched: whether someone has its widget open. trouble: why the last verb could not
    be done, ''. upcoming: what the next step would do, once its place is open. at: leg and step (0: set up) that come next.
    """

    def __init__(self, session: Session) -> None:
        self.doing = ""
        self.watched = False
        self.trouble = ""
        self.upcoming: Preview | None = None
        self.at: tuple[str, int] | None = None
        self.breakpoints: list[Breakpoint] = []
        self._listeners: list[Hear] = []
        self._heard: list[Event] = []
        self._orders = Orders(f"run {session.number}")
        self._unwanted = ""
        self._look = cell.Look(self)
        self._adopt(session)

    # -- what it is ----------------------------------------------------------------------------------------------------

    @property
    def state(self) -> RunState:
        """What a person sees of it now; before its first event the plan's legs, queued."""
        state = self._session.state
        return state if state.started is not None else live.queued(self.plan)

    @property
    def plan(self) -> Plan:
        return self._session.plan

    @property
    def number(self) -> int:
        return self._session.number

    @property
    def run_id(self) -> str:
        return self._session.run_id

    @property
    def attempt(self) -> int:
        return self._session.attempt

    @property
    def store(self) -> Store:
        return self._session.store

    @property
    def can(self) -> tuple[str, ...]:
        """The verbs that make sense now."""
        state = self._session.state.state
        if self.doing:
            return ("cancel",)
        if state is State.PAUSED:
            return ("step", "until", "go")
        if state.finished:
            return ("retry",)
        leg = self._session.leg()
        stands = ("shell",) if leg is not None and leg.begun else ()
        failed = ("retry",) if self._session.failed() else ()
        return ("step", "until", "go", "skip", *failed, *stands, "cancel")

    def next(self) -> Preview | None:
        """What the next step would do; None where its place is to be opened first, or nothing is left."""
        return self._session.next()

    def failed(self) -> str | None:
        """The step that stands failed and its leg, or None."""
        return self._session.failed()

    # -- verbs ---------------------------------------------------------------------------------------------------------

    def step(self) -> Doing[Done]:
        """One step of the first leg that is not through; the first one opens the place."""
        return self._order("step", lambda: self._ready().step())

    def until(self, target: str, *, only: bool = False) -> Doing[Done]:
        """Step until the one named by `JOB[/STEP]` is next, or a breakpoint. only: just this job and what it needs."""
        return self._order("until", lambda: self._ready().until(target, only=only))

    def go(self) -> Doing[Done]:
        """Go on to a breakpoint or to the end."""
        return self._order("go", self._go)

    def finish(self, check: bool | None = None) -> Doing[Done]:
        """All that is left, legs in parallel. Breakpoints stop it where someone watches; else they are noted and passed.

        check: whether to raise RunFailed where it ends other than well; None: where nobody watches.
        """
        return self._order("finish", lambda: self._finish(check))

    def skip(self, target: str = "", why: str = "skipped (user)") -> Doing[Done]:
        """Leave out the next step, or the job or leg that is named and has not begun; what needs it follows its `if:`."""
        return self._order("skip", lambda: self._ready().skip(why, target))

    def retry(self, *, go: bool = True) -> Doing[Done]:
        """Again from the step that failed, as a new attempt, with the workflow as it is written now. A run that went well: anew.
        Raises WorkflowInvalid where nothing has failed yet.

        Where other files of the repository were edited since, from the checkout on, so that the steps see them.

        go: whether to go on from there; else it stands before that step, to be looked into.
        """
        return self._order("retry", lambda: self._retry(go))

    def resume(self, start: str = "") -> Doing[Done]:
        """Go on with a run that was paused or has failed. start: `JOB[/STEP]` from which on everything runs again.

        Raises WorkflowInvalid where there is no such step, and where `start` is given while the run still stands.
        """
        return self._order("resume", lambda: self._resume(start))

    def shell(self, command: str) -> Doing[ShellResult]:
        """Run a command where the step that failed ran, else where the next one would, with its environment. Masked.

        An interrupt ends the command, and not the run.
        """
        return self._order_for("shell", lambda: self._session.shell(command), lambda said: ShellResult(*said), self._stop_shell)

    def stop_shell(self) -> None:
        """From any thread: end the command that `shell` runs, and not the run."""
        self._session.stop_shell()

    def cancel(self, why: str = "it was cancelled by hand") -> Doing[Done]:
        """End it, from any thread: what runs is stopped, `always()` steps still run, it is recorded."""
        ending = threading.Thread(target=self._end, args=(why,), daemon=True)
        self._unwanted = why  # also of an attempt that is about to begin
        ending.start()  # not here: it waits for the lock of a run that is about to begin something
        return self._order("cancel", lambda: self._end_cancelled(ending))

    def pause(self, why: str = "it was paused by hand") -> Doing[Done]:
        """Keep what stands and end the attempt: `resume()` goes on, here or elsewhere. It comes after what is under way."""
        return self._order("pause", lambda: self._session.pause(why))

    def __await__(self) -> Generator[object, None, Done]:
        """`await run`: all that is left."""
        return self.finish().__await__()

    def do(self, verb: str, argument: str = "") -> Doing[Done] | Doing[ShellResult]:
        """A verb by its name, as buttons and keys say it. argument: JOB[/STEP], a command. Raises KeyError.

        Where the run stands at a failed step, `retry` takes that step again and stands behind it.
        """
        verbs: dict[str, Callable[[], Doing[Done] | Doing[ShellResult]]] = {
            "step": self.step,
            "until": lambda: self.until(argument),
            "go": self.go,
            "skip": lambda: self.skip(argument),
            "retry": lambda: self._order("retry", self._take_again),
            "shell": lambda: self.shell(argument),
            "cancel": self.cancel,
        }
        return verbs[verb]()

    # -- at once -------------------------------------------------------------------------------------------------------

    def break_at(self, where: str) -> None:
        """Stop `before:JOB/STEP`, `after:JOB/STEP` or `on-failure`; `JOB` is before its first step.

        Raises WorkflowInvalid where the workflow has no such job or step.
        """
        wanted = Breakpoint.read(where)
        wanted.check(self.plan)
        if wanted not in self.breakpoints:
            self.breakpoints.append(wanted)
        self.tell(None)

    def unbreak(self, where: str) -> None:
        """Do not stop there any more."""
        wanted = Breakpoint.read(where)
        if wanted in self.breakpoints:
            self.breakpoints.remove(wanted)
        self.tell(None)

    def set_env(self, name: str, value: str) -> None:
        """For the steps that follow in the leg that is next, as if a step had written it to GITHUB_ENV.

        Raises SurroundingsMissing where none is: the run has not begun, or has ended.
        """
        self._session.set_env(name, value)

    def listen(self, hear: Hear) -> Callable[[], None]:
        """hear: gets each event, in the thread in which it happens, and None where something else has changed.

        Returns what ends it. One that raises hears no more, and `trouble` says so.
        """
        self._listeners.append(hear)
        return lambda: self._listeners.remove(hear) if hear in self._listeners else None

    def tell(self, event: Event | None) -> None:
        for hear in tuple(self._listeners):
            try:
                hear(event)
            except Exception as wrong:  # noqa: BLE001 - a reader's mistake must not end the run
                with contextlib.suppress(ValueError):  # another thread, with another event, has taken it off already
                    self._listeners.remove(hear)
                self.trouble = f"a listener is not told any more: it raised {wrong!r}"

    # -- inside --------------------------------------------------------------------------------------------------------

    def _adopt(self, session: Session) -> None:
        """From here on this attempt is the run."""
        self._session = session
        leaving.hold(self.leave)
        session.breakpoints = self.breakpoints
        session.hear = self._hear
        if self._unwanted:
            session.cancel(self._unwanted)

    def _hear(self, event: Event) -> None:
        if self.doing == "step" or not isinstance(event, LinesLogged):  # a whole run's log may not fit
            self._heard.append(event)
        self.tell(event)

    def _ready(self) -> Session:
        """The session; of a run that was paused the next attempt."""
        if self._session.state.state is State.PAUSED:
            self._adopt(live.again(self._session))
        return self._session

    def _go(self) -> None:
        session = self._ready()
        if self.breakpoints:
            session.go()
        else:
            session.finish()

    def _finish(self, check: bool | None) -> None:
        session = self._ready()
        if self.watched and self.breakpoints:
            session.go()
        else:
            session.finish()
        wanted = not self.watched if check is None else check
        state = self._session.state
        if wanted and state.state.finished and state.state not in (State.SUCCESS, State.SKIPPED):
            raise RunFailed(f"run {self.number} ended in {state.state}{f': {state.reason}' if state.reason else ''}")

    def _retry(self, go: bool) -> None:
        state = self._session.state.state
        if self._session.failed() and not state.finished:
            self._session.retry(live.edited(self._session))
        elif state.finished or state is State.PAUSED:
            session = self._session
            self._adopt(live.anew(session) if state is State.SUCCESS else live.again(session, renewed=live.edited(session)))
            if not go:
                self._session.step()
        else:
            raise WorkflowInvalid(Problem("retry", "nothing has failed yet that could be taken again", hint="go() goes on"))
        if go:
            self._go()

    def _take_again(self) -> None:
        session = self._session
        if not session.failed() or session.state.state.finished:
            self._retry(go=True)
            return
        written = session.plan.workflow
        if not live.take_again(session) and session.plan.workflow == written and session.failed():
            self.trouble = "It failed again, with the same files: nothing was saved since they were checked out."

    def _resume(self, start: str) -> None:
        state = self._session.state.state
        if state.finished or state is State.PAUSED:
            self._adopt(live.again(self._session, start))
        elif start:
            raise WorkflowInvalid(Problem("resume", f"run {self.number} has not ended", hint=f'pause(), then resume("{start}")'))
        self._go()

    def _end(self, why: str) -> None:
        if self.doing == "shell":
            self._session.stop_shell()
        self._session.cancel(why)

    def _end_cancelled(self, ending: threading.Thread) -> None:
        ending.join()
        state = self._session.state.state
        try:
            if not state.finished and state is not State.PAUSED:
                self._session.finish()
        finally:
            self._unwanted = ""

    def _order(self, verb: str, work: Callable[[], object]) -> Doing[Done]:
        def begin() -> None:
            self._heard = []
            work()

        def give(_: None) -> Done:
            ahead = f"{self.upcoming.name} of {self.upcoming.leg}" if self.upcoming else ""
            return Done(verb, self.number, tuple(self._heard), self.state, ahead)

        return self._order_for(verb, begin, give, lambda _: self.cancel("it was interrupted").future)

    def _order_for(
        self, verb: str, work: Callable[[], Raw], give: Callable[[Raw], Result],
        interrupt: "Callable[[Future[Result]], Future[Any]]",
    ) -> Doing[Result]:
        """give: what the verb came to, asked for once the run stands again."""
        future: Future[Result] = Future()
        self._orders.put(lambda: self._carry_out(verb, work, give, future))
        return Doing(verb, future, lambda: interrupt(future), self._look.during)

    def _carry_out(
        self, verb: str, work: Callable[[], Raw], give: Callable[[Raw], Result], future: "Future[Result]"
    ) -> None:
        if not future.set_running_or_notify_cancel():
            return
        self.doing, self.trouble = verb, ""
        self.tell(None)
        try:
            try:
                found = work()
            finally:
                self._stands()
            result = give(found)
        except BaseException as wrong:  # noqa: BLE001 - raised where the verb is waited for
            self.trouble = str(wrong)
            self.tell(None)
            future.set_exception(wrong)
        else:
            self.tell(None)
            future.set_result(result)

    def _stands(self) -> None:
        """A verb is through: what comes next."""
        self.doing = ""
        ended = self._session.state.state.finished or self._session.state.state is State.PAUSED
        (leaving.let_go if ended else leaving.hold)(self.leave)
        step = leg.next_step() if (leg := None if ended else self._session.leg()) else None
        self.at = (leg.leg.name, step.index + 1 if leg.begun and step else 0) if leg else None
        self.upcoming = self._session.next() if leg else None

    def _stop_shell(self, future: "Future[ShellResult]") -> "Future[ShellResult]":
        if not future.cancel():  # it has begun
            self._session.stop_shell()
        return future

    def leave(self) -> Doing[Done] | None:
        """The process ends: what runs is cancelled, what stands is kept for `pipelinekit resume`."""
        state = self._session.state
        if state.state.finished or state.state is State.PAUSED:
            return None
        if self.doing:
            return self.cancel("its process ended")
        if state.started is None:
            self._session.forget()
        else:
            self._session.pause("its process ended")  # not in another thread: a Python that ends may start none
        return None

    def set_aside(self) -> None:
        """Its cell was run again: what stands is kept, and what runs goes on."""
        if not self.doing and (state := self._session.state).started is not None and not state.state.finished:
            self.pause("its cell was run again").wait()

    def __repr__(self) -> str:
        return f"<Run {self.number} of {self.plan.workflow.path}: {self.state.state}>"

    def _repr_mimebundle_(self, **_: object) -> Mapping[str, object]:
        from pipelinekit.widgets.bundle import bundle  # heavy and optional: anywidget

        return bundle(self)
