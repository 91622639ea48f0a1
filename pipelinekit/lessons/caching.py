"""Checks of the lesson about caching. What was required and what was fetched is told by `install.py`, in an annotation."""

import re

from pipelinekit.lessons.base import Check, Found, no_run, not_yet, passed
from pipelinekit.lessons.seen import Seen, SeenRun
from pipelinekit.records.store import Row
from pipelinekit.views.words import duration

_TOLD = re.compile(r"requirements (\w+): fetched (\d+) of (\d+)")


def hit(seen: Seen) -> Found:
    """A run that finds, under its own key, what an earlier run has saved."""
    hits = [run for run in seen.runs if run.succeeded and any(row["result"] == "hit" for row in run.lookups)]
    for run in reversed(hits):
        for row in run.lookups:
            if row["result"] == "hit" and _saved_before(seen, run, row["key"]) and _fetched_count(run) == 0:
                return passed(f"Run {run.number} asked for `{_short(row['key'])}` and found it. {_spared(seen, run)}")
    if hits and _fetched_count(hits[-1]):
        return not_yet("not-used", f"Run {hits[-1].number} found the cache, and fetched {_fetched(hits[-1])} all the same.")
    return _no_hit(seen)


def _no_hit(seen: Seen) -> Found:
    asked = [run for run in seen.runs if run.lookups]
    if not asked:
        return not_yet("no-lookup", "No run has looked a cache up.") if seen.runs else no_run()
    run, before = asked[-1], asked[-2] if len(asked) > 1 else None
    key = run.lookups[-1]["key"]
    if before is None or (before.lookups[-1]["key"] != key and _required(before) != _required(run)):
        return not_yet("one-run", f"Run {run.number} asked for `{_short(key)}`: nobody had saved that yet.")
    if before.lookups[-1]["key"] != key:
        said = f"Run {before.number} asked for `{_short(before.lookups[-1]['key'])}`, run {run.number} for `{_short(key)}`"
        return not_yet("another-key", f"{said}. The requirements were the same.")
    said = f"Run {before.number} and run {run.number} asked for `{_short(key)}`, and neither found it: nobody saved it."
    return not_yet("not-saved", said)


def miss(seen: Seen) -> Found:
    """After a hit, other requirements: another key, and so no hit."""
    hits = [(at, row) for at, run in enumerate(seen.runs) for row in run.lookups if row["result"] == "hit"]
    if not hits:
        return not_yet("no-hit", "No run has hit a cache yet.")
    at, row = hits[0]
    required = _required(seen.runs[at])
    later = [run for run in seen.runs[at + 1 :] if run.lookups and _required(run) not in ("", required)]
    for run in later:
        asked = run.lookups[-1]
        if asked["key"] != row["key"] and asked["result"] != "hit":
            return passed(
                f"Run {run.number} required something else and asked for another key, `{_short(asked['key'])}`: a {_word(asked)}. "
                f"It fetched {_fetched(run)}, in {duration(run.seconds)}."
            )
    if later:
        run, key = later[-1], _short(later[-1].lookups[-1]["key"])
        return not_yet("stale", f"Run {run.number} required something else, and hit `{key}` all the same: the cache is stale.")
    return not_yet("unchanged", "Since the first hit no run had other requirements.")


def partial(seen: Seen) -> Found:
    """A run that finds an older cache by the beginning of its key, and fetches only what is missing in it."""
    for run in reversed(seen.runs):
        for row in run.lookups:
            told = _told(run)
            if row["result"] == "partial" and told and 0 < int(told[2]) < int(told[3]):
                return passed(
                    f"Run {run.number} did not find `{_short(row['key'])}`, took the older `{_short(row['matched_key'])}` "
                    f"and fetched {_fetched(run)}, in {duration(run.seconds)}."
                )
    missed = [run for run in seen.runs if run.lookups and run.lookups[-1]["result"] == "miss"]
    if not missed or not any(row["result"] == "hit" for run in seen.runs for row in run.lookups):
        return not_yet("no-hit", "No run has hit a cache yet, so there is none to fall back to.")
    run = seen.newest if seen.newest is not None and seen.newest.lookups else missed[-1]
    if run.lookups[-1]["result"] == "miss":
        said = f"Run {run.number} missed and fetched {_fetched(run)}, although an older cache held most of it."
        return not_yet("fetched-all", said)
    if run.lookups[-1]["result"] == "partial":
        said = f"Run {run.number} took an older cache, and could use none of it: it fetched {_fetched(run)}."
        return not_yet("all-changed", said)
    return not_yet("unchanged", f"Run {run.number} asked for `{_short(run.lookups[-1]['key'])}`: a {_word(run.lookups[-1])}.")


