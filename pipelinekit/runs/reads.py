"""What a leg reads, part by part: equal parts come out the same. Or why that can't be known, so that it is never remembered."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from pipelinekit.caches.blobs import BlobStore
from pipelinekit.expressions.functions import STATUS_FUNCTIONS
from pipelinekit.expressions.parse import calls, uses
from pipelinekit.expressions.syntax import ExpressionError
from pipelinekit.expressions.syntax import Node as Expression
from pipelinekit.expressions.template import condition_tree, has_expression, tree
from pipelinekit.expressions.tree import fill_text
from pipelinekit.model.node import ListNode, MapNode, Node, Scalar, Value, plain
from pipelinekit.model.plan import PlannedJob
from pipelinekit.model.problem import WorkflowInvalid
from pipelinekit.model.workflow import Job
from pipelinekit.runs.outside import acts_outside
from pipelinekit.runs.places import place_request
from pipelinekit.runs.scope import Scope
from pipelinekit.runs.used import CHECKOUT, Kind, Use, action_name, every_step, takes_files, used
from pipelinekit.workflows.read_action import ACTION_FILES
from pipelinekit.workspaces.globs import Patterns
from pipelinekit.workspaces.manifest import Files, Manifest, content_hash

FORMAT = 1  # of what is kept of a leg: raised when what is restored, or what a key is made of, changes its meaning
FILES, HISTORY = "its files", "the commit, a branch or a tag"

_NAMES = ("github", "env", "vars", "secrets", "inputs", "needs", "matrix", "strategy", "job", "runner", "steps")
_FUNCTIONS = ("success", "failure", "cancelled", "always", "hashFiles")
# Keys of a job that say what it is called, when it begins and how long it may take, but not what it does.
_BESIDE = frozenset({"name", "needs", "if", "strategy", "timeout-minutes", "concurrency", "permissions"})
_EACH_TIME = frozenset({"run_id", "run_number", "run_attempt"})
_PLACES = frozenset({"workspace", "event_path", "env", "output", "path", "state", "step_summary", "action", "action_path"})
_FROM_ENVIRONMENT = re.compile(r"\bGITHUB_([A-Z_]+)")
_ASKS_GIT = re.compile(r"(?:^|[\s;&|(`\"'])git\s", re.MULTILINE)
_ASKS_ENGINE = re.compile(r"\b(?:docker|podman)\b")


class NeverRemembered(Exception):
    """Why a leg is run each time: in words that go on after "because"."""


class Reads:
    """What a leg reads, once what it needs has ended. artifacts: name to digest, of the run so far.

    inputs: globs that its author declared, None where there are none. Raises NeverRemembered, SurroundingsMissing.
    """

    def __init__(
        self, planned: PlannedJob, scope: Scope, manifest: Manifest, inputs: Sequence[str] | None, artifacts: Mapping[str, str]
    ) -> None:
        self._planned, self._job, self._scope = planned, planned.job, scope
        self._manifest, self._inputs, self._artifacts = manifest, inputs, artifacts
        self._request = scope.request
        self._uses = tuple(used(self._job.steps, scope.request.actions))
        self._steps = tuple(every_step(self._job.steps, scope.request.actions))
        self._laid = {use.folder: scope.request.actions.files(use.folder) for use in self._uses if use.folder and _is_laid(use)}
        self.checks_out = takes_files(self._job.steps, scope.request.actions)
        self._refuse()
        self.files: Files = self._seen()
        self.parts = self._parts()

    @property
    def subject(self) -> str:
        """Which leg of which workflow it is, whatever it reads."""
        matrix = json.dumps(self._scope.leg.matrix, sort_keys=True)
        return f"{self._request.plan.workflow.path}\n{self._job.id}\n{matrix}"

    def artifact_parts(self) -> dict[str, str]:
        """The parts that are artifacts, as these are now."""
        return {name: _hash(digest) for name, digest in self._downloads().items()}

    def actions_unchanged(self) -> bool:
        """Whether the folders that stand for actions still hold what they held."""
        return all(self._request.actions.files(folder, anew=True) == files for folder, files in self._laid.items())

    def _downloads(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for step in self._steps:
            if step.uses is None or action_name(step.uses.text) != "actions/download-artifact":
                continue
            name = step.inputs.get("name") if isinstance(step.inputs, MapNode) else None
            if isinstance(name, Scalar):
                named = self._known(name)
                found[f'the artifact "{named}"'] = self._artifacts.get(named, "")
            else:
                found |= {f'the artifact "{other}"': digest for other, digest in self._artifacts.items()}
        return found

    def _refuse(self) -> None:
        job = self._job
        status = next((name for name in sorted(_status_calls(job)) if name != "success"), "")
        if status:
            raise NeverRemembered(f"its `if` asks how others ended: {status}()")
        for key in ("environment", "services"):
            if job.node.get(key) is not None:
                raise NeverRemembered(f"it has the key `{key}`")
        unknown = next((use.uses.text for use in self._uses if use.kind is Kind.LATER), "")
        if unknown:
            raise NeverRemembered(f'it uses "{unknown}", which is there only while it runs')
        moved = next((use.uses.text for use in self._uses if use.folder and use.folder.in_workspace), "")
        if moved and self._checks_out_another():
            raise NeverRemembered(f'it uses "{moved}" of another commit')
        outside = acts_outside(job, self._request.actions)
        if not outside and self._request.engine_socket and any(_ASKS_ENGINE.search(text) for text in self._texts()):
            outside = "the container engine"
        if outside and self._inputs is None:
            where = f'say what it reads under [tool.pipelinekit.inputs], as "{job.id}"'
            raise NeverRemembered(f"it acts on the world outside ({outside}); {where}")

    def _parts(self) -> dict[str, str]:
        request, job, workflow = self._request, self._job, self._request.plan.workflow
        written = {key.text: plain(value) for key, value in job.node.entries if key.text not in _BESIDE}
        about: dict[str, Value] = {
            "the format of what is remembered": FORMAT,
            f"its definition in {workflow.path}": written,
            "the workflow's env": None if workflow.env is None else plain(workflow.env),
            "the workflow's defaults": [str(workflow.default_shell or ""), str(workflow.default_directory or "")],
            "its matrix": dict(self._scope.leg.matrix),
            "the executor": request.executor.name,
            "[tool.pipelinekit.actions]": {use.uses.text: request.actions.told(use.uses.text) for use in self._uses},
            "[tool.pipelinekit] reports": list(request.reports),
            "[tool.pipelinekit] engine-socket": request.engine_socket,
        }
        about |= {f"--env {name}": value for name, value in request.environment.items()}
        about |= dict(sorted(self._values()))
        about |= self._downloads()
        about["the image"] = self._image()
        if self._inputs is not None or self.checks_out or self._laid:
            about[FILES] = content_hash(self.files)
        return {name: _hash(value) for name, value in about.items()}

    def _image(self) -> str:
        try:
            return self._request.executor.digest(place_request(self._planned, self._scope))
        except WorkflowInvalid as wrong:
            raise NeverRemembered(f"what it runs in can't be evaluated ({wrong})") from wrong

    def _seen(self) -> Files:
        """The declared files; else, where it checks the repository out, all. And those of the actions that it uses."""
        if self._inputs is None:
            files = self._manifest.files() if self.checks_out else {}
        else:
            chosen = Patterns(self._inputs)
            files = {path: about for path, about in self._manifest.files().items() if chosen.match(path)}
            files |= {path: about for path, about in self._manifest.files().items() if self._is_of_an_action(path)}
        return {**files, **{path: about for laid in self._laid.values() for path, about in laid.items()}}

    def _is_of_an_action(self, path: str) -> bool:
        """Whether the file belongs to an action of the repository; of one at its top only the action's own file."""
        folders = (use.folder for use in self._uses if use.folder is not None and use.folder.in_workspace)
        tops = (self._request.actions.seen(folder) for folder in folders)
        return any(path in ACTION_FILES if top == "." else path.startswith(f"{top}/") for top in tops)

    def _values(self) -> Iterator[tuple[str, Value]]:
        """What its expressions and its scripts read of what is known before it begins."""
        contexts = self._scope.contexts()
        asks_git = any(_ASKS_GIT.search(text) for text in self._texts()) or self._checks_out_another()
        for path in sorted(self._paths()):
            context, *keys = path.split(".")
            if context == "secrets" or path.lower() == "github.token":
                raise NeverRemembered(f"it reads {path}")
            if context == "steps" and keys and keys[-1].lower() in ("commit", "ref", "*"):
                asks_git = asks_git or self.checks_out
            if context == "github" and (not keys or keys[0] == "*" or keys[0].lower() in _EACH_TIME):
                raise NeverRemembered(f"it reads {path}, which is another one each time")
            if context in ("github", "vars", "inputs", "needs", "strategy") and not (keys and keys[0].lower() in _PLACES):
                yield _name(path), _look_up(contexts, [context, *keys])
        for name in {name.lower() for text in self._texts() for name in _FROM_ENVIRONMENT.findall(text)} - _PLACES:
            if name in _EACH_TIME:
                raise NeverRemembered(f"it reads GITHUB_{name.upper()}, which is another one each time")
            yield f"github.{name}", self._scope.github().get(name)
        if any("GITHUB_EVENT_PATH" in text or "github.event_path" in text for text in self._texts()):
            yield "github.event", self._scope.github().get("event")
        if asks_git:
            github = self._scope.github()
            yield HISTORY, [github["sha"], github["ref"], self._manifest.refs()]

    def _checks_out_another(self) -> bool:
        """Whether a checkout names a `ref`: what that holds, git knows."""
        inputs = (step.inputs for step in self._steps if step.uses and action_name(step.uses.text) == CHECKOUT)
        return any(isinstance(given, MapNode) and given.get("ref") is not None for given in inputs)

    def _known(self, node: Scalar) -> str:
        if any(path.split(".")[0] in ("steps", "env", "job", "runner") for path in _paths_in(node.text)):
            raise NeverRemembered("it downloads an artifact whose name is only known while it runs")
        try:
            return fill_text(node, self._scope.contexts(), self._scope.functions())
        except WorkflowInvalid as wrong:
            raise NeverRemembered(f"the name of an artifact can't be evaluated ({wrong})") from wrong

    def _nodes(self) -> Iterator[Node]:
        workflow = self._request.plan.workflow
        yield from (value for key, value in self._job.node.entries if key.text not in _BESIDE)
        yield from (node for node in (workflow.env, workflow.default_shell, workflow.default_directory) if node is not None)
        for use in self._uses:
            if use.steps and use.found is not None and use.found.action is not None:
                yield from (step.node for step in use.steps)
                yield from (one.default for one in use.found.action.inputs if one.default is not None)
                yield from (one.value for one in use.found.action.outputs if one.value is not None)

    def _texts(self) -> list[str]:
        return [text for node in self._nodes() for text in _scalars(node)]

    def _paths(self) -> set[str]:
        conditions = (step.condition.text for step in self._steps if step.condition is not None)
        found = {path for text in conditions for path in uses(_condition(text))}
        return found.union(*(_paths_in(text) for text in self._texts()))


