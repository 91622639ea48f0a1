"""Coverage: up or down, and which file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelinekit.analysis import coverage as answers
from pipelinekit.charts.coverage_trend import coverage_trend
from pipelinekit.report.drawn import drawn
from pipelinekit.report.labels import simulated
from pipelinekit.report.page import Page
from pipelinekit.views.bars import bar, delta
from pipelinekit.views.figures import Figure, figures
from pipelinekit.views.markup import Html, Piece, fill, join, tag
from pipelinekit.views.sentences import code, empty, heading, label, link, meta, note, section, verdict
from pipelinekit.views.tables import Column, Row, table
from pipelinekit.views.words import THIN, Delta, of, percent, plural, points, sample, when_short
from pipelinekit.views.words import delta as change_words

if TYPE_CHECKING:
    from pipelinekit.report.evidence import Evidence
    from pipelinekit.report.evidence import Row as Record

TITLE = "Coverage"
NO_COVERAGE = "No coverage was reported. It shows which lines no test runs. Have the tests write a coverage file:"
COMMAND = "pytest --cov --cov-report=xml"
NOISE = 0.0005  # what does not change a written tenth of a point
MOST_FILES = 50


def coverage_page(evidence: Evidence) -> Page:
    runs = answers.by_run(evidence.table("coverage"), evidence.main)
    rows = [row for row in runs.to_pylist() if row["share"] is not None]
    if not rows:
        body = join((heading(TITLE, simulated(evidence)), verdict("No coverage has been recorded."), empty(NO_COVERAGE, COMMAND)))
        return Page("coverage", TITLE, body)
    newest = rows[-1]
    files = answers.by_file(evidence.table("coverage"), evidence.main).to_pylist()
    picture = coverage_trend(runs, evidence.page_of)
    carried = label("carried forward") if newest["carried_forward"] else None
    about = meta(
        f"branch {newest['branch']}", join((link(evidence.run_page(newest["run_id"], newest["attempt"]), f"run {newest['number']}"),
        f", {when_short(newest['created_at'])} UTC")), plural(newest["reports"], "report"), carried, simulated(evidence),
    )  # fmt: skip
    body = join(
        (
            heading(TITLE, about),
            _verdict(newest, files),
            _figures(newest, rows, files),
            section("Lines covered", drawn(picture), anchor="trend") if picture else None,
            _files(files),
        ),
        "\n",
    )
    return Page("coverage", TITLE, body, with_charts=picture is not None)


def _verdict(newest: Record, files: list[Record]) -> Html:
    share = percent(newest["share"], newest["lines"])
    change = newest["change"]
    if change is None:
        finding = fill("The tests run {} of the lines.", share)
    elif abs(change) < NOISE:
        finding = fill("Coverage stands at {}, as in the run before.", share)
    else:
        finding = fill("Coverage {} to {}.", "rose" if change > 0 else "fell", share)
    weakest = next((row for row in files if row["missing"]), None)
    if weakest is None:
        return verdict(finding, "Every executable line runs.")
    told = fill("Most is to gain in {}: {} never run.", code(weakest["file"]), of(weakest["missing"], weakest["lines"]) + " lines")
    return verdict(finding, told)


def _figures(newest: Record, rows: list[Record], files: list[Record]) -> Html:
    before = rows[-2] if len(rows) > 1 else None
    branches = None if before is None or before["branch_share"] is None else newest["branch_share"]
    lost = [row for row in files if row["change"] is not None and row["change"] < -NOISE]
    row = [
        Figure(
            "Lines", "covered ÷ executable lines; of each file the report that covers most: a floor of what all legs cover",
            *_share(newest["share"], newest["lines"]), _delta(newest["change"]), sample(newest["lines"], "line"),
        ),
        Figure(
            "Branches", "branches run ÷ branches, where a report measures them",
            *_share(newest["branch_share"], newest["branches"]),
            _delta(branches - before["branch_share"]) if branches is not None and before else Delta(""),
            sample(newest["branches"], "branch") if newest["branches"] == 1 else f"n = {newest['branches']} branches",
        ),
        Figure("Lines to gain", "executable lines that no test runs", str(newest["lines"] - newest["lines_covered"]),
               note=f"in {plural(sum(bool(f['missing']) for f in files), 'file')}"),
        Figure("Files that fell", "files with a smaller share than in the run before", str(len(lost)),
               note=f"of {plural(len(files), 'file')}"),
    ]  # fmt: skip
    return figures(row)


def _share(share: float | None, n: int) -> tuple[str, str]:
    """The number, and its unit small."""
    text = percent(share, n)
    return (text.split(THIN, 1)[0], f"{THIN}%") if THIN in text else (text, "")


def _delta(change: float | None) -> Delta:
    return change_words(change, points, good="more", noise=NOISE)


def _files(files: list[Record]) -> Html:
    columns = (
        Column("File", "name"),
        Column("Lines covered"),
        Column("n", "number", spare=True),
        Column("Never run", "number"),
        Column("Against the run before"),
    )
    rows = (
        Row((
            tag("span", row["file"], class_="pk-id"), bar(row["share"] or 0.0, percent(row["share"], row["lines"])),
            of(row["lines_covered"], row["lines"]), plural(row["missing"], "line") if row["missing"] else "–", _file_change(row),
        ))
        for row in files[:MOST_FILES]
    )  # fmt: skip
    more = len(files) - MOST_FILES
    rest = note(f"{plural(more, 'more file')}, each with fewer lines to gain.") if more > 0 else None
    return section("Files, most lines to gain first", table(columns, rows, middle=True), rest, anchor="files")


def _file_change(row: Record) -> Piece:
    if row["before_share"] is None:
        return tag("span", "new", class_="pk-meta")
    return delta(_delta(row["change"]))
