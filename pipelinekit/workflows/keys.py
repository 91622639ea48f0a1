"""Every key of a workflow file, what may stand under it, and what its expressions may use.

Source: the official schema (`workflow-v1.0`, root `workflow-root-strict`), which says it in 304 definitions.
"""

from dataclasses import replace

from pipelinekit.workflows.events import ON
from pipelinekit.workflows.shapes import (
    ANYTHING,
    FILLED,
    FILLED_LIST,
    FILLED_OR_LIST,
    NUMBER,
    TEXT,
    TRUTH,
    Keys,
    Scope,
    Shape,
    one_of,
    table,
    words,
)

_RUN = Scope(frozenset({"github", "inputs", "vars"}))
_NEEDS = _RUN | Scope(frozenset({"needs"}))
_LEG = _NEEDS | Scope(frozenset({"strategy", "matrix"}))
_SECRETS = Scope(frozenset({"secrets"}))
_RUNNER = _LEG | Scope(frozenset({"steps", "job", "runner", "env"}))
_HASH = Scope(functions=frozenset({"hashFiles"}))
_STEP = _RUNNER | _SECRETS | _HASH
_STATUS = Scope(functions=frozenset({"always", "failure", "cancelled", "success"}))

_LEG_SCALAR = Shape(text=True, truth=True, number=True)
_RUN_DEFAULTS = Keys('"run"', {"shell": FILLED, "working-directory": FILLED})
_CONCURRENCY = Keys(
    '"concurrency"',
    {"group": FILLED, "cancel-in-progress": TRUTH, "queue": one_of("single", "max")},
    required=("group",),
)

_ANY_LEVEL = one_of("read", "write", "none")
_READ_OR_WRITE = words(
    "actions artifact-metadata attestations checks code-quality contents deployments discussions drives issues "
    "packages pages pull-requests repository-projects security-events statuses"
)
_PERMISSION_KEYS = dict.fromkeys(_READ_OR_WRITE, _ANY_LEVEL) | {
    "copilot-requests": one_of("write", "none"),
    "id-token": one_of("write", "none"),
    "models": one_of("read", "none"),
    "vulnerability-alerts": one_of("read", "none"),
}
PERMISSIONS = tuple(sorted(_PERMISSION_KEYS))  # everything that a token may be allowed
_PERMISSIONS = Shape(words=("read-all", "write-all"), maps=(Keys('"permissions"', _PERMISSION_KEYS),))

_CREDENTIALS = Keys('"credentials"', {"username": FILLED, "password": FILLED})
_CONTAINER_KEYS = {
    "image": FILLED,
    "options": TEXT,
    "env": table('"env"', TEXT, _RUNNER | _SECRETS),
    "ports": FILLED_LIST,
    "volumes": FILLED_LIST,
    "credentials": Shape(maps=(_CREDENTIALS,), scope=_LEG | _SECRETS | Scope(frozenset({"env"}))),
}
_SERVICE_KEYS = {**_CONTAINER_KEYS, "entrypoint": TEXT, "command": TEXT}

_STRATEGY = Keys(
    '"strategy"',
    {
        "fail-fast": TRUTH,
        "max-parallel": NUMBER,
        "matrix": Shape(
            maps=(
                Keys(
                    '"matrix"',
                    dict.fromkeys(("include", "exclude"), Shape(items=table("a combination", ANYTHING))),
                    other=Shape(items=ANYTHING),
                ),
            ),
            items=ANYTHING,  # no matrix, but seen in templates: `rules` warns, and no plan can be made of it
        ),
    },
)
_ENVIRONMENT = Keys(
    '"environment"', {"name": TEXT, "url": Shape(text=True, scope=_RUNNER), "deployment": TRUTH}, required=("name",)
)
_SNAPSHOT = Keys(
    '"snapshot"',
    {"image-name": FILLED, "if": Shape(text=True, condition=True, scope=_LEG), "version": FILLED},
    required=("image-name",),
)
_RUNS_ON = Keys('"runs-on"', {"group": FILLED, "labels": FILLED_OR_LIST})