def why_differs(before: Mapping[str, str], now: Mapping[str, str], files_before: Files | None, files: Files) -> str:
    """What changed since, in one line: "requirements.txt changed". files_before: None where they are not known any more."""
    changed = [name for name in now if before.get(name) != now[name]] + [name for name in before if name not in now]
    if changed == [FILES] and files_before is not None:
        changed = sorted(path for path in {*files_before, *files} if files_before.get(path) != files.get(path))
        if len(changed) == 1 and changed[0] not in files_before:
            return f"{changed[0]} is new"
        if len(changed) == 1 and changed[0] not in files:
            return f"{changed[0]} is gone"
    # A file is named only where nothing else tells more: a workflow that was edited is a file, too.
    named = [name for name in changed if name != FILES] or changed
    return f"{named[0]} changed" if len(named) == 1 else f"{named[0]} and {len(named) - 1} more changed"


def files_to(blobs: BlobStore, files: Files) -> str:
    """Keep the list of the files; its digest, '' where there are none."""
    return blobs.put_bytes(json.dumps(dict(files), sort_keys=True).encode()) if files else ""


def files_from(blobs: BlobStore, digest: str) -> Files | None:
    """None where the list is not there (any more), or not whole."""
    if not digest:
        return {}
    return cast(Files, json.loads(blobs.read(digest))) if blobs.verify(digest) else None


