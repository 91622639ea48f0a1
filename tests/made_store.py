"""A store with the history of a small shop's pipeline, made of events through the real journal and recording.

For tests of everything that reads a store: `make_store(tmp_path / ".pipelinekit")`. The same every time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random
from uuid import UUID

from pipelinekit.model.event import (
    Annotated,
    ArtifactSaved,
    CacheUsed,
    Event,
    LegFinished,
    LegQueued,
    LegReady,
    LegStarted,
    LinesLogged,
    Measured,
    Noted,
    ReportFound,
    RunFinished,
    RunStarted,
    StepFinished,
    StepSkipped,
    StepStarted,
    SummaryWritten,
)
from pipelinekit.model.measure import FileCoverage, TestExecution, TestOutcome
from pipelinekit.model.outcome import Outcome
from pipelinekit.model.problem import Severity
from pipelinekit.records.store import Store

MORNING = 1_772_442_000.0  # 2026-03-02 09:00 UTC, a Monday
PYTHONS = ("3.9", "3.11", "3.13")
TESTS = (
    ("tests.test_cart", "test_adds_an_item", 0.004),
    ("tests.test_cart", "test_total_with_discount[10]", 0.005),
    ("tests.test_cart", "test_total_with_discount[25]", 0.005),
    ("tests.test_orders", "test_stock_is_reserved", 0.042),
    ("tests.test_orders", "test_two_buyers_race_for_the_last_item", 0.210),
    ("tests.test_pages", "test_front_page", 0.061),
    ("tests.test_pages", "test_search[<script>]", 0.058),
)
FLAKY = "test_two_buyers_race_for_the_last_item"
BROKEN = "test_total_with_discount[25]"
MESSAGES = {  # of a failure, and its group
    FLAKY: ("AssertionError: both buyers got item 7", "5b0c6d1f2a3e4f50"),
    BROKEN: ("assert Decimal('7.4925') == Decimal('7.49')", "91e2d3c4b5a69788"),
}


@dataclass(frozen=True)
class Commit:
    """One run's story. tree: equal trees are the same code. flaky: legs in which a rerun mends the race."""

    subject: str
    tree: int
    branch: str = "main"
    event: str = "push"
    requirements: int = 1
    broken: bool = False
    flaky: tuple[str, ...] = ()
    flaky_fails: tuple[str, ...] = ()
    slow_test: bool = False
    cancelled: bool = False
    lint_warns: bool = False
    covered: int = 0


HISTORY = (
    Commit("Lay the shop's foundation", 1),
    Commit("Add discounts to the cart", 2, covered=6),
    Commit("Round discounts to whole cents", 3, broken=True, covered=6),
    Commit("Round after adding, not before", 4, covered=8, flaky=("test (3.11)",)),
    Commit("Reserve stock while a buyer pays", 5, covered=8, flaky_fails=("test (3.13)",)),
    Commit("Reserve stock while a buyer pays", 5, covered=8),  # the same code again: it was the test
    Commit("Try the new search", 6, "search", "pull_request", covered=3, lint_warns=True),
    Commit("Search in descriptions too", 7, covered=11, slow_test=True),
    Commit("Take Flask 3.1", 8, requirements=2, covered=11, slow_test=True),
    Commit("Show the basket on every page", 9, requirements=2, covered=12, slow_test=True, cancelled=True),
    Commit(
        "Show the basket on each page", 10, requirements=2, covered=13, slow_test=True,
        flaky=("test (3.9)", "test (3.13)"),
    ),
    Commit("Say thanks after an order", 11, requirements=2, covered=14, slow_test=True),
)


def make_store(path: Path, runs: int = 12) -> Store:
    """A store with this many runs, oldest first; past twelve the history repeats with other trees."""
    store = Store(path)
    for number in range(1, runs + 1):
        events = list(run_events(number))
        started = events[0]
        assert isinstance(started, RunStarted)
        with store.start_journal(started.run_id, started.attempt) as journal:
            for event in events:
                journal.append(event)
            store.record(journal)
    return store