def _saved_before(seen: Seen, run: SeenRun, key: str) -> bool:
    earlier = (row for other in seen.runs if other.number < run.number for row in other.caches)
    return any(row["key"] == key and row["result"] == "saved" for row in earlier)


def _spared(seen: Seen, run: SeenRun) -> str:
    """What the hit was worth: against the last run that missed."""
    missed = next((other for other in reversed(seen.runs) if any(row["result"] == "miss" for row in other.lookups)), None)
    if missed is None:
        return f"It took {duration(run.seconds)}."
    took, would, saved = map(duration, (run.seconds, missed.seconds, missed.seconds - run.seconds))
    return f"It took {took}; run {missed.number}, which missed, {would}: {saved} saved by each hit."


def _told(run: SeenRun) -> re.Match[str] | None:
    return next((found for text in run.said("install") if (found := _TOLD.search(text))), None)


def _required(run: SeenRun) -> str:
    """What stands for the requirements of the run, '' where it installed nothing."""
    told = _told(run)
    return told[1] if told else ""


def _fetched_count(run: SeenRun) -> int:
    """Packages; 0 also where the step that installs was left out."""
    told = _told(run)
    return int(told[2]) if told else 0


def _fetched(run: SeenRun) -> str:
    told = _told(run)
    return f"{told[2]} of {told[3]} packages" if told else "nothing"


def _word(row: Row) -> str:
    return "partial hit" if row["result"] == "partial" else str(row["result"])


def _short(key: str) -> str:
    """Hashes cut to what tells them apart."""
    return re.sub(r"\b([0-9a-f]{8})[0-9a-f]{24,}\b", r"\1…", key)


CHECKS = (
    Check(
        "cache-hit",
        "a run that finds the cache that an earlier run has saved",
        hit,
        {
            "no-run": ("Run the pipeline, and run it again.",),
            "no-lookup": ("Some step must look a cache up: `uses: actions/cache@v4`, before the one that installs.",),
            "one-run": ("A cache is for the run after. Run it once more, and change nothing.",),
            "another-key": (
                "The second run asks for another key than the one that the first has saved. What in the key changes from run to "
                "run?",
                "`github.run_id` is another number in every run, and `hashFiles('**')` changes with every file. The key should "
                "change when, and only when, what is cached changes: what decides about `deps/`?",
                "`key: deps-${{ hashFiles('requirements.txt') }}`",
            ),
            "not-used": (
                "What was found lies somewhere. Where does `install.py` look?",
                "It looks into `deps`, so the cache has to hold that: `path: deps`, in a step before the one that installs.",
            ),
            "not-saved": (
                "A cache is saved at the end of a job that succeeds. Did it?",
                "Look at the last step of the job, `Post Run actions/cache@v4`: what does it say?",
            ),
        },
    ),
    Check(
        "cache-miss",
        "a run with other requirements, which asks for another key",
        miss,
        {
            "no-hit": ('First the hit: `lesson.check("cache-hit")`.',),
            "unchanged": (
                "Another version of a package, and run again.",
                "Write `barometer==2.1` into `requirements.txt`.",
            ),
            "stale": (
                "The requirements changed and the key did not: the run got what an older list asked for. What must stand in the "
                "key?",
                "`key: deps-${{ hashFiles('requirements.txt') }}`",
            ),
        },
    ),
    Check(
        "restore-key",
        "a run that misses its key, takes an older cache, and fetches only what changed",
        partial,
        {
            "no-hit": ('First the hit: `lesson.check("cache-hit")`.',),
            "fetched-all": (
                "One package of three changed. Where could the other two come from?",
                "`restore-keys` names beginnings of keys: where the key itself is not found, the newest cache that begins so is "
                "taken.",
                "Below `key:`, as far in: `restore-keys: deps-`. Then another version, as `barometer==2.2`, and run again.",
            ),
            "all-changed": ("Change the version of one package alone, so that the older cache is worth something.",),
            "unchanged": (
                "Nothing changed in this run, so nothing had to be fetched. Change a version, and run again.",
                "Write `barometer==2.2` into `requirements.txt`.",
            ),
        },
    ),
)
