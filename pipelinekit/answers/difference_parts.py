"""The evidence of a difference, kind by kind: each thing once, with the legs of which it is said."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import ndiff

from pipelinekit.analysis.compare import Leg, Step, Test
from pipelinekit.answers.difference import change_said, took_said
from pipelinekit.answers.two_runs import Compared, Setting
from pipelinekit.views.words import NOTHING, plural

MOST_LINES = 8  # of a step's log, of a command


@dataclass(frozen=True, slots=True)
class Said:
    """lines: what it is, then what it says. legs: in which it is so."""

    lines: tuple[str, ...]
    legs: tuple[str, ...]


def parts(found: Compared) -> Iterator[tuple[str, list[Said]]]:
    """Title and things of each kind that there is, tests first and the log last. Runs and legs themselves are not in it."""
    difference, tests = found.difference, found.difference.tests
    kinds = (
        ("tests newly failing", _tests(tests.newly_failing)),
        ("tests fixed", _tests(tests.fixed)),
        ("tests failing in both", _tests(tests.still_failing)),
        ("tests that are new", _tests(tests.new)),
        ("tests that are gone", _tests(tests.gone)),
        ("steps", ((_step(step), step.leg) for step in difference.steps)),
        ("images", ((_image(leg), leg.leg) for leg in difference.legs if leg.other_image)),
        ("caches", _caches(found)),
        ("commands and environment", ((_setting(setting), setting.leg) for setting in found.settings or ())),
        ("log lines", _logs(found)),
    )
    for title, said in kinds:
        if together := _grouped(said):
            yield title, together


def outcomes(before: str | None, after: str | None) -> str:
    """failure → success; '' is what was not there, None what has not ended."""
    first, second = ("running" if side is None else side or NOTHING for side in (before, after))
    return first if first == second else f"{first} → {second}"


def _grouped(said: Iterable[tuple[tuple[str, ...], str]]) -> list[Said]:
    legs: dict[tuple[str, ...], list[str]] = {}
    for lines, leg in said:
        legs.setdefault(lines, []).append(leg)
    return [Said(lines, tuple(its)) for lines, its in legs.items()]


def _tests(tests: Iterable[Test]) -> Iterator[tuple[tuple[str, ...], str]]:
    for test in tests:
        name = f"{test.class_name}::{test.test}" if test.class_name else test.test
        message = test.message.split("\n")[0]
        yield ((name, message) if message else (name,)), test.leg


def _step(step: Step) -> tuple[str, ...]:
    change = f", {took_said(step.took)}, {change_said(step.took)}" if step.took.beyond_noise else ""
    return (f"{step.name}: {outcomes(step.before_outcome, step.after_outcome)}{change}", *step.condition.splitlines())


def _image(leg: Leg) -> tuple[str, ...]:
    before, after = (image or "no container" for image in (leg.before_image, leg.after_image))
    digests = f" ({outcomes(leg.before_digest[:19], leg.after_digest[:19])})" if leg.before_digest and leg.after_digest else ""
    return (f"{outcomes(before, after)}{digests}",)


def _caches(found: Compared) -> Iterator[tuple[tuple[str, ...], str]]:
    for cache in found.difference.caches:
        keys = outcomes(cache.before_key or cache.after_key, cache.after_key or cache.before_key)
        yield (f"{cache.step or cache.kind}: {outcomes(cache.before_result, cache.after_result)}, {keys}",), cache.leg


def _setting(setting: Setting) -> tuple[str, ...]:
    before, after = ([] if text is None else text.splitlines() or [""] for text in (setting.before, setting.after))
    changed = [line.rstrip() for line in ndiff(before, after) if line[:1] in "-+"]
    more = [f"and {plural(len(changed) - MOST_LINES, 'more line')}"] if len(changed) > MOST_LINES else []
    return (f"{setting.step}: {setting.name or setting.kind}", *changed[:MOST_LINES], *more)


def _logs(found: Compared) -> Iterator[tuple[tuple[str, ...], str]]:
    for step in found.logs:
        shown = [f"{sign} {text}" for sign, text in step.lines[:MOST_LINES]]
        rest = len(step.lines) - len(shown) + step.left_out
        more = [f"and {plural(rest, 'more line')}"] if rest else []
        cut = ["of a long log the last lines were compared"] if step.cut else []
        yield (step.step, *shown, *more, *cut), step.leg
