"""Composite actions: their steps run as steps of the one that uses them, on places that are dictionaries."""

from pathlib import Path

import pytest

from pipelinekit.model.event import Annotated, CacheUsed, StepFinished, StepSkipped, StepStarted
from pipelinekit.model.outcome import Outcome
from tests.runs.actions import MAPPED, action, errors, job, mapped, run
from tests.runs.fakes import FakeExecutor, FakePlace
from tests.runs.running import make_run, of, outcome, output, step, steps

LOCAL = "- uses: actions/checkout@v4\n- {id: a, uses: ./ci/a}\n"


def test_its_steps_are_steps_of_the_one_that_uses_it_counted_after_the_authors(tmp_path: Path) -> None:
    action(tmp_path, "ci/b", "- {name: deep, run: say deep, shell: sh}")
    events = mapped(
        tmp_path,
        "- {name: first, run: say one, shell: sh}\n- {name: nested, uses: acme/b@v1}\n- {name: last, if: failure(), run: say no, shell: sh}",
        "- {name: before, run: say before}\n- {name: outer, uses: acme/a@v1}\n- {name: after, run: say after}",
    )
    assert outcome(events) is Outcome.FAILURE  # nothing stands for acme/b
    events = run(
        tmp_path, job("- {name: before, run: say 1}\n- {name: outer, uses: acme/a@v1}\n- {name: after, run: say 2}"),
        actions={**MAPPED, "acme/b@v1": "ci/b"},
    )
    told = [(e.step, e.name, e.parent) for e in events if isinstance(e, StepStarted | StepSkipped) and e.step]
    assert told == [
        (1, "before", None), (2, "outer", None), (4, "first", 2), (5, "nested", 2), (6, "deep", 5), (7, "last", 2), (3, "after", None),
    ]  # fmt: skip
    assert [e.step for e in of(StepFinished, events)] == [0, 1, 4, 6, 5, 2, 3]
    assert output(events) == ["1", "one", "deep", "2"]


def test_inputs_are_what_is_given_else_the_defaults_and_are_no_variables(tmp_path: Path) -> None:
    more = """
        inputs:
          who: {required: true}
          Where: {default: "on ${{ github.ref_name }} of ${{ runner.os }}"}
          times: {default: 2}
          must: {required: true}
          old: {deprecationMessage: say who}
    """
    events = mapped(
        tmp_path,
        "- {shell: sh, run: \"say ${{ inputs.who }} ${{ inputs.where }} ${{ inputs.TIMES }} [${{ inputs.must }}]\\nshow INPUT_WHO\"}",
        "- {uses: acme/a@v1, with: {WHO: Ade, old: x, odd: 1, other: 2}}",
        more,
    )
    assert output(events) == ["Ade on main of Linux 2 []", "INPUT_WHO="]
    assert [e.message for e in of(Annotated, events)] == [
        "Input 'old' has been deprecated with message: say who",
        "Unexpected input(s) 'odd', 'other', valid inputs are ['who', 'Where', 'times', 'must', 'old']",
    ]
    assert {e.step for e in of(Annotated, events)} == {1}


def test_the_inputs_of_the_workflow_are_not_seen_inside(tmp_path: Path) -> None:
    action(tmp_path, "ci/a", "- {run: 'say [${{ inputs.name }}]', shell: sh}")
    events = run(tmp_path, job("- {uses: acme/a@v1}\n- {run: 'say [${{ inputs.name }}]'}"), actions=MAPPED)
    assert output(events) == ["[]", "[]"]


