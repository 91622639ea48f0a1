"""Nodes of the right shape -> Workflow, Job, Step."""

from pipelinekit.model.node import ListNode, MapNode, Node, Scalar
from pipelinekit.model.position import Position
from pipelinekit.model.workflow import Job, On, Step, Workflow
from pipelinekit.workflows.identifiers import step_ids

_CONTROLS = ("wait", "wait-all", "cancel", "parallel")


def workflow_of(node: MapNode, path: str, source: str) -> Workflow:
    """node: as `validate` found it right. path: as people name the workflow."""
    shell, directory = _defaults(node)
    jobs = _map(node.get("jobs"))
    ids = {key.text.upper(): key.text for key, _ in jobs.entries}
    return Workflow(
        path=path,
        source=source,
        node=node,
        on=_on(node.get("on")),
        jobs=tuple(_job(key, value, ids) for key, value in jobs.entries if isinstance(value, MapNode)),
        name=_scalar(node.get("name")),
        run_name=_scalar(node.get("run-name")),
        env=node.get("env"),
        default_shell=shell,
        default_directory=directory,
        concurrency=node.get("concurrency"),
        permissions=node.get("permissions"),
    )


def _on(node: Node | None) -> tuple[On, ...]:
    match node:
        case Scalar(text=text, position=position):
            return (On(text, position),)
        case ListNode(items=items):
            return tuple(On(item.text, item.position) for item in items if isinstance(item, Scalar))
        case MapNode(entries=entries):
            return tuple(
                On(key.text, key.position, value if isinstance(value, MapNode | ListNode) else None) for key, value in entries
            )
        case None:
            return ()


def _job(key: Scalar, node: MapNode, ids: dict[str, str]) -> Job:
    """ids: of all jobs, by their upper case."""
    strategy = _map(node.get("strategy"))
    shell, directory = _defaults(node)
    needs = node.get("needs")
    return Job(
        id=key.text,
        position=key.position,
        node=node,
        steps=steps_of(node.get("steps")),
        name=_scalar(node.get("name")),
        needs=tuple(_named(need, ids) for need in (needs if isinstance(needs, ListNode) else (needs,)) if isinstance(need, Scalar)),
        condition=_scalar(node.get("if")),
        runs_on=node.get("runs-on"),
        matrix=strategy.get("matrix"),
        fail_fast=_scalar(strategy.get("fail-fast")),
        max_parallel=_scalar(strategy.get("max-parallel")),
        env=node.get("env"),
        outputs=node.get("outputs"),
        default_shell=shell,
        default_directory=directory,
        timeout_minutes=_scalar(node.get("timeout-minutes")),
        continue_on_error=_scalar(node.get("continue-on-error")),
        container=node.get("container"),
        services=node.get("services"),
        environment=node.get("environment"),
        concurrency=node.get("concurrency"),
        permissions=node.get("permissions"),
        uses=_scalar(node.get("uses")),
        inputs=node.get("with"),
        secrets=node.get("secrets"),
    )


def _named(need: Scalar, ids: dict[str, str]) -> Scalar:
    # GitHub compares ids without regard to case; nobody after the reader needs to know.
    name = ids.get(need.text.upper(), need.text)
    return need if name == need.text else Scalar(name, name, need.position)


def steps_of(node: Node | None) -> tuple[Step, ...]:
    """The steps of a job or of an action, each with its id."""
    written = [step for step in node if isinstance(step, MapNode)] if isinstance(node, ListNode) else []
    return tuple(
        _step(index, identifier, step) for index, (identifier, step) in enumerate(zip(step_ids(written), written, strict=True))
    )


def _step(index: int, identifier: str, node: MapNode) -> Step:
    background = node.get("background")
    return Step(
        index=index,
        id=identifier,
        position=node.position,
        node=node,
        name=_scalar(node.get("name")),
        condition=_scalar(node.get("if")),
        run=_scalar(node.get("run")),
        uses=_scalar(node.get("uses")),
        inputs=node.get("with"),
        env=node.get("env"),
        shell=_scalar(node.get("shell")),
        working_directory=_scalar(node.get("working-directory")),
        continue_on_error=_scalar(node.get("continue-on-error")),
        timeout_minutes=_scalar(node.get("timeout-minutes")),
        background=isinstance(background, Scalar) and background.value is True,
        control=next((name for name in _CONTROLS if node.key(name)), None),
    )


def _defaults(node: MapNode) -> tuple[Scalar | None, Scalar | None]:
    run = _map(_map(node.get("defaults")).get("run"))
    return _scalar(run.get("shell")), _scalar(run.get("working-directory"))


def _scalar(node: Node | None) -> Scalar | None:
    return node if isinstance(node, Scalar) else None


def _map(node: Node | None) -> MapNode:
    # The schema lets an expression stand for a mapping; what it gives is only known when it runs.
    return node if isinstance(node, MapNode) else _NO_MAP


_NO_MAP = MapNode((), Position("", 1, 1))
