"""Methods: what every number means, from which formula, and where its limits are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelinekit.analysis import change_points, durations, outages, scores, windows
from pipelinekit.report.page import Page
from pipelinekit.views.markup import Html, fill, join, tag
from pipelinekit.views.sentences import found, heading, section, verdict
from pipelinekit.views.tables import Column, Row, table

if TYPE_CHECKING:
    from pipelinekit.report.evidence import Evidence

TITLE = "Methods"

Terms = tuple[tuple[str, str], ...]

WINDOW: Terms = (
    (
        "window",
        f"the {windows.DAYS} days that end with the newest run; compared with the {windows.DAYS} days before. Times are UTC",
    ),
    ("main branch", "`main`, `master` or `trunk`, else the branch with most runs"),
    (
        "too few",
        f"under n = {durations.FEW} no median and no level is named; every share stands beside its n, "
        "every estimate beside its interval",
    ),
    ("simulated", "made-up history; labelled wherever it is shown, and counted like any other in a store that holds it"),
    ("remembered", "a leg that was restored, because nothing it reads had changed; its tests are not counted a second time"),
)
FLAKY: Terms = (
    ("attempt", "one execution of a test; a rerun is another one. Skipped and expected failures are none"),
    ("code version", "the git tree, uncommitted changes included: equal trees are the same code"),
    (
        "outage",
        "a run whose share of failing tests is above median + 10 · 1.4826 · MAD of its workflow is left out of the evidence; "
        f"with under {outages.FEW_RUNS} runs the limit is 5 % of the tests above the median, but at least five tests",
    ),
    (
        "flaky",
        "failed and passed in one environment on one code version; or turned red at least twice on the main branch, "
        "with P(rate > 0.1 %) > 95 %",
    ),
    ("suspect", "failed, but was not run again on the same code"),
    (
        "broken",
        "fails in more than 90 % of the latest part of its history, or in every attempt on the newest code: not flaky, but red",
    ),
    (
        "fails per attempt",
        "posterior mean of a beta-binomial model: x failures in n attempts with a prior Beta(a, b) give Beta(a + x, b + n − x). "
        f"The prior is fitted to the suite; with under {scores.FEWEST_TESTS} tests it is "
        f"Beta({scores.FALLBACK.a}, {scores.FALLBACK.b})",
    ),
    ("interval", "95 % highest-density interval: the shortest that holds 95 % of the posterior"),
    ("clean attempts to call it mended", "ln 0.05 ÷ ln(1 − p) in a row, p being the rate: 299 for p = 1 %"),
    ("lost", "time of legs that failed through nothing but flaky tests, and of failed executions before a rerun that passed"),
)  # fmt: skip
TIMES: Terms = (
    ("run time", "finished − started, of runs that succeeded; queue is started − created and counted apart"),
    ("p50, p95", "half, and 95 %, of the values are smaller. Means are not used: one slow run would move them"),
    (
        "changed for good",
        "where the values of two stretches of runs differ most from each other and least within (E-divisive), if Welch's t-test of "
        f"the logarithms gives p ≤ 10⁻⁴, the median changed by {change_points.LEAST:.0%} or more, and each stretch has "
        f"{change_points.FEWEST} runs or more; of a slope, which one line tells better than steps, no run is named",
    ),
    ("beyond noise", "a change of at least 3 % whose two-sided Mann–Whitney test gives p < 0.01"),
    ("critical path", "the longest chain of queue and run over the recorded needs; what is not on it could be slower at no cost"),
    ("alone", "time in which no other job of the run was running"),
)
CACHES: Terms = (
    ("hit rate", "exact hits ÷ lookups; a partial hit (by a restore key) counts as a miss. Interval: Wilson, 95 %"),
    ("keys", "grouped without hashes, versions as `*`"),
    ("saved", "per hit: what legs took on a miss − what they took on a hit, or what the cache itself says; times the hits"),
)
COVERAGE: Terms = (
    ("lines", "covered ÷ executable lines"),
    ("several reports", "of each file the report that covers most lines counts: a floor of the union, never above it"),
)


def methods_page(_: Evidence) -> Page:
    body = join(
        (
            heading(TITLE),
            verdict("Every number here is computed from the store alone.", "What it means, and what it can't say, stands below."),
            section("All pages", _terms(WINDOW), anchor="window"),
            section("Flaky tests", _terms(FLAKY), anchor="flaky"),
            section("Build times", _terms(TIMES), anchor="times"),
            section("Cache", _terms(CACHES), anchor="cache"),
            section("Coverage", _terms(COVERAGE), anchor="coverage"),
            section("The data itself", _data(), anchor="data"),
        ),
        "\n",
    )
    return Page("methods", TITLE, body)


def _terms(terms: Terms) -> Html:
    columns = (Column("Term", width="22%"), Column("Means", "name"))
    return table(columns, (Row((tag("b", term), found(meaning))) for term, meaning in terms))


def _data() -> Html:
    where = found("Everything is plain Parquet in the store, one folder a table: `.pipelinekit/tables/<table>/*.parquet`.")
    how = fill(
        "<pre><code>{}</code></pre>", "duckdb -c \"select outcome, count(*) from '.pipelinekit/tables/runs/*.parquet' group by 1\""
    )
    return join((tag("p", where), how))