def test_outputs_come_from_its_own_steps_also_where_it_failed(tmp_path: Path) -> None:
    more = 'outputs: {sum: {value: "${{ steps.s.outputs.n }}${{ inputs.x }}"}, none: {value: "${{ steps.no.outputs.n }}"}, said: {}}\n'
    events = mapped(
        tmp_path,
        "- {id: s, run: set GITHUB_OUTPUT n=4, shell: sh}\n- {run: exit 1, shell: sh}",
        "- {id: s, uses: acme/a@v1, continue-on-error: true}\n- {run: 'say ${{ steps.s.outputs.sum }}'}",
        more,
    )
    assert {event.step: event.outputs for event in of(StepFinished, events)}[1] == {"sum": "4", "none": ""}
    assert output(events) == ["4"]
    assert outcome(events) is Outcome.SUCCESS


def test_steps_inside_do_not_see_those_outside_nor_are_they_seen(tmp_path: Path) -> None:
    events = mapped(
        tmp_path,
        "- {id: s, run: 'say [${{ steps.before.outcome }}]', shell: sh}",
        "- {id: before, run: say x}\n- {uses: acme/a@v1}\n- {run: 'say [${{ steps.s.outcome }}]'}",
    )
    assert output(events) == ["x", "[]", "[]"]


def test_environment_and_path_are_the_jobs_but_the_env_of_who_uses_it_comes_first(tmp_path: Path) -> None:
    events = mapped(
        tmp_path,
        """
        - {run: "set GITHUB_ENV A=file\\nset GITHUB_ENV B=file\\nset GITHUB_PATH /tools", shell: sh}
        - {run: "show A\\nshow B\\nshow C\\nshow PATH\\nsay ${{ env.A }}", shell: sh, env: {C: "${{ env.A }}-inner"}}
        """,
        "- {uses: acme/a@v1, env: {A: caller}}\n- {run: \"show A\\nshow B\\nshow C\\nshow PATH\"}",
    )
    assert output(events) == [
        "A=caller", "B=file", "C=caller-inner", "PATH=/tools:/bin", "caller",
        "A=file", "B=file", "C=", "PATH=/tools:/bin",
    ]  # fmt: skip


def test_a_nested_action_gets_the_env_of_all_around_it(tmp_path: Path) -> None:
    action(tmp_path, "ci/b", "- {run: \"show A\\nshow B\", shell: sh}")
    action(tmp_path, "ci/a", "- {uses: acme/b@v1, env: {B: '${{ env.A }}2'}}")
    events = run(tmp_path, job("- {uses: acme/a@v1, env: {A: '1'}}"), actions={**MAPPED, "acme/b": "ci/b"})
    assert output(events) == ["A=1", "B=12"]


@pytest.mark.parametrize("name", ["secrets", "vars", "needs"])
def test_what_belongs_to_the_workflow_is_not_seen_inside(name: str, tmp_path: Path) -> None:
    events = mapped(tmp_path, f"- {{run: 'say ${{{{ {name}.A }}}}', shell: sh}}")
    assert steps(events) == {1: "failure"}
    assert of(StepFinished, events)[-1].reason.startswith("ci/a/action.yml:4:")
    assert f'"{name}" can\'t be used here' in of(StepFinished, events)[-1].reason


def test_usual_shell_and_folder_of_the_job_do_not_reach_inside(tmp_path: Path) -> None:
    executor = FakeExecutor()
    action(tmp_path, "ci/a", "- {run: exit 0, shell: 'custom {0}'}\n- {run: exit 1, shell: sh, working-directory: '${{ inputs.at }}'}",
           "inputs: {at: {default: deep}}\n")  # fmt: skip
    text = job("- {uses: acme/a@v1}", "defaults: {run: {shell: python, working-directory: usual}}")
    started = of(StepStarted, run(tmp_path, text, executor=executor, actions=MAPPED))
    assert [event.shell for event in started if event.parent] == ["custom {0}", "sh -e {0}"]
    where = make_run(text, tmp_path, executor, actions=MAPPED, run_id="0192f000-0000-7000-8000-000000000002")
    for _ in range(2):
        step(where)
    leg = where.next_leg()
    assert leg is not None
    leg.terminal(0, 1)
    assert executor.places[-1].terminals[0].directory == "deep"


