"""Legs that would come out the same: told again, run again and why, never remembered and why."""

import os

import pytest

from pipelinekit.executors.base import PlaceRequest
from pipelinekit.model.event import CacheUsed, LegFinished, LegStarted, LinesLogged, Noted, StepFinished
from pipelinekit.model.outcome import Outcome
from pipelinekit.model.trigger import Trigger
from tests.repositories import write
from tests.runs.remembering import FIRST, SECOND, THIRD, Bench, remembered, with_step
from tests.runs.running import of, outcome, outcomes, output, step

TEST = """
    on: push
    jobs:
      t:
        runs-on: x
        outputs: {version: "${{ steps.v.outputs.version }}"}
        steps:
          - uses: actions/checkout@v4
          - {id: v, run: set GITHUB_OUTPUT version=1}
          - run: |
              say tested
              say ::warning file=a.txt::old
              set GITHUB_STEP_SUMMARY done
"""
CHAIN = """
    on: push
    jobs:
      build:
        runs-on: x
        outputs: {version: "${{ steps.v.outputs.version }}"}
        steps:
          - uses: actions/checkout@v4
          - {id: v, run: set GITHUB_OUTPUT version=VERSION}
      t:
        needs: build
        runs-on: x
        steps: [{run: "say got ${{ needs.build.outputs.version }}"}]
      other:
        needs: build
        runs-on: x
        steps: [{run: say other}]
"""


def test_a_leg_that_would_come_out_the_same_is_told_again_and_opens_no_place(bench: Bench) -> None:
    first, second = bench.run(TEST, FIRST), bench.run(TEST, SECOND)
    assert (remembered(first), remembered(second)) == ({"t": ""}, {"t": FIRST})
    assert len(bench.executor.places) == 1
    assert output(second) == output(first) == ["local/repository is in /workspace", "tested", "Warning: old"]
    kinds = [type(event) for event in first if not isinstance(event, CacheUsed)]
    assert [type(event) for event in second if not isinstance(event, CacheUsed)] == kinds
    assert outcome(second) is Outcome.SUCCESS


def test_it_ends_with_its_outputs_the_run_it_comes_from_and_the_seconds_saved(bench: Bench) -> None:
    first, second, third = (bench.run(TEST, run_id) for run_id in (FIRST, SECOND, THIRD))
    [ran] = of(LegFinished, first)
    took = ran.at - of(LegStarted, first)[0].at
    for again in (second, third):
        [told] = of(LegFinished, again)
        assert (told.outputs, told.remembered, told.reason) == ({"version": "1"}, FIRST, "nothing that it reads has changed")
        assert told.saved_seconds == pytest.approx(took)
        assert (told.cpu_seconds, of(LegStarted, again)[0].remembered) == (None, FIRST)


def test_everything_that_is_told_again_happens_now(bench: Bench) -> None:
    first, second = bench.run(TEST, FIRST), bench.run(TEST, SECOND)
    ended = first[-1].at
    assert all(event.at >= ended for event in second)
    assert all(at >= ended for event in of(LinesLogged, second) for at, _ in event.lines)


def test_a_cache_that_was_looked_up_then_was_not_looked_up_now(bench: Bench) -> None:
    text = with_step("{uses: actions/cache/restore@v4, with: {path: a, key: k}}")
    first, second = bench.run(text, FIRST), bench.run(text, SECOND)
    assert remembered(second) == {"t": FIRST}
    assert ([used.result for used in of(CacheUsed, first)], of(CacheUsed, second)) == (["miss"], [])


def test_the_first_run_gives_no_reason(bench: Bench) -> None:
    events = bench.run(TEST, FIRST)
    assert of(Noted, events) == []
    assert not any("remembered" in text for event in of(LinesLogged, events) for _, text in event.lines)


@pytest.mark.parametrize(
    ("edits", "reason"),
    [
        pytest.param({"a.txt": "other"}, "a.txt changed", id="a-file"),
        pytest.param({"c.txt": "new"}, "c.txt is new", id="a-new-file"),
        pytest.param({"a.txt": None}, "a.txt is gone", id="a-file-that-is-gone"),
        pytest.param({"a.txt": "x", "b.txt": "x"}, "a.txt and 1 more changed", id="two-files"),
    ],
)
def test_a_miss_says_in_one_line_which_file_changed(bench: Bench, edits: dict[str, str | None], reason: str) -> None:
    bench.run(TEST, FIRST)
    for name, text in edits.items():
        (bench.top / name).unlink() if text is None else write(bench.top, name, text)
    events = bench.run(TEST, SECOND)
    assert remembered(events) == {"t": ""}
    assert [note.message for note in of(Noted, events)] == [f"runs, because {reason}"]
    assert remembered(bench.run(TEST, THIRD)) == {"t": SECOND}


def test_another_image_or_another_variable_is_a_miss(bench: Bench) -> None:
    bench.run(TEST, FIRST)
    assert bench.why(TEST, SECOND, environment={"LEVEL": "debug"}) == "--env LEVEL changed"
    bench.executor.image_digest = "sha256:other"
    assert bench.why(TEST, THIRD, environment={"LEVEL": "debug"}) == "the image changed"


