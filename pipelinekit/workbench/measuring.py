"""What the reports say that a leg left behind: tests and coverage, masked, each file read once."""

from collections.abc import Iterator
from dataclasses import replace

from pipelinekit.caches.blobs import BlobStore
from pipelinekit.importers.all_importers import read_report
from pipelinekit.importers.report_broken import ReportBroken
from pipelinekit.model.event import Event, Measured, Noted, ReportFound
from pipelinekit.runs.masks import Masks


class Measuring:
    """Of one attempt of a run. blobs: where the reports are."""

    def __init__(self, blobs: BlobStore, masks: Masks) -> None:
        self._blobs = blobs
        self._hide = masks.hide
        self._seen: set[tuple[str, str]] = set()

    def read(self, found: ReportFound) -> Iterator[Event]:
        """What was measured, or a note where the file is broken."""
        if (found.leg, found.digest) in self._seen:  # an upload named it, and its glob found it again
            return
        self._seen.add((found.leg, found.digest))
        try:
            tests, coverage = read_report(self._blobs.path(found.digest), top=found.top)
        except ReportBroken as broken:
            yield Noted(found.at, f"{found.path} was left out: {broken}", found.leg)
            return
        hide = self._hide
        masked = tuple(replace(t, test=hide(t.test), class_name=hide(t.class_name), message=hide(t.message)) for t in tests)
        flagged = tuple(replace(file, flag=found.flag) for file in coverage)
        if tests or coverage:
            yield Measured(found.at, found.leg, found.path, masked, flagged)
