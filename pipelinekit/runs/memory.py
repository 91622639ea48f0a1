"""What a leg that stands at a stop must know in order to go on, perhaps in another process, perhaps after an edit.

What may hold secrets (environment, outputs) lies inside the kept place, readable by its owner alone, and goes with it; beside
the leg's workspace lies only what names the place.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pipelinekit.actions.caching import SaveAtEnd
from pipelinekit.executors.base import Place
from pipelinekit.model.node import Value, plain
from pipelinekit.model.outcome import Outcome
from pipelinekit.model.workflow import Step
from pipelinekit.runs import contexts

_STATE = "state.json"
_KEPT = "kept.json"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the leg knew at one moment: environment and paths that steps had set, the `steps` context, the outcome so far."""

    environment: dict[str, str] = field(default_factory=dict)
    paths: tuple[str, ...] = ()
    steps: contexts.Context = field(default_factory=dict)
    outcome: Outcome = Outcome.SUCCESS


@dataclass(frozen=True, slots=True)
class DoneStep:
    """A step that ended well, or was skipped: it is not run again as long as it says the same. after: what the leg knew then."""

    definition: str
    name: str
    index: int
    after: Checkpoint


@dataclass(frozen=True, slots=True)
class KeptPost:
    """What an action left to do at the end of the job. definition: of the author's step it came with; uses, name: of its own."""

    definition: str
    index: int
    uses: str
    name: str
    work: SaveAtEnd
    inputs: dict[str, str]
    environment: dict[str, str]


@dataclass(frozen=True, slots=True)
class LegMemory:
    """done: what ended well before anything failed, in that order. posts: what these left to do at the end of the job.

    by_hand: environment that a person has set.
    """

    done: tuple[DoneStep, ...] = ()
    posts: tuple[KeptPost, ...] = ()
    by_hand: dict[str, str] = field(default_factory=dict)

    def write(self, place: Place) -> None:
        """Into the place, for its owner alone."""
        place.write(f"{place.private}/{_STATE}", json.dumps(asdict(self)).encode(), 0o600)

    @classmethod
    def read(cls, place: Place) -> "LegMemory":
        """Raises FileNotFoundError."""
        told = json.loads(place.read(f"{place.private}/{_STATE}"))
        done = tuple(DoneStep(d["definition"], d["name"], d["index"], _checkpoint(d["after"])) for d in told["done"])
        posts = tuple(
            KeptPost(
                p["definition"], p["index"], p["uses"], p["name"], SaveAtEnd.of(p["work"]), p["inputs"], p["environment"]
            )
            for p in told["posts"]
        )
        return cls(done, posts, told["by_hand"])


@dataclass(frozen=True, slots=True)
class KeptLeg:
    """Which place a leg left behind. until: seconds since 1970; after that it may be removed."""

    leg: str
    job: str
    attempt: int
    executor: str
    place: str
    image: str
    step: str
    paused: bool
    until: float

    def write(self, folder: Path) -> None:
        """Beside the leg's workspace."""
        (folder / _KEPT).write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "KeptLeg | None":
        """None where the leg's folder holds none."""
        try:
            return cls(**json.loads((folder / _KEPT).read_text(encoding="utf-8")))
        except (FileNotFoundError, NotADirectoryError):
            return None


def forget(folder: Path) -> None:
    """The leg goes on: it is kept no more."""
    (folder / _KEPT).unlink(missing_ok=True)


def definition(step: Step) -> str:
    """A hash of all that the author wrote of the step: equal ones do the same."""
    return hashlib.sha256(json.dumps(plain(step.node)).encode()).hexdigest()


def still_done(steps: Sequence[Step], memory: LegMemory, begins: Callable[[Step], bool]) -> Mapping[int, DoneStep]:
    """Which steps of the (perhaps edited) job need not run again, by their index.

    A step that was done and says the same stays done, wherever it stands now; one that was edited or added runs. begins:
    whether everything runs from this step on.
    """
    left = list(memory.done)
    found: dict[int, DoneStep] = {}
    for step in steps:
        if begins(step):
            break
        match = next((done for done in left if done.definition == definition(step)), None)
        if match is not None:
            left.remove(match)
            found[step.index] = match
    return found


def names(step: Step, word: str) -> bool:
    """Whether a person means this step by the word: its id, its name, its number (from 1)."""
    return word in (step.id, str(step.index + 1)) or (step.name is not None and step.name.text == word)


def _checkpoint(told: Mapping[str, Value]) -> Checkpoint:
    match told:
        case {"environment": dict(environment), "paths": list(paths), "steps": dict(steps), "outcome": str(outcome)}:
            texts = {key: str(value) for key, value in environment.items()}
            return Checkpoint(texts, tuple(map(str, paths)), steps, Outcome(outcome))
        case _:
            raise ValueError("the kept state has another form")
