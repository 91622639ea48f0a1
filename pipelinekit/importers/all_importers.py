"""Every importer of a report: its kind, how to know such a file by its beginning, and what reads it."""

from collections.abc import Callable, Container
from dataclasses import dataclass
from pathlib import Path

from pipelinekit.importers.coverage import (
    read_cobertura,
    read_coverage_json,
    read_lcov,
    starts_as_coverage_json,
    starts_as_lcov,
)
from pipelinekit.importers.junit import ROOTS, read_junit
from pipelinekit.importers.report_broken import ReportBroken
from pipelinekit.importers.xml_stream import root_tag
from pipelinekit.model.measure import FileCoverage, TestExecution

HEAD_BYTES = 8_192

Measures = tuple[tuple[TestExecution, ...], tuple[FileCoverage, ...]]


@dataclass(frozen=True, slots=True)
class Importer:
    """kind: as `ReportFound` names it. sniff: whether a file that begins so is one. read: the path, top and known."""

    kind: str
    sniff: Callable[[bytes], bool]
    read: Callable[[Path, str, Container[str]], Measures]


IMPORTERS: dict[str, Importer] = {
    "JUnit XML": Importer("junit", lambda head: root_tag(head) in ROOTS, lambda path, _top, _known: (read_junit(path), ())),
    "Cobertura XML": Importer(
        "coverage", lambda head: root_tag(head) == "coverage", lambda path, top, known: ((), read_cobertura(path, top, known))
    ),
    "LCOV": Importer("coverage", starts_as_lcov, lambda path, top, _known: ((), read_lcov(path, top))),
    "coverage.py JSON": Importer(
        "coverage", starts_as_coverage_json, lambda path, top, _known: ((), read_coverage_json(path, top))
    ),
}


def read_report(path: Path, *, top: str = "", known: Container[str] = frozenset()) -> Measures:
    """The tests and the coverage in a report, whatever kind it is of.

    top: the repository's folder as the tools saw it, which made the report. known: paths of its files from there; they decide
    where a report leaves open in which of several folders a file lies. Raises ReportBroken for a file that can't be read.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
        if not head.strip():
            raise ReportBroken("it is empty")
        for importer in IMPORTERS.values():
            if importer.sniff(head):
                return importer.read(path, top, known)
    except OSError as problem:
        raise ReportBroken(f"it can't be read ({problem.strerror})") from problem
    raise ReportBroken(f"it is none of the kinds that are read here: {', '.join(IMPORTERS)}")