def test_a_workflow_that_says_something_else_is_a_miss_unless_it_is_said_beside_the_job(bench: Bench) -> None:
    bench.run(TEST, FIRST)
    assert remembered(bench.run(TEST.replace("on: push", "on: [push, pull_request]"), SECOND)) == {"t": FIRST}
    assert remembered(bench.run(TEST.replace("runs-on: x", "runs-on: x\n        timeout-minutes: 3"), SECOND)) == {"t": FIRST}
    assert bench.why(TEST.replace("say tested", "say more")) == "its definition in .github/workflows/ci.yml changed"
    bench.run(TEST, THIRD, fresh=True)
    assert bench.why(TEST.replace("on: push", "on: push\n    env: {A: b}")) == "the workflow's env changed"


def test_outputs_that_it_reads_are_read_and_others_are_not(bench: Bench) -> None:
    bench.run(CHAIN.replace("VERSION", "1"), FIRST)
    events = bench.run(CHAIN.replace("VERSION", "2"), SECOND)
    assert remembered(events) == {"build": "", "t": "", "other": FIRST}
    assert "runs, because output version of build changed" in [note.message for note in of(Noted, events)]
    assert output(events, "t") == ["got 2"]
    write(bench.top, "a.txt", "other")
    assert remembered(bench.run(CHAIN.replace("VERSION", "2"), THIRD)) == {"build": "", "t": SECOND, "other": FIRST}


def test_each_leg_of_a_matrix_is_remembered_by_itself(bench: Bench) -> None:
    matrix = "on: push\njobs:\n  t:\n    runs-on: x\n    strategy: {matrix: {n: NUMBERS}}\n    steps: [{run: 'say ${{ matrix.n }}'}]\n"
    bench.run(matrix.replace("NUMBERS", "[1, 2]"), FIRST)
    events = bench.run(matrix.replace("NUMBERS", "[2, 3]"), SECOND)
    assert remembered(events) == {"t (2)": FIRST, "t (3)": ""}
    assert output(events, "t (2)") == ["2"]


def test_a_leg_that_sees_no_file_does_not_mind_files(bench: Bench) -> None:
    text = "on: push\njobs: {t: {runs-on: x, steps: [{run: say hello}]}}\n"
    bench.run(text, FIRST)
    write(bench.top, "a.txt", "other")
    assert remembered(bench.run(text, SECOND)) == {"t": FIRST}


def test_declared_inputs_stand_for_all_files(bench: Bench) -> None:
    inputs = {"t": ("a*", "!ab.txt")}
    bench.run(TEST, FIRST, inputs=inputs)
    write(bench.top, "b.txt", "other")
    write(bench.top, "ab.txt", "new")
    assert remembered(bench.run(TEST, SECOND, inputs=inputs)) == {"t": FIRST}
    write(bench.top, "a.txt", "other")
    assert bench.why(TEST, THIRD, inputs=inputs) == "a.txt changed"


NEVER = {
    "secret": (with_step("run: say ${{ secrets.A }}"), "it reads secrets.A"),
    "secret-in-env": ("on: push\nenv: {A: '${{ secrets.A }}'}\njobs: {t: {runs-on: x, steps: [{run: say a}]}}\n", "it reads secrets.A"),
    "token": (with_step("run: say ${{ github.token }}"), "it reads github.token"),
    "run-number": (with_step("run: say ${{ github.run_number }}"), "it reads github.run_number, which is another one each time"),
    "whole-context": (with_step("{run: say a, if: \"toJSON(github) != ''\"}"), "it reads github, which is another one each time"),
    "run-id-variable": (with_step("run: show GITHUB_RUN_ID"), "it reads GITHUB_RUN_ID, which is another one each time"),
    "environment": (with_step("run: say a").replace("runs-on: x", "runs-on: x\n    environment: live"), "it has the key `environment`"),
    "always": (with_step("run: say a").replace("runs-on: x", "runs-on: x\n    if: always()"), "its `if` asks how others ended: always()"),
    "outside": (
        with_step("run: say git push"),
        'it acts on the world outside (say git push); say what it reads under [tool.pipelinekit.inputs], as "t"',
    ),
    "artifact-of-a-step": (
        with_step("{id: a, run: say a}\n      - {uses: actions/download-artifact@v4, if: false, with: {name: '${{ steps.a.outputs.x }}'}}"),
        "it downloads an artifact whose name is only known while it runs",
    ),
}


@pytest.mark.parametrize(("text", "reason"), NEVER.values(), ids=NEVER)
def test_some_legs_are_never_remembered_and_say_why(bench: Bench, text: str, reason: str) -> None:
    assert bench.why(text, FIRST, secrets={"A": "s3cret-value"}) == reason
    assert bench.why(text, SECOND, secrets={"A": "s3cret-value"}) == reason
    assert not (bench.tmp_path / "legs").exists()


def test_what_acts_outside_is_remembered_where_it_declares_what_it_reads(bench: Bench) -> None:
    text, inputs = NEVER["outside"][0], {"t": ("a.txt",)}
    bench.run(text, FIRST, inputs=inputs)
    assert remembered(bench.run(text, SECOND, inputs=inputs)) == {"t": FIRST}


