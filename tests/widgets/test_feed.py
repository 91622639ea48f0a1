"""What goes between a live run and its widget."""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelinekit.caches.blobs import BlobStore
from pipelinekit.model.event import (
    ArtifactSaved,
    LegFinished,
    LegStarted,
    RunFinished,
    StepFinished,
    StepStarted,
)
from pipelinekit.model.outcome import Outcome
from pipelinekit.widgets.feed import Feed
from tests.widgets.fake_run import FakeRun, logged

LEG = "test (3.11)"
PATIENCE_SECONDS = 20


class Heard:
    """What a feed gave out; `until` waits for it."""

    def __init__(self, run: FakeRun) -> None:
        self.parts: dict[str, Any] = {}
        self.puts: list[str] = []
        self.said: list[dict[str, Any]] = []
        self._more = threading.Condition()
        self.feed = Feed(run, self._put, self._say)
        self.parts = self.feed.begin()

    def _put(self, name: str, value: Any) -> None:
        with self._more:
            self.parts[name] = value
            self.puts.append(name)
            self._more.notify_all()

    def _say(self, message: dict[str, Any]) -> None:
        with self._more:
            self.said.append(message)
            self._more.notify_all()

    def until(self, holds: Callable[[], Any]) -> None:
        with self._more:
            assert self._more.wait_for(holds, PATIENCE_SECONDS), (self.said, self.parts["state"])

    def of(self, op: str) -> list[dict[str, Any]]:
        return [message for message in self.said if message["op"] == op]

    def ask(self, op: str, answer: str = "", **more: Any) -> dict[str, Any]:
        """Say it as a view does; the next message of kind `answer`."""
        before = len(self.of(answer or op))
        self.feed.take({"op": op, "view": "v1", **more})
        self.until(lambda: len(self.of(answer or op)) > before)
        return self.of(answer or op)[-1]


@pytest.fixture
def run(tmp_path: Path) -> FakeRun:
    return FakeRun.make(tmp_path)


@pytest.fixture
def heard(run: FakeRun) -> Heard:
    return Heard(run)


def fail(run: FakeRun, heard: Heard | None = None) -> None:
    """The first leg of test stands where its test failed; with `heard`, until it is known why."""
    run.begin()
    run.tell(
        LegStarted(1001.0, "lint", "ubuntu-latest"), LegFinished(1005.0, "lint", Outcome.SUCCESS), LegStarted(1006.0, LEG, "ubuntu-latest"),
        StepStarted(1007.0, LEG, 0, "__setup", "Set up job"), StepFinished(1008.0, LEG, 0, Outcome.SUCCESS, Outcome.SUCCESS),
        StepStarted(1009.0, LEG, 1, "__run", "Test", command="pytest"), logged(LEG, 1, 1, "$ pytest", stream="runner"),
        logged(LEG, 1, 2, "collecting", "\x1b[31mE   assert 1 == 2\x1b[0m", "1 failed"),
        StepFinished(1012.0, LEG, 1, Outcome.FAILURE, Outcome.FAILURE, 1),
    )  # fmt: skip
    if heard is not None:
        heard.until(lambda: heard.parts["state"]["failures"])


def test_before_the_first_step_the_plan_is_there(heard: Heard) -> None:
    assert [leg for leg, _ in heard.parts["shape"]["legs"]] == ["lint", LEG, "test (3.12)"]
    assert heard.parts["state"]["says"] == "run 7 · not started: 2\u00a0jobs, 3\u00a0legs"
    assert heard.parts["state"]["at"] == [0, 0]


def test_what_happens_is_sent(run: FakeRun, heard: Heard) -> None:
    run.doing = "go"
    run.begin()
    run.tell(LegStarted(1001.0, "lint", "ubuntu-latest"), StepStarted(1002.0, "lint", 1, "__run", "Look"))
    heard.until(lambda: heard.parts["state"]["says"].startswith("run 7 · Look in lint"))
    assert heard.parts["state"]["jobs"][0]["state"] == "running"


def test_a_thousand_events_are_few_messages(run: FakeRun, heard: Heard) -> None:
    run.doing = "go"
    run.begin()
    run.tell(LegStarted(1001.0, "lint", "ubuntu-latest"))
    for n in range(1000):
        run.tell(StepStarted(1002.0 + n, "lint", 1, "__run", f"Look {n}"))
    heard.until(lambda: heard.parts["state"]["says"].startswith("run 7 · Look 999 in"))
    assert heard.puts.count("state") < 50


