"""The pipeline of a notebook: its stages as they are now, what they came to, and what has to run again. Each kernel has one."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipelinekit.live_runs.run import Run
from pipelinekit.live_runs.start import resume, start
from pipelinekit.model.event import Event, RunStarted
from pipelinekit.model.outcome import Outcome, overall
from pipelinekit.model.plan import Plan
from pipelinekit.model.shown import Bundle
from pipelinekit.model.workflow import Workflow
from pipelinekit.stages import definitions, view
from pipelinekit.stages.changes import Change
from pipelinekit.stages.draft import Draft
from pipelinekit.workbench.face import plan
from pipelinekit.workflows.build import RUNNER, Given, Steps, keys_of, path_for
from pipelinekit.workflows.write import workflow_text
from pipelinekit.workflows.yaml_tree import compose


class Pipeline(Draft):
    """Stages, the runs that they were in last, and which of them are no longer what ran.

    It may stand for a workflow: `pk.plan(pk.pipeline())`, `pk.start(pk.pipeline())`. last: the newest run, or None.
    """

    def __init__(self) -> None:
        super().__init__()
        self.last: Run | None = None
        self._ran: dict[str, str] = {}
        self._runs: dict[str, Run] = {}

    # -- running -------------------------------------------------------------------------------------------------------

    def plan(self, **options: Any) -> Plan:
        """What would run. The arguments are those of `pk.plan`. Raises WorkflowInvalid."""
        return plan(self, **options)

    def start(self, **options: Any) -> Run:
        """A run that stands before its first step. The arguments are those of `pk.start`, and so is what it raises."""
        return start(self, **options)

    def resume(self, number: int | str, start: str = "", **options: Any) -> Run:
        """Go on with a run of this pipeline that was paused or has failed, with the stages as they are now. See `pk.resume`."""
        return resume(number, start, file=self, **options)

    async def run(self, *, check: bool | None = None, **options: Any) -> Run:
        """Run it all, legs in parallel, and wait for its end. The arguments are those of `pk.start`.

        check: whether to raise RunFailed where it ends other than well; None: where nobody watches the run.
        """
        run = self.start(**options)
        await run.finish(check)
        return run

    def run_sync(self, *, check: bool | None = None, **options: Any) -> Run:
        """As `run`, for scripts."""
        run = self.start(**options)
        run.finish_sync(check)
        return run

    def follow(self, run: Run) -> None:
        """From here on stages are compared with what this run takes of them; it reads them anew for each attempt."""
        self.last = run

        def hear(event: Event | None) -> None:
            if isinstance(event, RunStarted):
                taken = definitions.definitions(run.plan.workflow.source)
                ids = [planned.job.id for planned in run.plan.jobs]
                self._ran.update({job: taken[job] for job in ids})
                self._runs.update(dict.fromkeys(ids, run))

        run.listen(hear)

    # -- what it is ----------------------------------------------------------------------------------------------------

    def stale(self) -> tuple[str, ...]:
        """The stages that have run and would come out of something else now, by their own edit or one that they build on."""
        written = self._written()
        node, _ = compose(written, self.path)
        return definitions.stale(definitions.definitions(written), self._ran, definitions.needs(node))

    def _state_of(self, stage: str, stale: Collection[str]) -> str:
        """What the last run that it was in came to in it: a word for a state; `stale`; '' where it has not run."""
        if stage in stale:
            return "stale"
        legs = [leg for leg in self._runs[stage].state.legs if leg.job == stage] if stage in self._runs else []
        if not legs:
            return ""
        if all(leg.state.finished for leg in legs):
            return overall(*(Outcome(leg.state.value) for leg in legs)).value
        return next((leg.state.value for leg in legs if leg.state.value not in ("queued", "success")), "queued")

    def export(self, path: Path | str) -> Path:
        """Write it as a workflow file; its folder is made. Raises WorkflowInvalid where it is none."""
        file = Path(path)
        text = self.text()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())  # with the line ends that it has
        return file

    def _stale_by(self, stage: str) -> tuple[str, ...]:
        node, _ = compose(self._written(), self.path)
        reached = definitions.downstream(stage, definitions.needs(node)) if stage else set(definitions.needs(node))
        return tuple(one for one in self.stale() if one in reached)

    def __repr__(self) -> str:
        return f"<Pipeline {self.path}: stages {len(self.stages)}>"

    def _repr_mimebundle_(self, **_: object) -> Bundle:
        node, _problems = compose(self._written(), self.path)
        needed, stale = definitions.needs(node), self.stale()
        return view.bundle(self.path, needed, {stage: self._state_of(stage, stale) for stage in needed})


_PIPELINES: list[Pipeline] = []  # that of this kernel, once it is asked for


def pipeline(
    name: str | None = None, *, on: Given = None, env: Given = None, permissions: Given = None, defaults: Given = None,
    path: str | None = None,
) -> Pipeline:
    """The pipeline of this notebook: the stages that its cells have defined.

    What is given says what stands before the stages: the workflow's name, the events that start it (a push where nothing is
    said), variables of all stages. Raises WorkflowInvalid, which names what is wrong in it.
    """
    if not _PIPELINES:
        _PIPELINES.append(Pipeline())
    given = {"env": env, "permissions": permissions, "defaults": defaults}
    if name is not None or on is not None or any(value is not None for value in given.values()):
        keys = keys_of({"name": name or "notebook", "on": on or "push", **given})
        text = workflow_text(keys)
        head = text if text.endswith("\n\n") else f"{text}\n"
        _PIPELINES[0].workflow(head, path or path_for(name or "notebook"), label="pk.pipeline(...)")
    return _PIPELINES[0]


def stage(
    name: str, script: Steps, *, image: str | None = None, needs: str | Sequence[str] = (), inputs: str | Sequence[str] = (),
    matrix: Given = None, env: Mapping[str, Given] | None = None, if_: str | bool | None = None, shell: str | None = None,
    runs_on: Given = RUNNER, checkout: bool = True,
) -> Change:
    """Define a stage of this notebook's pipeline: a job that runs a script. `%%stage` is the same as a cell.

    script: of shell, or of another language that `shell` names; or a list of steps as `pk.job` takes it. image: of the container
    that it runs in. needs: ids of stages. inputs: globs of all files that it reads, so that it need not run again while they are
    as they were. matrix: key to values. checkout: whether the repository is checked out first.
    Raises WorkflowInvalid, and nothing has changed then.
    """
    return pipeline().stage(
        name, script, image=image, needs=needs, inputs=inputs, matrix=matrix, env=env, if_=if_, shell=shell, runs_on=runs_on,
        checkout=checkout,
    )


def export(path: Path | str, workflow: Workflow | None = None) -> Path:
    """Write this notebook's stages as a workflow file that GitHub runs: `pk.export(".github/workflows/ci.yml")`.

    workflow: one that was built or read, in place of the stages. Raises WorkflowInvalid where it is none.
    """
    if workflow is None:
        return pipeline().export(path)
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(workflow.source.encode())
    return file
