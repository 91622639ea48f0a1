"""In what two runs differ, said: a sentence with what came of it and what went in."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from pipelinekit.analysis.compare import Step, Test, Took
from pipelinekit.answers.run_words import word
from pipelinekit.answers.two_runs import Compared, Row
from pipelinekit.views.words import MINUS, NOTHING, commit, delta, duration, listed, percent, plural
from pipelinekit.views.words import sentence as capital

_DID = {
    "success": ("succeeded", "succeeded"), "failure": ("failed", "failed"), "cancelled": ("was cancelled", "were cancelled"),
    "skipped": ("was skipped", "were skipped"), "paused": ("is paused", "are paused"), "running": ("still runs", "still run"),
    "queued": ("has not begun", "have not begun"), "waiting": ("waits", "wait"),
}  # fmt: skip


def sentence(found: Compared) -> str:
    """What came of it, then what went in: where that is the same, the difference has another cause."""
    return f"{_came_out(found)} {_went_in(found)}".strip()


def _came_out(found: Compared) -> str:
    first, second = word(found.before), word(found.after)
    called = names(found)
    if first == second:
        said = f"Both runs {_DID[first][1]}"
    else:
        said = f"{capital(called[1])} {_DID[second][0]}, where {called[0]} {_DID[first][0]}"
    tests = found.difference.tests
    parts = [_tests("newly fails", "newly fail", tests.newly_failing), _tests("is fixed", "are fixed", tests.fixed)]
    if not any(parts) and second == "failure":  # in a run that succeeded a step that failed was forgiven
        parts = [_broken_steps(found.difference.steps)]
    if not any(parts) and first == second == "success":
        parts = [_speed(found.difference.took, called[1])]
    what = "; ".join(filter(None, parts))
    return f"{said}{': ' if what else ''}{what}."


def _tests(one: str, many: str, tests: Sequence[Test]) -> str:
    called = list(dict.fromkeys(test.test for test in tests))
    return f"{listed([f'`{name}`' for name in called])} {one if len(called) == 1 else many}" if called else ""


def _broken_steps(steps: Iterable[Step]) -> str:
    broken = [step for step in steps if step.after_outcome == "failure"]
    return f'step "{broken[0].name}" failed in {listed([s.leg for s in broken if s.name == broken[0].name])}' if broken else ""


def _speed(took: Took, name: str) -> str:
    if took.change_seconds is None or not took.beyond_noise:
        return ""
    share = f" ({_share(took.change)})" if took.change is not None else ""
    return f"{name} took {duration(abs(took.change_seconds))} {'longer' if took.change_seconds > 0 else 'less'}{share}"


def _went_in(found: Compared) -> str:
    if differs := differing(found):
        return f"They differ in {listed(list(differs.values()), len(differs))}."
    same = [name for name, compared in compared_kinds(found).items() if compared]
    return f"They had the same {listed(same, len(same))}." if same else ""


def differing(found: Compared) -> dict[str, str]:
    """What went into the runs and differs: kind -> how it is said. Kinds: workflow, code, event, inputs, executor, host, images,
    commands, variables, cache keys.
    """
    difference = found.difference
    facts = {fact.name for fact in difference.facts}
    keys = sum("" != cache.before_key != cache.after_key != "" for cache in difference.caches)
    kinds = [setting.kind for setting in found.settings or ()]
    commands, variables = len(kinds) - kinds.count("variable"), kinds.count("variable")
    images = sum(leg.other_image for leg in difference.legs)
    said = {
        "workflow": "the workflow" if facts & {"workflow", "path"} else "",
        "code": "the code" if same_code(found.before, found.after) is False else "",
        **{name: f"the {name}" if name in facts else "" for name in ("event", "inputs", "executor", "host")},
        "images": f"the {'image' if images == 1 else 'images'} of {plural(images, 'leg')}" if images else "",
        "commands": plural(commands, "command") if commands else "",
        "variables": plural(variables, "variable") if variables else "",
        "cache keys": plural(keys, "cache key") if keys else "",
    }
    return {kind: how for kind, how in said.items() if how}


def compared_kinds(found: Compared) -> dict[str, bool]:
    """Of the kinds that need not be known in both runs, whether they are."""
    told = found.settings is not None
    return {
        "code": same_code(found.before, found.after) is not None,
        "images": any(leg.before_image and leg.after_image for leg in found.difference.legs),
        "commands": told,
        "variables": told,
        "cache keys": bool(found.difference.caches_compared),
    }


def same_code(before: Row, after: Row) -> bool | None:
    """By the tree; where a run does not say it by the commit; None where neither tells."""
    if before["tree"] and after["tree"]:
        return bool(before["tree"] == after["tree"])
    if before["commit"] and after["commit"]:
        return bool(before["commit"] == after["commit"]) and not (before["dirty"] or after["dirty"])
    return None


def names(found: Compared) -> tuple[str, str]:
    """As they can be typed; with their attempts where one number names both, or a later attempt is meant."""
    runs = (found.before, found.after)
    attempts = found.before["run_id"] == found.after["run_id"] or any(row["attempt"] > 1 for row in runs)
    first, second = (f"run {row['number']}" + (f".{row['attempt']}" if attempts else "") for row in runs)
    return first, second


def fact_said(name: str, value: str | bool | None) -> str:
    """What went into a run, as people read it: hashes short, inputs one by one."""
    if name == "inputs":
        return ", ".join(f"{key}={given}" for key, given in json.loads(str(value or "{}")).items()) or NOTHING
    if name in ("commit", "tree"):
        return commit(str(value or "")) or NOTHING
    return ("yes" if value else "no") if name == "dirty" else str(value or NOTHING)


def took_said(took: Took) -> str:
    """How long it took before and after: `4.0 s → 6.1 s`."""
    if took.before_seconds is None and took.after_seconds is None:
        return NOTHING
    return f"{duration(took.before_seconds)} → {duration(took.after_seconds)}"


def change_said(took: Took) -> str:
    """By how much longer or shorter it took, and whether that is more than usual; '' where one of them is not known."""
    if took.change_seconds is None:
        return ""
    said = delta(took.change_seconds, good="less" if took.beyond_noise else "").text
    share = f", {_share(took.change)}" if took.change is not None and said != "no change" else ""
    return f"{said}{share}"


def _share(change: float) -> str:
    return f"{'+' if change > 0 else MINUS}{percent(abs(change), 1)}"


def as_data(found: Compared) -> dict[str, Any]:
    """The whole difference for programs: what `pipelinekit diff --format json` prints."""
    from pipelinekit.records.scan import for_json  # pyarrow: 0.2 s that only this needs

    return {
        "sentence": sentence(found),
        "before": for_json("runs", found.before),
        "after": for_json("runs", found.after),
        **asdict(found.difference),
        "settings": None if found.settings is None else [asdict(setting) for setting in found.settings],
        "logs": [asdict(step) for step in found.logs],
    }
