"""One step, from its condition to its conclusion, in a whole leg on a place that is a dictionary."""

import threading
from pathlib import Path
from textwrap import indent

import pytest

from pipelinekit.model.event import Annotated, LinesLogged, StepFinished, StepSkipped, StepStarted, SummaryWritten
from pipelinekit.model.outcome import Outcome
from pipelinekit.model.problem import Severity
from tests.runs.fakes import FakeExecutor
from tests.runs.running import make_run, of, outcome, output, steps


def leg(text: str, more: str = "") -> str:
    return f"on: push\n{more}jobs:\n  t:\n    runs-on: ubuntu-latest\n    steps:\n{indent(text, '      ')}\n"


@pytest.mark.parametrize(
    ("condition", "ran"),
    [
        pytest.param("success()", "skipped", id="success"),
        pytest.param("failure()", "success", id="failure"),
        pytest.param("always()", "success", id="always"),
        pytest.param("cancelled()", "skipped", id="cancelled"),
        pytest.param("true", "skipped", id="success-is-meant-without-a-status-function"),
        pytest.param("steps.a.outcome == 'failure' && !cancelled()", "success", id="outcome-of-a-step"),
    ],
)
def test_condition_after_a_failed_step(condition: str, ran: str, tmp_path: Path) -> None:
    events = list(make_run(leg(f"- {{id: a, run: exit 3}}\n- {{if: \"{condition}\", run: say hi}}"), tmp_path))
    assert steps(events) == {1: "failure", 2: ran}
    assert outcome(events) is Outcome.FAILURE


def test_a_skipped_step_says_why_in_three_lines(tmp_path: Path) -> None:
    events = list(make_run(leg("- {if: github.ref == 'refs/heads/x', run: say hi}"), tmp_path))
    assert of(StepSkipped, events)[0].condition.splitlines() == [
        "Evaluating: success() && (github.ref == 'refs/heads/x')",
        "Expanded: (true && ('refs/heads/main' == 'refs/heads/x'))",
        "Result: false",
    ]


def test_continue_on_error_keeps_the_outcome_and_changes_the_conclusion(tmp_path: Path) -> None:
    text = "- {id: a, run: exit 1, continue-on-error: true}\n- {run: 'say ${{ steps.a.outcome }} ${{ steps.a.conclusion }}'}"
    events = list(make_run(leg(text), tmp_path))
    finished = next(e for e in of(StepFinished, events) if e.step == 1)
    assert (finished.outcome, finished.conclusion, finished.exit_code) == (Outcome.FAILURE, Outcome.SUCCESS, 1)
    assert output(events) == ["failure success"]
    assert outcome(events) is Outcome.SUCCESS


def test_what_a_step_sets_for_those_that_follow_is_told_masked(tmp_path: Path) -> None:
    text = "- {run: set GITHUB_ENV A=1}\n- run: |\n    set GITHUB_ENV A=2\n    set GITHUB_ENV B=a hidden word\n    set GITHUB_PATH /tools\n- {run: say hi}"
    events = list(make_run(leg(text), tmp_path, secrets={"WORD": "hidden"}))
    told = {event.step: event.environment for event in of(StepFinished, events) if event.step}
    assert told == {1: {"A": "1"}, 2: {"A": "2", "B": "a *** word", "PATH": "/tools"}, 3: {}}


def test_environment_comes_from_workflow_job_env_file_and_step_the_nearest_first(tmp_path: Path) -> None:
    text = """
on: push
env: {A: workflow, B: workflow, C: workflow, D: workflow}
jobs:
  t:
    runs-on: x
    env: {B: job, C: job, D: job}
    steps:
      - run: |
          set GITHUB_ENV C=file
          set GITHUB_ENV D=file
      - env: {D: step}
        run: |
          show A
          show B
          show C
          show D
          say ${{ env.C }} ${{ env.D }}
"""
    assert output(make_run(text, tmp_path)) == ["A=workflow", "B=job", "C=file", "D=step", "file step"]


