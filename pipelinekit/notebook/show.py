"""How each kind of value shows itself in a cell: HTML that needs nothing beside it, and plain text that stays the same.

Saved and untrusted notebooks, the site and code hosts take out scripts, stylesheets and inline SVG. What stays everywhere is tables
with inline styles, and pictures that carry their own data.
"""

from collections.abc import Mapping, Sequence
from io import StringIO

from pipelinekit.answers.grid import Grid, lines
from pipelinekit.answers.grid import State as Word
from pipelinekit.console.findings import findings_lines, verdict
from pipelinekit.console.plans import plan_text, workflow_text
from pipelinekit.console.problems import write_problems
from pipelinekit.model.finding import Finding, Findings, Health
from pipelinekit.model.node import Node as Written
from pipelinekit.model.node import plain
from pipelinekit.model.plan import Leg, Matrix, Plan, PlannedJob
from pipelinekit.model.problem import Problem, Problems, SurroundingsMissing, WorkflowInvalid
from pipelinekit.model.run_state import RunState
from pipelinekit.model.shown import Bundle, bundle
from pipelinekit.model.workflow import Job, Workflow
from pipelinekit.notebook.table import table as records_table
from pipelinekit.records.store import Runs, Store
from pipelinekit.run_views import still as run_still
from pipelinekit.run_views.live_run import LiveRun
from pipelinekit.runs.preview import Preview, told
from pipelinekit.runs.step import usual_name
from pipelinekit.views import bare
from pipelinekit.views.graph import Node, drawn
from pipelinekit.views.markup import NOTHING, Html, Piece, fill, join, tag
from pipelinekit.views.matrix import axes, said
from pipelinekit.views.pictures import picture
from pipelinekit.views.run_links import run_ref
from pipelinekit.views.words import commit, duration, listed, plural, when_short

MOST_RUNS = 50
_ICONS = {Health.FINE: "success", Health.WARNING: "warning", Health.MISSING: "failure"}


def _bundle(text: str, *pieces: Piece) -> Bundle:
    return {"text/plain": text.rstrip(), "text/html": str(tag("div", join(pieces)))}


# -- what was written


@bundle.register
def _workflow(workflow: Workflow) -> Bundle:
    events = listed([on.event for on in workflow.on], most=8)
    sentence = bare.text(tag("b", workflow.title), fill(" runs on {}: {}.", events, plural(len(workflow.jobs), "job")))
    boxes = [Node(job.id, tuple(need.text for need in job.needs), "", "", _size(job)) for job in workflow.jobs]
    rows = (
        (job.id, ", ".join(need.text for need in job.needs), _text(job.runs_on), _text(job.matrix), _steps(job), _condition(job))
        for job in workflow.jobs
    )
    return _bundle(
        workflow_text(workflow), sentence, _graph(boxes), bare.table(("job", "needs", "runs on", "matrix", "steps", "if"), rows)
    )


@bundle.register
def _job(job: Job) -> Bundle:
    about = f": {_steps(job)}" + (f", needs {listed([need.text for need in job.needs])}" if job.needs else "")
    rows = [(f"{step.index + 1}", usual_name(step), step.condition.text.strip() if step.condition else "") for step in job.steps]
    text = [f"{job.id}{about}", *(f"  {at}  {name}" + (f"  if {when}" if when else "") for at, name, when in rows)]
    return _bundle("\n".join(text), bare.text(tag("b", job.id), about), bare.table(("", "step", "if"), rows))


def _size(job: Job) -> str:
    return "a matrix" if job.matrix else _steps(job)


def _steps(job: Job) -> str:
    return f"calls {job.uses.text}" if job.uses else plural(len(job.steps), "step")


def _condition(job: Job) -> Piece:
    return tag("code", job.condition.text.strip()) if job.condition else ""


def _text(node: Written | None) -> str:
    """A value as its author wrote it: `ubuntu-latest`; `python: 3.11, 3.13`."""
    if node is None:
        return ""
    value = plain(node)
    return "; ".join(f"{key}: {said(inner)}" for key, inner in value.items()) if isinstance(value, dict) else said(value)


def _graph(boxes: Sequence[Node]) -> Html:
    """The picture; its alternative text says the same."""
    if not boxes:
        return NOTHING
    words = "; ".join(box.label + (f", needs {listed(box.needs)}" if box.needs else "") for box in boxes)
    return picture(drawn(boxes), f"job graph: {words}")


@bundle.register
def _problems(problems: Problems) -> Bundle:
    return _said(problems) if problems else _bundle("nothing is wrong", bare.text("Nothing is wrong."))


def _said(problems: Sequence[Problem], sources: Mapping[str, str] | None = None) -> Bundle:
    out = StringIO()
    write_problems(problems, out, sources=sources)
    return _bundle(out.getvalue(), bare.table(("", "where", "what"), map(_problem, problems)))


def _problem(problem: Problem) -> tuple[Piece, Piece, Piece]:
    hint = join((Html("<br>"), problem.hint)) if problem.hint else None
    what = join((problem.message, " ", tag("code", f"[{problem.code}]"), hint))
    return bare.state(problem.severity), tag("code", str(problem.position or "")), what


# -- what will run


