"""What a notebook keeps of a live run for the page that is made of it, where nobody had its widget open: `run_views.mount`."""

import json
from dataclasses import replace

from pipelinekit.model.outcome import State
from pipelinekit.model.run_state import LegState
from pipelinekit.records.journal_log import JournalLog
from pipelinekit.run_views import mount as run_mount
from pipelinekit.run_views import parts as run_parts
from pipelinekit.run_views import says as run_says
from pipelinekit.run_views.live_run import Json, LiveRun
from pipelinekit.run_views.log_lines import LogLines
from pipelinekit.views import log
from pipelinekit.widgets import study
from pipelinekit.widgets.held import Held, Known, live
from pipelinekit.widgets.log_feed import pairs

MOST_LEGS = 12
LINES = (300, 60, 0)  # of the log, over all of these legs; fewer where a picture would be larger than
MOST_BYTES = 100_000


def studied(run: Held, known: Known, journal: JournalLog) -> LiveRun:
    """The run now, with why it failed: its widget's thread may not have come to that yet, and a saved picture waits for nothing."""
    seen = live(run, known)
    path, failures = study.path(seen.state, seen.now), study.failed(seen.state, journal, run.store)
    return replace(seen, path=path, failures=failures)


def parts(run: LiveRun, journal: JournalLog) -> Json:
    """Its shape, its state, the legs that matter, and the ends of their steps' logs."""
    focus = run_says.focus(run)
    order = sorted(run.state.legs, key=lambda leg: (leg.leg != focus, not leg.steps, run_parts.WORST_FIRST.index(run.word(leg))))
    chosen = order[:MOST_LEGS]
    decide = {found.legs[0]: frozenset(number for number, _ in found.lines) for found in run.failures}
    for most in LINES:
        logs = {leg.leg: _lines(leg, journal, most // len(chosen), decide.get(leg.leg, frozenset())) for leg in chosen}
        found = run_mount.kept(run, logs)
        if len(json.dumps(found)) <= MOST_BYTES:
            return found
    return run_mount.kept(run, {focus: []})


def _lines(leg: LegState, journal: JournalLog, most: int, decide: frozenset[int]) -> list[Json]:
    """The last lines of each step, and those of them that decide marked."""
    steps = [step.index for step in leg.steps if step.state is not State.SKIPPED]
    found = [journal.before(leg.leg, frozenset({step}), most) for step in steps] if most else []
    shares = log.kept([len(lines) for lines in found], most)
    ends = (line for lines, share in zip(found, shares, strict=True) for line in lines[len(lines) - share :])
    return LogLines().add(pairs(sorted(ends, key=lambda line: line.number), leg.started_at), decide)
