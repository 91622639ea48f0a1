"""What the pages are made from."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pipelinekit.model.event import RunStarted
from pipelinekit.records.store import Store
from pipelinekit.report.evidence import Evidence
from pipelinekit.report.recorded import run_state
from tests.made_store import run_events, run_id
from tests.report.stores import record

EvidenceOf = Callable[[str], Evidence]


def test_the_report_is_named_after_the_repository(evidence_of: EvidenceOf) -> None:
    assert evidence_of("twelve runs").title == "shop"
    assert evidence_of("empty").title == "a-repository"


def test_an_empty_store_has_no_window_and_no_runs(evidence_of: EvidenceOf) -> None:
    evidence = evidence_of("empty")
    assert evidence.window is None
    assert evidence.runs == []
    assert evidence.recent_main.num_rows == 0
    assert evidence.branch == ""


def test_runs_that_share_a_number_have_pages_of_their_own(tmp_path: Path) -> None:
    runs = [list(run_events(number)) for number in (1, 2)]
    for events in runs:
        assert isinstance(events[0], RunStarted)
        events[0] = replace(events[0], number=7)
    evidence = Evidence(record(tmp_path, runs), "")
    names = list(evidence.page_names.values())
    assert names[0] == "run-7"
    assert names[1].startswith("run-7-")
    assert len(set(names)) == 2


def test_a_later_attempt_has_a_page_of_its_own_and_is_the_one_that_is_meant(tmp_path: Path) -> None:
    first, second = (list(run_events(1)) for _ in range(2))
    assert isinstance(second[0], RunStarted)
    second[0] = replace(second[0], attempt=2)
    evidence = Evidence(record(tmp_path, [first, second]), "")
    assert evidence.run_page(run_id(1), 1) == "run-1.html"
    assert evidence.run_page(run_id(1)) == "run-1-2.html"
    assert evidence.run_page("gone") == ""
    assert evidence.run_page(None) == ""


def test_the_state_from_the_tables_is_that_of_the_run(evidence_of: EvidenceOf) -> None:
    evidence = evidence_of("twelve runs")
    run = next(row for row in evidence.runs if row["number"] == 3)
    state = run_state(evidence, run)
    assert (state.state, state.reason) == ("failure", run["reason"])
    assert [(leg.leg, leg.state.value) for leg in state.legs] == [
        ("test (3.9)", "failure"), ("test (3.11)", "failure"), ("test (3.13)", "failure"), ("deploy", "skipped"),
    ]  # fmt: skip
    leg = state.legs[0]
    assert leg.matrix == {"python": "3.9"}
    assert leg.failed_step is not None
    assert (leg.failed_step.name, leg.failed_step.exit_code) == ("Test", 1)
    assert (leg.tests, leg.failed_tests) == (7, ("test_total_with_discount[25]",))
    assert state.legs[3].needs == ("test",)


def test_a_store_without_journals_still_makes_a_state(tmp_path: Path) -> None:
    store = record(tmp_path, [list(run_events(1))])
    for journal in store.journals():
        journal.unlink()
    evidence = Evidence(Store(tmp_path), "")
    state = run_state(evidence, evidence.runs[0])
    assert len(state.legs) == 4
    assert state.legs[3].summaries == ()
