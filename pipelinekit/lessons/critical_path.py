"""Checks of the lesson about build times: the critical path is computed from the store, by the analysis that reports use too."""

from pipelinekit.lessons.base import Check, Found, not_yet, passed
from pipelinekit.lessons.seen import Seen, SeenRun
from pipelinekit.records.store import Row
from pipelinekit.views.words import duration, listed, percent

JOBS = ("lint", "unit", "docs", "package", "publish")
BEFORE = ("lint", "unit", "package")  # must have gone well before anything is published
MOST = 3  # jobs on the critical path of a run that was mended: of what must stay in order, and one more
NEARLY = 0.9  # of the longest job's share: a busy machine may turn around what is so close


def longest(seen: Seen) -> Found:
    """The learner names the job that takes the largest share of the critical path of the first run."""
    run = next((run for run in seen.runs if run.succeeded), None)
    return _named(seen, run)


def shorter(seen: Seen) -> Found:
    """The newest run with all five jobs is shorter than the first one, as fewer wait for one another, in an order that is safe."""
    whole = [run for run in seen.runs if run.succeeded and all(_ran(run, name) for name in JOBS)]
    if not whole:
        return not_yet("no-run", "No run in which all five jobs went well is recorded yet.")
    first, run = whole[0], whole[-1]
    if seen.newest is not None and seen.newest.number > run.number:
        newest = seen.newest
        lost = [name for name in JOBS if not _ran(newest, name)]
        why = f" without {listed([f'`{name}`' for name in lost])}" if lost else ""
        return not_yet("not-whole", f"Run {newest.number} ended in {newest.row['outcome']}{why}.")
    return _unsafe(run) or _shorter(seen, first, run)


def _unsafe(run: SeenRun) -> Found | None:
    """What the run must not have saved its time by."""
    if idle := [name for name in JOBS if f"{name} done" not in run.said("map")]:
        said = f"In run {run.number} {listed([f'`{name}`' for name in idle])} ended well without having done its work."
        return not_yet("idle", said)
    publish = run.job("publish") or {}
    for name in BEFORE:
        job = run.job(name) or {}
        if job["finished_at"] > publish["started_at"]:
            return not_yet("too-early", f"In run {run.number} `publish` began before `{name}` had ended.")
    return None


def _shorter(seen: Seen, first: SeenRun, run: SeenRun) -> Found:
    path = [row for row in _path(seen, run) if row["on_path"]]
    said = f"Run {run.number} took {duration(run.seconds)}"
    if run is not first:
        said += f", run {first.number} {duration(first.seconds)}"
    if len(path) > MOST:
        return not_yet("chain", f"{said}. Its critical path has {len(path)} jobs: {' → '.join(row['leg'] for row in path)}.")
    if run.seconds >= first.seconds:
        queued = max((row["queued_seconds"] or 0.0 for row in _path(seen, run)), default=0.0)
        said += f", although nobody waits without need; the longest wait for a place was {duration(queued)}."
        return not_yet("not-shorter", said)
    chain = " → ".join(f"`{row['leg']}` {duration(row['duration_seconds'])}" for row in path)
    return passed(f"{said}: {percent(run.seconds / first.seconds, 1)} of it. Its critical path: {chain}.")


def decides(seen: Seen) -> Found:
    """The learner names the job that decides how long the newest run took."""
    run = next((run for run in reversed(seen.runs) if run.succeeded and any(not row["on_path"] for row in _path(seen, run))), None)
    if run is None:
        return not_yet("no-slack", "In every run so far all jobs are on the critical path.")
    found = _named(seen, run)
    if not found.passed:
        return found
    spare = max((row for row in _path(seen, run) if not row["on_path"]), key=lambda row: row["slack_seconds"])
    return passed(f"{found.says} `{spare['leg']}` could take {duration(spare['slack_seconds'])} longer, and nobody would notice.")