def run_id(number: int) -> str:
    """The run id that a made run has."""
    milliseconds = int((MORNING + number * 18_000) * 1000)
    return str(UUID(int=milliseconds << 80 | 7 << 76 | number << 64 | 2 << 62 | number))


def run_events(number: int) -> Iterator[Event]:
    """Everything that happened in the run of this number, from 1."""
    commit = HISTORY[(number - 1) % len(HISTORY)]
    at = MORNING + number * 18_000
    age = (number - 1) // len(HISTORY)
    yield RunStarted(
        at, run_id(number), 1, number, "pipelinekit", "team/shop", "ci", ".github/workflows/ci.yml", commit.event,
        commit.branch, commit=_hash(f"commit {number}"), subject=commit.subject, tree=_hash(f"tree {commit.tree} {age}"),
        dirty=False, actor="mira" if number % 3 else "jon", executor="docker",
        host="workstation",
    )  # fmt: skip
    yield Noted(at + 0.01, "permissions: accepted, without effect on one machine")
    names = [f"test ({python})" for python in PYTHONS]
    for index, name in enumerate(names):
        yield LegQueued(at + 0.02, name, "test", index, (), {"python": PYTHONS[index]})
    yield LegQueued(at + 0.02, "deploy", "deploy", 0, ("test",))
    outcomes: dict[str, Outcome] = {}
    ends = [at]
    cancelled = False
    for index, name in enumerate(names):
        if cancelled:
            yield LegFinished(ends[-1], name, Outcome.CANCELLED, "because the run was cancelled")
            outcomes[name] = Outcome.CANCELLED
            continue
        # Two cores: the third leg waits for the first to end.
        leg = _TestLeg(number, commit, name, PYTHONS[index], at + 0.05 if index < 2 else ends[1])
        yield from leg.events()
        outcomes[name] = leg.outcome
        ends.append(leg.at)
        cancelled = commit.cancelled
    end = max(ends)
    yield from _deploy(commit, outcomes, end)
    whole = next((o for o in (Outcome.CANCELLED, Outcome.FAILURE) if o in outcomes.values()), Outcome.SUCCESS)
    reasons = {Outcome.CANCELLED: "interrupted", Outcome.FAILURE: f'"{" and ".join(_failed(outcomes)[:1])}" failed'}
    yield RunFinished(end + 9.0, whole, reasons.get(whole, ""))


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:40]


def _failed(outcomes: dict[str, Outcome]) -> list[str]:
    return [name for name, outcome in outcomes.items() if outcome is Outcome.FAILURE]


def _deploy(commit: Commit, outcomes: dict[str, Outcome], at: float) -> Iterator[Event]:
    if Outcome.CANCELLED in outcomes.values():
        yield LegFinished(at, "deploy", Outcome.CANCELLED, "because the run was cancelled")
        return
    if failed := _failed(outcomes):
        yield LegFinished(at, "deploy", Outcome.SKIPPED, f'because "{failed[0]}" failed')
        return
    yield LegReady(at, "deploy")
    if commit.branch != "main":
        reason = "because its condition is false: github.ref == 'refs/heads/main'"
        yield LegFinished(at, "deploy", Outcome.SKIPPED, reason)
        return
    yield LegStarted(at + 0.3, "deploy", "ubuntu-latest", "pipelinekit/python:3.11", "sha256:" + "d" * 64, "c0ffee")
    yield StepStarted(at + 0.3, "deploy", 0, "__setup", "Set up job")
    yield StepFinished(at + 0.5, "deploy", 0, Outcome.SUCCESS, Outcome.SUCCESS)
    yield StepStarted(at + 0.5, "deploy", 1, "pack", "Pack the shop", command="tar czf shop.tar.gz shop")
    yield LinesLogged(at + 1, "deploy", 1, 1, ((at + 0.9, "shop/"), (at + 0.95, "shop/app.py")))
    yield StepFinished(at + 2.5, "deploy", 1, Outcome.SUCCESS, Outcome.SUCCESS, 0, outputs={"file": "shop.tar.gz"})
    yield StepSkipped(
        at + 2.5, "deploy", 2, "notify", "Tell the team",
        condition="${{ failure() }}\n${{ false }}\nfalse",
    )  # fmt: skip
    yield StepStarted(at + 2.5, "deploy", 3, "__actions_upload-artifact", "Upload", uses="actions/upload-artifact@v4")
    yield ArtifactSaved(at + 3, "deploy", 3, "shop", "sha256:" + "e" * 64, 48_213, 12)
    yield StepFinished(at + 3.1, "deploy", 3, Outcome.SUCCESS, Outcome.SUCCESS)
    yield SummaryWritten(at + 3.1, "deploy", 3, "### Deployed\n\n12 files")
    yield LegFinished(at + 8.4, "deploy", Outcome.SUCCESS, cpu_seconds=2.2, peak_memory_bytes=48_000_000)