READS = {
    "expression": ("run: say ${{ github.ref }}", "github.ref changed"),
    "variable": ("run: show GITHUB_REF", "github.ref changed"),
    "condition": ("{run: say a, if: \"github.ref == 'refs/heads/main'\"}", "github.ref changed"),
    "git": ("{run: git describe, if: false}", "the commit, a branch or a tag changed"),
    "nothing": ("run: say nothing", ""),
    "event": ("run: show GITHUB_EVENT_PATH", "github.event changed"),
}


@pytest.mark.parametrize(("step", "reason"), READS.values(), ids=READS)
def test_what_it_reads_of_the_event_counts_and_nothing_else(bench: Bench, step: str, reason: str) -> None:
    bench.run(with_step(step), FIRST)
    assert bench.why(with_step(step), SECOND, trigger=Trigger(ref="refs/heads/other")) == reason


def test_a_failed_leg_runs_again(bench: Bench) -> None:
    text = with_step("run: exit 1")
    bench.run(text, FIRST)
    assert outcomes(bench.run(text, SECOND)) == {"t": Outcome.FAILURE}
    assert len(bench.executor.places) == 2


def test_a_leg_that_went_on_after_a_failed_step_runs_again(bench: Bench) -> None:
    text = with_step("{run: exit 1, continue-on-error: true}")
    bench.run(text, FIRST)
    events = bench.run(text, SECOND)
    assert (remembered(events), outcomes(events)) == ({"t": ""}, {"t": Outcome.SUCCESS})
    assert of(StepFinished, events)[-1].conclusion is Outcome.SUCCESS


@pytest.mark.parametrize("break_it", ["truncated", "changed", "missing"])
def test_a_broken_blob_is_found_by_its_hash_and_the_leg_runs_again(bench: Bench, break_it: str) -> None:
    bench.run(TEST, FIRST)
    kept = next((bench.tmp_path / "legs").glob("*/*.json")).stem
    leg = bench.legs.find(".github/workflows/ci.yml\nt\n{}", kept)
    assert leg is not None
    blob = bench.blobs.path(leg.events)
    content = blob.read_bytes()
    match break_it:
        case "truncated":
            blob.write_bytes(content[:-10])
        case "changed":
            blob.write_bytes(content[:-10] + b"x" * 10)
        case _:
            blob.unlink()
    events = bench.run(TEST, SECOND)
    reason = "what was kept of it is broken: a blob is missing, cut short or changed"
    assert (remembered(events), output(events)) == ({"t": ""}, ["local/repository is in /workspace", "tested", "Warning: old"])
    assert [note.message for note in of(Noted, events)] == [f"runs, because {reason}"]
    assert remembered(bench.run(TEST, THIRD)) == {"t": SECOND}


def test_fresh_runs_every_leg_and_what_came_of_it_is_kept(bench: Bench) -> None:
    bench.run(TEST, FIRST)
    assert remembered(bench.run(TEST, SECOND, fresh=True)) == {"t": ""}
    assert remembered(bench.run(TEST, THIRD)) == {"t": SECOND}


def test_a_secret_of_this_run_is_masked_in_what_is_told_again(bench: Bench) -> None:
    text = with_step("run: 'say the word is sesame'")
    bench.run(text, FIRST)
    events = bench.run(text, SECOND, secrets={"A": "sesame"})
    assert (remembered(events), output(events)) == ({"t": FIRST}, ["the word is ***"])
    assert not any("sesame" in str(event) for event in events)


def test_an_output_that_is_a_secret_now_is_not_given_out(bench: Bench) -> None:
    bench.run(TEST.replace("version=1", "version=sesame"), FIRST)
    assert bench.why(TEST.replace("version=1", "version=sesame"), secrets={"A": "sesame"}) == "an output of it may hold a secret now"


def test_who_steps_sees_it_run_and_a_hand_in_it_is_not_remembered(bench: Bench) -> None:
    bench.run(TEST, FIRST)
    stepped = bench.make(TEST, SECOND)
    while step(stepped):
        pass
    assert len(bench.executor.places) == 2
    text = with_step("{run: say a}\n      - {run: say b}")
    run = bench.make(text, FIRST)
    step(run)
    run.skip(lambda _: None, "by hand")
    while step(run):
        pass
    assert remembered(bench.run(text, THIRD)) == {"t": ""}


def test_a_file_that_is_edited_while_the_run_begins_is_not_taken_for_what_was_read(bench: Bench) -> None:
    def edit(_: PlaceRequest) -> None:
        write(bench.top, "a.txt", "edited")
        os.utime(bench.top / "a.txt", (2e9, 2e9))

    bench.executor.on_open = edit
    bench.run(TEST, FIRST)
    bench.executor.on_open = lambda _: None
    assert remembered(bench.run(TEST, SECOND)) == {"t": ""}


def test_nothing_but_the_store_is_left_behind(bench: Bench) -> None:
    bench.run(TEST, FIRST)
    bench.run(TEST, SECOND)
    assert not list(bench.tmp_path.rglob("*.events"))
