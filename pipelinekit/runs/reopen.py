"""Opening the place of a leg: the one that was kept, with what the leg knew, or a new one; and what actions left to do in it."""

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from pipelinekit.actions.all_actions import shim_for
from pipelinekit.actions.caching import SaveAtEnd
from pipelinekit.executors.base import Place, PlaceRequest
from pipelinekit.model.node import Scalar
from pipelinekit.model.problem import SurroundingsMissing
from pipelinekit.model.workflow import Step
from pipelinekit.runs.at_work import Post
from pipelinekit.runs.memory import DoneStep, KeptLeg, KeptPost, LegMemory, definition, forget
from pipelinekit.runs.request import RunRequest


def open_place(
    request: RunRequest, wish: PlaceRequest, note: Callable[[str], None]
) -> tuple[Place, LegMemory | None]:
    """The kept place with what the leg knew, where there is one; else a new one. note: told where what was kept can't be used.

    Raises SurroundingsMissing.
    """
    kept = KeptLeg.read(wish.folder) if request.attempt > 1 else None
    if kept is not None and kept.executor == request.executor.name:
        place = None
        try:
            place = request.executor.reopen(wish, kept.place)
            memory = LegMemory.read(place)
        except (SurroundingsMissing, FileNotFoundError, ValueError, KeyError) as gone:
            if place is not None:
                place.close()
            note(f"what was kept of it can't be used ({gone}): it starts again")
        else:
            forget(wish.folder)
            return place, memory
    shutil.rmtree(wish.folder, ignore_errors=True)
    return request.executor.open(wish), None


def kept_posts(posts: Iterable[Post]) -> tuple[KeptPost, ...]:
    """What actions left to do, as it is kept."""
    return tuple(
        KeptPost(
            definition(post.owner), post.index, post.step.uses.text, post.step.name.text if post.step.name else "", post.work,
            dict(post.inputs), dict(post.environment),
        )
        for post in posts
        if isinstance(post.work, SaveAtEnd) and post.step.uses is not None
    )


def posts_again(memory: LegMemory, steps: Sequence[Step], done: Mapping[int, DoneStep]) -> list[Post]:
    """What actions left to do, of the steps that are still done as the job is written now."""
    posts = []
    for kept in memory.posts:
        owner = next((s for s in steps if s.index in done and definition(s) == kept.definition), None)
        shim = shim_for(kept.uses)
        if owner is not None and shim is not None:
            step = replace(owner, uses=_written(kept.uses, owner), name=_written(kept.name, owner) if kept.name else None)
            posts.append(Post(step, owner.index + 1, owner, shim, kept.work, kept.inputs, kept.environment))
    return posts


def _written(text: str, step: Step) -> Scalar:
    return Scalar(text, text, step.position)
