"""Every key of an action's file, what may stand under it, and what its expressions may use.

Source: the official schema (`action-v1.0`, root `action-root-strict`). Name and description are not asked for: a runner does
not ask either.
"""

from pipelinekit.workflows.shapes import ANYTHING, FILLED, TEXT, TRUTH, Keys, Scope, Shape, one_of, table

COMPOSITE = "composite"
JAVASCRIPT = ("node12", "node16", "node20", "node24")
DOCKER = "docker"

_HASH = Scope(functions=frozenset({"hashFiles"}))
_STATUS = Scope(functions=frozenset({"always", "failure", "cancelled", "success"}))
_LEG = Scope(frozenset({"github", "strategy", "matrix", "job", "runner"}))
_INNER = _LEG | Scope(frozenset({"inputs", "steps", "env"}))
_INPUTS = Scope(frozenset({"inputs"}))
_AROUND = Shape(text=True, condition=True, scope=_LEG | Scope(frozenset({"env", "inputs"})) | _STATUS | _HASH)

_INPUT = Keys(
    "an input",
    {
        "description": TEXT,
        "required": TRUTH,
        "default": Shape(text=True, scope=_LEG | _HASH),
        "deprecationMessage": TEXT,
    },
    other=ANYTHING,
)
_OUTPUT = Keys("an output", {"description": TEXT, "value": Shape(text=True, scope=_INNER)})

_INNER_TEXT = Shape(text=True, scope=_INNER | _HASH)
_STEP_KEYS = {
    "name": _INNER_TEXT,
    "id": FILLED,
    "if": Shape(text=True, condition=True, scope=_INNER | _STATUS | _HASH),
    "env": table('"env"', TEXT, _INNER | _HASH),
    "continue-on-error": Shape(truth=True, scope=_INNER | _HASH),
}
STEP = Shape(
    maps=(
        Keys(
            "a step of an action",
            {**_STEP_KEYS, "run": _INNER_TEXT, "shell": _INNER_TEXT, "working-directory": _INNER_TEXT},
            required=("run", "shell"),
        ),
        Keys(
            "a step of an action",
            {**_STEP_KEYS, "uses": FILLED, "with": table('"with"', TEXT, _INNER | _HASH)},
            required=("uses",),
        ),
    )
)
_USING = one_of(COMPOSITE, *JAVASCRIPT, DOCKER)
_RUNS = (
    Keys('"runs"', {"using": _USING, "steps": Shape(items=STEP)}, required=("steps",)),
    Keys(
        '"runs"',
        {"using": _USING, "main": FILLED, "pre": FILLED, "pre-if": _AROUND, "post": FILLED, "post-if": _AROUND},
        required=("main",),
    ),
    Keys(
        '"runs"',
        {
            "using": _USING,
            "image": FILLED,
            "entrypoint": FILLED,
            "args": Shape(items=Shape(text=True, scope=_INPUTS)),
            "env": table('"env"', TEXT, _INPUTS),
            "pre-entrypoint": FILLED,
            "pre-if": _AROUND,
            "post-entrypoint": FILLED,
            "post-if": _AROUND,
        },
        required=("image",),
    ),
)

ACTION = Shape(
    maps=(
        Keys(
            "an action",
            {
                "name": TEXT,
                "description": TEXT,
                "author": TEXT,
                "inputs": table("inputs", Shape(maps=(_INPUT,))),
                "outputs": table("outputs", Shape(maps=(_OUTPUT,))),
                "runs": Shape(maps=_RUNS),
                "branding": ANYTHING,
            },
            required=("runs",),
        ),
    )
)
