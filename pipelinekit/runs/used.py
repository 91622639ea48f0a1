"""The actions that a job uses, and those that these use in turn, as far as they are known before it runs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pipelinekit.actions.all_actions import shim_for
from pipelinekit.model.node import Scalar
from pipelinekit.model.position import Position
from pipelinekit.model.workflow import Step
from pipelinekit.runs.folders import SKIP, ActionFolder, Actions, Found
from pipelinekit.workflows.action_keys import DOCKER

CHECKOUT = "actions/checkout"


class Kind(StrEnum):
    """What a `uses` comes to. later: a folder of the workspace that is not in the repository now. absent: a folder that holds
    no action. invalid: one whose action can't be read. foreign: what nothing stands for.
    """

    SHIM = "shim"
    SKIPPED = "skipped"
    COMPOSITE = "composite"
    JAVASCRIPT = "javascript"
    DOCKER = "docker"
    LATER = "later"
    ABSENT = "absent"
    INVALID = "invalid"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Use:
    """One `uses`. steps: of a composite action. through: the uses that lead to it, the author's first."""

    step: Step
    uses: Scalar
    kind: Kind
    folder: ActionFolder | None = None
    found: Found | None = None
    through: tuple["Use", ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        return self.found.action.steps if self.found and self.found.action and self.kind is Kind.COMPOSITE else ()

    def blamed(self, actions: Actions) -> tuple[tuple[Position, str], ...]:
        """The other places to blame for it: its row in pyproject.toml, and how the job comes to it, the nearest first."""
        row = self.folder.row if self.folder else ""
        place = actions.place(row) if row else None
        mapped = ((place, f'"{row}" is mapped here'),) if place else ()
        return (*mapped, *((use.uses.position, f'by "{use.uses.text}", which is used here') for use in reversed(self.through)))


def used(
    steps: Sequence[Step], actions: Actions, root: Path | None = None, through: tuple[Use, ...] = (), seen: set[Path] | None = None
) -> Iterator[Use]:
    """Every `uses`, in the order in which they come; what a folder holds is gone through once."""
    known = set() if seen is None else seen
    for step in steps:
        if step.uses is None:
            continue
        use = _use(step, step.uses, actions, root, through)
        yield use
        if use.steps and use.folder is not None and use.folder.path not in known:
            known.add(use.folder.path)
            yield from used(use.steps, actions, use.folder.root, (*through, use), known)


def takes_files(steps: Sequence[Step], actions: Actions) -> bool:
    """Whether they check the repository out, or an action among them does."""
    return any(use.kind is Kind.SHIM and action_name(use.uses.text) == CHECKOUT for use in used(steps, actions))


def action_name(uses: str) -> str:
    """Which action it is, at whatever ref."""
    return uses.split("@", maxsplit=1)[0].lower()


def every_step(steps: Sequence[Step], actions: Actions) -> Iterator[Step]:
    """The steps, and those that the actions among them are made of."""
    yield from steps
    for use in used(steps, actions):
        yield from use.steps


def _use(step: Step, uses: Scalar, actions: Actions, root: Path | None, through: tuple[Use, ...]) -> Use:
    if actions.told(uses.text) == SKIP:
        return Use(step, uses, Kind.SKIPPED, through=through)
    folder = actions.folder(uses.text, root)
    if folder is None:
        known = Kind.SHIM if shim_for(uses.text) is not None else Kind.FOREIGN
        return Use(step, uses, Kind.DOCKER if uses.text.startswith("docker://") else known, through=through)
    found = actions.find(folder)
    return Use(step, uses, _kind(folder, found), folder, found, through)


def _kind(folder: ActionFolder, found: Found) -> Kind:
    if found.action is not None and found.action.is_composite:
        return Kind.COMPOSITE
    if found.is_dockerfile or (found.action is not None and found.action.using.text == DOCKER):
        return Kind.DOCKER
    if found.action is not None:
        return Kind.JAVASCRIPT
    if found.file:
        return Kind.INVALID
    return Kind.LATER if folder.in_workspace else Kind.ABSENT
