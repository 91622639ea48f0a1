"""Why a run failed: one callout a cause, with the leg, the step, the deciding lines and what is known about its tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelinekit.model.outcome import State
from pipelinekit.run_views import parts as run_parts
from pipelinekit.views.markup import Html, Piece, fill, join, tag
from pipelinekit.views.sentences import Item, callout, code, link
from pipelinekit.views.words import listed, number, plural, sentence

if TYPE_CHECKING:
    from pipelinekit.model.run_state import LegState, RunState
    from pipelinekit.report.evidence import Row

MOST = 5  # causes that are shown whole; more of them are counted


@dataclass(frozen=True, slots=True)
class Cause:
    """Legs that failed in the same step for the same reason. lines: (leg, number, text)."""

    legs: tuple[LegState, ...]
    lines: tuple[tuple[int, str], ...]
    tests: tuple[Row, ...]


def causes(state: RunState, deciding: Sequence[Row], tests: Sequence[Row]) -> list[Cause]:
    """deciding, tests: `analysis.failures.deciding_lines` and `failed_tests` of this run."""
    found: dict[tuple[object, ...], Cause] = {}
    for leg in state.legs:
        if leg.state is not State.FAILURE:
            continue
        step = leg.failed_step
        lines = tuple((row["number"], row["text"]) for row in deciding if row["leg"] == leg.leg)
        own = tuple(row for row in tests if row["leg"] == leg.leg)
        failed = tuple(sorted({(row["class_name"], row["test"]) for row in own}))
        # The same tests failing in the same step are one cause, whatever else the legs printed.
        key = (step and step.name, leg.job, failed or tuple(text for _, text in lines))
        before = found.get(key)
        found[key] = Cause((*before.legs, leg), before.lines, before.tests) if before else Cause((leg,), lines, own)
    return list(found.values())


def callouts(found: Sequence[Cause], state: RunState, flaky_page: str = "") -> Html:
    """flaky_page: where known flaky tests are told of; '' where there is no page around the callouts, and nothing to link to."""
    shown = join(_callout(cause, state, flaky_page) for cause in found[:MOST])
    rest = len(found) - MOST
    return join((shown, tag("p", f"{plural(rest, 'more cause')}: see the log.", class_="pk-meta") if rest > 0 else None))


def _callout(cause: Cause, state: RunState, flaky_page: str) -> Html:
    leg = cause.legs[0]
    step = leg.failed_step
    names = tag("b", listed([each.leg for each in cause.legs]))
    anchor = run_parts.leg_anchor(leg, state)
    if step is None:
        says = fill("{} failed: {}", names, leg.reason or "nothing more was recorded")
    else:
        line = f"#{anchor}-{cause.lines[0][0]}" if cause.lines else f"#{anchor}"
        many = f": {_tests(cause, leg)}" if cause.tests else ""
        exit_code = f"exit code {step.exit_code}" if step.exit_code else step.reason
        name = link(line, step.name) if flaky_page else tag("b", step.name)
        within = "".join(f" of {one.name}" for one in reversed(leg.around(step)))
        says = fill("{} failed at step {}{}{}. {}", names, name, within, many, tag("span", exit_code, class_="pk-meta"))
    return callout("failure", says, _lines(cause), _known(cause, flaky_page))


def _tests(cause: Cause, leg: LegState) -> str:
    failed = len({(row["class_name"], row["test"]) for row in cause.tests})
    return f"{failed} of {plural(leg.tests, 'test')}"


def _lines(cause: Cause) -> Piece:
    """The deciding lines, and for each failing test where it is and what it says, where the lines do not say it already."""
    said = "\n".join(text for _, text in cause.lines)
    rows: list[Html] = []
    for row in {(r["class_name"], r["test"]): r for r in cause.tests}.values():
        first = next(iter((row["message"] or "").strip().splitlines()), "")
        if first and first in said:
            continue
        rows.append(fill("{} in {}\n", row["file"] or row["class_name"] or "", row["test"]))
        if first:
            rows.append(fill('<span class="pk-err">{}</span>\n', first))
    rows.extend(fill('<span class="pk-err">{}</span>\n', text) for _, text in cause.lines)
    return join(rows[:10]) if rows else None


def _known(cause: Cause, flaky_page: str) -> list[Item]:
    known = {row["test"]: row for row in cause.tests if row["class"] in ("flaky", "suspect")}
    if not known:
        return []
    names = join((code(name) for name in list(known)[:3]), ", ")
    what = "is known to be flaky" if len(known) == 1 else "are known to be flaky"
    row = next(iter(known.values()))
    times = f"it failed in {row['failed_runs']} of {plural(row['runs'], 'run')}" if len(known) == 1 else ""
    if len(known) == 1 and row["disagreements"]:
        times += f", and {number(row['disagreements'])} times it failed and passed on the same code"
    more = link(flaky_page, "What is known") if flaky_page else None
    said = fill("{} {}{}. {}", names, what, f": {times}" if times else "", more)
    return [Item("flaky", said)]


def skipped(state: RunState) -> Piece:
    """Which legs were skipped because of the failure, in a sentence."""
    reasons: dict[str, list[str]] = {}
    for leg in state.legs:
        if leg.state is State.SKIPPED and leg.reason:
            reasons.setdefault(leg.reason, []).append(leg.leg)
    parts = [
        fill("{} {} skipped, {}. ", join((code(n) for n in names[:4]), ", "), "was" if len(names) == 1 else "were", reason)
        for reason, names in reasons.items()
    ]
    return join(parts) if parts else None


def finding(state: RunState, took: str) -> str:  # noqa: PLR0911 - one sentence a state
    """What happened, in bold: how many legs failed, or that all is well."""
    legs = len(state.legs)
    failed = sum(leg.state is State.FAILURE for leg in state.legs)
    match state.state:
        case State.FAILURE if failed and legs == 1:
            return f"{state.legs[0].leg} failed after {took}."
        case State.FAILURE if failed:
            return f"{sentence(number(failed))} of {number(legs)} legs failed after {took}."
        case State.FAILURE:
            return f"The run failed after {took}."
        case State.CANCELLED:
            return f"Cancelled after {took}."
        case State.SUCCESS:
            ran = sum(leg.state is State.SUCCESS for leg in state.legs)
            all_legs = "All" if ran == legs and legs > 1 else ""
            return f"{all_legs} {plural_legs(ran)} succeeded in {took}.".strip()
        case State.SKIPPED:
            return "Nothing ran: every job was skipped."
        case _:
            return f"The run has not ended: it is {state.state.value}."


def plural_legs(legs: int) -> str:
    return f"{number(legs)} legs" if legs != 1 else "The one leg"