def _hash(value: Value) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _name(path: str) -> str:
    """As a person says it."""
    match path.split("."):
        case ["needs", job, "outputs", output]:
            return f"output {output} of {job}"
        case ["needs", job, *_]:
            return f"what came of {job}"
        case _:
            return path


def _look_up(contexts: Mapping[str, object], keys: Sequence[str]) -> Value:
    """The value at the path, up to a star; keys ignore case, as in the language."""
    value: object = contexts
    for key in keys:
        if key == "*" or not isinstance(value, Mapping):
            break
        value = value.get(key, next((inner for name, inner in value.items() if str(name).lower() == key.lower()), None))
    return value  # type: ignore[return-value]  # contexts hold what JSON can say


def _scalars(node: Node) -> Iterator[str]:
    match node:
        case Scalar(text=text):
            yield text
        case ListNode(items=items):
            for item in items:
                yield from _scalars(item)
        case MapNode(entries=entries):
            for key, value in entries:
                yield key.text
                yield from _scalars(value)


def _paths_in(text: str) -> set[str]:
    if not has_expression(text):
        return set()
    try:
        return uses(tree(text, _NAMES, _FUNCTIONS))
    except ExpressionError as wrong:
        raise NeverRemembered(f"an expression in it can't be read ({wrong})") from wrong


def _condition(text: str | None) -> Expression:
    try:
        return condition_tree(text, _NAMES, _FUNCTIONS)
    except ExpressionError as wrong:
        raise NeverRemembered(f"an `if` in it can't be read ({wrong})") from wrong


def _status_calls(job: Job) -> set[str]:
    return calls(_condition(job.condition.text if job.condition else None)) & set(STATUS_FUNCTIONS)


def _is_laid(use: Use) -> bool:
    return use.folder is not None and not use.folder.in_workspace
