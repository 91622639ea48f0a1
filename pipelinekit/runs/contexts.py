"""The contexts that expressions see, and the GITHUB_* and RUNNER_* variables made from them."""

from collections.abc import Callable, Mapping

from pipelinekit.model.node import Value
from pipelinekit.model.outcome import Outcome
from pipelinekit.model.trigger import Trigger
from pipelinekit.model.workflow import Workflow

Context = dict[str, Value]

# Exported from `github` as GITHUB_*; see the runner's `GitHubContext`.
_EXPORTED = (
    "action", "action_path", "action_ref", "action_repository", "actor", "actor_id", "api_url", "base_ref", "env", "event_name",
    "event_path", "graphql_url", "head_ref", "job", "output", "path", "ref", "ref_name", "ref_protected", "ref_type",
    "repository", "repository_id", "repository_owner", "repository_owner_id", "retention_days", "run_attempt", "run_id",
    "run_number", "server_url", "sha", "state", "step_summary", "triggering_actor", "workflow", "workflow_ref",
    "workflow_sha", "workspace",
)
_SERVER = "https://github.com"


def github(workflow: Workflow, trigger: Trigger, *, run_id: str = "", number: int = 0, attempt: int = 1) -> Context:
    """The `github` context as far as it is the same for all jobs. run_id is made a number, as scripts expect it."""
    owner = trigger.repository.split("/")[0]
    return {
        "actor": trigger.actor,
        "triggering_actor": trigger.actor,
        "actor_id": "0",
        "api_url": "https://api.github.com",
        "graphql_url": "https://api.github.com/graphql",
        "server_url": _SERVER,
        "repositoryUrl": f"git://github.com/{trigger.repository}.git",
        "base_ref": trigger.base_ref,
        "head_ref": trigger.head_ref,
        "event": event(trigger),
        "event_name": trigger.event,
        "ref": trigger.ref,
        "ref_name": trigger.ref_name,
        "ref_protected": False,
        "ref_type": trigger.ref_type,
        "repository": trigger.repository,
        "repository_id": "0",
        "repository_owner": owner,
        "repository_owner_id": "0",
        "retention_days": "90",
        "run_id": str(int(run_id.replace("-", "")[:12], 16)) if run_id else "0",
        "run_number": str(number),
        "run_attempt": str(attempt),
        "sha": trigger.commit,
        "secret_source": "None",
        "workflow": workflow.title,
        "workflow_ref": f"{trigger.repository}/{workflow.path}@{trigger.ref}",
        "workflow_sha": trigger.commit,
        "token": "",
    }


def event(trigger: Trigger) -> Context:
    """The payload, completed where it is made from the repository and not given by the author."""
    owner, name = trigger.repository.split("/", 1)
    usual: Context = {
        "repository": {
            "full_name": trigger.repository, "name": name, "owner": {"login": owner}, "default_branch": trigger.default_branch,
        },
        "sender": {"login": trigger.actor},
    }
    if trigger.event == "push":
        usual |= {
            "ref": trigger.ref, "before": trigger.before or "0" * 40, "after": trigger.commit, "created": not trigger.before,
            "deleted": False, "forced": False,
            "head_commit": {"id": trigger.commit, "message": trigger.subject, "author": {"name": trigger.actor}},
        }
    if trigger.event == "workflow_dispatch":
        usual |= {"inputs": dict(trigger.inputs), "ref": trigger.ref}
    if trigger.event in ("pull_request", "pull_request_target"):
        usual |= {
            "action": "synchronize", "number": 1,
            "pull_request": {
                "number": 1, "title": trigger.subject, "user": {"login": trigger.actor}, "draft": False, "labels": [],
                "head": {"ref": trigger.head_ref, "sha": trigger.commit}, "base": {"ref": trigger.base_ref},
            },
        }
    return {**usual, **trigger.payload}


def runner(temp: str, tool_cache: str, name: str) -> Context:
    return {
        "name": name, "os": "Linux", "arch": "X64", "temp": temp, "tool_cache": tool_cache, "environment": "self-hosted",
        "debug": "",
    }


def variables_of(github_context: Mapping[str, Value], runner_context: Mapping[str, Value]) -> dict[str, str]:
    """GITHUB_*, RUNNER_*, CI: written after the author's own, which can't override them."""
    given = {f"GITHUB_{key.upper()}": _word(github_context[key]) for key in _EXPORTED if key in github_context}
    given |= {f"RUNNER_{key.upper()}": _word(value) for key, value in runner_context.items() if value != ""}
    return given | {"CI": "true", "GITHUB_ACTIONS": "true"}


def status_functions(status: Callable[[], Outcome], cancelled: Callable[[], bool]) -> dict[str, Callable[[], bool]]:
    """success(), failure(), cancelled(), always(): of the job so far, or of the jobs before it."""
    return {
        "success": lambda: not cancelled() and status() is Outcome.SUCCESS,
        "failure": lambda: not cancelled() and status() is Outcome.FAILURE,
        "cancelled": cancelled,
        "always": lambda: True,
    }


def action_status_functions(status: Callable[[], Outcome], cancelled: Callable[[], bool]) -> dict[str, Callable[[], bool]]:
    """The same for the steps of a composite action: success() and failure() are of the action so far, whatever came before it.

    Source: actions/runner, `SuccessFunction`, `FailureFunction`.
    """
    own = {"success": lambda: status() is Outcome.SUCCESS, "failure": lambda: status() is Outcome.FAILURE}
    return status_functions(status, cancelled) | own


def _word(value: Value) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
