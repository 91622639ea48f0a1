"""Legs that would come out the same: told again, run again and why, never remembered and why."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from pipelinekit.caches.blobs import BlobStore
from pipelinekit.caches.legs import LegStore
from pipelinekit.executors.base import PlaceRequest
from pipelinekit.model.event import CacheUsed, Event, LegFinished, LegStarted, LinesLogged, Noted, StepFinished
from pipelinekit.model.outcome import Outcome
from pipelinekit.model.trigger import Trigger
from pipelinekit.records.event_lines import decode, encode
from pipelinekit.runs.request import Remembering
from pipelinekit.runs.run import Run
from pipelinekit.workspaces.manifest import Manifest
from tests.repositories import write
from tests.runs.fakes import FakeExecutor
from tests.runs.running import make_run, of, outcome, outcomes, output, step

FIRST, SECOND, THIRD = (f"0192f000-0000-7000-8000-00000000000{n}" for n in (1, 2, 3))
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


class Bench:
    """Runs of one repository, one after another. executor: of all of them, with the places that they opened."""

    def __init__(self, tmp_path: Path) -> None:
        self.tmp_path = tmp_path
        self.top = tmp_path / "repository"
        self.executor = FakeExecutor()
        self.blobs = BlobStore(tmp_path / "blobs")
        self.legs = LegStore(tmp_path / "legs", self.blobs)
        for name in ("a.txt", "b.txt"):
            write(self.top, name, name)

    def make(
        self, text: str, run_id: str, *, inputs: Mapping[str, tuple[str, ...]] | None = None, fresh: bool = False,
        secrets: Mapping[str, str] | None = None, environment: Mapping[str, str] | None = None,
        trigger: Trigger | None = None, actions: Mapping[str, str] | None = None,
    ) -> Run:
        # Each run has folders of its own: a place is found by the run's folder.
        remembering = Remembering(self.legs, Manifest(self.top, os.environ), encode, decode, inputs or {}, recalls=not fresh)
        folder = self.tmp_path / run_id
        folder.mkdir(exist_ok=True)
        for name in ("blobs", "repository"):
            if not (folder / name).exists():
                (folder / name).symlink_to(self.tmp_path / name)
        self.blobs.root.mkdir(exist_ok=True)
        return make_run(
            text, folder, self.executor, secrets=secrets, environment=environment, trigger=trigger, actions=actions,
            run_id=run_id, remembering=remembering,
        )

    def run(self, text: str, run_id: str, **how: object) -> list[Event]:
        return list(self.make(text, run_id, **how))  # type: ignore[arg-type]

    def why(self, text: str, run_id: str = SECOND, **how: object) -> str:
        """Run it, and say why its leg `t` ran, as the log of it does."""
        [line] = [
            text.removeprefix("remembered: no, because ")
            for e in of(LinesLogged, self.run(text, run_id, **how)) if e.leg == "t"
            for _, text in e.lines if text.startswith("remembered: no")
        ] or [""]
        return line


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def remembered(events: list[Event]) -> dict[str, str]:
    """The run that each leg comes from, '' where it ran."""
    return {event.leg: event.remembered for event in of(LegFinished, events)}


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
    text = _with("{uses: actions/cache/restore@v4, with: {path: a, key: k}}")
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


def _with(line: str) -> str:
    return f"on: push\njobs:\n  t:\n    runs-on: x\n    steps:\n      - {line}\n"


ACTION = "runs:\n  using: composite\n  steps:\n    - {STEP, shell: sh}\n"


def _using(uses: str, *more: str) -> str:
    lines = "".join(f"      - {line}\n" for line in ("uses: actions/checkout@v4", f"uses: {uses}", *more))
    return f"on: push\njobs:\n  t:\n    runs-on: x\n    steps:\n{lines}"


def _action(bench: Bench, folder: str, step: str) -> None:
    write(bench.top, f"{folder}/action.yml", ACTION.replace("STEP", step))


@pytest.mark.parametrize("uses", ["acme/a@v1", "$/ci/a"])
def test_files_of_an_action_that_is_laid_are_read_even_where_the_repository_is_not(bench: Bench, uses: str) -> None:
    _action(bench, "ci/a", "run: say a")
    text = _with(f"uses: {uses}")
    bench.run(text, FIRST, actions={"acme/a": "ci/a"})
    assert remembered(bench.run(text, SECOND, actions={"acme/a": "ci/a"})) == {"t": FIRST}
    write(bench.top, "ci/a/say.sh", "say a")
    assert bench.why(text, THIRD, actions={"acme/a": "ci/a"}) == "ci/a/say.sh is new"


def test_an_edited_action_outside_the_repository_is_named(bench: Bench) -> None:
    for run_id in (FIRST, SECOND):
        write(bench.tmp_path / run_id, "shared/a/action.yml", ACTION.replace("STEP", "run: say a"))
    text, actions = _with("uses: acme/a@v1"), {"acme/a": "../shared/a"}
    bench.run(text, FIRST, actions=actions)
    assert remembered(bench.run(text, SECOND, actions=actions)) == {"t": FIRST}
    write(bench.tmp_path / SECOND, "shared/a/action.yml", ACTION.replace("STEP", "run: say b"))
    assert bench.why(text, SECOND, actions=actions) == "../shared/a/action.yml changed"


def test_an_action_of_the_repository_is_one_of_its_files(bench: Bench) -> None:
    _action(bench, "ci/a", "run: say a")
    bench.run(_using("./ci/a"), FIRST)
    assert remembered(bench.run(_using("./ci/a"), SECOND)) == {"t": FIRST}
    _action(bench, "ci/a", "run: say b")
    assert bench.why(_using("./ci/a"), THIRD) == "ci/a/action.yml changed"


def test_an_action_of_the_repository_counts_beside_declared_inputs(bench: Bench) -> None:
    _action(bench, "ci/a", "run: say a")
    inputs = {"t": ("a.txt",)}
    bench.run(_using("./ci/a"), FIRST, inputs=inputs)
    write(bench.top, "b.txt", "other")
    assert remembered(bench.run(_using("./ci/a"), SECOND, inputs=inputs)) == {"t": FIRST}
    _action(bench, "ci/a", "run: say b")
    assert bench.why(_using("./ci/a"), THIRD, inputs=inputs) == "ci/a/action.yml changed"


def test_an_action_that_is_edited_while_the_leg_runs_is_not_taken_for_what_was_read(bench: Bench) -> None:
    _action(bench, "ci/a", "run: say a")
    text, actions = _with("uses: acme/a@v1"), {"acme/a": "ci/a"}
    bench.executor.on_open = lambda _: _action(bench, "ci/a", "run: say b")
    bench.run(text, FIRST, actions=actions)
    bench.executor.on_open = lambda _: None
    _action(bench, "ci/a", "run: say a")
    assert remembered(bench.run(text, SECOND, actions=actions)) == {"t": ""}


INSIDE = {
    "reads-the-ref": ("run: 'say ${{ github.ref }}'", "github.ref changed"),
    "names-the-ref": ("run: show GITHUB_REF", "github.ref changed"),
    "asks-in-a-condition": ("run: say a, if: \"github.ref == 'refs/heads/main'\"", "github.ref changed"),
    "asks-git": ("run: 'git describe', if: false", "the commit, a branch or a tag changed"),
    "reads-the-run": ("run: 'say ${{ github.run_id }}'", "it reads github.run_id, which is another one each time"),
    "acts-outside": (
        "run: say git push",
        'it acts on the world outside (say git push); say what it reads under [tool.pipelinekit.inputs], as "t"',
    ),
    "nothing": ("run: say a", ""),
}


@pytest.mark.parametrize(("step", "reason"), INSIDE.values(), ids=INSIDE)
def test_what_steps_of_an_action_read_counts_as_what_the_jobs_own_read(bench: Bench, step: str, reason: str) -> None:
    _action(bench, "ci/a", step)
    text, actions = _with("uses: acme/deploy@v1"), {"acme/deploy": "ci/a"}
    bench.run(text, FIRST, actions=actions)
    assert bench.why(text, SECOND, actions=actions, trigger=Trigger(ref="refs/heads/other")) == reason


def test_an_action_that_is_there_only_while_it_runs_is_never_remembered(bench: Bench) -> None:
    assert bench.why(_using("./made"), FIRST) == 'it uses "./made", which is there only while it runs'
    _action(bench, "ci/a", "run: say a")
    other = _using("./ci/a").replace("uses: actions/checkout@v4", "{uses: actions/checkout@v4, with: {ref: main}}")
    assert bench.why(other, SECOND) == 'it uses "./ci/a" of another commit'


def test_a_checkout_inside_an_action_sees_all_files(bench: Bench) -> None:
    write(bench.top, "ci/a/action.yml", "runs: {using: composite, steps: [{uses: actions/checkout@v4}]}\n")
    text, actions = _with("uses: acme/a@v1"), {"acme/a": "ci/a"}
    bench.run(text, FIRST, actions=actions)
    write(bench.top, "a.txt", "other")
    assert bench.why(text, SECOND, actions=actions) == "a.txt changed"


NEVER = {
    "secret": (_with("run: say ${{ secrets.A }}"), "it reads secrets.A"),
    "secret-in-env": ("on: push\nenv: {A: '${{ secrets.A }}'}\njobs: {t: {runs-on: x, steps: [{run: say a}]}}\n", "it reads secrets.A"),
    "token": (_with("run: say ${{ github.token }}"), "it reads github.token"),
    "run-number": (_with("run: say ${{ github.run_number }}"), "it reads github.run_number, which is another one each time"),
    "whole-context": (_with("{run: say a, if: \"toJSON(github) != ''\"}"), "it reads github, which is another one each time"),
    "run-id-variable": (_with("run: show GITHUB_RUN_ID"), "it reads GITHUB_RUN_ID, which is another one each time"),
    "environment": (_with("run: say a").replace("runs-on: x", "runs-on: x\n    environment: live"), "it has the key `environment`"),
    "always": (_with("run: say a").replace("runs-on: x", "runs-on: x\n    if: always()"), "its `if` asks how others ended: always()"),
    "outside": (
        _with("run: say git push"),
        'it acts on the world outside (say git push); say what it reads under [tool.pipelinekit.inputs], as "t"',
    ),
    "artifact-of-a-step": (
        _with("{id: a, run: say a}\n      - {uses: actions/download-artifact@v4, if: false, with: {name: '${{ steps.a.outputs.x }}'}}"),
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
    bench.run(_with(step), FIRST)
    assert bench.why(_with(step), SECOND, trigger=Trigger(ref="refs/heads/other")) == reason


def test_a_failed_leg_runs_again(bench: Bench) -> None:
    text = _with("run: exit 1")
    bench.run(text, FIRST)
    assert outcomes(bench.run(text, SECOND)) == {"t": Outcome.FAILURE}
    assert len(bench.executor.places) == 2


def test_a_leg_that_went_on_after_a_failed_step_runs_again(bench: Bench) -> None:
    text = _with("{run: exit 1, continue-on-error: true}")
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
    text = _with("run: 'say the word is sesame'")
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
    text = _with("{run: say a}\n      - {run: say b}")
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
