"""In what two runs differ, as text: the sentence, the two runs, and the evidence kind by kind."""

from collections.abc import Iterator, Sequence

from pipelinekit.analysis.compare import Leg
from pipelinekit.answers.difference import change_said, fact_said, names, sentence, took_said
from pipelinekit.answers.difference_parts import Said, outcomes, parts
from pipelinekit.answers.grid import columns
from pipelinekit.answers.run_words import word
from pipelinekit.answers.two_runs import Compared, Row
from pipelinekit.views.words import commit, duration, listed, plural

MOST = 10  # of a kind: the rest is counted, and whole in JSON


def lines(found: Compared) -> Iterator[str]:
    """The sentence, the two runs, and what differs."""
    yield sentence(found)
    yield ""
    yield from _table([_run_cells(name, row) for name, row in zip(names(found), (found.before, found.after), strict=True)], "")
    difference = found.difference
    sections = [
        ("runs", list(_table([(f.name, fact_said(f.name, f.before), "→", fact_said(f.name, f.after)) for f in difference.facts]))),
        ("legs", list(_table([_leg_cells(leg) for leg in difference.legs]))),
        *((title, list(_listed(said))) for title, said in parts(found)),
    ]
    if found.settings is None:
        at = next((at for at, (title, _) in enumerate(sections) if title == "log lines"), len(sections))
        sections.insert(at, ("commands and environment", ["  not compared: a journal is not there"]))
    for title, section in sections:
        if section:
            yield from ("", title, *section)


def _run_cells(name: str, row: Row) -> tuple[str, ...]:
    simulated = "simulated" if row["simulated"] else ""
    subject = " ".join(part for part in (commit(row["commit"] or ""), row["subject"] or "") if part)
    return (name, word(row), duration(row["duration_seconds"]), subject, simulated)


def _leg_cells(leg: Leg) -> tuple[str, ...]:
    took = took_said(leg.took) if not leg.remembered else "remembered"
    return (leg.leg, outcomes(leg.before_outcome, leg.after_outcome), took, change_said(leg.took))


def _table(rows: Sequence[tuple[str, ...]], indent: str = "  ") -> Iterator[str]:
    yield from (f"{indent}{'  '.join(cells)}".rstrip() for cells in columns(rows))


def _listed(said: Sequence[Said]) -> Iterator[str]:
    for one in said[:MOST]:
        yield f"  {one.lines[0]} [{listed(one.legs)}]"
        yield from (f"    {line}".rstrip() for line in one.lines[1:])
    if len(said) > MOST:
        yield f"  and {plural(len(said) - MOST, 'more', 'more')}: --format json"
