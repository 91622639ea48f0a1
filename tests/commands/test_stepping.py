"""The prompt at which a person takes a run step by step, on this machine."""

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelinekit.commands.stepping import VERBS
from pipelinekit.main import main
from pipelinekit.records.store import Store
from pipelinekit.runs.preview import Preview, told
from tests.repositories import repository

WORKFLOW = """
    on: push
    jobs:
      t:
        runs-on: x
        steps:
          - {name: One, run: echo one}
          - {name: Two, if: "github.ref == 'refs/heads/other'", run: echo two}
          - {name: Three, run: echo three}
"""

Say = Callable[..., tuple[int, str]]


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Say:
    """Type these lines at the prompt of a new run."""
    monkeypatch.chdir(repository(tmp_path, WORKFLOW))

    def say(*lines: str, words: tuple[str, ...] = ("--step",)) -> tuple[int, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        out = io.StringIO()
        return main(["run", "--executor", "host", *words], out), out.getvalue()

    return say


def test_enter_takes_a_step_and_the_end_is_the_end(say: Say) -> None:
    code, text = say("", "", "", "")
    assert code == 0
    assert [line for line in text.splitlines() if line.startswith("next:")] == [
        "next: t · One", "next: t · Two · would be skipped", "next: t · Three",
        "next: t · what is left at the end of the job",
    ]


def test_the_end_of_the_input_pauses_the_run(say: Say, tmp_path: Path) -> None:
    code, text = say("s")
    assert code == 5
    assert Store(tmp_path / ".pipelinekit").runs()[0]["outcome"] == "paused"
    assert "go on: pipelinekit resume 1" in text


def test_why_a_step_would_be_skipped_is_told_before_it_is(say: Say) -> None:
    _, text = say("s", "q")
    assert "  Expanded: (true && ('refs/heads/main' == 'refs/heads/other'))" in text


def test_continue_goes_to_the_end(say: Say) -> None:
    code, text = say("c")
    assert code == 0
    assert "t |   three" in text


def test_cancel_ends_the_run(say: Say, tmp_path: Path) -> None:
    code, _ = say("x")
    assert code == 1
    assert Store(tmp_path / ".pipelinekit").runs()[0]["outcome"] == "cancelled"


def test_what_is_no_verb_is_told_and_help_lists_them_all(say: Say) -> None:
    _, text = say("jump", "?", "q")
    assert 'there is no verb "jump"; ? lists them' in text
    assert all(f"  {verb.key}  {verb.name}" in text for verb in VERBS)


def test_a_verb_that_needs_more_says_so(say: Say) -> None:
    _, text = say("v NOTHING", "r", "q")
    assert "say NAME=VALUE" in text
    assert "no step has failed" in text


def test_breakpoints_are_passed_where_nobody_watches(say: Say) -> None:
    code, text = say(words=("--break", "before:t/Three"))
    assert code == 0
    assert "breakpoint before:t/Three was passed: nobody watches" in text


@pytest.mark.parametrize(
    ("where", "says"), [("/", 'a breakpoint can\'t be "/"'), ("u", 'there is no job "u"'), ("t/Thre", '"t" has no step "Thre"')]
)
def test_what_can_be_no_breakpoint_is_told(where: str, says: str, say: Say, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert say(words=("--break", where))[0] == 2
    assert says in capsys.readouterr().err
    assert list((tmp_path / ".pipelinekit" / "journals").iterdir()) == [], "nothing has begun"


def test_long_commands_are_cut() -> None:
    lines = list(told(Preview("t", "Long", True, "Evaluating: success()\nResult: true", command="x\n" * 50)))
    assert lines[-1] == "  ... and 38 lines more"
