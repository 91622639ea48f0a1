"""The events that start a workflow, and what each may be filtered by.

Source: the official schema, `on-mapping-strict`.
"""

from pipelinekit.workflows.shapes import (
    FILLED,
    FILLED_LIST,
    FILLED_OR_LIST,
    TEXT,
    TEXTS,
    TRUTH,
    Keys,
    Scope,
    Shape,
    one_of,
    table,
    words,
)

_BRANCHES = ("branches", "branches-ignore")
_PATHS = ("paths", "paths-ignore")
_TAGS = ("tags", "tags-ignore")
_LABELS = ("created", "edited", "deleted")
_PULL_REQUEST = words(
    "assigned unassigned labeled unlabeled opened edited closed reopened synchronize converted_to_draft locked unlocked "
    "enqueued dequeued milestoned demilestoned ready_for_review review_requested review_request_removed "
    "auto_merge_enabled auto_merge_disabled stacked"
)
_ISSUES = words(
    "opened edited deleted transferred pinned unpinned closed reopened assigned unassigned labeled unlabeled locked "
    "unlocked milestoned demilestoned field_added field_removed typed untyped"
)
_DISCUSSION = words(
    "created edited deleted transferred pinned unpinned labeled unlabeled locked unlocked category_changed answered unanswered"
)

_CALL_INPUT = Keys(
    "an input",
    {
        "description": TEXT,
        "type": one_of("string", "boolean", "number"),
        "required": TRUTH,
        "default": Shape(text=True, truth=True, number=True, scope=Scope(frozenset({"github", "inputs", "vars"}))),
    },
    required=("type",),
)
_DISPATCH_INPUT = Keys(
    "an input",
    {
        "description": TEXT,
        "type": one_of("string", "boolean", "number", "environment", "choice"),
        "required": TRUTH,
        "default": Shape(text=True, truth=True, number=True),
        "options": TEXTS,
    },
)
_DISPATCH_INPUTS = Keys("inputs", other=Shape(null=True, maps=(_DISPATCH_INPUT,)))
_SECRET = Keys("a secret", {"description": TEXT, "required": TRUTH})
_OUTPUT_SCOPE = Scope(frozenset({"github", "inputs", "vars", "jobs"}))
_OUTPUT = Keys("an output", {"description": TEXT, "value": Shape(text=True, scope=_OUTPUT_SCOPE)}, required=("value",))
_CRON = Keys("a schedule", {"cron": FILLED, "timezone": FILLED}, required=("cron",))


def _filters(event: str, types: tuple[str, ...] = (), filters: tuple[str, ...] = ()) -> Shape:
    known = {"types": Shape(words=types, items=one_of(*types))} if types else {}
    known |= dict.fromkeys(filters, FILLED_OR_LIST)
    return Shape(null=True, maps=(Keys(f'"{event}"', known),) if known else ())


_RULES: dict[str, tuple[()] | tuple[tuple[str, ...]] | tuple[tuple[str, ...], tuple[str, ...]]] = {
    "branch_protection_rule": (_LABELS,),
    "check_run": (("completed", "created", "rerequested", "requested_action"),),
    "check_suite": (("completed",),),
    "create": (),
    "delete": (),
    "deployment": (),
    "deployment_status": (),
    "discussion": (_DISCUSSION,),
    "discussion_comment": (_LABELS,),
    "fork": (),
    "gollum": (),
    "image_version": (("created", "ready", "deleted"), ("names", "versions")),
    "issue_comment": (_LABELS,),
    "issues": (_ISSUES,),
    "label": (_LABELS,),
    "merge_group": (("checks_requested",), _BRANCHES),
    "milestone": (("created", "closed", "opened", "edited", "deleted"),),
    "page_build": (),
    "project": (("created", "closed", "reopened", "edited", "deleted"),),
    "project_card": (("created", "moved", "converted", "edited", "deleted"),),
    "project_column": (("created", "updated", "moved", "deleted"),),
    "public": (),
    "pull_request": (_PULL_REQUEST, _BRANCHES + _PATHS),
    "pull_request_comment": (_LABELS,),
    "pull_request_review": (("submitted", "edited", "dismissed"),),
    "pull_request_review_comment": (_LABELS,),
    "pull_request_target": (_PULL_REQUEST, _BRANCHES + _PATHS),
    "push": ((), _BRANCHES + _TAGS + _PATHS),
    "registry_package": (("published", "updated"),),
    "release": (("published", "unpublished", "created", "edited", "deleted", "prereleased", "released"),),
    "status": (),
    "watch": (("started",),),
    "workflow_run": (("requested", "completed", "in_progress"), ("workflows", *_BRANCHES)),
}  # the types of each, and its other filters

EVENTS: dict[str, Shape] = {name: _filters(name, *rules) for name, rules in _RULES.items()} | {
    "repository_dispatch": Shape(null=True, maps=(Keys('"repository_dispatch"', {"types": FILLED_LIST}),)),
    "schedule": Shape(items=Shape(maps=(_CRON,))),
    "workflow_call": Shape(
        null=True,
        maps=(
            Keys(
                '"workflow_call"',
                {
                    "inputs": table("inputs", Shape(maps=(_CALL_INPUT,))),
                    "secrets": table("secrets", Shape(null=True, maps=(_SECRET,))),
                    "outputs": table("outputs", Shape(maps=(_OUTPUT,))),
                },
            ),
        ),
    ),
    "workflow_dispatch": Shape(
        null=True,
        maps=(Keys('"workflow_dispatch"', {"inputs": Shape(null=True, maps=(_DISPATCH_INPUTS,))}),),
    ),
}

ON = Shape(words=tuple(EVENTS), items=one_of(*EVENTS), maps=(Keys('"on"', EVENTS),))
