"""Checks of the lesson about jobs, needs and artifacts.

The leaflet's scripts tell by annotations which page they built or published.
"""

from pipelinekit.lessons.base import Check, Found, no_run, not_yet, passed
from pipelinekit.lessons.seen import Seen, SeenRun
from pipelinekit.records.store import Row
from pipelinekit.views.words import duration

_BEFORE = ("build", "test")


def order(seen: Seen) -> Found:
    """The newest run in which `deploy` ran: it began after `build` and `test` had ended."""
    run = next((run for run in reversed(seen.runs) if _ran(run.job("deploy"))), None)
    if run is None:
        return not_yet("no-deploy", "No run has a job `deploy` that ran.") if seen.runs else no_run()
    deploy = run.job("deploy") or {}
    for name in _BEFORE:
        job = run.job(name)
        if job is None:
            return not_yet("job-gone", f"Run {run.number} has no job `{name}` any more.")
        early = (job["finished_at"] - deploy["started_at"]).total_seconds() if _ran(job) else 0.0
        if early > 0:
            said = f"In run {run.number} `deploy` began {duration(early)} before `{name}` had ended."
            return not_yet(f"not-after-{name}", said)
    waited = (deploy["started_at"] - run.row["started_at"]).total_seconds()
    return passed(f"In run {run.number} `deploy` waited {duration(waited)}, until `build` and `test` had ended.")


def artifact(seen: Seen) -> Found:
    """A run in which what was published is what was built, once, and tested."""
    for run in reversed(seen.runs):
        sound = run.succeeded and _checked(run) and not run.said("link")
        if sound and _published(run) and _built(run) == _published(run) and run.artifacts:
            page = run.artifacts[0]
            return passed(
                f"In run {run.number} the page `{_published(run)[0]}` was built, tested and published: the artifact "
                f"`{page['name']}` brought it from job to job."
            )
    return no_run() if seen.newest is None else _other_page(seen.newest)


def _other_page(run: SeenRun) -> Found:
    if len(_built(run)) > 1:
        said = f"Run {run.number} built the page {len(_built(run))} times: {', '.join(f'`{page}`' for page in _built(run))}."
        return not_yet("built-twice", said + " What was tested is not what was published.")
    if not _published(run):
        failed = run.until_failure()
        why = f' "{failed[1]["name"]}" of `{failed[1]["leg"]}` failed.' if failed else ""
        return not_yet("nothing-published", f"Run {run.number} published nothing.{why}")
    if _published(run) != _built(run):
        return not_yet("another-page", f"Run {run.number} published a page that it did not build.")
    if run.said("link"):
        return not_yet("silenced", f"Run {run.number} published the page all the same: {run.said('link')[0]}.")
    if not _checked(run):
        return not_yet("unchecked", f"Run {run.number} published a page whose links nobody had checked.")
    return not_yet("not-well", f"Run {run.number} published the page, and ended in {run.row['outcome']}.")


def stops(seen: Seen) -> Found:
    """A run in which `test` failed and `deploy` was skipped because of it."""
    failed = [run for run in seen.runs if (test := run.job("test")) and test["outcome"] == "failure"]
    for run in reversed(failed):
        deploy = run.job("deploy")
        if deploy is not None and deploy["outcome"] == "skipped" and not _published(run):
            return passed(f"In run {run.number} `test` failed, and `deploy` was skipped, {deploy['reason']}.")
    if not failed:
        return not_yet("no-failure", "No run is recorded yet in which `test` failed.")
    run = failed[-1]
    if _published(run):
        return not_yet("published-anyway", f"In run {run.number} `test` failed, and the page was published all the same.")
    return not_yet("deploy-ran", f"In run {run.number} `test` failed, and `deploy` was not skipped.")


def _ran(job: Row | None) -> bool:
    return job is not None and job["started_at"] is not None


def _built(run: SeenRun) -> list[str]:
    return run.said("leaflet", r"^built (\w+)")


def _checked(run: SeenRun) -> bool:
    """Whether every page that was published had its links checked."""
    return set(_published(run)) <= set(run.said("leaflet", r"^checked (\w+)"))


def _published(run: SeenRun) -> list[str]:
    return run.said("leaflet", r"^published (\w+)")


CHECKS = (
    Check(
        "order",
        "`deploy` begins when `build` and `test` have ended",
        order,
        {
            "no-run": ("Run the pipeline as it is, and look at when each job began.",),
            "no-deploy": ("Every job that is to be judged must have run. Keep the ids `build`, `test` and `deploy`.",),
            "job-gone": ("Keep the ids `build`, `test` and `deploy`: the check finds the jobs by them.",),
            "not-after-build": (
                "Jobs begin at once, side by side, unless they are told what they need. How does `test` say it?",
                "`test` has `needs: build`. What does `deploy` need?",
                "Below `deploy:`, on a line of its own with four spaces: `needs: [build, test]`.",
            ),
            "not-after-test": (
                "It waits for the build. What else has to have gone well before the page goes out?",
                "`needs` takes a list: `needs: [build, test]`.",
            ),
        },
    ),
    Check(
        "artifact",
        "the page that is published is the page that was built and tested",
        artifact,
        {
            "no-run": ("Run the pipeline.",),
            "nothing-published": (
                "Each job begins with an empty folder, perhaps on another machine. How does `test` come by the page?",
                "`test` downloads the artifact `page`, which `build` has uploaded. Do the same in `deploy`, before it publishes.",
                "In `deploy`, after the checkout: `uses: actions/download-artifact@v4` with `name: page` and `path: dist`.",
            ),
            "built-twice": (
                "The page is there, and it is another one: nobody has tested it. How can the same page travel?",
                "Take `build.py` out of `deploy` again, and download the artifact `page` there, as `test` does.",
            ),
            "another-page": ("Where did the page come from? Only the artifact of this run is what this run has built.",),
            "silenced": (
                "The check has found something, and nobody listened. What keeps its failure from stopping the page?",
                "Take `continue-on-error`, `|| true` and the like out, and mend the link in `leaflet.txt`.",
            ),
            "unchecked": (
                "A job that is called `test` is no test. What looked at this very page?",
                "`test` downloads the artifact `page` and runs `python3 check_links.py`, as it did when it came.",
            ),
            "not-well": ("Something else failed in this run. Which step, and what does its log say?",),
        },
    ),
    Check(
        "stops",
        "a run in which `test` fails and `deploy` is skipped because of it",
        stops,
        {
            "no-failure": (
                "Break a link in `leaflet.txt`, and run again.",
                "Write `#Monday` instead of `#Sunday` in the line below `# Saturday`.",
            ),
            "published-anyway": ("`deploy` needs `build` alone. What about `test`?", "`needs: [build, test]`."),
            "deploy-ran": (
                "A job is skipped where one that it needs failed, unless its `if` says otherwise.",
                "Take `if: always()` and the like out of `deploy`.",
            ),
        },
    ),
)
