"""Whether something that happened in the repository starts the workflow, and if not, why."""

from pipelinekit.model.node import ListNode, MapNode, Scalar
from pipelinekit.model.trigger import Trigger
from pipelinekit.model.workflow import On, Workflow
from pipelinekit.plans.patterns import any_matches, matches

_DEFAULT_TYPES = {
    "pull_request": ("opened", "synchronize", "reopened"),
    "pull_request_target": ("opened", "synchronize", "reopened"),
}
_FIRST_CHOICE = ("push", "pull_request", "workflow_dispatch", "schedule")


def usual_event(workflow: Workflow) -> str:
    """The event to take where nobody names one: push before pull_request before workflow_dispatch, else the first written."""
    events = [on.event for on in workflow.on]
    return next((e for e in _FIRST_CHOICE if e in events), events[0] if events else "push")


def why_not(workflow: Workflow, trigger: Trigger) -> str:
    """'' where GitHub would start the workflow, else the reason in words."""
    on = next((on for on in workflow.on if on.event == trigger.event), None)
    if on is None:
        return f'"{trigger.event}" does not start it; what does: {", ".join(on.event for on in workflow.on)}'
    return _refused_type(on, trigger) or _refused_ref(on, trigger) or _refused_paths(on, trigger)


def _strings(on: On, key: str) -> list[str] | None:
    value = on.filters.get(key) if isinstance(on.filters, MapNode) else None
    match value:
        case Scalar(text=text):
            return [text]
        case ListNode(items=items):
            return [item.text for item in items if isinstance(item, Scalar)]
        case _:
            return None


def _refused_type(on: On, trigger: Trigger) -> str:
    action = trigger.payload.get("action")
    types = _strings(on, "types") or _DEFAULT_TYPES.get(on.event)
    if types is None or not isinstance(action, str) or action in types:
        return ""
    return f'activity type "{action}" is none of {", ".join(types)}'


def _refused_ref(on: On, trigger: Trigger) -> str:
    """Branch and tag filters: for a push on its own ref, for a pull request on the branch that it goes to."""
    lists = {key: _strings(on, key) for key in ("branches", "branches-ignore", "tags", "tags-ignore")}
    if on.event == "push" and trigger.ref_type == "tag":
        mine, other, kind, name = "tags", "branches", "tag", trigger.ref_name
    else:
        mine, other, kind = "branches", "tags", "branch"
        name = trigger.ref_name if on.event == "push" else trigger.base_ref
    wanted, ignored = lists[mine], lists[f"{mine}-ignore"]
    if wanted is not None and not matches(name, wanted):
        return f'{kind} "{name}" matches none of {mine}: {", ".join(wanted)}'
    if ignored is not None and matches(name, ignored):
        return f'{kind} "{name}" matches {mine}-ignore: {", ".join(ignored)}'
    if wanted is None and ignored is None and (lists[other] is not None or lists[f"{other}-ignore"] is not None):
        return f"it names only {other}, and this is a {kind}" if on.event == "push" else ""
    return ""


def _refused_paths(on: On, trigger: Trigger) -> str:
    changed = trigger.changed_files
    if changed is None or (on.event == "push" and trigger.ref_type == "tag"):
        return ""
    wanted, ignored = _strings(on, "paths"), _strings(on, "paths-ignore")
    if wanted is not None and not any_matches(changed, wanted):
        return f"no changed file matches paths: {', '.join(wanted)}"
    if ignored is not None and all(matches(path, ignored) for path in changed):
        return f"every changed file matches paths-ignore: {', '.join(ignored)}"
    return ""
