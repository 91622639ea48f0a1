"""What a leg reads of the actions that it uses: it runs again where that changed, and says so."""

import pytest

from pipelinekit.model.trigger import Trigger
from tests.repositories import write
from tests.runs.remembering import FIRST, SECOND, THIRD, Bench, remembered, with_step

ACTION = "runs:\n  using: composite\n  steps:\n    - {STEP, shell: sh}\n"


def _using(uses: str, *more: str) -> str:
    lines = "".join(f"      - {line}\n" for line in ("uses: actions/checkout@v4", f"uses: {uses}", *more))
    return f"on: push\njobs:\n  t:\n    runs-on: x\n    steps:\n{lines}"


def _action(bench: Bench, folder: str, step: str) -> None:
    write(bench.top, f"{folder}/action.yml", ACTION.replace("STEP", step))


@pytest.mark.parametrize("uses", ["acme/a@v1", "$/ci/a"])
def test_files_of_an_action_that_is_laid_are_read_even_where_the_repository_is_not(bench: Bench, uses: str) -> None:
    _action(bench, "ci/a", "run: say a")
    text = with_step(f"uses: {uses}")
    bench.run(text, FIRST, actions={"acme/a": "ci/a"})
    assert remembered(bench.run(text, SECOND, actions={"acme/a": "ci/a"})) == {"t": FIRST}
    write(bench.top, "ci/a/say.sh", "say a")
    assert bench.why(text, THIRD, actions={"acme/a": "ci/a"}) == "ci/a/say.sh is new"


def test_an_edited_action_outside_the_repository_is_named(bench: Bench) -> None:
    for run_id in (FIRST, SECOND):
        write(bench.tmp_path / run_id, "shared/a/action.yml", ACTION.replace("STEP", "run: say a"))
    text, actions = with_step("uses: acme/a@v1"), {"acme/a": "../shared/a"}
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
    text, actions = with_step("uses: acme/a@v1"), {"acme/a": "ci/a"}
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
    text, actions = with_step("uses: acme/deploy@v1"), {"acme/deploy": "ci/a"}
    bench.run(text, FIRST, actions=actions)
    assert bench.why(text, SECOND, actions=actions, trigger=Trigger(ref="refs/heads/other")) == reason


def test_an_action_that_is_there_only_while_it_runs_is_never_remembered(bench: Bench) -> None:
    assert bench.why(_using("./made"), FIRST) == 'it uses "./made", which is there only while it runs'
    _action(bench, "ci/a", "run: say a")
    other = _using("./ci/a").replace("uses: actions/checkout@v4", "{uses: actions/checkout@v4, with: {ref: main}}")
    assert bench.why(other, SECOND) == 'it uses "./ci/a" of another commit'


def test_a_checkout_inside_an_action_sees_all_files(bench: Bench) -> None:
    write(bench.top, "ci/a/action.yml", "runs: {using: composite, steps: [{uses: actions/checkout@v4}]}\n")
    text, actions = with_step("uses: acme/a@v1"), {"acme/a": "ci/a"}
    bench.run(text, FIRST, actions=actions)
    write(bench.top, "a.txt", "other")
    assert bench.why(text, SECOND, actions=actions) == "a.txt changed"