def test_lines_of_what_is_watched_are_sent_once_each(run: FakeRun, heard: Heard) -> None:
    fail(run, heard)
    log = heard.ask("watch", "log", leg=LEG, step=1)
    assert [(line[0], line[3]) for line in log["lines"]] == [(1, "$ pytest"), (2, "collecting"), (3, [["pk-a-red", "E   assert 1 == 2"]]), (4, "1 failed")]
    assert [line[5] for line in log["lines"]] == ["r", "", "d", ""]
    run.tell(logged(LEG, 1, 5, "five", "six"), logged(LEG, 0, 7, "of another step"), logged("test (3.12)", 1, 1, "of another leg"))
    heard.until(lambda: heard.of("lines"))
    assert [line[0] for message in heard.of("lines") for line in message["lines"]] == [5, 6]


def test_steps_that_a_step_brought_are_watched_with_it(run: FakeRun, heard: Heard) -> None:
    fail(run, heard)
    run.tell(StepStarted(1014.0, LEG, 2, "outer", "Outer"))
    assert heard.ask("watch", "log", leg=LEG, step=2)["lines"] == []
    run.tell(StepStarted(1015.0, LEG, 3, "inner", "Inner", parent=2))
    heard.until(lambda: any(step[0] == 3 for step in heard.parts["legs"][LEG]["steps"]))
    run.tell(logged(LEG, 3, 6, "inside"))
    heard.until(lambda: heard.of("lines"))
    assert [(message["step"], line[1]) for message in heard.of("lines") for line in message["lines"]] == [(2, 3)]


def test_the_lines_that_decide_are_found_and_marked(run: FakeRun, heard: Heard) -> None:
    heard.ask("watch", "log", leg=LEG, step=1)
    fail(run)
    run.at = (LEG, 2)
    run.change()
    heard.until(lambda: heard.parts["state"]["failures"])
    heard.until(lambda: any(line[5] == "d" for message in heard.of("log") for line in message["lines"]))
    marked = [line[0] for line in heard.of("log")[-1]["lines"] if "d" in line[5]]
    assert marked == [3]
    callout = str(heard.parts["state"]["failures"][0])
    assert "Exit code 1." in callout
    assert "E   assert 1 == 2" in callout
    assert "Test in test (3.11)" in callout


def test_search_goes_over_all_lines(run: FakeRun, heard: Heard) -> None:
    fail(run, heard)
    run.tell(logged(LEG, 1, 5, *(f"line {n}" for n in range(700))))
    found = heard.ask("find", "found", leg=LEG, text="LINE")
    assert (found["total"], len(found["lines"]), found["view"]) == (700, 500, "v1")
    assert [line[0] for line in heard.ask("find", "found", leg=LEG, text="assert 1 == 2")["lines"]] == [3]


def test_any_stretch_can_be_asked_for(run: FakeRun, heard: Heard) -> None:
    fail(run, heard)
    run.tell(logged(LEG, 1, 5, *(f"line {n}" for n in range(5, 3000))))
    last = heard.ask("watch", "log", leg=LEG, step=1)
    assert (last["lines"][0][0], last["lines"][-1][0], last["more"]) == (2000, 2999, True)
    before = heard.ask("before", "log", leg=LEG, step=1, line=2000)
    assert (before["lines"][0][0], before["lines"][-1][0], before["at"]) == (1000, 2500, 2000)
    at = heard.ask("at", "log", leg=LEG, line=3)
    assert (at["step"], at["at"], at["lines"][0][0], at["more"]) == (1, 3, 1, False)


def test_the_whole_log_comes_in_parts(run: FakeRun, heard: Heard) -> None:
    fail(run)
    heard.feed.take({"op": "whole", "view": "v1", "leg": LEG})
    heard.until(lambda: heard.of("whole") and heard.of("whole")[-1]["done"])
    assert heard.of("whole")[0]["name"] == "run-7-test--3.11-.log"
    assert "".join(part["text"] for part in heard.of("whole")).splitlines()[:2] == ["== Test", "    +4.0s $ pytest"]