def test_github_variables_cannot_be_overridden(tmp_path: Path) -> None:
    text = "- {env: {GITHUB_REF: mine, CI: mine}, run: \"show GITHUB_REF\\nshow CI\\nshow GITHUB_JOB\"}"
    assert output(make_run(leg(text), tmp_path)) == ["GITHUB_REF=refs/heads/main", "CI=true", "GITHUB_JOB=t"]


def test_paths_come_first_the_last_one_before_the_others(tmp_path: Path) -> None:
    text = "- {run: \"set GITHUB_PATH /one\\nset GITHUB_PATH /two\"}\n- {run: show PATH}"
    assert output(make_run(leg(text), tmp_path)) == ["PATH=/two:/one:/bin"]


def test_outputs_reach_later_steps_only_under_an_id(tmp_path: Path) -> None:
    text = "- {id: a, run: set GITHUB_OUTPUT v=1}\n- {run: 'say ${{ steps.a.outputs.v }}${{ steps.none.outputs.v }}'}"
    events = list(make_run(leg(text), tmp_path))
    assert output(events) == ["1"]
    assert of(StepFinished, events)[1].outputs == {"v": "1"}


def test_a_broken_env_file_fails_a_step_whose_command_did_not(tmp_path: Path) -> None:
    events = list(make_run(leg("- {run: set GITHUB_ENV nonsense}"), tmp_path))
    assert steps(events) == {1: "failure"}
    assert "Invalid format 'nonsense'" in of(StepFinished, events)[1].reason


def test_summary_is_kept_and_masked(tmp_path: Path) -> None:
    events = list(make_run(leg("- {run: set GITHUB_STEP_SUMMARY token hunter2}"), tmp_path, secrets={"T": "hunter2"}))
    assert [e.text for e in of(SummaryWritten, events)] == ["token ***\n"]


def test_no_event_carries_a_secret(tmp_path: Path) -> None:
    text = """
on: push
jobs:
  t:
    runs-on: x
    env: {TOKEN: "${{ secrets.TOKEN }}"}
    outputs: {leak: "${{ steps.a.outputs.leak }}", fine: "${{ steps.a.outputs.fine }}"}
    steps:
      - id: a
        name: use ${{ secrets.TOKEN }}
        env: {MINE: "${{ secrets.TOKEN }}"}
        run: |
          say hunter2-secret
          say ::error file=a,title=hunter2-secret::hunter2-secret
          say ::notice::aHVudGVyMi1zZWNyZXQ=
          set GITHUB_OUTPUT leak=hunter2-secret
          set GITHUB_OUTPUT fine=yes
      - if: steps.a.outputs.leak == 'other'
        run: say no
      - run: exit 1
"""
    events = list(make_run(text, tmp_path, secrets={"TOKEN": "hunter2-secret"}))
    assert "hunter2" not in repr(events)
    assert "aHVudGVyMi1zZWNyZXQ" not in repr(events)
    assert "'fine': 'yes'" in repr(events)
    assert any("may hold a secret" in line for line in repr(events).split("Noted"))


def test_add_mask_hides_from_then_on(tmp_path: Path) -> None:
    assert output(make_run(leg("- {run: \"say ::add-mask::topsecret\\nsay topsecret\"}"), tmp_path)) == ["***"]


def test_annotations_are_kept_with_their_place_ten_of_a_kind(tmp_path: Path) -> None:
    script = "\\n".join(["say ::warning file=/workspace/src/a.py,line=2,col=3::careful", *["say ::notice::n"] * 12])
    events = list(make_run(leg(f'- {{run: "{script}"}}'), tmp_path))
    kept = of(Annotated, events)
    assert (kept[0].severity, kept[0].file, kept[0].line, kept[0].column) == (Severity.WARNING, "src/a.py", 2, 3)
    assert sum(a.severity is Severity.NOTE for a in kept) == 10


