"""What a leg has come to know: its contexts, environment, outputs and status so far."""

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from pathlib import Path

from pipelinekit.executors.base import Place
from pipelinekit.expressions.tree import fill_texts
from pipelinekit.expressions.values import to_text
from pipelinekit.model.node import Value
from pipelinekit.model.outcome import Outcome, worst
from pipelinekit.model.plan import Leg, PlannedJob
from pipelinekit.runs import contexts
from pipelinekit.runs.memory import Checkpoint
from pipelinekit.runs.request import RunRequest
from pipelinekit.workspaces.hash_files import hash_files

Functions = Mapping[str, Callable[..., object]]


# What the steps of an action see: not what belongs to the workflow that uses it.
_IN_ACTIONS = ("github", "env", "inputs", "matrix", "strategy", "job", "runner", "steps")


@dataclass(frozen=True, slots=True)
class Inside:
    """A composite action at work. inputs: with their defaults. environment: the `env` of the step that uses it, and those around.

    id: of the author's step. path: of its folder, as its steps see it. root: where `$/` begins in it. depth: 1 where a step of the
    job uses it. job_status: of the job so far.
    """

    inputs: contexts.Context
    environment: Mapping[str, str]
    id: str
    path: str
    root: Path
    depth: int
    job_status: Callable[[], Outcome]


class Scope:
    """The same for all steps of a leg, or of a composite action in it; `place` comes when it is open.

    cancelled: whether the leg is to end. inside: None for the author's own steps. laid: folders of actions and
    their `uses`, and where they are in the place.
    """

    def __init__(
        self, request: RunRequest, planned: PlannedJob, leg: Leg, needs: contexts.Context, cancelled: Callable[[], bool]
    ) -> None:
        self.request = request
        self.leg = leg
        self.place: Place | None = None
        self.outcome = Outcome.SUCCESS
        self.inside: Inside | None = None
        self.laid: dict[tuple[Path, str], str] = {}
        self.steps: contexts.Context = {}
        self.set_environment: dict[str, str] = {}
        self.paths: list[str] = []
        self._job = planned.job
        self.needs = needs
        self._cancelled = cancelled
        self._job_environment: dict[str, str] = {}
        trigger = request.plan.trigger
        self._github = contexts.github(
            request.plan.workflow, trigger, run_id=request.run_id, number=request.number, attempt=request.attempt
        ) | {"job": planned.job.id}
        self._runner = contexts.runner("/tmp", "/opt/hostedtoolcache", request.host)  # noqa: S108 - until a place is open

    def opened(self, place: Place) -> None:
        """The place is there: paths are known from here on, and the environment of workflow and job can be filled in."""
        self.place = place
        self._runner = contexts.runner(place.temp, f"{place.temp}/tool_cache", self.request.host)
        self._github |= {"workspace": place.workspace, "event_path": f"{place.temp}/_github_workflow/event.json"}
        workflow = fill_texts(self.request.plan.workflow.env, self.contexts(), self.functions())
        self._job_environment = workflow | dict(self.request.environment)
        own = fill_texts(self._job.env, self.contexts(), self.functions())
        self._job_environment = workflow | own | dict(self.request.environment)

    def within(self, inside: Inside) -> "Scope":
        """For the steps of a composite action: `steps`, `inputs` and the outcome are their own, what they set is the job's."""
        inner = copy(self)
        inner.inside, inner.steps, inner.outcome = inside, {}, Outcome.SUCCESS
        return inner

    def environment(self) -> dict[str, str]:
        """Workflow < job < `--env` < GITHUB_ENV so far < the `env` of the step that uses the action."""
        own = self.inside.environment if self.inside else {}
        return {**self._job_environment, **self.set_environment, **own}

    def github(self, **more: Value) -> contexts.Context:
        if self.inside is not None:  # `action` stays that of the author's step, as in the runner
            more |= {"action": self.inside.id, "action_path": self.inside.path, "action_status": self.outcome.value}
        return self._github | more

    def contexts(self, environment: Mapping[str, str] | None = None, **github: Value) -> dict[str, object]:
        """All contexts that a step may use. environment: of the step, else the job's so far."""
        leg, trigger = self.leg, self.request.plan.trigger
        fail_fast = self._job.fail_fast
        every: dict[str, object] = {
            "github": self.github(**github),
            "env": dict(self.environment() if environment is None else environment),
            "vars": dict(self.request.plan.variables),
            "secrets": dict(self.request.secrets),
            "inputs": self.inside.inputs if self.inside else dict(trigger.inputs),
            "needs": self.needs,
            "matrix": dict(leg.matrix),
            "strategy": {
                "fail-fast": fail_fast is None or fail_fast.value is not False,
                "job-index": leg.index,
                "job-total": leg.total,
                "max-parallel": leg.total,
            },
            "job": {"status": self.status().value, "container": {}, "services": {}},
            "runner": self._runner,
            "steps": self.steps,
        }
        return every if self.inside is None else {name: every[name] for name in _IN_ACTIONS}

    def functions(self) -> Functions:
        """The status functions of a step, and hashFiles."""
        functions = contexts.status_functions if self.inside is None else contexts.action_status_functions
        return {**functions(lambda: self.outcome, self._cancelled), "hashFiles": self._hash_files}

    def status(self) -> Outcome:
        """Of the job so far."""
        if self.inside is not None:
            return self.inside.job_status()
        return Outcome.CANCELLED if self._cancelled() else self.outcome

    def conclude(self, conclusion: Outcome) -> None:
        """A step has ended: the leg's outcome so far takes it in."""
        if conclusion is not Outcome.SKIPPED:
            self.outcome = worst(self.outcome, conclusion)

    def complete_environment(self, own: Mapping[str, str], **github: Value) -> dict[str, str]:
        """What the step's command gets: the author's, over it GITHUB_* and RUNNER_*, and PATH with what steps put before it."""
        given = {**self.environment(), **own, **contexts.variables_of(self.github(**github), self._runner)}
        if self.paths and self.place is not None:
            before = given.get("PATH", self.place.environment.get("PATH", ""))
            given["PATH"] = ":".join([*reversed(self.paths), before])
        return given

    def checkpoint(self) -> Checkpoint:
        """What the leg knows now."""
        return Checkpoint(dict(self.set_environment), tuple(self.paths), dict(self.steps), self.outcome)

    def go_back(self, to: Checkpoint) -> None:
        """Know what the leg knew then, and no more."""
        self.set_environment, self.paths = dict(to.environment), list(to.paths)
        self.steps, self.outcome = dict(to.steps), to.outcome

    def add_path(self, folder: str) -> None:
        """The last one added comes first; adding one again moves it."""
        if folder in self.paths:
            self.paths.remove(folder)
        self.paths.append(folder)

    def _hash_files(self, *patterns: object) -> str:
        return "" if self.place is None else hash_files(self.place.workspace_folder, *map(to_text, patterns))
