"""The file of an action: what is read, and what is told."""

import json
from textwrap import dedent

import pytest

from pipelinekit.model.action import Action
from pipelinekit.model.problem import Problem, Severity
from pipelinekit.workflows.read_action import read_action
from tests.conformance.folder import FOLDER

FILE = "ci/greet/action.yml"
WHOLE = """\
name: Greet
description: Says hello
author: Mira
inputs:
  who: {description: Whom, required: true, default: "${{ github.actor }}"}
  times: {default: 2, deprecationMessage: say it once}
outputs:
  said: {description: What was said, value: "${{ steps.say.outputs.text }}"}
runs:
  using: composite
  steps:
    - id: say
      name: To ${{ inputs.who }}
      if: always() && inputs.times != '0'
      run: ./greet.sh
      shell: bash
      env: {WHO: "${{ inputs.who }}"}
      working-directory: ${{ github.action_path }}
      continue-on-error: ${{ inputs.times == '0' }}
    - uses: actions/cache@v4
      with: {path: x, key: "${{ hashFiles('x') }}"}
branding: {icon: mic, color: blue}
"""
SCHEMA = FOLDER / "schema" / "action-v1.0.json"


def read(text: str) -> tuple[Action | None, list[Problem]]:
    return read_action(FILE, dedent(text).encode())


def composite(steps: str) -> str:
    return "runs:\n  using: composite\n  steps:\n" + "".join(f"    {line}\n" for line in dedent(steps).strip().splitlines())


def test_a_whole_action_is_read_with_all_its_parts() -> None:
    action, problems = read(WHOLE)
    assert problems == []
    assert action is not None
    assert (str(action.name), str(action.using), action.is_composite, action.path) == ("Greet", "composite", True, FILE)
    who, times = action.inputs
    assert (who.name, str(who.default), who.required, str(who.position)) == ("who", "${{ github.actor }}", True, f"{FILE}:5:3")
    assert (times.default and times.default.value, times.required, times.deprecated) == (2, False, "say it once")
    assert [(one.name, str(one.value)) for one in action.outputs] == [("said", "${{ steps.say.outputs.text }}")]
    first, second = action.steps
    assert (first.id, str(first.condition), str(first.shell)) == ("say", "always() && inputs.times != '0'", "bash")
    assert str(first.working_directory) == "${{ github.action_path }}"
    assert (second.index, second.id, str(second.uses)) == (1, "__actions_cache", "actions/cache@v4")
    assert str(second.position) == f"{FILE}:20:7"


