"""What stands on a page is what a query on the store answers."""

from collections.abc import Callable
from typing import Any

import pytest

from pipelinekit.report import coverage, flaky, health, runs
from pipelinekit.report.evidence import Evidence
from pipelinekit.report.run import run_page
from pipelinekit.views import words
from tests.views.parsed import Element, parse

EvidenceOf = Callable[[str], Evidence]


@pytest.fixture
def evidence(evidence_of: EvidenceOf) -> Evidence:
    return evidence_of("twelve runs")


def asked(evidence: Evidence, query: str) -> list[dict[str, Any]]:
    return list(evidence.store.sql(query).to_pylist())


def figures(tree: Element) -> dict[str, str]:
    """The figures of a page, with what stands below each."""
    found = tree.all("div", "pk-fig")
    return {figure.one("dt").text: figure.one("dd").text.replace(words.NO_BREAK, " ").replace(words.THIN, " ") for figure in found}


def test_the_runs_page_lists_the_rows_of_the_table(evidence: Evidence) -> None:
    rows = parse(runs.runs_page(evidence).body).one("table").one("tbody").all("tr")
    told = asked(evidence, "SELECT number, outcome, duration_seconds FROM runs ORDER BY number DESC")
    assert [row.all("td")[1].one("b").text for row in rows] == [str(row["number"]) for row in told]
    assert [row.all("td")[0].text.split(",")[0] for row in rows] == [row["outcome"] for row in told]
    assert [row.one("span", "pk-num").text for row in rows] == [words.duration(row["duration_seconds"]) for row in told]


def test_the_success_rate_is_that_of_the_main_branch(evidence: Evidence) -> None:
    (row,) = asked(
        evidence,
        """SELECT count(*) FILTER (outcome = 'success') AS good, count(*) AS n FROM runs
           WHERE branch = 'main' AND outcome IN ('success', 'failure')""",
    )
    shown = figures(parse(health.health_page(evidence).body))["Success rate"]
    assert shown.startswith(f"{100 * row['good'] / row['n']:.0f} %")
    assert f"n = {row['n']} runs" in shown
    verdict = parse(health.health_page(evidence).body).one("p", "pk-verdict").text.replace(words.NO_BREAK, " ")
    assert f"{row['n'] - row['good']} of {row['n']} runs on main failed" in verdict


def test_the_run_time_is_the_median_of_what_succeeded(evidence: Evidence) -> None:
    (row,) = asked(evidence, "SELECT median(duration_seconds) AS p50 FROM runs WHERE branch = 'main' AND outcome = 'success'")
    assert figures(parse(health.health_page(evidence).body))["Run time, p50"].startswith(words.duration(row["p50"]))


def test_coverage_is_that_of_the_newest_run_that_measured_it(evidence: Evidence) -> None:
    (row,) = asked(
        evidence,
        """WITH best AS (SELECT number, file, max(lines_covered) AS covered, max(lines) AS lines
                         FROM coverage JOIN runs USING (run_id, attempt) WHERE branch = 'main' GROUP BY ALL)
           SELECT sum(covered) AS covered, sum(lines) AS lines FROM best WHERE number = (SELECT max(number) FROM best)""",
    )
    shown = figures(parse(coverage.coverage_page(evidence).body))["Lines"]
    assert shown.startswith(f"{100 * row['covered'] / row['lines']:.1f} %")
    assert f"n = {row['lines']:.0f} lines" in shown


def test_a_flaky_test_has_the_failures_and_attempts_of_the_table(evidence: Evidence) -> None:
    (row,) = asked(
        evidence,
        """SELECT count(*) FILTER (outcome IN ('failed', 'error')) AS failures, count(*) AS attempts FROM tests
           WHERE test = 'test_two_buyers_race_for_the_last_item' AND outcome <> 'skipped'""",
    )
    page = parse(flaky.flaky_page(evidence).body)
    shown = next(tr for tr in page.all("tr") if "test_two_buyers_race" in tr.text)
    assert f"{row['failures']} of {row['attempts']}" in shown.text
    executions = evidence.store.table("tests").num_rows
    assert f"{executions} executions" in page.text.replace(words.NO_BREAK, " ")


@pytest.mark.parametrize("number", [1, 3, 10])
def test_the_page_of_a_run_has_its_legs_steps_and_lines(number: int, evidence: Evidence) -> None:
    run = next(row for row in evidence.runs if row["number"] == number)
    page = run_page(evidence, run)
    log = parse(page.late["log"])

    def recorded(table: str) -> list[dict[str, Any]]:
        return list(evidence.store.table(table, run_id=run["run_id"], attempt=run["attempt"]).to_pylist())

    assert {str(section.one("h3").children[0]).strip() for section in log.all("section")} == {
        row["leg"] for row in recorded("jobs")
    }
    assert len(log.all("details", "pk-fold")) == len(recorded("steps"))
    assert len(log.all("div", "pk-line")) == len(recorded("logs"))
    whole = "".join(text for _, text in page.files)
    assert sum(not line.startswith("== ") for line in whole.splitlines()) == len(recorded("logs"))