def test_its_files_are_laid_into_the_place_and_the_path_says_where(tmp_path: Path) -> None:
    executor = FakeExecutor()
    folder = action(tmp_path, "ci/a", "- {run: \"say ${{ github.action_path }}\\nshow GITHUB_ACTION_PATH\\nshow GITHUB_ACTION\", shell: sh}")
    (folder / "lib").mkdir()
    (folder / "lib" / "say.sh").write_text("echo hi")
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("x")
    (folder / "link").symlink_to("lib")
    before = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))
    events = run(tmp_path, job("- {id: mine, uses: acme/a@v1}\n- {uses: acme/a@v1}"), executor=executor, actions=MAPPED)
    path = "/temp/_actions/acme/a@v1"
    assert output(events)[:3] == [path, f"GITHUB_ACTION_PATH={path}", "GITHUB_ACTION=mine"]
    laid = {name: text for name, text in executor.places[0].files.items() if name.startswith("/temp/_actions")}
    assert sorted(laid) == [f"{path}/action.yml", f"{path}/lib/say.sh"]
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*")) == before


def test_actions_of_the_same_name_lie_in_folders_of_their_own(tmp_path: Path) -> None:
    action(tmp_path, "vendor/a", "- {uses: $/b}")
    for folder in ("vendor/b", "b"):
        action(tmp_path, folder, f"- {{run: 'say {folder} ${{{{ github.action_path }}}}', shell: sh}}")
    events = run(tmp_path, job("- uses: $/b\n- uses: acme/tools/a@v1\n- uses: $/b"), actions={"acme/tools/a": "vendor/a"})
    assert output(events) == ["b /temp/_actions/beside/b", "vendor/b /temp/_actions/beside/b-2", "b /temp/_actions/beside/b"]


def test_a_file_that_cannot_be_copied_stops_the_run_and_says_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: FakePlace, file: Path, path: str) -> None:
        raise PermissionError(13, "Permission denied", str(file))

    monkeypatch.setattr(FakePlace, "send", refuse)
    events = mapped(tmp_path, "- {run: say x, shell: sh}")
    assert of(StepFinished, events)[-1].reason == f"the action in {tmp_path}/repository/ci/a can't be copied into a place"
    assert outcome(events) is Outcome.FAILURE


def test_an_action_of_the_repository_is_read_from_the_workspace(tmp_path: Path) -> None:
    action(tmp_path, "ci/a", "- {run: 'say ${{ github.action_path }}', shell: sh}", file="action.yaml")
    assert output(run(tmp_path, job(LOCAL))) == ["local/repository is in /workspace", "/workspace/ci/a"]


def test_without_checkout_an_action_of_the_repository_is_not_there(tmp_path: Path) -> None:
    action(tmp_path, "ci/a", "- {run: say x, shell: sh}")
    events = run(tmp_path, job("- uses: ./ci/a"))
    assert errors(events) == [
        "Can't find 'action.yml', 'action.yaml' or 'Dockerfile' under '/workspace/ci/a'. Did you forget to run actions/checkout "
        "before running your local action?"
    ]
    assert steps(events) == {1: "failure"}


def test_an_action_beside_its_file_needs_no_checkout(tmp_path: Path) -> None:
    action(tmp_path, "ci/a", "- {uses: $/ci/b}")
    action(tmp_path, "ci/b", "- {run: 'say ${{ github.action_path }}', shell: sh}")
    assert output(run(tmp_path, job("- uses: $/ci/a"))) == ["/temp/_actions/beside/ci/b"]


