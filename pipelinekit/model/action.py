"""What was written: the action that a folder holds. Expressions are still text; every value knows its position."""

from dataclasses import dataclass

from pipelinekit.model.node import MapNode, Scalar
from pipelinekit.model.position import Position
from pipelinekit.model.workflow import Step


@dataclass(frozen=True, slots=True)
class ActionInput:
    """required: said, and enforced by nobody. deprecated: what its author tells who still gives it, '' where it is not."""

    name: str
    position: Position
    default: Scalar | None = None
    required: bool = False
    deprecated: str = ""


@dataclass(frozen=True, slots=True)
class ActionOutput:
    """value: of a composite action; the others give their outputs while they run."""

    name: str
    position: Position
    value: Scalar | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """path: of its file, as people name it. using: `composite`, `node24`, `docker` ... steps: of a composite one."""

    path: str
    node: MapNode
    using: Scalar
    name: Scalar | None = None
    inputs: tuple[ActionInput, ...] = ()
    outputs: tuple[ActionOutput, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def is_composite(self) -> bool:
        """Whether it is made of steps."""
        return self.using.text == "composite"
