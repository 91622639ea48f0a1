"""A leg that would come out as it did before is restored from what was kept of it, and does not run: doing no work twice.

Kept is what happened, in lines, masked as it was shown. What a leg reads, and why some are never remembered: `reads`.
"""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from pipelinekit.caches.legs import KeptLeg, key_of
from pipelinekit.model.event import (
    ArtifactSaved,
    CacheUsed,
    Event,
    LegFinished,
    LegStarted,
    LinesLogged,
    Noted,
    ReportFound,
    StepFinished,
)
from pipelinekit.model.outcome import Outcome
from pipelinekit.model.plan import PlannedJob
from pipelinekit.runs.masks import Masks
from pipelinekit.runs.reads import NeverRemembered, Reads, files_from, files_to, why_differs
from pipelinekit.runs.request import Remembering, RunRequest
from pipelinekit.runs.scope import Scope


@dataclass(frozen=True, slots=True)
class Found:
    """A leg that was kept, whole. lines: what happened, open, so that it stays there while it is told again."""

    leg: KeptLeg
    lines: BinaryIO


class Recall:
    """One leg's memory. It stands between the leg and whoever listens: `take` writes down what happens, and passes it on.

    why: why it runs, in words that go on after "because"; '' where nothing is known of it yet, or nothing is to be remembered.
    """

    def __init__(
        self, planned: PlannedJob, scope: Scope, artifacts: dict[str, str], emit: Callable[[Event], None]
    ) -> None:
        self.why = ""
        self._planned, self._scope, self._artifacts, self._emit = planned, scope, artifacts, emit
        self._request: RunRequest = scope.request
        self._about: Remembering | None = scope.request.remembering
        self._reads: Reads | None = None
        self._lines: BinaryIO | None = None
        self._file = Path()
        self._spoilt = False
        self._started_at = 0.0
        self._blobs: dict[str, None] = {}

    # -- before it runs ------------------------------------------------------------------------------------------------

    def find(self, *, looks: bool) -> Found | None:
        """What it would come to, where that is known and whole. None: the leg is to run, and is written down as it does.

        looks: whether what was kept may stand for it; without, it is only written down. Raises SurroundingsMissing.
        """
        about = self._about
        if about is None or self._spoilt:
            return None
        inputs = about.inputs.get(self._planned.job.id)
        try:
            self._reads = Reads(self._planned, self._scope, about.manifest, inputs, self._artifacts)
        except NeverRemembered as never:
            self.why = str(never)
            return None
        found = self._look(about, self._reads) if looks and about.recalls and self._request.attempt == 1 else None
        if found is None:
            self._request.executor.warm_up()
            self._request.folder.mkdir(parents=True, exist_ok=True)
            self._file = self._request.folder / f"{key_of(self._reads.parts)}.events"
            self._lines = self._file.open("wb")
        return found

    def restore(self, found: Found) -> LegFinished:
        """Tell again what happened, as of now, and how it ended. It took no time, and what was looked up then was not now."""
        about, masks, name = self._about, self._request.masks, self._scope.leg.name
        with found.lines:
            for line in found.lines:
                event = about.decode(line) if about is not None else None
                if event is not None and not isinstance(event, CacheUsed):
                    event = _as_of(event, self._request.now(), name, found.leg.run_id)
                    if isinstance(event, ArtifactSaved):
                        self._artifacts[event.name] = event.digest
                    self._emit(event if masks.is_empty else _hidden(event, masks))
        return LegFinished(
            self._request.now(), name, Outcome.SUCCESS, "nothing that it reads has changed", dict(found.leg.outputs),
            remembered=found.leg.run_id, saved_seconds=found.leg.seconds,
        )

    # -- while it runs -------------------------------------------------------------------------------------------------

    def take(self, event: Event) -> None:
        """Write down what happened, and pass it on."""
        if isinstance(event, StepFinished) and event.outcome is Outcome.FAILURE:
            self.forget()  # its job may go on, and end well: it need not come out the same again
        if self._lines is not None and self._about is not None and not isinstance(event, LegFinished):
            try:
                self._lines.write(self._about.encode(event))
            except OSError:  # the disk is full: the run goes on as far as it can, and is not remembered
                self.forget()
        match event:
            case LegStarted():
                self._started_at = event.at
            case ArtifactSaved() | ReportFound():
                self._blobs[event.digest] = None
            case _:
                pass
        self._emit(event)
        if isinstance(event, LegFinished):
            self._end(event)

    def forget(self) -> None:
        """What the leg comes to is not kept: it did not all by itself come out so."""
        self._spoilt = True
        if self._lines is not None:
            with contextlib.suppress(OSError):  # what a full disk did not take
                self._lines.close()
            self._lines = None
            self._file.unlink(missing_ok=True)

    # -- inside --------------------------------------------------------------------------------------------------------

    def _look(self, about: Remembering, reads: Reads) -> Found | None:
        leg = about.legs.find(reads.subject, key_of(reads.parts))
        found = self._whole(about, leg) if leg is not None else None
        if found is None and leg is None and (before := about.legs.newest(reads.subject)) is not None:
            self.why = why_differs(before.parts, reads.parts, files_from(self._request.blobs, before.files), reads.files)
        if self.why:
            self._emit(Noted(self._request.now(), f"runs, because {self.why}", self._scope.leg.name))
        return found

    def _whole(self, about: Remembering, leg: KeptLeg) -> Found | None:
        """The leg, where all that is kept of it is whole by its hash, and gives away no secret of this run."""
        blobs = self._request.blobs
        if any(self._request.masks.hides(value) for value in leg.outputs.values()):
            self.why = "an output of it may hold a secret now"
            return None
        if all(blobs.verify(digest) for digest in leg.digests()):
            try:
                return Found(leg, blobs.path(leg.events).open("rb"))
            except FileNotFoundError:  # another process has made room since
                pass
        about.legs.forget(leg)
        self.why = "what was kept of it is broken: a blob is missing, cut short or changed"
        return None

    def _end(self, event: LegFinished) -> None:
        if self._lines is None:
            return
        self._lines.close()
        self._lines = None
        try:
            if event.outcome is Outcome.SUCCESS:
                self._keep(event)
        except OSError as full:
            note = f"it is not remembered: what it came to can't be kept ({full.strerror or full})"
            self._emit(Noted(self._request.now(), note, self._scope.leg.name))
        finally:
            self._file.unlink(missing_ok=True)

    def _keep(self, event: LegFinished) -> None:
        about, reads, blobs = self._about, self._reads, self._request.blobs
        if about is None or reads is None or not self._still_so(about, reads):
            return
        size_bytes = self._file.stat().st_size + sum(blobs.size_bytes(digest) for digest in self._blobs)
        about.legs.save(KeptLeg(
            subject=reads.subject,
            parts=reads.parts,
            files=files_to(blobs, reads.files),
            run_id=self._request.run_id,
            events=blobs.put_file(self._file, move=True),
            blobs=tuple(self._blobs),
            seconds=event.at - self._started_at,
            size_bytes=size_bytes,
            created_at=event.at,
            outputs=dict(event.outputs),
        ))

    def _still_so(self, about: Remembering, reads: Reads) -> bool:
        """Whether what it read is what it was to read: no file was edited just then, no artifact came while it ran."""
        if any(reads.parts.get(name) != digest for name, digest in reads.artifact_parts().items()):
            return False
        if not reads.actions_unchanged():
            return False
        return not reads.checks_out or about.manifest.is_of(self._request.snapshot.files_folder)


def _as_of(event: Event, now: float, leg: str, run_id: str) -> Event:
    """The event as one of this run. Its lines came at that moment, too."""
    match event:
        case LegStarted():
            return replace(event, at=now, leg=leg, remembered=run_id)
        case LinesLogged():
            return replace(event, at=now, leg=leg, lines=tuple((now, text) for _, text in event.lines))
        case _:
            return replace(event, at=now, leg=leg)  # type: ignore[arg-type]  # only events of a leg were kept


def _hidden(value: Any, masks: Masks) -> Any:
    """The value with what is a secret now as `***`, wherever there is text in it."""
    if isinstance(value, str):
        return masks.hide(value) if type(value) is str else value  # a word of ours (an outcome) is no text
    if isinstance(value, tuple):
        return tuple(_hidden(item, masks) for item in value)
    if isinstance(value, Mapping):
        return {key: _hidden(item, masks) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _hidden(getattr(value, f.name), masks) for f in fields(value)})
    return value
