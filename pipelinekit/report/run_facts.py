"""What a run was: commit, branch, comparison with the run before, images, artifacts; its annotations and summaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelinekit.analysis.compare import Recorded, compare
from pipelinekit.views.markup import Html, Piece, fill, join, tag
from pipelinekit.views.sentences import Item, code, commit, items, link, section
from pipelinekit.views.summary import summary
from pipelinekit.views.tables import facts as facts_table
from pipelinekit.views.words import delta, duration, listed, plural, size

if TYPE_CHECKING:
    from pipelinekit.model.event import Annotated
    from pipelinekit.model.run_state import RunState
    from pipelinekit.report.evidence import Evidence, Row


def facts(evidence: Evidence, run: Row, state: RunState) -> Html:
    rows: list[tuple[str, Piece]] = [
        ("Commit", join((commit(run["commit"] or ""), f" {run['subject'] or ''}"))),
        ("Branch, event", f"{run['branch'] or '–'}, {run['event'] or '–'}" + (f" by {run['actor']}" if run["actor"] else "")),
    ]
    before = previous(evidence, run)
    if before is not None:
        target = evidence.run_page(before["run_id"], before["attempt"])
        rows.append(("Compared with", join((link(target, f"run {before['number']}"), ": ", _compared(evidence, before, run)))))
    images = list(dict.fromkeys(leg.image for leg in state.legs if leg.image))
    rows.append(("Ran in", listed(images) if images else f"{run['executor'] or '–'}, no container"))
    artifacts = [artifact for leg in state.legs for artifact in leg.artifacts]
    if artifacts:
        rows.append(("Artifacts", join((f"{a.name} {size(a.size_bytes)}" for a in artifacts), " · ")))
    if state.notes:
        rows.append(("Notes", tag("ul", *(tag("li", note) for note in dict.fromkeys(state.notes)), class_="pk-notes")))
    return facts_table(rows)


def previous(evidence: Evidence, run: Row) -> Row | None:
    """The run before on the same workflow and branch."""
    at = next(i for i, row in enumerate(evidence.runs) if row is run)
    same = ("workflow", "branch")
    return next((row for row in evidence.runs[at + 1 :] if all(row[name] == run[name] for name in same)), None)


def _compared(evidence: Evidence, before: Row, run: Row) -> str:
    difference = compare(_recorded(evidence, before), _recorded(evidence, run))
    parts = []
    if difference.took.change_seconds is not None:
        parts.append(delta(difference.took.change_seconds, duration).text)
    for tests, what in ((difference.tests.newly_failing, "newly failing"), (difference.tests.fixed, "passing again")):
        if names := {(test.class_name, test.test) for test in tests}:  # of several legs once
            parts.append(f"{plural(len(names), 'test')} {what}")
    parts.append("same images" if difference.same_images else "other images")
    return ", ".join(parts)


def _recorded(evidence: Evidence, run: Row) -> Recorded:
    key = (run["run_id"], run["attempt"])
    return Recorded(run, jobs=evidence.rows("jobs", key), tests=evidence.rows("tests", key))


def said_lines(state: RunState) -> Piece:
    """What steps said about lines of the code, the same of several legs once."""
    found: dict[tuple[str, str, int | None, str], tuple[Annotated, list[str]]] = {}
    for leg in state.legs:
        for each in leg.annotations:
            _, legs = found.setdefault((each.severity, each.file, each.line, each.message), (each, []))
            legs.append(leg.leg)
    if not found:
        return None
    return section("Annotations", items(_item(each, legs) for each, legs in found.values()), anchor="annotations")


def _item(each: Annotated, legs: list[str]) -> Item:
    place = f"{each.file}:{each.line}" if each.file and each.line else each.file
    title = f"{each.title}: " if each.title else ""
    text = fill("{}{}{}", code(place) if place else None, " " if place else "", f"{title}{each.message}")
    return Item(each.severity.value, text, f"{each.severity.value} · {listed(list(dict.fromkeys(legs)))}")


def summaries(state: RunState) -> Piece:
    """What steps wrote to the job's summary."""
    written = [(leg.leg, text) for leg in state.legs for text in leg.summaries if text.strip()]
    if not written:
        return None
    parts = (
        tag(
            "details",
            tag("summary", tag("b", leg)),
            summary(text),
            class_="pk-fold pk-group",
            open=True,
        )
        for leg, text in written
    )
    return section("Summaries", tag("div", *parts, class_="pk-log pk-summaries"), anchor="summaries")
