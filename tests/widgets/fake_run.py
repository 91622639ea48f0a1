"""A run for the widget to hold, told by the test: nothing runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pipelinekit.model.event import Event, LegQueued, LinesLogged, RunStarted
from pipelinekit.model.plan import Plan
from pipelinekit.model.run_state import RunState, fold
from pipelinekit.model.trigger import Trigger
from pipelinekit.plans.plan import make_plan
from pipelinekit.records.journal import Journal
from pipelinekit.records.store import Store
from pipelinekit.runs import contexts
from pipelinekit.runs.preview import Preview
from pipelinekit.workbench.breakpoints import Breakpoint
from tests.plans.written import workflow

RUN_ID = "0192f000-0000-7000-8000-000000000000"
WORKFLOW = """
    on: push
    jobs:
      lint:
        runs-on: ubuntu-latest
        steps:
          - {name: Look, run: echo looks}
      test:
        needs: lint
        runs-on: ubuntu-latest
        strategy: {matrix: {python: ['3.11', '3.12']}}
        steps:
          - {name: Test, run: pytest}
          - {name: Report, if: always(), run: echo done}
"""


@dataclass
class FakeResult:
    answer: object = None
    done: bool = True

    def wait(self, seconds: float | None = None) -> object:
        return self.answer


@dataclass
class FakeRun:
    store: Store
    plan: Plan
    state: RunState = field(default_factory=RunState)
    number: int = 7
    run_id: str = RUN_ID
    attempt: int = 1
    can: tuple[str, ...] = ("step", "cancel")
    doing: str = ""
    watched: bool = False
    trouble: str = ""
    stopped: int = 0
    upcoming: Preview | None = None
    at: tuple[str, int] | None = None
    breakpoints: list[Breakpoint] = field(default_factory=list)
    done: list[tuple[str, str]] = field(default_factory=list)
    answer: object = None
    listeners: list[Callable[[Event | None], object]] = field(default_factory=list)
    journal: Journal | None = None

    __hash__ = object.__hash__

    @classmethod
    def make(cls, folder: Path, text: str = WORKFLOW) -> FakeRun:
        found, happened = workflow(text), Trigger()
        return cls(Store(folder / "store"), make_plan(found, happened, contexts.github(found, happened)))

    def tell(self, *events: Event) -> None:
        """The events happen: in the journal, in the state, and to who listens."""
        if self.journal is None:
            self.journal = self.store.start_journal(self.run_id, self.attempt)
        for event in events:
            self.journal.append(event)
            self.state = fold(self.state, event)
            for hear in self.listeners:
                hear(event)

    def change(self) -> None:
        for hear in self.listeners:
            hear(None)

    def begin(self) -> None:
        started = RunStarted(
            1000.0, self.run_id, self.attempt, self.number, "pipelinekit", "shop/shop", "CI", "ci.yml", "push", "main", "a" * 40, "Add", "t1",
            False, "Mira", "host", "laptop",
        )  # fmt: skip
        needs = {planned.job.id: planned.needs for planned in self.plan.jobs}
        legs = (LegQueued(1000.0, leg.name, leg.job, leg.index, needs[leg.job], leg.matrix) for leg in self.plan.legs)
        self.tell(started, *legs)

    def stop_shell(self) -> None:
        self.stopped += 1

    def do(self, verb: str, argument: str = "") -> FakeResult:
        self.done.append((verb, argument))
        return FakeResult(self.answer)

    def break_at(self, where: str) -> None:
        self.breakpoints.append(Breakpoint.read(where))
        self.change()

    def unbreak(self, where: str) -> None:
        self.breakpoints.remove(Breakpoint.read(where))
        self.change()

    def listen(self, hear: Callable[[Event | None], object]) -> Callable[[], None]:
        self.listeners.append(hear)
        return lambda: self.listeners.remove(hear)


def logged(leg: str, step: int, first: int, *texts: str, stream: str = "output", group: str = "") -> LinesLogged:
    return LinesLogged(1010.0, leg, step, first, tuple((1010.0 + n, text) for n, text in enumerate(texts)), stream, group)