def test_beside_an_action_that_is_mapped_means_in_its_own_repository(tmp_path: Path) -> None:
    action(tmp_path, "vendor/a", "- {uses: $/b}")
    action(tmp_path, "vendor/b", "- {run: say of the vendor, shell: sh}")
    action(tmp_path, "b", "- {run: say ours, shell: sh}")
    assert output(run(tmp_path, job("- uses: acme/tools/a@v1"), actions={"acme/tools/a": "vendor/a"})) == ["of the vendor"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param("runs: {using: node24, main: x.js}", '"./ci/a" is an action of the kind "node24", which can\'t run here yet', id="javascript"),
        pytest.param("runs: {using: docker, image: x}", '"./ci/a" is an action of the kind "docker", which can\'t run here yet', id="docker"),
        pytest.param("runs: [", "ci/a/action.yml:1:8: did not find expected node content", id="no-yaml"),
    ],
)
def test_an_action_that_cannot_run_fails_its_step_where_it_is_found(content: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "repository" / "ci" / "a").mkdir(parents=True)
    (tmp_path / "repository" / "ci" / "a" / "action.yml").write_text(content)
    events = run(tmp_path, job(LOCAL))
    assert errors(events) == [told]
    assert [event.step for event in of(StepStarted, events)] == [0, 1, 2]


def test_a_dockerfile_alone_makes_a_docker_action(tmp_path: Path) -> None:
    (tmp_path / "repository" / "ci" / "a").mkdir(parents=True)
    (tmp_path / "repository" / "ci" / "a" / "Dockerfile").write_text("FROM x")
    assert errors(run(tmp_path, job(LOCAL))) == ['"./ci/a" is a Docker action, which can\'t run here yet']


def test_actions_use_one_another_ten_levels_deep_and_no_deeper(tmp_path: Path) -> None:
    rows = {f"acme/{n}": f"ci/{n}" for n in range(12)}
    for n in range(12):
        action(tmp_path, f"ci/{n}", f"- {{uses: acme/{n + 1}@v1}}" if n < 9 else "- {run: say bottom, shell: sh}")
    assert output(run(tmp_path, job("- uses: acme/0@v1"), actions=rows)) == ["bottom"]
    action(tmp_path, "ci/9", "- {uses: acme/10@v1}")
    events = run(tmp_path, job("- uses: acme/0@v1"), actions=rows, run_id="0192f000-0000-7000-8000-000000000002")
    assert errors(events) == ["Composite action depth exceeded max depth 10"]


def test_an_action_that_uses_itself_ends(tmp_path: Path) -> None:
    action(tmp_path, "ci/a", "- {uses: ./ci/a}")
    assert errors(run(tmp_path, job(LOCAL))) == ["Composite action depth exceeded max depth 10"]


def test_a_step_inside_that_is_mapped_to_skip_is_skipped(tmp_path: Path) -> None:
    action(tmp_path, "ci/a", "- {uses: acme/notify@v1}\n- {run: say on, shell: sh}")
    events = run(tmp_path, job("- uses: acme/a@v1"), actions={**MAPPED, "acme/notify": "skip"})
    assert steps(events) == {1: "success", 2: "skipped", 3: "success"}


def test_a_row_comes_before_what_stands_in_for_an_action(tmp_path: Path) -> None:
    action(tmp_path, "ci/a", "- {run: say mine, shell: sh}")
    assert output(run(tmp_path, job("- uses: actions/cache@v4"), actions={"actions/cache": "ci/a"})) == ["mine"]


def test_what_steps_inside_leave_to_do_comes_at_the_end_the_last_first(tmp_path: Path) -> None:
    cache = "{uses: actions/cache@v4, with: {path: x, key: KEY}}"
    action(tmp_path, "ci/b", f"- {cache.replace('KEY', 'two')}\n- {cache.replace('KEY', 'three')}")
    action(tmp_path, "ci/a", f"- {cache.replace('KEY', 'one')}\n- {{uses: acme/b@v1}}")
    events = run(tmp_path, job(f"- {{uses: acme/a@v1}}\n- {cache.replace('KEY', 'four')}"), actions={**MAPPED, "acme/b": "ci/b"})
    posts = [event for event in of(StepStarted, events) if event.name.startswith("Post ")]
    keys = {event.step: event.key for event in of(CacheUsed, events)}
    assert [(event.step, keys[event.parent or 0]) for event in posts] == [(7, "four"), (8, "three"), (9, "two"), (10, "one")]