@pytest.mark.parametrize(
    ("using", "kind"),
    [
        pytest.param("using: node24\n  main: index.js\n  post: after.js\n  post-if: success()", "node24", id="javascript"),
        pytest.param("using: docker\n  image: Dockerfile\n  args: ['${{ inputs.x }}']\n  env: {A: b}", "docker", id="docker"),
    ],
)
def test_other_kinds_of_action_are_read_too(using: str, kind: str) -> None:
    action, problems = read(f"runs:\n  {using}\n")
    assert problems == []
    assert action is not None
    assert (action.using.text, action.is_composite, action.steps) == (kind, False, ())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("", ["1:1 the file is empty"], id="empty"),
        pytest.param("- a\n", ["1:1 this is not an action"], id="list"),
        pytest.param("a: [", ["1:5 did not find expected node content"], id="no-yaml"),
        pytest.param("name: x\n", ['1:1 an action needs "runs"'], id="no-runs"),
        pytest.param("runs: {steps: []}\n", ['1:8 "runs" needs "using"'], id="no-using"),
        pytest.param("runs: {using: composite}\n", ['1:7 "runs" needs one of "steps", "main", "image"'], id="no-steps"),
        pytest.param(
            "runs: {using: composite, main: x.js}\n", ['1:15 "using: composite" goes with "steps", which is not there'], id="other-kind",
        ),
        pytest.param("runs: {using: node99, main: x.js}\n", ['1:15 "using" can\'t be "node99"'], id="unknown-kind"),
        pytest.param(composite("- run: make"), ['4:7 a step of an action needs "shell"'], id="no-shell"),
        pytest.param(composite("- {}"), ['4:7 a step of an action needs one of "run", "shell", "uses"'], id="nothing-to-do"),
        pytest.param(
            composite("- {run: make, shell: sh, timeout-minutes: 3}"), ['4:30 unknown key "timeout-minutes" in a step of an action'],
            id="unknown-key-of-a-step",
        ),
        pytest.param(
            composite("- {run: make, shell: sh, uses: a/b@v1}"), ['4:30 "uses" can\'t stand beside "run"'], id="run-and-uses",
        ),
        pytest.param(
            composite("- {id: a, run: x, shell: sh}\n- {id: A, run: x, shell: sh}"),
            ['5:12 the id "A" is used twice in this action'], id="same-id",
        ),
        pytest.param(
            composite("- {run: 'echo ${{ secrets.A }}', shell: sh}"), ['4:23 "secrets" can\'t be used here'], id="secrets",
        ),
        pytest.param(
            "inputs: {a: {default: '${{ inputs.b }}'}}\n" + composite("- {run: x, shell: sh}"), ['1:28 "inputs" can\'t be used here'],
            id="default-of-an-input",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(text: str, told: list[str]) -> None:
    action, problems = read(text)
    assert [f"{p.position.line}:{p.position.column} {p.message}" for p in problems if p.position] == told
    assert action is None


def test_a_key_that_a_runner_passes_over_is_a_warning() -> None:
    action, problems = read("naem: x\n" + composite("- {run: x, shell: sh}"))
    assert action is not None
    [problem] = problems
    assert (problem.severity, problem.message) == (Severity.WARNING, 'unknown key "naem" in an action')
    assert problem.hint.startswith('did you mean "name"?')


def test_content_that_is_no_text_is_told() -> None:
    action, problems = read_action(FILE, b"name: \xff")
    assert action is None
    assert [str(p.position) for p in problems] == [f"{FILE}:1:7"]


@pytest.mark.skipif(not SCHEMA.exists(), reason=f"no schema of actions at {SCHEMA}")
@pytest.mark.parametrize("kind", ["composite-runs-strict", "node-runs-strict", "container-runs-strict"])
def test_every_key_of_the_official_schema_is_known(kind: str) -> None:
    definitions = json.loads(SCHEMA.read_text(encoding="utf-8"))["definitions"]
    values = {
        "using": {"composite": "composite", "node": "node24", "container": "docker"}[kind.split("-", maxsplit=1)[0]],
        "steps": [
            dict.fromkeys(definitions["run-step"]["mapping"]["properties"], "x") | {"env": {"A": "b"}, "continue-on-error": True, "if": "true"},
            dict.fromkeys(definitions["uses-step"]["mapping"]["properties"], "x")
            | {"env": {"A": "b"}, "with": {"a": "b"}, "continue-on-error": True, "if": "true", "id": "y"},
        ],
        "args": ["x"], "env": {"A": "b"}, "pre-if": "true", "post-if": "true",
    }  # fmt: skip
    given = {key: {"description": "x", "required": True, "default": "x", "deprecationMessage": "x"}[key]
             for key in definitions["input-strict"]["mapping"]["properties"]}  # fmt: skip
    whole: dict[str, object] = dict.fromkeys(definitions["action-root-strict"]["mapping"]["properties"], "x")
    whole |= {
        "inputs": {"a": given}, "outputs": {"a": dict.fromkeys(definitions["output-definition"]["mapping"]["properties"], "x")},
        "runs": {key: values.get(key, "x") for key in definitions[kind]["mapping"]["properties"]},
        "branding": {"icon": "x", "color": "red"},
    }
    action, problems = read_action(FILE, json.dumps(whole).encode())
    assert problems == []
    assert action is not None