@bundle.register
def _plan(plan: Plan) -> Bundle:
    trigger = fill(" on {} of {}: ", plan.trigger.event, plan.trigger.ref_name)
    counts = f"{plural(len(plan.jobs), 'job')}, {plural(len(plan.legs), 'leg')}."
    boxes = [Node(planned.job.id, planned.needs, "", "", _legs(planned)) for planned in plan.jobs]
    rows = ((planned.job.id, ", ".join(planned.needs), _leg_names(planned), _condition(planned.job)) for planned in plan.jobs)
    return _bundle(
        plan_text(plan), bare.text(tag("b", plan.workflow.title), trigger, counts), _graph(boxes),
        bare.table(("job", "needs", "legs", "if"), rows), *(bare.text(f"Note: {note.message}") for note in plan.notes),
    )  # fmt: skip


def _legs(planned: PlannedJob) -> str:
    return "legs known later" if planned.legs is None else plural(len(planned.legs), "leg")


def _leg_names(planned: PlannedJob) -> str:
    if planned.legs is None:
        return "known when what it needs has ended"
    return ", ".join(leg.name for leg in planned.legs) if _has_matrix(planned.legs) else ""


def _has_matrix(legs: Sequence[Leg]) -> bool:
    return len(legs) > 1 or any(leg.matrix for leg in legs)


@bundle.register
def _matrix(matrix: Matrix) -> Bundle:
    if not _has_matrix(matrix.legs):
        words = "one leg, no matrix" if matrix.legs else "its legs are known when what it needs has ended"
        return _bundle(f"{matrix.job}: {words}", bare.text(tag("b", matrix.job), f": {words}."))
    lie = axes([leg.matrix for leg in matrix.legs])
    head = (lie.corner, *lie.columns)
    rows = [(name, *("left out" if at is None else f"leg {at + 1}" for at in row)) for name, row in lie.rows]
    words = plural(len(matrix.legs), "leg")
    text = lines(Grid(head, rows, title=f"{matrix.job}: {words}"))
    return _bundle(text, bare.text(tag("b", matrix.job), f": {words}"), bare.table(head, rows))


@bundle.register
def _preview(preview: Preview) -> Bundle:
    written = {
        "runs": "yes" if preview.runs else "no, it would be skipped", "problem": preview.problem, "condition": preview.condition,
        "command": preview.command, "uses": preview.uses, "shell": preview.shell, "in": preview.directory, "image": preview.image,
        **{f"with {name}": value for name, value in preview.inputs.items()},
        **{f"env {name}": value for name, value in preview.environment.items()},
        **{f"set before {name}": value for name, value in preview.changed.items()},
    }  # fmt: skip
    rows = ((name, value if name in ("runs", "problem") else bare.code(value)) for name, value in written.items() if value)
    sentence = bare.text("Next: ", tag("b", preview.name), f" of {preview.leg}")
    return _bundle("\n".join(told(preview)), sentence, bare.facts(rows))


# -- what ran


@bundle.register
def _run_state(state: RunState) -> Bundle:
    begun = state.started
    if begun is None:
        return _bundle("no run has begun", bare.text("No run has begun."))
    times = (at for leg in state.legs for at in (leg.queued_at, leg.started_at, leg.finished_at) if at is not None)
    # A state knows no verbs: that it goes on is what its events say.
    seen = LiveRun(
        state, begun.workflow, begun.number, begun.run_id, begun.attempt, max((begun.at, *times)),
        doing="" if state.state.finished else "go",
    )  # fmt: skip
    return _bundle(run_still.text(seen), run_still.html(seen))


@bundle.register
def _runs(runs: Runs) -> Bundle:
    rows = (
        {
            "run": run_ref(row), "outcome": Word(row["outcome"] or "running"), "workflow": row["workflow"], "branch": row["branch"],
            "commit": commit(row["commit"] or ""), "took": duration(row["duration_seconds"]), "UTC": when_short(row["started_at"]),
        }
        for row in runs[:MOST_RUNS]
    )  # fmt: skip
    return records_table(rows, "No runs are stored yet. `pipelinekit run ci.yml` records one.")._repr_mimebundle_()


@bundle.register
def _store(store: Store) -> Bundle:
    runs = store.table("runs", columns=["run_id"]).num_rows
    words = f": {plural(runs, 'run attempt')}; tables: {', '.join(store.tables)}"
    return _bundle(f"{store.path}{words}", bare.text(tag("code", str(store.path)), words))


# -- what is around


@bundle.register
def _findings(findings: Findings) -> Bundle:
    sentence = verdict(findings)
    rows = map(_finding, findings)
    return _bundle(
        "\n".join(findings_lines(findings)), bare.text(tag("b", f"{sentence[:1].upper()}{sentence[1:]}.")),
        bare.table(("", "", "found", "mend"), rows),
    )  # fmt: skip


def _finding(finding: Finding) -> tuple[Piece, ...]:
    mend = tag("code", finding.mend) if finding.mend else ""
    return finding.what, bare.state(finding.state, _ICONS[finding.state]), finding.detail, mend


# -- what stops the work


@bundle.register
def _invalid(wrong: WorkflowInvalid) -> Bundle:
    return _said(wrong.problems, wrong.sources)


@bundle.register
def _missing(missing: SurroundingsMissing) -> Bundle:
    return _bundle(str(missing), bare.text(tag("b", missing.message)), *map(bare.text, missing.details))
