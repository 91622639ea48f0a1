"""How each kind of value shows itself in a cell: HTML that needs nothing beside it, and plain text that stays the same.

Saved and untrusted notebooks, the site and code hosts take out styles, scripts and inline SVG. What stays everywhere is tables with
inline styles, and pictures that carry their own data.
"""

from io import StringIO

from pipelinekit.console.findings import findings_lines
from pipelinekit.console.plans import plan_text, workflow_text
from pipelinekit.console.problems import write_problems
from pipelinekit.model.finding import Findings
from pipelinekit.model.plan import Plan
from pipelinekit.model.problem import Problems, SurroundingsMissing, WorkflowInvalid
from pipelinekit.model.shown import Bundle, bundle
from pipelinekit.model.workflow import Workflow


@bundle.register
def _workflow(workflow: Workflow) -> Bundle:
    return {"text/plain": workflow_text(workflow).rstrip()}


@bundle.register
def _plan(plan: Plan) -> Bundle:
    return {"text/plain": plan_text(plan).rstrip()}


@bundle.register
def _problems(problems: Problems) -> Bundle:
    out = StringIO()
    write_problems(problems, out)
    return {"text/plain": out.getvalue().rstrip() or "nothing is wrong"}


@bundle.register
def _invalid(wrong: WorkflowInvalid) -> Bundle:
    out = StringIO()
    write_problems(wrong.problems, out, sources=wrong.sources)
    return {"text/plain": out.getvalue().rstrip()}


@bundle.register
def _missing(missing: SurroundingsMissing) -> Bundle:
    return {"text/plain": str(missing)}


@bundle.register
def _findings(findings: Findings) -> Bundle:
    return {"text/plain": "\n".join(findings_lines(findings))}
