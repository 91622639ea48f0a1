"""A workflow in the making: its parts as cells and calls gave them, put together to the text of a workflow file.

A job is one cell (`%%stage`) or several: `%%workflow` says what stands before the jobs, `%%job` a job, `%%step` a step of it. What
is given again replaces what was there and keeps its place; steps stand in the order of their numbers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from textwrap import dedent

from pipelinekit.model.node import MapNode, Scalar
from pipelinekit.model.position import Position
from pipelinekit.model.problem import Problem, Severity, WorkflowInvalid
from pipelinekit.model.workflow import Workflow
from pipelinekit.stages.changes import Change
from pipelinekit.stages.parts import Indent, Part, head_part, job_part, made_part, step_part, steps_line, tail_part
from pipelinekit.views.words import listed
from pipelinekit.workflows.build import CHECKOUT, RUNNER, Given, Steps, job, path_for, step
from pipelinekit.workflows.comments import inputs_comment
from pipelinekit.workflows.read import read
from pipelinekit.workflows.suggest import suggestion
from pipelinekit.workflows.write import job_text, workflow_text
from pipelinekit.workflows.yaml_tree import compose

_NAME = "notebook"
_LATER = ("needs", "missing", "file")  # what a cell that is still to come may mend


@dataclass(frozen=True, slots=True)
class Cell:
    """What was given. label: how messages call it. verbatim: whether it is indented as the workflow is.

    line: the cell's first line, where it is more than the label. script: that the body was made of.
    """

    label: str
    body: str
    verbatim: bool = False
    line: str = ""
    script: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """A job. indent: None for that of the workflow. steps: by their numbers. made: whether it is made of one cell alone."""

    id: str
    job: Cell
    indent: Indent | None = None
    steps: Mapping[float, Cell] = field(default_factory=dict)
    tail: Cell | None = None
    made: bool = False


class Draft:
    """path: as people call the workflow, and where it would lie in a repository."""

    def __init__(self) -> None:
        self.path = path_for(_NAME)
        self._indent = Indent()
        self._head: Cell | None = None
        self._tail: Cell | None = None
        self._stages: dict[str, Stage] = {}
        self._ends = ("\n", True)  # of lines, and whether the last one has one

    # -- giving parts --------------------------------------------------------------------------------------------------

    def workflow(
        self, body: str, path: str = "", *, indent: Indent | None = None, verbatim: bool = False,
        ends: tuple[str, bool] = ("\n", True), label: str = "%%workflow",
    ) -> Change:
        """What stands before the jobs, in YAML: `on:`, `env:` and so on. Raises WorkflowInvalid, and nothing has changed then.

        indent: that its jobs have. verbatim: whether `jobs:` is not to be added. ends: of lines, and whether the last has one.
        """
        before = self._head.body if self._head else ""
        kept = self._kept()
        self._head, self.path = Cell(label, body, verbatim), path or self.path
        self._indent, self._ends = indent or Indent(), ends
        return self._change(Change("the workflow", before, body), kept, label)

    def job(self, name: str, body: str, *, indent: Indent | None = None, verbatim: bool = False, label: str = "") -> Change:
        """A job without its steps, in YAML: its keys, or the whole with its id. Its steps stay. Raises WorkflowInvalid."""
        before = self._stages.get(name)
        kept = self._kept()
        cell = Cell(label or f"%%job {name}", body, verbatim)
        if before is None or before.made:
            self._stages[name] = Stage(name, cell, indent)
        else:
            self._stages[name] = replace(before, job=cell, indent=indent)
        return self._change(Change(name, before.job.body if before else "", body), kept, cell.label, name)

    def step(self, where: str, body: str, *, verbatim: bool = False, label: str = "") -> Change:
        """A step in YAML. where: `test/2` for the second of the job `test`; 2.5 stands between 2 and 3. Raises WorkflowInvalid."""
        name, _, number = where.partition("/")
        try:
            at = float(number)
        except ValueError as wrong:
            hint = "write JOB/NUMBER: test/2; test/2.5 stands between 2 and 3"
            raise _invalid(f'"{where}" does not say which step', hint) from wrong
        stage = self._known(name)
        kept = self._kept()
        cell, before = Cell(label or f"%%step {name}/{at:g}", body, verbatim), stage.steps.get(at)
        self._stages[name] = replace(stage, steps={**stage.steps, at: cell})
        return self._change(Change(f"step {at:g} of {name}", before.body if before else "", body), kept, cell.label, name)

    def tail(self, body: str, name: str = "", *, verbatim: bool = False, label: str = "") -> Change:
        """What follows the steps of the job `name`, or all jobs. Raises WorkflowInvalid."""
        kept = self._kept()
        if name:
            stage = self._known(name)
            cell, before = Cell(label or f"%%job {name} --after-steps", body, verbatim), stage.tail
            self._stages[name] = replace(stage, tail=cell)
        else:
            cell, before = Cell(label or "%%workflow --after-jobs", body, verbatim), self._tail
            self._tail = cell
        what = f"what follows {f'the steps of {name}' if name else 'the jobs'}"
        return self._change(Change(what, before.body if before else "", body), kept, cell.label, name)

    def stage(
        self, name: str, script: Steps, *, image: str | None = None, needs: str | Sequence[str] = (),
        inputs: str | Sequence[str] = (), matrix: Given = None, env: Mapping[str, Given] | None = None,
        if_: str | bool | None = None, shell: str | None = None, runs_on: Given = RUNNER, checkout: bool = True,
        label: str = "", line: str = "",
    ) -> Change:
        """A job that runs a script. The arguments are those of `pk.stage`; line: of the cell that said it.

        Raises WorkflowInvalid, and nothing has changed then.
        """
        given = [_script(name, script)] if isinstance(script, str) else [script] if isinstance(script, Mapping) else script
        if not given:
            raise _invalid(f'the stage "{name}" has nothing to run', "give it a script, or steps")
        steps = [step(one, shell=shell) if isinstance(one, str) else one for one in given]
        if checkout:
            steps.insert(0, {"uses": CHECKOUT})
        keys = job(steps, runs_on=runs_on, needs=needs, if_=if_, matrix=matrix, env=env, container=image)
        text = job_text(name, keys)
        if inputs:
            first, rest = text.split("\n", 1)
            text = f"{first}\n    {inputs_comment((inputs,) if isinstance(inputs, str) else tuple(inputs))}\n{rest}"
        wanted = [needs] if isinstance(needs, str) else [*needs]
        before, kept = self._stages.get(name), self._kept()
        own = script if isinstance(script, str) else ""
        cell = Cell(label or f'pk.stage("{name}")', text, verbatim=True, line=line, script=own)
        self._stages[name] = Stage(name, cell, made=True)
        waits = [each if each in self._stages else f"{each} (no such stage yet)" for each in wanted]
        about = ", ".join([image or str(runs_on), *([f"needs {listed(waits)}"] if waits else [])])
        return self._change(Change(name, before.job.body if before else "", text, about), kept, cell.label, name)

    def remove(self, name: str) -> None:
        """Take the stage away. Raises WorkflowInvalid where there is none."""
        del self._stages[self._known(name).id]

    def clear(self) -> None:
        """Begin anew."""
        vars(self).update(vars(type(self)()))

    # -- what it is ----------------------------------------------------------------------------------------------------

    @property
    def stages(self) -> tuple[str, ...]:
        """Ids of the stages that were given, in their order."""
        return tuple(self._stages)

    @property
    def is_given(self) -> bool:
        """Whether anything was."""
        return self._head is not None or bool(self._stages)

    def text(self) -> str:
        """The workflow file. Raises WorkflowInvalid where it is none, with the cells that are to blame."""
        written = self._written()
        workflow, problems = read(self.path, written)
        if workflow is None:
            raise self.told(WorkflowInvalid(*(problem for problem in problems if problem.severity is Severity.ERROR)))
        end, is_ended = self._ends
        return (written if is_ended else written.removesuffix("\n")).replace("\n", end)

    def told(self, wrong: WorkflowInvalid) -> WorkflowInvalid:
        """The same with the cells' own lines: `%%step test/2:3:5`."""
        problems = [
            replace(
                problem, position=problem.position and self._place(problem.position),
                related=tuple((self._place(place), word) for place, word in problem.related),
            )
            for problem in wrong.problems
        ]  # fmt: skip
        return WorkflowInvalid(*problems, sources={part.label: part.source for part in self._parts() if part.body})

    def read(self) -> Workflow:
        """The workflow. Raises WorkflowInvalid as `text` does."""
        text = self.text()
        workflow, problems = read(self.path, text)
        if workflow is None:  # line ends do not change what a text says
            raise WorkflowInvalid(*problems)
        return workflow

    def _written(self) -> str:
        return "".join(part.text for part in self._parts())

    def _parts(self) -> Iterator[Part]:
        if self._head is None:
            head = workflow_text({"name": _NAME, "on": "push"})
            yield Part(self.path, head, f"{head}\njobs:\n")
        else:
            yield head_part(self._head.label, self._head.body, verbatim=self._head.verbatim)
        before: Stage | None = None
        ends_blank = False
        for stage in self._stages.values():
            if before is not None and (stage.made or before.made) and not ends_blank:
                yield Part("", "", "\n")
            for part in self._of_stage(stage):
                yield part
                ends_blank = part.text.endswith("\n\n")
            before = stage
        if self._tail is not None:
            yield tail_part(self._tail.label, self._tail.body, 0, verbatim=self._tail.verbatim)

    def _of_stage(self, stage: Stage) -> Iterator[Part]:
        given, indent = stage.job, stage.indent or self._indent
        if given.script:
            head = made_part(given.label, given.line, given.script, given.body)
        else:
            head, indent = job_part(given.label, stage.id, given.body, indent, verbatim=given.verbatim)
        yield head
        if stage.steps and (line := steps_line(head, indent)):
            yield Part(head.label, "", line)
        for number in sorted(stage.steps):
            cell = stage.steps[number]
            yield step_part(cell.label, cell.body, indent.dashes, verbatim=cell.verbatim)
        if stage.tail is not None:
            yield tail_part(stage.tail.label, stage.tail.body, indent.keys, verbatim=stage.tail.verbatim)

    # -- inside --------------------------------------------------------------------------------------------------------

    def _known(self, name: str) -> Stage:
        if name not in self._stages:
            hint = suggestion(name, self._stages, "stages here") or "run the cell that defines it first"
            raise _invalid(f'there is no stage "{name}"', hint)
        return self._stages[name]

    def _kept(self) -> dict[str, object]:
        return {**vars(self), "_stages": dict(self._stages)}

    def _change(self, change: Change, kept: dict[str, object], label: str, stage: str = "") -> Change:
        """What came of it. Where the new part is wrong in itself, nothing does. stage: that it is in; '' for the whole."""
        try:
            self._check(label)
        except WorkflowInvalid:
            vars(self).update(kept)
            raise
        return replace(change, stale=self._stale_by(stage))

    def _stale_by(self, stage: str) -> tuple[str, ...]:  # noqa: ARG002 - a draft has not run
        """The stages that are stale because of this one; of all where it is ''."""
        return ()

    def _check(self, label: str) -> None:
        """Raise what is wrong in this part whatever other cells may still bring."""
        written = self._written()
        _, problems = read(self.path, written)
        later = _empty(written, self.path)
        own = [
            one for one in problems
            if one.severity is Severity.ERROR and one.code not in _LATER and one.position and one.position not in later
            and self._at(one.position)[0].label == label
        ]  # fmt: skip
        if own:
            raise self.told(WorkflowInvalid(*own))

    def _place(self, position: Position) -> Position:
        if position.file != self.path:
            return position
        part, line = self._at(position)
        return Position(part.label, *part.place(line, position.column)) if part.label else position

    def _at(self, position: Position) -> tuple[Part, int]:
        """The part that stands there, and the line in its text, from 1."""
        left = position.line
        parts = list(self._parts())
        for part in parts:
            if left <= (lines := part.text.count("\n")):
                return part, left
            left -= lines
        return parts[-1], parts[-1].text.count("\n")


def _empty(text: str, file: str) -> set[Position]:
    """Where jobs would stand, the keys of a job, and its steps, while there are none."""
    node, _ = compose(text, file)
    jobs = node.get("jobs") if isinstance(node, MapNode) else None
    inner = [job for _, job in jobs.entries] if isinstance(jobs, MapNode) else []
    places = [jobs, *inner, *(job.get("steps") for job in inner if isinstance(job, MapNode))]
    return {place.position for place in places if isinstance(place, Scalar) and place.value is None}


def _script(name: str, text: str) -> str:
    """Without empty lines around it; one line stands alone."""
    script = dedent(text).strip("\n")
    if not script.strip():
        raise _invalid(f'the stage "{name}" has nothing to run', "write a script below its line")
    return f"{script}\n" if "\n" in script else script


def _invalid(message: str, hint: str) -> WorkflowInvalid:
    return WorkflowInvalid(Problem("stage", message, hint=hint))
