"""How the difference of two runs is said: a sentence with what came of it and what went in, then the evidence."""

import json
from collections.abc import Iterable, Iterator, Sequence
from difflib import ndiff

from pipelinekit.analysis.compare import Leg, Step, Test, Took
from pipelinekit.commands.compared_runs import Compared, Setting
from pipelinekit.commands.recorded_runs import Row, columns, word
from pipelinekit.views.words import MINUS, NOTHING, commit, delta, duration, listed, percent, plural
from pipelinekit.views.words import sentence as capital

MOST = 10  # of a kind: the rest is counted, and whole in JSON
MOST_LINES = 8  # of a step's log

_DID = {
    "success": ("succeeded", "succeeded"), "failure": ("failed", "failed"), "cancelled": ("was cancelled", "were cancelled"),
    "skipped": ("was skipped", "were skipped"), "paused": ("is paused", "are paused"), "running": ("still runs", "still run"),
    "queued": ("has not begun", "have not begun"), "waiting": ("waits", "wait"),
}  # fmt: skip


# --- the answer


def sentence(found: Compared) -> str:
    """What came of it, then what went in: where that is the same, the difference has another cause."""
    return f"{_came_out(found)} {_went_in(found)}".strip()


def _came_out(found: Compared) -> str:
    first, second = word(found.before), word(found.after)
    names = _names(found)
    if first == second:
        said = f"Both runs {_DID[first][1]}"
    else:
        said = f"{capital(names[1])} {_DID[second][0]}, where {names[0]} {_DID[first][0]}"
    tests = found.difference.tests
    parts = [_tests("newly fails", "newly fail", tests.newly_failing), _tests("is fixed", "are fixed", tests.fixed)]
    if not any(parts) and second == "failure":  # in a run that succeeded a step that failed was forgiven
        parts = [_broken_steps(found.difference.steps)]
    if not any(parts) and first == second == "success":
        parts = [_speed(found.difference.took, names[1])]
    what = "; ".join(filter(None, parts))
    return f"{said}{': ' if what else ''}{what}."


def _tests(one: str, many: str, tests: Sequence[Test]) -> str:
    names = list(dict.fromkeys(test.test for test in tests))
    return f"{listed([f'`{name}`' for name in names])} {one if len(names) == 1 else many}" if names else ""


def _broken_steps(steps: Iterable[Step]) -> str:
    broken = [step for step in steps if step.after_outcome == "failure"]
    return f'step "{broken[0].name}" failed in {listed([s.leg for s in broken if s.name == broken[0].name])}' if broken else ""


def _speed(took: Took, name: str) -> str:
    if took.change_seconds is None or not took.beyond_noise:
        return ""
    share = f" ({_share(took.change)})" if took.change is not None else ""
    return f"{name} took {duration(abs(took.change_seconds))} {'longer' if took.change_seconds > 0 else 'less'}{share}"


def _share(change: float) -> str:
    return f"{'+' if change > 0 else MINUS}{percent(abs(change), 1)}"


def _went_in(found: Compared) -> str:
    difference = found.difference
    facts = {fact.name for fact in difference.facts}
    keys = sum("" != cache.before_key != cache.after_key != "" for cache in difference.caches)
    kinds = [setting.kind for setting in found.settings or ()]
    commands, variables = len(kinds) - kinds.count("variable"), kinds.count("variable")
    images = sum(leg.other_image for leg in difference.legs)
    code = _same_code(found.before, found.after)
    differs = [
        "the workflow" if facts & {"workflow", "path"} else "",
        "the code" if code is False else "",
        *(f"the {name}" for name in ("event", "inputs", "executor", "host") if name in facts),
        f"the {'image' if images == 1 else 'images'} of {plural(images, 'leg')}" if images else "",
        plural(commands, "command") if commands else "",
        plural(variables, "variable") if variables else "",
        plural(keys, "cache key") if keys else "",
    ]
    if any(differs):
        return f"They differ in {listed([what for what in differs if what], len(differs))}."
    told = found.settings is not None
    in_images = any(leg.before_image and leg.after_image for leg in difference.legs)
    known = {"code": code, "images": in_images, "commands": told, "variables": told, "cache keys": difference.caches_compared}
    same = [name for name, compared in known.items() if compared]
    return f"They had the same {listed(same, len(same))}." if same else ""


def _same_code(before: Row, after: Row) -> bool | None:
    """By the tree; where a run does not say it by the commit; None where neither tells."""
    if before["tree"] and after["tree"]:
        return bool(before["tree"] == after["tree"])
    if before["commit"] and after["commit"]:
        return bool(before["commit"] == after["commit"]) and not (before["dirty"] or after["dirty"])
    return None


# --- the evidence


def lines(found: Compared) -> Iterator[str]:
    """The sentence, the two runs, and what differs, kind by kind."""
    yield sentence(found)
    yield ""
    yield from _table([_run_cells(name, row) for name, row in zip(_names(found), (found.before, found.after), strict=True)], "")
    difference = found.difference
    tests = difference.tests
    sections = (
        ("runs", _table([(f.name, _fact(f.name, f.before), "→", _fact(f.name, f.after)) for f in difference.facts])),
        ("legs", _table([_leg_cells(leg) for leg in difference.legs])),
        *((title, _grouped(_test_lines(rows))) for title, rows in (
            ("tests newly failing", tests.newly_failing), ("tests fixed", tests.fixed),
            ("tests failing in both", tests.still_failing),
            ("tests that are new", tests.new), ("tests that are gone", tests.gone),
        )),
        ("steps", _grouped((_step_line(step), step.leg) for step in difference.steps)),
        ("images", _grouped((_image_line(leg), leg.leg) for leg in difference.legs if leg.other_image)),
        ("caches", _grouped(
            (f"{c.step or c.kind}: {_to(c.before_result, c.after_result)}, {_either(c.before_key, c.after_key)}", c.leg)
            for c in difference.caches
        )),
        ("commands and environment", _settings(found)),
        ("log lines", _logs(found)),
    )  # fmt: skip
    for title, section in sections:
        shown = list(section)
        if shown:
            yield from ("", title, *shown)