_STEP_TEXT = Shape(text=True, scope=_STEP)
_STEP_KEYS = {"name": _STEP_TEXT, "id": FILLED, "continue-on-error": Shape(truth=True, scope=_STEP)}
_ACTING_KEYS = {
    **_STEP_KEYS,
    "if": Shape(text=True, condition=True, scope=_RUNNER | _HASH | _STATUS),
    "timeout-minutes": Shape(number=True, scope=_STEP),
    "env": table('"env"', TEXT, _STEP),
    "background": TRUTH,
}
_RUN_STEP = Keys(
    "a step",
    {**_ACTING_KEYS, "run": _STEP_TEXT, "working-directory": _STEP_TEXT, "shell": FILLED},
    required=("run",),
)
_USES_STEP = Keys("a step", {**_ACTING_KEYS, "uses": FILLED, "with": table('"with"', TEXT, _STEP)}, required=("uses",))
# The schema lets any step stand inside `parallel`; the runner takes only these, without `background`.
_PARALLEL_STEPS = tuple(
    replace(keys, what='a step of "parallel"', known={k: v for k, v in keys.known.items() if k != "background"})
    for keys in (_RUN_STEP, _USES_STEP)
)
STEP = Shape(
    maps=(
        _RUN_STEP,
        _USES_STEP,
        Keys('a "wait" step', {**_STEP_KEYS, "wait": FILLED_OR_LIST}, required=("wait",)),
        Keys('a "wait-all" step', {**_STEP_KEYS, "wait-all": Shape(null=True, truth=True)}, required=("wait-all",)),
        Keys('a "cancel" step', {**_STEP_KEYS, "cancel": FILLED}, required=("cancel",)),
        Keys('a "parallel" step', {"parallel": Shape(items=Shape(maps=_PARALLEL_STEPS))}, required=("parallel",)),
    )
)

_ANY_JOB = {
    "name": Shape(text=True, scope=_LEG),
    "needs": FILLED_OR_LIST,
    "if": Shape(text=True, condition=True, scope=_NEEDS | _STATUS),
    "strategy": Shape(maps=(_STRATEGY,), scope=_NEEDS),
    "permissions": _PERMISSIONS,
    "concurrency": Shape(filled=True, maps=(_CONCURRENCY,), scope=_LEG),
}
_STEPS_JOB = Keys(
    "a job",
    {
        **_ANY_JOB,
        "runs-on": Shape(filled=True, items=FILLED, maps=(_RUNS_ON,), scope=_LEG),
        "timeout-minutes": Shape(number=True, scope=_LEG),
        "cancel-timeout-minutes": Shape(number=True, scope=_LEG),
        "continue-on-error": Shape(truth=True, scope=_LEG),
        "container": Shape(text=True, maps=(Keys('"container"', _CONTAINER_KEYS),), scope=_LEG),
        "services": table('"services"', Shape(filled=True, maps=(Keys("a service", _SERVICE_KEYS),)), _LEG),
        "env": table('"env"', TEXT, _LEG | _SECRETS),
        "environment": Shape(text=True, maps=(_ENVIRONMENT,), scope=_LEG),
        "outputs": table('"outputs"', Shape(text=True, scope=_RUNNER | _SECRETS)),
        "defaults": Shape(
            maps=(Keys('"defaults"', {"run": Shape(maps=(_RUN_DEFAULTS,), scope=_LEG | Scope(frozenset({"env"})))}),)
        ),
        "steps": Shape(items=STEP),
        "snapshot": Shape(filled=True, maps=(_SNAPSHOT,)),
    },
    required=("runs-on",),
)
_CALL_JOB = Keys(
    'a job with "uses"',
    {
        **_ANY_JOB,
        # GitHub evaluates no expression here, but its checker does not look, and nor do others.
        "uses": Shape(filled=True, scope=_RUN),
        "with": table('"with"', replace(_LEG_SCALAR, scope=_LEG)),
        "secrets": Shape(words=("inherit",), maps=(Keys('"secrets"', other=replace(_LEG_SCALAR, scope=_LEG | _SECRETS)),)),
    },
    required=("uses",),
)

WORKFLOW = Shape(
    maps=(
        Keys(
            "a workflow",
            {
                "name": TEXT,
                "description": TEXT,
                "run-name": Shape(text=True, scope=_RUN),
                "on": ON,
                "permissions": _PERMISSIONS,
                "env": table('"env"', TEXT, _RUN | _SECRETS),
                "defaults": Shape(maps=(Keys('"defaults"', {"run": Shape(maps=(_RUN_DEFAULTS,))}),)),
                "concurrency": Shape(text=True, maps=(_CONCURRENCY,), scope=_RUN),
                "jobs": table('"jobs"', Shape(maps=(_STEPS_JOB, _CALL_JOB))),
            },
            required=("on", "jobs"),
        ),
    )
)