class _TestLeg:
    """One leg of the job `test`, told step by step; `at` goes on with it."""

    def __init__(self, number: int, commit: Commit, name: str, python: str, at: float) -> None:
        self.commit, self.name, self.python, self.at = commit, name, python, at
        self.outcome = Outcome.SUCCESS
        self.random = Random(f"{number} {name}")  # noqa: S311 - the same every time is what is wanted
        self.step = -1
        self.lines = 0
        first_use = number == 1 or commit.requirements != HISTORY[(number - 2) % len(HISTORY)].requirements
        self.cache_hit = not first_use

    def events(self) -> Iterator[Event]:
        yield LegReady(self.at, self.name)
        self.at += self.random.uniform(0.2, 0.5)
        image, digest = f"pipelinekit/python:{self.python}", "sha256:" + self.python[-1] * 64
        yield LegStarted(self.at, self.name, "ubuntu-latest", image, digest, f"c{self.python[-1]}ffee")
        yield from self._step("__setup", "Set up job", 0.3)
        yield from self._step("__actions_checkout", "Check out", 0.4, uses="actions/checkout@v4")
        setup = "actions/setup-python@v5"
        yield from self._step("__setup-python", f"Python {self.python}", 0.2, uses=setup, inner=self._restore())
        seconds = 4.1 if self.cache_hit else 21.5
        yield from self._step("__run", "Install", seconds, command="pip install -r requirements.txt")
        warns = self.commit.lint_warns
        yield from self._step("lint", "Lint", 0.8, command="ruff check .", inner=self._warn(), soft=warns)
        if self.commit.cancelled:
            yield from self._cancel()
            return
        yield from self._step("types", "Check types", 5.2, command="mypy shop")
        failed = self.commit.broken or self.name in self.commit.flaky_fails
        yield from self._step("tests", "Test", 6.0, command="pytest --cov", inner=self._measure(), fails=failed)
        if failed:
            self.outcome = Outcome.FAILURE
        else:
            yield from self._step("__codecov", "Upload coverage", 0.1, uses="codecov/codecov-action@v4")
        if not self.cache_hit:
            yield CacheUsed(self.at, self.name, 2, "actions", self._key(), "saved", size_bytes=31_400_000, seconds=1.4)
        yield from self._step("__post", "Post Python", 0.3, parent=2)
        reason = 'because step "Test" failed' if failed else ""
        used = self.random.uniform(14, 22)
        yield LegFinished(self.at, self.name, self.outcome, reason, cpu_seconds=used, peak_memory_bytes=210_000_000)

    def _step(
        self, step_id: str, name: str, seconds: float, *, uses: str = "", command: str = "",
        inner: Iterator[Event] | None = None, fails: bool = False, soft: bool = False, parent: int | None = None,
    ) -> Iterator[Event]:  # fmt: skip
        self.step += 1
        shell = "bash" if command else ""
        yield StepStarted(self.at, self.name, self.step, step_id, name, uses, parent, command, shell)
        self.at += seconds * self.random.uniform(0.9, 1.15)
        if command:
            yield self._log(f"$ {command}", "\x1b[32mdone\x1b[0m" if not fails else "1 failed")
        yield from inner or ()
        outcome = Outcome.FAILURE if fails or soft else Outcome.SUCCESS
        conclusion = Outcome.SUCCESS if soft else outcome
        code = int(fails or soft) if command else None
        yield StepFinished(self.at, self.name, self.step, outcome, conclusion, code)

    def _log(self, *texts: str, group: str = "") -> Event:
        first = self.lines + 1
        self.lines += len(texts)
        return LinesLogged(self.at, self.name, self.step, first, tuple((self.at, text) for text in texts), group=group)

    def _key(self) -> str:
        return f"setup-python-{self.python}-pip-{self.commit.requirements:08x}"

    def _restore(self) -> Iterator[Event]:
        if self.cache_hit:
            what = ("actions", self._key(), "hit", self._key(), 31_400_000, 0.9, 17.4)
            yield CacheUsed(self.at, self.name, self.step, *what)
        else:
            yield CacheUsed(self.at, self.name, self.step, "actions", self._key(), "miss", seconds=0.01)

    def _warn(self) -> Iterator[Event]:
        if self.commit.lint_warns:
            what = ("`os` imported but unused", "F401", "shop/search.py", 3, 3, 8, 10)
            yield Annotated(self.at, self.name, self.step, Severity.WARNING, *what)

    def _measure(self) -> Iterator[Event]:
        yield ReportFound(self.at, self.name, self.step, "junit", "report.xml", "sha256:" + "1" * 64)
        yield Measured(self.at, self.name, "report.xml", tests=tuple(self._tests()))
        yield ReportFound(self.at, self.name, self.step, "coverage", "coverage.xml", "sha256:" + "2" * 64, "unit")
        lines = 60 + 2 * self.commit.tree
        files = (
            FileCoverage("shop/cart.py", 40 + self.commit.covered, 58, 11, 16, "unit"),
            FileCoverage("shop/orders.py", 44 + self.commit.covered, lines, 9, 14, "unit"),
            FileCoverage("shop/pages.py", 31, 31, 4, 4, "unit"),
        )
        yield Measured(self.at, self.name, "coverage.xml", coverage=files)
        if self.commit.broken:
            what = (MESSAGES[BROKEN][0], BROKEN, "tests/test_cart.py", 21)
            yield Annotated(self.at, self.name, self.step, Severity.ERROR, *what)

    def _tests(self) -> Iterator[TestExecution]:
        slow = (("tests.test_pages", "test_search_in_ten_thousand_items", 3.4),) if self.commit.slow_test else ()
        for class_name, test, seconds in (*TESTS, *slow):
            outcomes = [TestOutcome.PASSED]
            if test == BROKEN and self.commit.broken:
                outcomes = [TestOutcome.FAILED]
            elif test == FLAKY and self.name in self.commit.flaky:
                outcomes = [TestOutcome.FAILED, TestOutcome.PASSED]
            elif test == FLAKY and self.name in self.commit.flaky_fails:
                outcomes = [TestOutcome.FAILED, TestOutcome.FAILED]
            for execution, outcome in enumerate(outcomes, 1):
                said = MESSAGES[test] if outcome is TestOutcome.FAILED else ("", "")
                took = seconds * self.random.uniform(0.8, 1.3)
                file = class_name.replace(".", "/") + ".py"
                yield TestExecution("pytest", class_name, test, outcome, file, execution, took, *said)

    def _cancel(self) -> Iterator[Event]:
        self.step += 1
        yield StepStarted(self.at, self.name, self.step, "types", "Check types", command="mypy shop")
        self.at += 2.0
        yield StepFinished(self.at, self.name, self.step, Outcome.CANCELLED, Outcome.CANCELLED, 130)
        self.outcome = Outcome.CANCELLED
        yield LegFinished(self.at, self.name, Outcome.CANCELLED, "because the run was cancelled")
