"""A Workflow in the words of the official reader's JSON, so that the two can be laid side by side.

A value is its literal, `{"type": 1, "seq": []}`, `{"type": 2, "map": []}` or `{"type": 3, "expr": ""}`; with its place where the
case asks for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pipelinekit.expressions.functions import STATUS_FUNCTIONS
from pipelinekit.expressions.parse import calls, parse
from pipelinekit.expressions.syntax import Literal
from pipelinekit.expressions.template import expressions_in, has_expression
from pipelinekit.expressions.values import to_text
from pipelinekit.model.node import ListNode, MapNode, Node, Scalar
from pipelinekit.model.workflow import Job, On, Step, Workflow
from pipelinekit.workflows.embedded import beside
from pipelinekit.workflows.shapes import CONTEXTS

Json = object
Called = Mapping[str, Workflow]
_FUNCTIONS = (*STATUS_FUNCTIONS, "hashFiles")
_TYPED = ("strategy", "timeout-minutes", "cancel-timeout-minutes", "continue-on-error", "concurrency", "environment")
_TEXTS = ("env", "defaults", "runs-on", "container", "services", "outputs", "snapshot", "with", "run", "uses", "shell")


@dataclass(frozen=True)
class Official:
    """with_places: whether values carry file, line and column. called: reusable workflows by their reference."""

    called: Called
    with_places: bool = False

    def workflow(self, workflow: Workflow) -> dict[str, Json]:
        said: dict[str, Json] = {
            key: self.value(node, typed=key == "concurrency")
            for key in ("env", "defaults", "concurrency")
            if (node := workflow.node.get(key)) is not None
        }
        granted = permissions(workflow.permissions)
        if granted is not None:
            said["permissions"] = granted
        said["jobs"] = [self.job(job, granted) for job in workflow.jobs]
        said["events"] = {on.event: _filters(on) for on in workflow.on}
        return said

    def job(self, job: Job, granted: Json) -> dict[str, Json]:
        own = permissions(job.permissions)
        granted = granted if own is None else own
        said: dict[str, Json] = {"id": self.literal(job.id, job), "if": condition(job.condition)}
        said["name"] = self.literal(job.id, job) if job.name is None else self.value(job.name)
        needs = [self.value(need) for need in job.needs]
        if granted is not None:
            said["permissions"] = granted
        said |= self.fields(job.node, "strategy", "concurrency")
        if job.uses is not None:
            return {"type": "reusableWorkflowJob", "needs": needs, **said, **self.call(job, job.uses, granted)}
        if needs:
            said["needs"] = needs
        if job.node.get("steps") is not None:
            said["steps"] = [self.step(step) for step in job.steps]
        rest = [name for name in (*_TYPED, *_TEXTS) if name != "strategy"]
        return {"type": "job", **said, **self.fields(job.node, *rest)}

    def call(self, job: Job, uses: Scalar, granted: Json) -> dict[str, Json]:
        said: dict[str, Json] = {"ref": self.value(uses), "jobs": []}
        called = self.called.get(uses.text)
        if called is None:
            return said
        on = next((on.filters for on in called.on if on.event == "workflow_call"), None)
        interface = on if isinstance(on, MapNode) else MapNode((), called.node.position)
        for ours, theirs, values in (("inputs", "input", job.inputs), ("secrets", "secret", job.secrets)):
            if (defined := interface.get(ours)) is not None:
                said[f"{theirs}-definitions"] = self.value(defined, typed=True)
            if isinstance(values, MapNode):
                said[f"{theirs}-values"] = self.value(values, typed=True)
            elif values is not None:
                said["inherit-secrets"] = True
        if (outputs := interface.get("outputs")) is not None:
            said["outputs"] = self.value(outputs, typed=True)
        own = permissions(called.permissions)
        said["jobs"] = [self.job(inner, granted if own is None else own) for inner in called.jobs]
        return said

    def step(self, step: Step) -> dict[str, Json]:
        names = ("name", "continue-on-error", "timeout-minutes", "env", "uses", "with", "run", "shell", "working-directory")
        return {"id": step.id, "if": condition(step.condition), **self.fields(step.node, *names)}

    def fields(self, node: MapNode, *names: str) -> dict[str, Json]:
        return {name: self.value(value, typed=name in _TYPED) for name in names if (value := node.get(name)) is not None}

    def literal(self, text: str, job: Job) -> Json:
        return self.placed({"type": 0}, {"lit": text}, job) if self.with_places else text

    def value(self, node: Node, *, typed: bool = False) -> Json:
        """typed: whether numbers, booleans and null stay what they are; elsewhere the schema makes text of them."""
        match node:
            case Scalar(value=str(text)) if has_expression(text):
                said = expression(text)
                return said if isinstance(said, str) or not self.with_places else self.placed({"type": 3}, said, node)
            case Scalar(value=value):
                return self.scalar(node, value if typed else to_text(value))
            case ListNode(items=items):
                seq = {"seq": [self.value(item, typed=typed) for item in items]}
                return self.placed({"type": 1}, seq, node)
            case MapNode(entries=entries):
                pairs = [{"Key": self.key(key), "Value": self.value(value, typed=typed)} for key, value in entries]
                return self.placed({"type": 2}, {"map": pairs}, node)

    def scalar(self, node: Scalar, value: object) -> Json:
        if isinstance(value, float) and value in (float("inf"), float("-inf")):
            value = to_text(value)
        if not self.with_places:
            return value
        match value:
            case None:
                return self.placed({"type": 7}, {}, node)
            case bool():
                return self.placed({"type": 5}, {"bool": value}, node)
            case int() | float():
                return self.placed({"type": 6}, {"num": value}, node)
            case _:
                return self.placed({"type": 0}, {"lit": value}, node)

    def key(self, key: Scalar) -> Json:
        if key.text.replace(" ", "") == "${{insert}}":
            return {"type": 4, "directive": "insert"}
        return self.value(key)

    def placed(self, kind: dict[str, Json], said: Mapping[str, Json], node: Node | Job) -> dict[str, Json]:
        if not self.with_places:
            return {**kind, **said}
        return {**kind, "file": 1, "line": node.position.line, "col": node.position.column, **said}


def expression(text: str) -> str | dict[str, Json]:
    """An expression alone, or the call of `format` that text with expressions becomes; a text in quotes is that text."""
    inside = [found for _, found in expressions_in(text)]
    if len(inside) == 1 and not beside(text):
        tree = parse(inside[0], CONTEXTS, _FUNCTIONS)
        return tree.value if isinstance(tree, Literal) and isinstance(tree.value, str) else {"type": 3, "expr": inside[0]}
    pattern, at = "", 0
    for number, (offset, found) in enumerate(expressions_in(text)):
        pattern += _escaped(text[at : text.rindex("${{", 0, offset)]) + f"{{{number}}}"
        at = text.index("}}", offset + len(found)) + len("}}")
    return {"type": 3, "expr": f"format('{pattern}{_escaped(text[at:])}', {', '.join(inside)})"}


def _escaped(text: str) -> str:
    return text.replace("'", "''").replace("{", "{{").replace("}", "}}")


def condition(node: Scalar | None) -> Json:
    """`success()` stands before it, unless a status function is called in it."""
    if node is None or node.value is None or not node.text.strip():
        return {"type": 3, "expr": "success()"}
    said = expression(node.text) if has_expression(node.text) else {"type": 3, "expr": node.text.strip()}
    written = str(said["expr"]) if isinstance(said, dict) else "'" + said.replace("'", "''") + "'"
    if calls(parse(written, CONTEXTS, _FUNCTIONS)) & set(STATUS_FUNCTIONS):
        return {"type": 3, "expr": written}
    return {"type": 3, "expr": f"success() && ({written})"}


def permissions(node: Node | None) -> Json:
    """What is granted; `none` is not said. None where nothing is written."""
    if isinstance(node, MapNode):
        return {key.text: value.text for key, value in node.entries if isinstance(value, Scalar) and value.text != "none"}
    return node.text if isinstance(node, Scalar) else None


def _filters(on: On) -> Json:
    if on.event == "schedule":
        return _plain(on.filters)
    return _plain(on.filters, as_lists=on.event not in ("workflow_dispatch", "workflow_call"))


def _plain(node: Node | None, *, as_lists: bool = False) -> Json:
    match node:
        case None:
            return {}
        case Scalar(value=value):
            return value
        case ListNode(items=items):
            return [_plain(item) for item in items]
        case MapNode(entries=entries):
            return {key.text: [value.text] if as_lists and isinstance(value, Scalar) else _plain(value) for key, value in entries}