def test_a_verb_is_only_handed_on(run: FakeRun, heard: Heard) -> None:
    heard.feed.take({"op": "do", "view": "v1", "verb": "until", "argument": "test/2"})
    heard.ask("sync", "here")
    assert run.done == [("until", "test/2")]


def test_what_a_command_says_is_sent_when_it_is_through(run: FakeRun, heard: Heard) -> None:
    run.answer = (2, ["no such file"])
    heard.feed.take({"op": "do", "view": "v1", "verb": "shell", "argument": "ls x"})
    heard.until(lambda: heard.of("shell"))
    assert heard.of("shell")[0]["lines"] == ["$ ls x", "no such file", "exit code 2"]


def test_who_said_a_verb_hears_when_it_is_through_though_nothing_has_changed(run: FakeRun, heard: Heard) -> None:
    heard.feed.take({"op": "do", "view": "v9", "verb": "until", "argument": "lint"})
    heard.until(lambda: {"op": "here", "view": "v9"} in heard.said)


def test_cancelling_while_a_command_runs_ends_the_command_alone(run: FakeRun, heard: Heard) -> None:
    run.doing = "shell"
    heard.feed.take({"op": "do", "view": "v1", "verb": "cancel", "argument": ""})
    heard.ask("sync", "here")
    assert (run.stopped, run.done) == (1, [])


@pytest.mark.parametrize(
    ("where", "stop", "there"),
    [("test", "before:test/1", True), ("test/2", "before:test/2", True), ("lint", "before:lint/1", True)],
    ids=["a job", "a step", "another job"],
)
def test_a_stop_is_set_and_taken_away(where: str, stop: str, there: bool, run: FakeRun, heard: Heard) -> None:
    heard.feed.take({"op": "stop", "view": "v1", "where": where})
    heard.ask("sync", "here")
    assert [str(each) for each in run.breakpoints] == [stop]
    heard.until(lambda: any(job.get("stop") for job in heard.parts["state"]["jobs"]))
    heard.feed.take({"op": "stop", "view": "v1", "where": where})
    heard.ask("sync", "here")
    assert run.breakpoints == []


def test_a_run_is_watched_while_a_view_is_there(run: FakeRun, heard: Heard) -> None:
    heard.ask("sync", "here")
    assert run.watched
    heard.feed.take({"op": "close", "view": "v1"})
    heard.feed.take({"op": "sync", "view": "v2"})
    heard.until(lambda: len(heard.of("here")) == 2)
    heard.feed.take({"op": "close", "view": "v2"})
    heard.feed.take({"op": "find", "view": "v3", "leg": LEG, "text": "x"})
    heard.until(lambda: heard.of("found"))
    assert not run.watched


def test_a_page_that_went_without_a_word_is_found_out(run: FakeRun, heard: Heard) -> None:
    heard.feed.take({"op": "watch", "view": "gone", "leg": "lint", "step": 1})
    heard.feed.take({"op": "sync", "view": "gone"})
    heard.ask("sync", "here")
    assert [message["view"] for message in heard.of("who")] == ["gone"]
    heard.feed.take({"op": "sync", "view": "v2"})
    heard.until(lambda: len(heard.of("here")) == 3)
    assert [message["view"] for message in heard.of("who")] == ["gone", "v1"]
    heard.feed.take({"op": "sync", "view": "v1"})
    heard.until(lambda: len(heard.of("here")) == 4)
    assert len(heard.of("who")) == 2, "who answers is not asked again"


def test_only_legs_that_are_looked_at_are_sent_whole(run: FakeRun, heard: Heard) -> None:
    fail(run, heard)
    heard.ask("watch", "log", leg="test (3.12)", step=0)
    heard.until(lambda: set(heard.parts["legs"]) == {LEG, "test (3.12)"})
    run.tell(LegFinished(1013.0, LEG, Outcome.FAILURE), LegFinished(1014.0, "test (3.12)", Outcome.CANCELLED), RunFinished(1015.0, Outcome.FAILURE))
    heard.until(lambda: set(heard.parts["legs"]) == {"lint", LEG, "test (3.12)"})
    heard.until(lambda: heard.parts["tail"].get(LEG))
    assert [line[0] for line in heard.parts["tail"][LEG]] == [1, 2, 3, 4]


