"""Two runs side by side: their tables, their logs, and from their journals what their steps were given."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

from pipelinekit.analysis.compare import Difference, Recorded, StepKey, compare, step_keys
from pipelinekit.analysis.log_lines import Lines, StepLines, by_step, differences
from pipelinekit.model.event import StepStarted
from pipelinekit.model.problem import Problem, WorkflowInvalid
from pipelinekit.records.store import Store

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Setting:
    """What a step was given that differs. name: of the variable, else ''. None where it was not given."""

    leg: str
    step: str
    kind: Literal["command", "shell", "variable"]
    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Compared:
    """settings: None where a journal is gone, or where another program ran it: the tables do not hold them."""

    before: Row
    after: Row
    difference: Difference
    settings: tuple[Setting, ...] | None
    logs: tuple[StepLines, ...]


def compared(store: Store, before: Row, after: Row) -> Compared:
    """Two run attempts, rows of table `runs`, side by side."""
    was, now = _recorded(store, before), _recorded(store, after)
    keys, keys_now = step_keys(was.steps), step_keys(now.steps)
    ran = {keys[row["leg"], row["step_index"]] for row in was.steps if row["started_at"]}
    ran_now = {keys_now[row["leg"], row["step_index"]]: row for row in now.steps if row["started_at"]}
    both = [(key, row["leg"], row["name"]) for key, row in ran_now.items() if key in ran]
    first, second = _given(store, before, keys), _given(store, after, keys_now)
    settings = None if first is None or second is None else tuple(_settings(first, second))
    logs = differences(_log(store, was, keys), _log(store, now, keys_now), both)
    return Compared(before, after, compare(was, now), settings, tuple(logs))


def neighbours(runs: Sequence[Row], before: str = "", after: str = "") -> tuple[Row | str, Row | str]:
    """Two runs to compare: those that are named, and what is not named the nearest of the same workflow and branch.

    runs: rows of table `runs`, oldest first. Without a name: the newest run that failed after one that succeeded, or the other way
    round, and that one; where there is none, the two newest. Raises WorkflowInvalid where there are no two runs.
    """
    if before and after:
        return before, after
    pairs = [(row, same[-1]) for at, row in enumerate(runs) if (same := [r for r in runs[:at] if _series(r) == _series(row)])]
    if before or after:
        named, side = (before, 1) if before else (after, 0)
        chosen = [pair for pair in pairs if named in (str(pair[side]["number"]), pair[side]["run_id"])]
        row, earlier = chosen[-1] if chosen else _no_pair(f"run {named} has no neighbour")
        return (before, row) if before else (earlier, after)
    turned = [pair for pair in pairs if {pair[0]["outcome"], pair[1]["outcome"]} == {"success", "failure"}]
    row, earlier = (turned or pairs)[-1] if pairs else _no_pair("there are no two runs of one workflow and branch")
    return earlier, row


def _series(row: Row) -> tuple[str, str]:
    return row["workflow"], row["branch"]


def _no_pair(what: str) -> NoReturn:
    raise WorkflowInvalid(Problem("compare", what, hint="`pipelinekit run ci.yml` records one"))


def _recorded(store: Store, run: Row) -> Recorded:
    key = (run["run_id"], run["attempt"])
    return Recorded(run, *(store.rows(name, *key) for name in ("jobs", "steps", "tests", "caches")))


def _log(store: Store, recorded: Recorded, keys: Mapping[tuple[str, int], StepKey]) -> dict[StepKey, Lines]:
    run = recorded.run
    logs = (store.log(run["run_id"], run["attempt"], row["leg"]) for row in recorded.jobs)
    return by_step((row for log in logs for row in log), keys)


def _given(store: Store, run: Row, keys: Mapping[tuple[str, int], StepKey]) -> dict[StepKey, StepStarted] | None:
    """What each step began with; None where no journal tells."""
    begun = [event for event in store.events(run["run_id"], run["attempt"]) if isinstance(event, StepStarted)]
    return {keys[event.leg, event.step]: event for event in begun if (event.leg, event.step) in keys} or None


def _settings(before: Mapping[StepKey, StepStarted], after: Mapping[StepKey, StepStarted]) -> Iterator[Setting]:
    for key, now in after.items():
        if (was := before.get(key)) is None:
            continue
        if was.command != now.command:
            yield Setting(now.leg, now.name, "command", "", was.command, now.command)
        if was.shell != now.shell:
            yield Setting(now.leg, now.name, "shell", "", was.shell, now.shell)
        for name in _other(was.environment, now.environment):
            yield Setting(now.leg, now.name, "variable", name, was.environment.get(name), now.environment.get(name))


def _other(before: Mapping[str, str], after: Mapping[str, str]) -> Iterable[str]:
    return (name for name in sorted({*before, *after}) if before.get(name) != after.get(name))
