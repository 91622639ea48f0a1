"""The likeliest cause of an incident, the evidence for it, and what can't be known.

A cause must be something that differed when it broke. Where it was mended since, it must have differed again then. What differs
alone is the likeliest; of several nobody can tell by looking, but a changed file that the failure names speaks for the code.
A test that is known to fail and pass on the same code, and a run in which much failed at once, need no other cause.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipelinekit.answers.difference import compared_kinds, differing
from pipelinekit.answers.difference import sentence as difference_sentence
from pipelinekit.answers.grid import Cell, Grid, Lines, Name
from pipelinekit.answers.incident import Incident
from pipelinekit.answers.question import Row
from pipelinekit.answers.two_runs import Compared
from pipelinekit.views.run_links import run_ref
from pipelinekit.views.words import NOTHING, commit, listed, of, plural

MOST = 8  # commits and files
KINDS = ("code", "workflow", "event", "inputs", "executor", "host", "images", "commands", "variables", "cache keys")
UNKNOWN = "not known"
FAILED = frozenset({"failure"})


@dataclass(frozen=True, slots=True)
class Likeliest:
    """causes: kinds of `answers.difference.differing`, or `chance`, `outage`; several where they can't be told apart, none where
    nothing that is known can be it. sentence: what broke, and the cause or that it can't be known.
    """

    causes: tuple[str, ...]
    sentence: str


def likeliest(incident: Incident) -> Likeliest:
    """What caused the incident, as far as it can be known."""
    causes = _causes(incident)
    return Likeliest(causes, " ".join([_broke(incident), _why(incident, causes), *_unknown(incident)]))


def _causes(incident: Incident) -> tuple[str, ...]:
    found = incident.found
    if found is None:
        return ()
    failing = {(test.class_name, test.test) for test in incident.newly_failing}
    if failing and failing == {(row["class_name"], row["test"]) for row in incident.flaky}:
        return ("chance",)
    kinds = list(differing(found))
    if incident.outage is not None and "code" not in kinds:
        return ("outage",)
    if incident.mending is not None:
        again = differing(incident.mending)
        kinds = [kind for kind in kinds if kind in again] or kinds
    if "code" in kinds and named_files(incident):
        return ("code",)
    return tuple(kinds)


def named_files(incident: Incident) -> list[str]:
    """Changed files of which the new lines of the failure name a place, `shop/basket.py:43`, or a test, `tests/a.py::test_b`."""
    text = "\n".join(new_lines(incident))
    return [file for file in (incident.changed.files if incident.changed else ()) if f"{file}:" in text]


def new_lines(incident: Incident) -> list[str]:
    """The lines that the steps that failed printed in the bad run and not in the good one, the same of several legs once."""
    found = incident.found
    if found is None:
        return []
    failed = {(step.leg, step.name) for step in found.difference.steps if step.after_outcome in FAILED}
    lines = (text for step in found.logs if (step.leg, step.step) in failed for sign, text in step.lines if sign == "+")
    return list(dict.fromkeys(lines))


def _broke(incident: Incident) -> str:
    pair, name = incident.pair, f"Run {run_ref(incident.pair.bad)}"
    went_well = pair.bad["outcome"] == "success"  # a person may name any run
    if pair.good is None:
        outcome = "succeeded" if went_well else "failed"
        return f"{name} {outcome}, and no run that succeeded before it is stored."
    tests = list(dict.fromkeys(test.test for test in incident.newly_failing))
    what = f": {listed([f'`{test}`' for test in tests])} newly {'fails' if len(tests) == 1 else 'fail'}" if tests else ""
    if not what and incident.found is not None:
        came_out = difference_sentence(incident.found).split(": ", 1)
        what = f": {came_out[1].split('. ', 1)[0].rstrip('.')}" if len(came_out) > 1 else ""
    if went_well:
        return f"{name} succeeded, so nothing is broken that run {run_ref(pair.good)} had{what}."
    return f"{name} broke what run {run_ref(pair.good)} had{what}."


def _why(incident: Incident, causes: Sequence[str]) -> str:
    if incident.found is None:
        return "So there is nothing to compare it with, and the cause can't be known."
    match list(causes):
        case ["chance"]:
            return f"The likeliest cause is chance: {_flaky(incident.flaky)}."
        case ["outage"] if incident.outage is not None:
            failed = of(incident.outage["failed"], incident.outage["tests"])
            return f"The likeliest cause is an outage: {failed} tests failed in it, and the code is the same."
        case []:
            same = [kind for kind, known in compared_kinds(incident.found).items() if known]
            return f"The cause can't be known: {listed(same, len(same))} are the same, so it is chance, time or the network."
        case [kind]:
            return f"The likeliest cause is {_named(incident, kind)}: {_reason(incident, kind)}."
        case kinds:
            said = [differing(incident.found)[kind] for kind in kinds]
            return f"The cause can't be told apart: {listed(said, len(said))} differ. Changing them back one by one would tell."


def _named(incident: Incident, kind: str) -> str:
    if kind == "code" and incident.changed and len(incident.changed.commits) == 1:
        hash_, _, subject = incident.changed.commits[0]
        return f"`{commit(hash_)}`, “{subject}”"
    if kind == "code" and incident.pair.bad["commit"]:
        return f"the code of `{commit(incident.pair.bad['commit'])}`"
    assert incident.found is not None  # noqa: S101 - a kind is of something compared
    return differing(incident.found)[kind]


def _reason(incident: Incident, kind: str) -> str:
    assert incident.found is not None  # noqa: S101 - a kind is of something compared
    alone = set(differing(incident.found)) == {kind}
    parts = ["nothing else that is recorded differs"] if alone else []
    if incident.mending is not None and incident.pair.mended is not None and kind in differing(incident.mending):
        how = "other code" if kind == "code" else f"{kind} that differ again" if kind.endswith("s") else f"another {kind}"
        parts.append(f"run {run_ref(incident.pair.mended)}, which mended it, has {how}")
    if kind == "code" and (files := named_files(incident)):
        parts.append(f"the failure names {listed([f'`{file}`' for file in files], 2)}, which changed")
    return ", and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts or ["it differs"])


def _flaky(known: Sequence[Row]) -> str:
    names = listed([f"`{row['test']}`" for row in known])
    times = max(row["disagreements"] for row in known)
    return f"{names} {'is' if len(known) == 1 else 'are'} flaky, and failed and passed on the same code {plural(times, 'time')}"


def _unknown(incident: Incident) -> Iterator[str]:
    if incident.found is None:
        return
    unknown = [kind for kind in KINDS if _standing(incident.found, kind) == UNKNOWN]
    if unknown:
        yield f"Not known: {listed(unknown, len(unknown))}."


def _standing(found: Compared, kind: str) -> str:
    """How a kind of input stands in the two runs, in words."""
    if kind in (differs := differing(found)):
        return "differs" if differs[kind] == f"the {kind}" else f"differ: {differs[kind]}"
    if compared_kinds(found).get(kind, True):
        return "the same"
    used = {
        "images": any(leg.before_image or leg.after_image for leg in found.difference.legs),
        "cache keys": bool(found.difference.caches),
    }
    return UNKNOWN if used.get(kind, True) else "none"


def evidence(incident: Incident) -> Grid:
    """What is known of each thing that could have changed: commits, files, environment, images, caches, tests, log."""
    rows: list[tuple[Cell, ...]] = [("commits", _commits(incident)), ("changed files", _files(incident))]
    found = incident.found
    if found is not None:
        rows += _inputs(found)
        tests = dict.fromkeys(test.test for test in incident.newly_failing)
        rows += [("tests newly failing", Name(test)) for test in list(tests)[:MOST]] or [("tests newly failing", NOTHING)]
        rows.append(("new lines in the log of what failed", plural(len(new_lines(incident)), "line")))
    if incident.outage is not None:
        rows.append(("tests that failed", of(incident.outage["failed"], incident.outage["tests"])))
    rows.append(("mended by", run_ref(incident.pair.mended) if incident.pair.mended else "no run yet"))
    return Grid(("what", "from the last good run to the first bad one"), rows)


def _inputs(found: Compared) -> list[tuple[Cell, ...]]:
    """What differs one by one, then what is the same, and what is not known, each in a row."""
    standing = {kind: _standing(found, kind) for kind in KINDS}
    rows: list[tuple[Cell, ...]] = [(kind, how) for kind, how in standing.items() if how.startswith("differ")]
    alike = {how: [kind for kind, its in standing.items() if its == how] for how in ("the same", UNKNOWN, "none")}
    return [*rows, *((how, listed(kinds, len(kinds))) for how, kinds in alike.items() if kinds)]


def _commits(incident: Incident) -> Cell:
    bad = incident.pair.bad
    own = f"{commit(bad['commit'] or '') or NOTHING} {bad['subject'] or ''} ({bad['actor'] or NOTHING})"
    if incident.changed is None:
        return Lines((own, "Whether others lie between is not known: the repository is not here."))
    return Lines(
        tuple(f"{commit(hash_)} {subject} ({author})" for hash_, author, subject in incident.changed.commits[-MOST:]) or (own,)
    )


def _files(incident: Incident) -> Cell:
    if incident.changed is None:
        return "not known: the repository is not here"
    named, files = named_files(incident), list(incident.changed.files)
    ordered = [*(f"{file}, which the failure names" for file in named), *(file for file in files if file not in named)]
    more = (f"and {plural(len(ordered) - MOST, 'more file')}",) if len(ordered) > MOST else ()
    return Lines((*ordered[:MOST], *more), "; ") if ordered else "none"