def test_masks_and_annotations_hold_inside(tmp_path: Path) -> None:
    more = "inputs: {token: {}}\n".replace("{}", "{description: x}")
    events = mapped(
        tmp_path,
        "- {run: \"say ${{ inputs.token }}\\nsay ::add-mask::opensesame\\nsay opensesame\\nsay ::warning file=/workspace/a.py,line=2::look\", shell: sh}",
        more=more,
        outer="- {uses: acme/a@v1, with: {token: '${{ github.sha }}x'}}",
    )
    assert output(events)[-2:] == ["***", "Warning: look"]
    [told] = of(Annotated, events)
    assert (told.step, told.file, told.line) == (2, "a.py", 2)


def test_files_of_the_workspace_are_hashed_inside(tmp_path: Path) -> None:
    action(tmp_path, "ci/a", "- {run: \"say ${{ hashFiles('ci/**') != '' }} ${{ inputs.at != '' }}\", shell: sh}",
           "inputs: {at: {default: \"${{ hashFiles('ci/**') }}\"}}\n")  # fmt: skip
    assert output(run(tmp_path, job(LOCAL)))[-1] == "true true"


def test_an_expression_inside_that_fails_fails_its_step(tmp_path: Path) -> None:
    inner = "- {run: \"say ${{ fromJSON('no') }}\", shell: sh}\n- {if: \"always() && fromJSON('no')\", run: say x, shell: sh}"
    events = mapped(tmp_path, inner)
    assert steps(events) == {1: "failure", 2: "failure", 3: "failure"}


def test_an_output_that_cannot_be_evaluated_fails_the_step(tmp_path: Path) -> None:
    events = mapped(tmp_path, "- {run: say x, shell: sh}", more="outputs: {a: {value: \"${{ fromJSON('no') }}\"}}\n")
    assert steps(events) == {1: "failure", 2: "success"}
    assert len(errors(events)) == 1


def test_a_default_that_cannot_be_evaluated_fails_the_step(tmp_path: Path) -> None:
    events = mapped(tmp_path, "- {run: say x, shell: sh}", more="inputs: {a: {default: \"${{ fromJSON('no') }}\"}}\n")
    assert steps(events) == {1: "failure"}


def test_one_step_takes_the_whole_action(tmp_path: Path) -> None:
    action(tmp_path, "ci/a", "- {run: say a, shell: sh}\n- {run: say b, shell: sh}")
    run_ = make_run(job("- uses: acme/a@v1\n- run: say c"), tmp_path, actions=MAPPED)
    step(run_)
    assert output(step(run_)) == ["a", "b"]
    assert output(step(run_)) == ["c"]


def test_after_a_failure_a_person_looks_into_the_step_that_failed_inside(tmp_path: Path) -> None:
    executor = FakeExecutor()
    action(tmp_path, "ci/b", "- {run: exit 1, shell: sh, env: {INNER: '${{ inputs.x }}'}, working-directory: there}", "inputs: {x: {default: y}}\n")
    action(tmp_path, "ci/a", "- {uses: acme/b@v1, env: {OUTER: '1'}}")
    run_ = make_run(job("- uses: acme/a@v1"), tmp_path, executor, actions={**MAPPED, "acme/b": "ci/b"})
    step(run_)
    step(run_)
    leg = run_.next_leg()
    assert leg is not None
    leg.terminal(0, 1)
    command = executor.places[0].terminals[0]
    assert (command.directory, command.environment["INNER"], command.environment["OUTER"]) == ("there", "y", "1")
    assert command.environment["GITHUB_ACTION_PATH"] == "/temp/_actions/acme/b@v1"