def _names(found: Compared) -> tuple[str, str]:
    """As they can be typed; with their attempts where one number names both, or a later attempt is meant."""
    runs = (found.before, found.after)
    attempts = found.before["run_id"] == found.after["run_id"] or any(row["attempt"] > 1 for row in runs)
    first, second = (f"run {row['number']}" + (f".{row['attempt']}" if attempts else "") for row in runs)
    return first, second


def _run_cells(name: str, row: Row) -> tuple[str, ...]:
    simulated = "simulated" if row["simulated"] else ""
    subject = " ".join(part for part in (commit(row["commit"] or ""), row["subject"] or "") if part)
    return (name, word(row), duration(row["duration_seconds"]), subject, simulated)


def _table(rows: Sequence[tuple[str, ...]], indent: str = "  ") -> Iterator[str]:
    yield from (f"{indent}{'  '.join(cells)}" for cells in columns(rows))


def _grouped(said: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Each thing once, with the legs of which it is said."""
    legs: dict[str, list[str]] = {}
    for text, leg in said:
        legs.setdefault(text, []).append(leg)
    for text in list(legs)[:MOST]:
        first, *more = text.split("\n")
        yield f"  {first} [{listed(legs[text])}]"
        yield from (f"    {line}" for line in more)
    if len(legs) > MOST:
        yield f"  and {plural(len(legs) - MOST, 'more', 'more')}: --format json"


def _fact(name: str, value: str | bool | None) -> str:
    if name == "inputs":
        return ", ".join(f"{key}={given}" for key, given in json.loads(str(value or "{}")).items()) or NOTHING
    if name in ("commit", "tree"):
        return commit(str(value or "")) or NOTHING
    return ("yes" if value else "no") if name == "dirty" else str(value or NOTHING)


def _leg_cells(leg: Leg) -> tuple[str, ...]:
    outcome = _to(leg.before_outcome, leg.after_outcome)
    took = _took(leg.took) if not leg.remembered else "remembered"
    return (leg.leg, outcome, took, _change(leg.took))


def _took(took: Took) -> str:
    if took.before_seconds is None and took.after_seconds is None:
        return NOTHING
    return f"{duration(took.before_seconds)} → {duration(took.after_seconds)}"


def _change(took: Took) -> str:
    if took.change_seconds is None:
        return ""
    said = delta(took.change_seconds, good="less" if took.beyond_noise else "").text
    share = f", {_share(took.change)}" if took.change is not None and said != "no change" else ""
    return f"{said}{share}"


def _test_lines(tests: Iterable[Test]) -> Iterator[tuple[str, str]]:
    for test in tests:
        name = f"{test.class_name}::{test.test}" if test.class_name else test.test
        message = test.message.split("\n")[0]
        yield (f"{name}\n{message}" if message else name), test.leg


def _step_line(step: Step) -> str:
    change = f", {_took(step.took)}, {_change(step.took)}" if step.took.beyond_noise else ""
    outcome = _to(step.before_outcome, step.after_outcome)
    return "\n".join([f"{step.name}: {outcome}{change}", *step.condition.splitlines()])


def _image_line(leg: Leg) -> str:
    before, after = (image or "no container" for image in (leg.before_image, leg.after_image))
    digests = f" ({_to(leg.before_digest[:19], leg.after_digest[:19])})" if leg.before_digest and leg.after_digest else ""
    return f"{_to(before, after)}{digests}"


def _to(before: str | None, after: str | None) -> str:
    """'' is what was not there, None what has not ended."""
    first, second = ("running" if side is None else side or NOTHING for side in (before, after))
    return first if first == second else f"{first} → {second}"


def _either(before: str, after: str) -> str:
    return _to(before or after, after or before)


def _settings(found: Compared) -> Iterator[str]:
    if found.settings is None:
        yield "  not compared: a journal is not there"
        return
    yield from _grouped((_setting(setting), setting.leg) for setting in found.settings)


def _setting(setting: Setting) -> str:
    before, after = ([] if text is None else text.splitlines() or [""] for text in (setting.before, setting.after))
    changed = [line.rstrip() for line in ndiff(before, after) if line[:1] in "-+"]
    more = [f"and {plural(len(changed) - MOST_LINES, 'more line')}"] if len(changed) > MOST_LINES else []
    return "\n".join([f"{setting.step}: {setting.name or setting.kind}", *changed[:MOST_LINES], *more])


def _logs(found: Compared) -> Iterator[str]:
    def said() -> Iterator[tuple[str, str]]:
        for step in found.logs:
            shown = [f"{sign} {text}" for sign, text in step.lines[:MOST_LINES]]
            rest = len(step.lines) - len(shown) + step.left_out
            more = [f"and {plural(rest, 'more line')}"] if rest else []
            cut = ["of a long log the last lines were compared"] if step.cut else []
            yield "\n".join([step.step, *shown, *more, *cut]), step.leg

    return _grouped(said())