def test_groups_and_stopped_commands(tmp_path: Path) -> None:
    script = "say ::group::Install\\nsay inside\\nsay ::endgroup::\\nsay ::stop-commands::tok123\\nsay ::error::not one\\nsay ::tok123::\\nsay after"
    events = list(make_run(leg(f'- {{run: "{script}"}}'), tmp_path))
    grouped = {text: e.group for e in of(LinesLogged, events) for _, text in e.lines}
    assert grouped["inside"] == "Install"
    assert grouped["after"] == ""
    assert "::error::not one" in grouped
    assert not of(Annotated, events)


def test_old_commands_set_outputs_and_the_dangerous_ones_fail_the_step(tmp_path: Path) -> None:
    text = "- {id: a, run: 'say ::set-output name=v::7'}\n- {run: 'say ${{ steps.a.outputs.v }}'}\n- {run: 'say ::set-env name=A::1'}"
    events = list(make_run(leg(text), tmp_path))
    assert output(events) == ["7"]
    assert steps(events) == {1: "success", 2: "success", 3: "failure"}


def test_line_numbers_count_through_the_leg(tmp_path: Path) -> None:
    events = of(LinesLogged, make_run(leg("- {run: \"say 1\\nsay 2\"}\n- {run: say 3}"), tmp_path))
    numbers = [n for e in events for n in range(e.first, e.first + len(e.lines))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_name_and_environment_of_a_step_are_told_before_it_runs(tmp_path: Path) -> None:
    text = "- {name: 'Test ${{ github.ref_name }}', env: {A: '1'}, run: say hi}\n- {run: \"say first line\\nsay second\"}"
    started = of(StepStarted, make_run(leg(text), tmp_path))
    assert [(s.name, s.command) for s in started] == [
        ("Set up job", ""), ("Test main", "say hi"), ("Run say first line", "say first line\nsay second"),
    ]
    assert started[1].environment == {"A": "1"}
    assert started[1].shell == "bash -e {0}"


def test_an_expression_that_fails_fails_the_step_with_its_place(tmp_path: Path) -> None:
    events = list(make_run(leg("- {run: 'say ${{ fromJSON(github.ref) }}'}\n- {if: always(), run: say on}"), tmp_path))
    assert steps(events) == {1: "failure", 2: "success"}
    assert ".github/workflows/ci.yml:6:" in of(StepFinished, events)[1].reason


def test_actions_mapped_to_skip_are_skipped_and_said(tmp_path: Path) -> None:
    events = list(make_run(leg("- {uses: me/mine@v1}\n- {run: say on}"), tmp_path, actions={"me/mine": "skip"}))
    assert steps(events) == {1: "skipped", 2: "success"}
    assert "[tool.pipelinekit.actions]" in of(StepSkipped, events)[0].condition


def test_a_cancelled_step_whose_condition_still_holds_goes_on(tmp_path: Path) -> None:
    executor = FakeExecutor()
    executor.event("go")
    run = make_run(leg("- {if: always(), run: \"wait go\\nsay finished\"}"), tmp_path, executor)
    seen = []

    def cancel_then_go() -> None:
        run.cancel("stop")
        executor.event("go").set()

    for event in run:
        seen.append(event)
        if isinstance(event, LinesLogged) and event.stream == "runner" and "$ wait go" in str(event.lines):
            threading.Thread(target=cancel_then_go).start()
    assert output(seen) == ["finished"]
    assert steps(seen) == {1: "success"}
    assert outcome(seen) is Outcome.CANCELLED


def test_working_directory_and_shell_come_from_step_job_or_workflow(tmp_path: Path) -> None:
    executor = FakeExecutor()
    text = leg("- {run: say a}\n- {run: say b, shell: sh}", "defaults: {run: {shell: bash, working-directory: sub}}\n")
    started = of(StepStarted, make_run(text, tmp_path, executor))
    assert [s.shell for s in started[1:]] == ["bash --noprofile --norc -e -o pipefail {0}", "sh -e {0}"]
