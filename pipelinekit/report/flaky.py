"""Flaky tests: how many, which one costs most, how sure is that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelinekit.report.labels import simulated
from pipelinekit.report.page import Page
from pipelinekit.report.span import span
from pipelinekit.views.bars import interval
from pipelinekit.views.icons import state
from pipelinekit.views.marks import strip
from pipelinekit.views.markup import Html, Piece, fill, join, tag
from pipelinekit.views.sentences import SIMULATED, empty, heading, label, link, meta, note, section, verdict
from pipelinekit.views.tables import Column, Row, table, tools, two_lines
from pipelinekit.views.words import count, estimate, listed, minutes, number, of, percent, plural, sentence

if TYPE_CHECKING:
    from pipelinekit.report.evidence import Evidence
    from pipelinekit.report.evidence import Row as Record

TITLE = "Flaky tests"
KINDS = ("broken", "flaky", "suspect")
NO_TESTS = "No test results were recorded. Without them nobody knows which test failed. Have the tests write a JUnit file:"
COMMAND = "pytest --junitxml=report.xml"
LAST = 24  # runs in a row's marks
HOW = (
    "Most minutes lost first. Tick: best estimate. Bar: 95 % highest-density interval of how often the test fails on code "
    "that is good. How it is computed: see {}."
)
TOPS = (0.05, 0.1, 0.2, 0.5, 1.0)  # ends of the axis of rates


def flaky_page(evidence: Evidence) -> Page:
    tests = evidence.flaky.to_pylist()
    shown = [row for row in tests if row["class"] in KINDS]
    about = meta(span(evidence), f"{plural(evidence.executions, 'test execution')}", simulated(evidence))
    parts: list[Piece] = [heading(TITLE, about)]
    if not tests:
        parts.extend((verdict("No test has been recorded."), empty(NO_TESTS, COMMAND)))
    elif not shown:
        parts.extend((verdict("No test is flaky.", _hidden(evidence, tests)), _steady(tests)))
    else:
        parts.extend((_verdict(evidence, tests, shown), _ranked(evidence, shown), _others(tests)))
    return Page("flaky", TITLE, join(parts, "\n"))


def _verdict(evidence: Evidence, tests: list[Record], shown: list[Record]) -> Html:
    flaky = [row for row in shown if row["class"] != "broken"]
    broken = len(shown) - len(flaky)
    parts = []
    if flaky:
        names = "test is" if len(flaky) == 1 else "tests are"
        cost = sum(row["lost_seconds"] or 0.0 for row in flaky)
        lost = f"; they cost {minutes(cost)}" if len(flaky) > 1 else f"; it cost {minutes(cost)}"
        classes = "flaky" if all(row["class"] == "flaky" for row in flaky) else "flaky or suspect"
        parts.append(f"{sentence(number(len(flaky)))} {names} {classes}{lost if cost else ''}.")
    if broken:
        parts.append(f"{sentence(number(broken))} {'test is' if broken == 1 else 'tests are'} broken: not flaky, but red.")
    return verdict(" ".join(parts), _hidden(evidence, tests))


def _hidden(evidence: Evidence, tests: list[Record]) -> str:
    """What can't be seen: with n attempts of a test one that fails less often than 3 in n stays hidden (rule of three)."""
    attempts = sorted(row["attempts"] for row in tests if row["attempts"])
    if not attempts:
        return ""
    usual = attempts[len(attempts) // 2]
    seen = max(2, round(usual / 3))
    executions = plural(evidence.executions, "execution")
    return f"From {executions} we can see tests that fail at least once in {count(seen)}: a rarer flaky test may still hide."


def _ranked(evidence: Evidence, shown: list[Record]) -> Html:
    highest = max((row["rate_high"] or 0.0 for row in shown if row["class"] != "broken"), default=0.05)
    top = next(end for end in TOPS if end >= min(highest, 1.0))
    columns = (
        Column("Test", "name"),
        Column("Class"),
        Column("Lost", "number", definition="runs that failed only through flaky tests, and reruns of tests, on waiting time"),
        Column(f"Fails per attempt, 0–{percent(top, 1)}", "name", width="19%"),
        Column(f"Last {LAST} runs", spare=True),
        Column("Why we say so", "name", width="20%"),
        Column("Evidence"),
    )
    counted = {kind: sum(row["class"] == kind for row in shown) for kind in KINDS}
    return join((
        tools("flaky", "Find a test, file or reason", counted),
        table(columns, (_row(evidence, row, top) for row in shown), anchor="flaky"),
        note(fill(HOW, link("methods.html#flaky", "Methods"))),
    ))  # fmt: skip


def _row(evidence: Evidence, row: Record, top: float) -> Row:
    below = meta(row["file"] or row["class_name"], label(SIMULATED) if row["simulated"] else None)
    name = two_lines(tag("span", row["test"], class_="pk-id"), below)
    lost = tag("b", minutes(row["lost_seconds"]) if row["lost_seconds"] else "–")
    return Row(
        (name, state(row["class"]), lost, _rate(row, top), strip(row["marks"][-LAST:], 6, 18), why(row), _proof(evidence, row)),
        kind=row["class"],
        anchor=anchor(row),
    )


def anchor(row: Record) -> str:
    """The id of a test's row: letters and digits of its name."""
    whole = f"{row['class_name'] or row['file'] or ''}-{row['test']}"
    return "test-" + "".join(c if c.isalnum() and c.isascii() else "-" for c in whole)


def _rate(row: Record, top: float) -> Html:
    if row["rate"] is None:
        return Html("–")
    counted = of(row["failures"], row["attempts"])
    said = estimate(row["rate"], row["rate_low"], row["rate_high"])
    text = f"{said}, 95 % interval, {counted} attempts"
    drawn = interval(row["rate_low"], row["rate"], row["rate_high"], top=top, text=text)
    return join((drawn, tag("small", f"{said} · {counted}")))


def why(row: Record) -> str:  # noqa: PLR0911 - one sentence a reason
    """What the class rests on, in words."""
    where = listed(row["disagreed_in"] or [], most=3)
    match row["reason"]:
        case "disagreed":
            times = "once" if row["disagreements"] == 1 else f"{number(row['disagreements'])} times"
            only = f"; in {where}" if where and set(row["disagreed_in"]) != set(row["legs"]) else ""
            return f"failed and passed on the same code {times}{only}"
        case "episodes":
            return f"turned red {number(row['episodes'])} times on the main branch and went green again"
        case "always_fails":
            since = f" since {row['since_commit'][:7]}" if row["since_commit"] else ""
            runs = f", {plural(row['since_runs'], 'run')}" if row["since_runs"] else ""
            return f"failed in every attempt{since}{runs}"
        case "mended":
            return f"was flaky; {plural(row['clean'], 'clean attempt')} since"
        case "explained":
            return "its failures lie in outages or in versions that were broken"
        case "never_failed":
            return "never failed"
        case _:
            return f"{plural(row['failures'], 'failure')}; no second attempt on the same code yet"


def _proof(evidence: Evidence, row: Record) -> Piece:
    """The two attempts that disagree, or the newest failure."""
    failed = _attempt(evidence, row, "failed")
    passed = _attempt(evidence, row, "passed")
    if failed is None:
        return "–"
    return join((failed, tag("br") if passed else None, passed or tag("small", "no rerun yet")))


def _attempt(evidence: Evidence, row: Record, how: str) -> Html | None:
    run_id = row[f"{how}_run_id"]
    target = evidence.run_page(run_id, row[f"{how}_attempt"])
    if not target:
        return None
    execution = row[f"{how}_execution"]
    name = f"{evidence.numbers[run_id]}" + (f".{execution}" if execution else "")
    title = f"run {evidence.numbers[run_id]}, {row[f'{how}_leg']}, execution {execution}: {how}"
    return tag("a", f"{name} {how}", href=target, title=title)


def _others(tests: list[Record]) -> Piece:
    """Tests that failed, and why they are no longer, or not at all, flaky."""
    failed = [row for row in tests if row["class"] == "healthy" and row["failures"]]
    if not failed:
        return None
    columns = (Column("Test", "name"), Column("Failures", "number"), Column("Why it is not flaky", "name"))
    rows = (
        Row(
            (
                two_lines(tag("span", row["test"], class_="pk-id"), row["file"]),
                f"{of(row['failures'], row['attempts'])} attempts",
                why(row),
            )
        )
        for row in failed
    )
    return section("Failed, but not flaky", table(columns, rows), anchor="others")


def _steady(tests: list[Record]) -> Html:
    failed = [row for row in tests if row["failures"]]
    said = fill("{} recorded; {} failed at least once, each for a reason that its code explains.",
                plural(len(tests), "test"), plural(len(failed), "test") if failed else "none")  # fmt: skip
    return join((tag("p", said), _others(tests), note(join(("How tests are classed: see ", link("methods.html", "Methods"), ".")))))
