import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelinekit.workflows.events import EVENTS
from pipelinekit.workflows.keys import STEP, WORKFLOW
from pipelinekit.workflows.shapes import Keys, Shape
from tests.conformance.folder import FOLDER
from tests.workflows.written import job, problems_of, step, told, workflow_of

SCHEMA = FOLDER / "schema" / "workflow-v1.0.json"


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_may_stand_alone_or_be_a_key(event: str) -> None:
    alone = workflow_of(f"on: {event}\njobs: {{a: {{runs-on: x}}}}")
    assert [on.event for on in alone.on] == [event]
    value = "[{cron: '0 0 * * *', timezone: Europe/Berlin}]" if event == "schedule" else ""
    as_key = workflow_of(f"on:\n  {event}: {value}\njobs: {{a: {{runs-on: x}}}}")
    assert [on.event for on in as_key.on] == [event]


@pytest.mark.parametrize(
    "lines",
    [
        "name: ${{ matrix.a }}\nif: always()\ntimeout-minutes: ${{ matrix.a }}\ncancel-timeout-minutes: 5",
        "strategy:\n  fail-fast: ${{ github.ref == 'x' }}\n  max-parallel: 2\n  matrix: ${{ fromJSON(needs.a.outputs.m) }}",
        "strategy:\n  matrix:\n    v: [1, {a: b}]\n    include: [{v: 3}]\n    exclude: ${{ fromJSON('[]') }}",
        "strategy: ${{ fromJSON(needs.a.outputs.m) }}",
        "env:\n  A: 1\n  ${{ insert }}: ${{ fromJSON(needs.a.outputs.m) }}",
        "container: ${{ matrix.image }}",
        "container:\n  image: a\n  ports: [80]\n  volumes: [a:/b]\n  options: --cpus 1\n  env: {A: '${{ secrets.A }}'}",
        "container:\n  image: a\n  credentials: {username: '${{ env.A }}', password: '${{ secrets.A }}'}",
        "services:\n  db: postgres\n  cache: {image: redis, entrypoint: x, command: y}",
        "snapshot: image",
        "snapshot: {image-name: a, version: 1.*, if: github.ref == 'x'}",
        "environment: {name: a, url: '${{ steps.a.outputs.url }}', deployment: false}",
        "concurrency: {group: a, cancel-in-progress: \"${{ github.ref == 'x' }}\"}",
        "concurrency: {group: a, queue: max}",
        "permissions: {contents: read, models: read, copilot-requests: write, vulnerability-alerts: none}",
        "permissions: read-all",
        "defaults: {run: {shell: '${{ matrix.shell }}', working-directory: '${{ env.DIR }}'}}",
        "outputs: {a: '${{ steps.a.outputs.b }}'}",
        "steps:\n  - {run: a, background: true, id: a}\n  - {wait: a, continue-on-error: true}\n  - cancel: a",
        "steps:\n  - {wait-all: , name: all}\n  - parallel: [{run: a}, {uses: a/b@v1, with: {c: 1}}]",
        "steps:\n  - {run: a, shell: bash, working-directory: b, timeout-minutes: 1.5, if: failure() && hashFiles('a')}",
    ],
)  # fmt: skip
def test_keys_of_a_job_that_github_knows_are_known(lines: str) -> None:
    assert told(job(lines)) == []


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("uses: a/b@v1\nrun: make", '7:9 "run" can\'t stand beside "uses"'),
        ("wait: a\nif: always()", '6:15 no step above has the id "a"'),
        ("run: a\nenv: [A]", '7:14 "env" can\'t be a list'),
        ("run: [a]", '6:14 "run" can\'t be a list'),
        ("run: a\nid:", '7:12 "id" is empty'),
        ("run: a\nid: ${{ github.sha }}", '7:13 "id" can\'t hold an expression'),
        ("run: a\nbackground: ${{ true }}", '7:21 "background" can\'t hold an expression'),
        ("uses: a/b@v1\nwith:\n  ${{ matrix.a }}: 1\n  b: ${{ foo }}", '9:18 no context has the name "foo"'),
        ("run: a\ntimeout-minutes: five", '7:26 "timeout-minutes" must be a number, but is "five"'),
        ("name: only", '6:9 a step needs one of "run", "uses", "wait", "wait-all", "cancel"'),
    ],
)
def test_what_a_step_can_not_have_is_told(lines: str, problem: str) -> None:
    assert problem in told(step(lines))


def test_a_key_that_looks_like_another_is_asked_about() -> None:
    (problem,) = problems_of(job("time-out-minutes: 5"))
    assert problem.message == 'unknown key "time-out-minutes" in a job'
    assert problem.hint == 'did you mean "timeout-minutes"?'


def test_keys_are_told_apart_by_case() -> None:
    assert told(job("Env: {A: 1}")) == ['5:5 unknown key "Env" in a job']


def _all_keys(shape: Shape) -> Iterator[Keys]:
    for keys in shape.maps:
        yield keys
        for inner in (*keys.known.values(), *((keys.other,) if keys.other else ())):
            yield from _all_keys(inner)
    if shape.items:
        yield from _all_keys(shape.items)


@pytest.mark.skipif(not SCHEMA.exists(), reason=f"there is no official schema in {FOLDER}")
def test_every_mapping_of_the_official_schema_has_its_keys_here() -> None:
    definitions = json.loads(Path(SCHEMA).read_text(encoding="utf-8"))["definitions"]
    ours = {frozenset(keys.known) for keys in _all_keys(WORKFLOW) if keys.known} | {frozenset(keys.known) for keys in STEP.maps}
    # Read more loosely than it is written: `on-mapping` and `workflow-root` leave out what the strict ones have.
    left_out = {"on-mapping"}
    missing = []
    for name, definition in definitions.items():
        known = frozenset(definition.get("mapping", {}).get("properties", {}))
        if known and name not in left_out and known not in ours and known | {"description"} not in ours:
            missing.append(f"{name}: {sorted(known)}")
    assert missing == []


@pytest.mark.skipif(not SCHEMA.exists(), reason=f"there is no official schema in {FOLDER}")
@pytest.mark.parametrize(
    ("definition", "lines"),
    [
        ("runs-on", "runs-on: ${{ %s.a }}"),
        ("job-env", "env: {A: '${{ %s.a }}'}"),
        ("job-if", "if: ${{ %s.a }}"),
        ("strategy", "strategy: ${{ %s.a }}"),
        ("string-strategy-context", "name: ${{ %s.a }}"),
        ("string-runner-context", "outputs: {a: '${{ %s.a }}'}"),
        ("step-if", "steps: [{run: a, if: '${{ %s.a }}'}]"),
        ("step-env", "steps: [{run: a, env: {A: '${{ %s.a }}'}}]"),
        ("step-with", "steps: [{uses: a/b@v1, with: {A: '${{ %s.a }}'}}]"),
        ("string-steps-context", "steps: [{run: '${{ %s.a }}'}]"),
        ("job-defaults-run", "defaults: {run: {shell: '${{ %s.a }}'}}"),
    ],
)
def test_expressions_may_use_the_contexts_of_the_official_schema(definition: str, lines: str) -> None:
    definitions = json.loads(Path(SCHEMA).read_text(encoding="utf-8"))["definitions"]
    allowed = {name for name in definitions[definition]["context"] if "(" not in name}
    contexts = ("github", "inputs", "vars", "needs", "strategy", "matrix", "secrets", "steps", "job", "runner", "env", "jobs")
    text = "on: push\njobs:\n  test:\n    %s" + ("" if definition == "runs-on" else "\n    runs-on: x")
    assert {name for name in contexts if not told(text % (lines % name))} == allowed
