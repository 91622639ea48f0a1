"""What goes between a live run and its widget: state at most ten times a second, lines as they come, answers to what views ask.

Everything happens in one thread of its own: who runs steps and who hears messages only say that there is something, and are not
held up. It ends with the run, and is there again when a view asks for something. Nothing of Jupyter is needed here.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from pipelinekit.model.event import Event, LegFinished, LinesLogged, Measured, RunFinished, RunPaused, StepFinished
from pipelinekit.model.outcome import State
from pipelinekit.model.problem import SurroundingsMissing, WorkflowInvalid
from pipelinekit.model.run_state import RunState
from pipelinekit.records.journal_log import JournalLog
from pipelinekit.run_views import leg as run_leg
from pipelinekit.run_views import says as run_says
from pipelinekit.run_views import widget as run_widget
from pipelinekit.run_views.live_run import Json, LiveRun
from pipelinekit.widgets import study
from pipelinekit.widgets.artifact import look_into
from pipelinekit.widgets.held import Held, Known, Result, live
from pipelinekit.widgets.log_feed import LogFeed
from pipelinekit.workbench.breakpoints import Breakpoint

STATE_SECONDS = 0.1
LINES_SECONDS = 0.05
SHELL_LINES = 200  # of what a command said
TAIL = 200  # lines that are kept for where no kernel answers
MOST_KEPT = 12  # legs that are kept whole when it is over

Put = Callable[[str, Json], None]
Send = Callable[[Json], None]


class Feed:
    """One run's. put: gives a part of what is drawn its new value (words, shape, state, legs, tail). send: a message to views."""

    def __init__(self, run: Held, put: Put, send: Send) -> None:
        self.run = run
        self.known = Known()
        self._put, self._send = put, send
        self._log = LogFeed(run, send, self._deciding)
        self._inbox: deque[Json] = deque()
        self._wake = threading.Event()
        self._lock = threading.Lock()
        self._working = False
        self._lines_at = self._state_at = 0.0
        self._changed = self._study = True
        self._views: dict[str, tuple[str, int | None]] = {}
        self._present: set[str] = set()
        self._doubted: set[str] = set()
        self._shown: dict[str, Json] = {}
        self._verbs: list[tuple[str, str, str, Result]] = []
        self._ended: dict[int, RunState] = {}
        self._attempt = run.attempt
        self._findings: object = None

    def begin(self) -> dict[str, Json]:
        """What is drawn first. From here on what happens is sent."""
        now = live(self.run)
        self._shown = {"shape": run_widget.shape(now), "state": run_widget.state(now), "legs": self._legs(now), "tail": {}}
        self.run.listen(self.hear)
        self._poke()
        return {"words": run_widget.words(), **self._shown}

    def hear(self, event: Event | None) -> None:
        """Something has happened; called in the thread in which it does."""
        if isinstance(event, LinesLogged):
            self._log.hear(event)
        if isinstance(event, RunFinished | RunPaused):
            self._ended[self.run.attempt] = self.run.state
        self._study |= event is None or isinstance(event, StepFinished | LegFinished | Measured)
        self._changed = True
        self._poke()

    @property
    def journal(self) -> JournalLog:
        """The log of the attempt that goes on; may be asked from any thread."""
        return self._log.journal

    def take(self, message: Json) -> None:
        """A view says something; it is answered later."""
        self._inbox.append(message)
        self._poke()

    # -- in its own thread

    def _poke(self) -> None:
        with self._lock:
            self._wake.set()
            if not self._working:
                self._working = True
                threading.Thread(target=self._work, name=f"widget of run {self.run.number}", daemon=True).start()

    def _work(self) -> None:
        while True:
            self._wake.wait(LINES_SECONDS if self._is_pending() else None)
            self._wake.clear()
            try:
                self._take_turn()
            except Exception as wrong:  # noqa: BLE001 - as of a store that is gone; views still ask and want to be answered
                trouble = f"the widget could not do all that it was asked for: {wrong}"
                self._changed |= self.run.trouble != trouble  # told once, not ten times a second
                self.run.trouble = trouble
            with self._lock:
                if self._is_over() and not self._is_pending() and not self._wake.is_set():
                    self._working = False
                    return

    def _take_turn(self) -> None:
        while self._inbox:
            self._answer(self._inbox.popleft())
        self._tell_verbs()
        now = time.monotonic()
        if now - self._lines_at >= LINES_SECONDS:
            self._lines_at = now
            self._log.flush()
        if self._changed and now - self._state_at >= STATE_SECONDS:
            self._changed, self._state_at = False, now
            self._show()
        elif self._study:
            self._study = False
            self._look_into()

    def _is_pending(self) -> bool:
        return bool(self._changed or self._study or self._verbs)

    def _is_over(self) -> bool:
        state = self.run.state.state
        return not self.run.doing and (state.finished or state is State.PAUSED)

    def _show(self) -> None:
        """Send what is other than before."""
        if self.run.attempt != self._attempt:
            self._attempt, self.known = self.run.attempt, Known(self.known.usual)
            self._study, self._findings = True, ()
            for view, (leg, step) in self._views.items():  # its log begins anew
                self._log.watch(view, leg, step)
        now = live(self.run, self.known)
        self._log.refresh()
        self._give("shape", run_widget.shape(now))
        self._give("legs", self._legs(now))
        state = run_widget.state(now)
        if {**state, "now": 0} != {**self._shown["state"], "now": 0}:
            self._give("state", state)
        if not now.runs:
            self._give("tail", self._tail(now))

    def _give(self, name: str, value: Json) -> None:
        if value != self._shown[name]:
            self._shown[name] = value
            self._put(name, value)

    def _legs(self, now: LiveRun) -> Json:
        """The legs that someone looks at; when it is over as many as are worth keeping."""
        wanted = {run_says.focus(now), *(leg for leg, _ in self._views.values())}
        if now.state.state.finished:
            order = sorted(now.state.legs, key=lambda leg: leg.state.value != "failure")
            wanted |= {leg.leg for leg in order[:MOST_KEPT]}
        return {leg.leg: run_leg.leg(now, leg) for leg in now.state.legs if leg.leg in wanted}

    def _tail(self, now: LiveRun) -> Json:
        focus = run_says.focus(now)
        story = self._shown["legs"].get(focus)
        return {focus: self._log.tail(focus, story["step"], TAIL)} if story else {}

    def _look_into(self) -> None:
        """What takes longer: once for each thing that it depends on."""
        store, now = self.run.store, live(self.run, self.known)
        if self._findings is None:
            self.known = replace(self.known, usual=study.usual(store, self.run.plan.workflow.path))
            self._changed = True
        findings = (self.run.attempt, study.key(now.state.legs), bool(now.state.finished_at))
        if findings == self._findings:
            return
        self._findings = findings
        failures = study.failed(now.state, self._log.journal, store)
        others = failures != self.known.failures
        flaky = study.flaky_legs(now.state, self._ended.get(self.run.attempt - 1))
        self.known = Known(self.known.usual, flaky, study.path(now.state, now.now), failures)
        self._changed = True
        if others:
            for view, (leg, step) in self._views.items():
                if self._deciding(leg):
                    self._log.watch(view, leg, step)

    def _deciding(self, leg: str) -> frozenset[int]:
        return frozenset(number for found in self.known.failures if found.legs[0] == leg for number, _ in found.lines)

    # -- messages

    def _answer(self, message: Json) -> None:
        view, leg = str(message.get("view", "")), str(message.get("leg", ""))
        step = message.get("step")
        match message.get("op"):
            case "sync":
                self._sync(view)
            case "close":
                self._leave(view)
                self._watch()
            case "watch":
                self._views[view] = (leg, step)
                self._watch()
                self._log.watch(view, leg, step)
            case "before":
                self._log.before(view, leg, step, _number(message))
            case "at":
                self._log.at(view, leg, _number(message))
            case "find":
                self._log.find(view, leg, str(message.get("text", "")))
            case "whole":
                self._log.whole(view, leg)
            case "stop":
                self._stop(str(message.get("where", "")))
            case "do":
                self._do(view, str(message.get("verb", "")), str(message.get("argument", "")))
            case "open":
                tree = look_into(self.run.store, self.run.state, str(message.get("what", "")))
                self._send({"op": "open", "view": view, "tree": tree})
            case _:
                pass  # of a view that is newer than this

    def _sync(self, view: str) -> None:
        """A view is there. Others may have gone without a word, with their page: they are asked, and dropped if silent."""
        if view not in self._present:
            for gone in self._doubted:
                self._leave(gone)
            self._doubted = set(self._present)
            for other in sorted(self._doubted):
                self._send({"op": "who", "view": other})
            self._present.add(view)
        self._doubted.discard(view)
        self._watch()
        self._send({"op": "here", "view": view})

    def _leave(self, view: str) -> None:
        self._present.discard(view)
        self._views.pop(view, None)

    def _watch(self) -> None:
        self.run.watched = bool(self._present)
        self._log.keep(set(self._views.values()))
        self._changed = True

    def _do(self, view: str, verb: str, argument: str) -> None:
        if verb == "cancel" and self.run.doing == "shell":
            self.run.stop_shell()
            return
        try:
            self._verbs.append((view, verb, argument, self.run.do(verb, argument)))
        except (WorkflowInvalid, SurroundingsMissing, KeyError):  # said in the run's own words, or of a verb that there is not
            self._send({"op": "here", "view": view})

    def _tell_verbs(self) -> None:
        """Who has said a verb says none before it is heard of, also where nothing has changed by it: it was refused, as before."""
        for each in [one for one in self._verbs if one[3].done]:
            self._verbs.remove(each)
            view, verb, argument, doing = each
            if verb == "shell":
                self._tell_shell(argument, doing)
            self._send({"op": "here", "view": view})

    def _tell_shell(self, command: str, doing: Result) -> None:
        try:
            code, lines = doing.wait()  # type: ignore[misc]
        except (WorkflowInvalid, SurroundingsMissing) as wrong:
            code, lines = 0, [str(wrong)]
        end = [f"exit code {code}"] if code else []
        self._send({"op": "shell", "lines": [f"$ {command}", *lines[-SHELL_LINES:], *end]})

    def _stop(self, where: str) -> None:
        """Stop before a job or a step, or not any more."""
        job, _, step = where.partition("/")
        there = [each for each in self.run.breakpoints if each.job == job and (not step or each.step == step)]
        for each in there:
            self.run.unbreak(str(each))
        if not there and job:
            self.run.break_at(str(Breakpoint("before", job, step or "1")))


def _number(message: Json) -> int:
    """The line that a view means."""
    line = message.get("line")
    return line if isinstance(line, int) else 1