def _named(seen: Seen, run: SeenRun | None) -> Found:
    """Whether the answer is the job with the largest share of the run's critical path."""
    if run is None:
        return not_yet("no-run", "No run that went well is recorded yet.")
    path = {row["leg"]: row for row in _path(seen, run)}
    most = max(path.values(), key=lambda row: row["share"] or 0.0)
    named = seen.answer.strip().strip("`")
    if not named:
        return not_yet("no-answer", f"Run {run.number} is to be read, and the check to be given a job's name.")
    if named not in path:
        return not_yet("no-job", f"Run {run.number} has no job `{named}`; it has {listed([f'`{leg}`' for leg in path], 9)}.")
    row = path[named]
    if not row["on_path"]:
        said = f"`{named}` is not on the critical path of run {run.number}: it could take {duration(row['slack_seconds'])} longer"
        return not_yet("off-path", f"{said}, and the run would end at the same time.")
    if row["share"] < NEARLY * most["share"]:
        said = f"`{named}` is on the critical path of run {run.number} with {duration(row['duration_seconds'])}"
        return not_yet("not-longest", f"{said}, and it is not the longest there.")
    share = percent(row["share"], 1)
    return passed(f"`{named}` takes {duration(row['duration_seconds'])} of run {run.number}: {share} of its critical path.")


def _path(seen: Seen, run: SeenRun) -> list[Row]:
    """The jobs of the run that ran, those on its critical path first."""
    from pipelinekit.analysis import critical_path  # it loads duckdb, which only this lesson needs

    rows = critical_path.of_runs(seen.jobs).to_pylist()
    return [row for row in rows if (row["run_id"], row["attempt"]) == (run.row["run_id"], run.row["attempt"])]


def _ran(run: SeenRun, name: str) -> bool:
    job = run.job(name)
    return job is not None and job["outcome"] == "success"


CHECKS = (
    Check(
        "longest",
        'you name the job that takes the largest share of the chain: `lesson.check("longest", "JOB")`',
        longest,
        {
            "no-run": ("Run the pipeline as it is.",),
            "no-answer": ('Look at the waterfall: which bar is the longest? `lesson.check("longest", "lint")` asks about `lint`.',),
            "no-job": ("The names are those on the left of the waterfall.",),
            "not-longest": (
                "Compare the lengths of the bars; the time of each stands at the right.",
                "The table below the run has the share of each job: the largest one is it.",
            ),
            "off-path": ("On the critical path stands what the end of the run waits for.",),
        },
    ),
    Check(
        "shorter",
        "a shorter run with the same five jobs, of which at most three are on the critical path",
        shorter,
        {
            "no-run": ("Run the pipeline.",),
            "not-whole": ("All five jobs must go well. What does the log of the one that failed say?",),
            "idle": (
                "A job that does nothing is quick, and nobody needs it. What did it do before?",
                "Each job runs `python3 work.py` with its own name.",
            ),
            "chain": (
                "Every job waits for the one before. Which of them uses anything that the one before it has made?",
                "Only `publish` needs something: the package, and that `lint` and `unit` went well. Take `needs` out of the "
                "others.",
                "No `needs` in `unit`, `docs` and `package`; below `publish:` `needs: [lint, unit, package]`.",
            ),
            "too-early": (
                "Quick and wrong: it published what nobody had checked. What must have gone well before?",
                "Below `publish:` `needs: [lint, unit, package]`.",
            ),
            "not-shorter": (
                "Perhaps this machine was busy with something else. Run it once more.",
                "The jobs wait for a place, not for each other: start the run with `**lesson.here`, which lets eight run at once.",
            ),
        },
    ),
    Check(
        "decides",
        'you name the job that decides now: `lesson.check("decides", "JOB")`',
        decides,
        {
            "no-run": ("Run the pipeline.",),
            "no-slack": ('First make it shorter: `lesson.check("shorter")`.',),
            "no-answer": ('Which job does the end of the run wait for? `lesson.check("decides", "docs")` asks about `docs`.',),
            "no-job": ("The names are those on the left of the waterfall.",),
            "off-path": (
                "A long job is not always one that anybody waits for. What does `publish` wait for last?",
                "The dark line in the graph is the critical path.",
            ),
            "not-longest": ("It is on the path. Which one there takes longer?",),
        },
    ),
)
