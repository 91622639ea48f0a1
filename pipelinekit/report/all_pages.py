"""The pages of the report, in the order of the menu. A new one is a file beside this one and a row here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelinekit.report.build_times import build_times_page
from pipelinekit.report.cache import cache_page
from pipelinekit.report.coverage import coverage_page
from pipelinekit.report.flaky import flaky_page
from pipelinekit.report.health import health_page
from pipelinekit.report.methods import methods_page
from pipelinekit.report.notebooks import Book
from pipelinekit.report.page import Page
from pipelinekit.report.run import run_page
from pipelinekit.report.runs import runs_page
from pipelinekit.report.site import Site, Tell
from pipelinekit.views.markup import escape
from pipelinekit.views.words import plural, when

if TYPE_CHECKING:
    from pipelinekit.report.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Entry:
    """group: of the menu, '' on top. make: the page from the evidence; it must have something to say about an empty store too."""

    group: str
    make: Callable[[Evidence], Page]


ALL_PAGES: tuple[Entry, ...] = (
    Entry("", health_page),
    Entry("Reliability", flaky_page),
    Entry("Reliability", coverage_page),
    Entry("Speed", build_times_page),
    Entry("Speed", cache_page),
    Entry("Evidence", runs_page),
    Entry("Evidence", methods_page),
)


def site_of(evidence: Evidence, books: Sequence[Book] = (), tell: Tell = lambda _: None) -> Site:
    """The whole report: every page of the table, one page a run, the notebooks."""
    pages: list[Page] = []
    menu: dict[str, list[str]] = {}
    for entry in ALL_PAGES:
        page = entry.make(evidence)
        tell(f"page {page.title}")
        pages.append(page)
        menu.setdefault(entry.group, []).append(page.name)
    if books:
        menu["Notebooks"] = [book.name for book in books]
    for at, run in enumerate(evidence.runs, start=1):
        tell(f"page of run {run['number']} ({at} of {len(evidence.runs)})")
        pages.append(run_page(evidence, run))
    return Site(f"{evidence.title} · CI health", pages, menu, books, _footer(evidence))


def _footer(evidence: Evidence) -> str:
    if not evidence.runs:
        return "Made by pipelinekit from an empty store."
    said = f"Made by pipelinekit from {plural(len(evidence.runs), 'run')}, the newest of {when(evidence.runs[0]['created_at'])}."
    return escape(said)