def test_an_artifact_is_looked_into(run: FakeRun, heard: Heard, tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr("notes: <b>.txt", "<script>alert(1)</script>")
        written.writestr("junit.xml", '<testsuite name="s"><testcase classname="c" name="t" time="0.5"/></testsuite>')
        written.writestr("dot.png", b"\x89PNG\r\n")
    digest = BlobStore(run.store.path / "blobs").put_file(archive)
    fail(run)
    run.tell(ArtifactSaved(1013.0, LEG, 1, "reports", digest, 100, 3))
    assert "notes: <b>.txt" in str(heard.ask("open", what=digest)["tree"])
    assert "<script>alert(1)</script>" in str(heard.ask("open", what=f"{digest}:notes: <b>.txt")["tree"])
    assert "'passed'], ['td', {}, 't']" in str(heard.ask("open", what=f"{digest}:junit.xml")["tree"])
    assert "data:image/png;base64,iVBORw0K" in str(heard.ask("open", what=f"{digest}:dot.png")["tree"])
    assert "no such artifact" in str(heard.ask("open", what="sha256:" + "0" * 64)["tree"])


def test_a_leg_that_failed_before_on_the_same_code_is_flaky(run: FakeRun, heard: Heard) -> None:
    fail(run)
    run.tell(LegFinished(1013.0, LEG, Outcome.FAILURE), RunFinished(1015.0, Outcome.FAILURE))
    heard.until(lambda: heard.parts["state"]["state"] == "failure")
    run.attempt, run.journal = 2, None
    run.state = type(run.state)()
    run.begin()
    run.tell(
        LegStarted(1020.0, LEG, "ubuntu-latest"), StepStarted(1021.0, LEG, 1, "__run", "Test", command="pytest"),
        LegFinished(1022.0, LEG, Outcome.SUCCESS), RunFinished(1023.0, Outcome.SUCCESS),
    )  # fmt: skip
    heard.until(lambda: heard.parts["state"]["legs"][1][0] == "flaky")


def test_the_log_of_another_attempt_begins_anew(run: FakeRun, heard: Heard) -> None:
    fail(run, heard)
    heard.ask("watch", "log", leg=LEG, step=1)
    run.attempt, run.journal, run.state = 2, None, type(run.state)()
    run.begin()
    run.tell(LegStarted(1020.0, LEG, "ubuntu-latest"), StepStarted(1021.0, LEG, 1, "__run", "Test"), logged(LEG, 1, 1, "again"))

    def lines() -> list[Any]:
        found = [message for message in heard.said if message["op"] in ("log", "lines")]
        return [line[3] for message in found[-2:] for line in message["lines"]]

    heard.until(lambda: lines()[-1:] == ["again"])
    run.tell(logged(LEG, 1, 2, "and again"))
    heard.until(lambda: lines()[-1:] == ["and again"])


def test_a_message_that_is_not_known_is_passed_over(heard: Heard) -> None:
    heard.feed.take({"op": "of tomorrow"})
    heard.feed.take({})
    for op in ("do", "stop", "find", "open", "at", "before", "watch", "whole"):
        heard.feed.take({"op": op})
    heard.ask("sync", "here")
    heard.until(lambda: {"op": "here", "view": "v1"} in heard.said)


def test_what_a_view_asks_is_answered_after_something_could_not_be(run: FakeRun, heard: Heard) -> None:
    run.begin()

    def refuse(verb: str, argument: str = "") -> Any:
        raise RuntimeError(f"no {verb}")

    run.do = refuse  # type: ignore[method-assign]
    heard.feed.take({"op": "do", "view": "v1", "verb": "step"})
    heard.ask("sync", "here")
    heard.until(lambda: heard.parts["state"]["trouble"])
    assert heard.parts["state"]["trouble"] == "the widget could not do all that it was asked for: no step"


def test_its_thread_ends_with_the_run_and_is_there_again_for_who_asks(run: FakeRun, heard: Heard) -> None:
    run.number = 4711  # those of other tests are on their way still
    heard = Heard(run)

    def threads() -> list[threading.Thread]:
        return [thread for thread in threading.enumerate() if thread.name == "widget of run 4711"]

    fail(run, heard)
    assert len(threads()) == 1
    run.tell(RunFinished(30.0, Outcome.FAILURE, "test failed"))
    for thread in threads():
        thread.join(PATIENCE_SECONDS)
    assert threads() == []
    heard.ask("sync", "here")
