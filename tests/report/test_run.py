"""The page of one run: what, why, where."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipelinekit.model.event import LinesLogged, StepFinished, StepStarted
from pipelinekit.report.evidence import Evidence, Row, RunKey
from pipelinekit.report.page import Page
from pipelinekit.report.run import run_page
from pipelinekit.views.log import DOM_LINES
from tests.made_store import run_events, run_id
from tests.report.stores import record
from tests.views.parsed import Element, parse

EvidenceOf = Callable[[str], Evidence]


def page_of(evidence: Evidence, number: int) -> Page:
    return run_page(evidence, next(run for run in evidence.runs if run["number"] == number))


@pytest.fixture
def pages(evidence_of: EvidenceOf) -> Callable[[int], Element]:
    return lambda number: parse(page_of(evidence_of("twelve runs"), number).body)


def plain(element: Element) -> str:
    return element.text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("number", "says"),
    [
        pytest.param(1, "All four legs succeeded in 1m 23s.", id="all is well"),
        pytest.param(3, 'Three of four legs failed after 44s. deploy was skipped, because "test (3.9)" failed.', id="broken"),
        pytest.param(4, "All four legs succeeded in 46s. test_two_buyers_race_for_the_last_item failed first and passed when it ran "
                        "again: see Flaky tests.", id="rescued"),
        pytest.param(10, "Cancelled after 17s. The reason: interrupted.", id="cancelled"),
    ],
)  # fmt: skip
def test_the_first_sentence_says_what_happened(number: int, says: str, pages: Callable[[int], Element]) -> None:
    assert plain(pages(number).one("p", "pk-verdict")).strip() == says


def test_legs_that_failed_for_one_reason_are_one_callout(pages: Callable[[int], Element]) -> None:
    callout = pages(3).one("div", "pk-callout")
    assert plain(callout.all("p")[0]) == "test (3.9), test (3.11) and test (3.13) failed at step Test: 1 of 7 tests. exit code 1"
    assert "test_total_with_discount[25]" in callout.one("pre").text
    assert "assert Decimal('7.4925') == Decimal('7.49')" in callout.one("pre").text


def test_a_test_that_is_known_to_be_flaky_is_said_to_be(pages: Callable[[int], Element]) -> None:
    known = plain(pages(5).one("div", "pk-callout").all("p")[1])
    assert known.startswith("test_two_buyers_race_for_the_last_item is known to be flaky: it failed in 3 of 11 runs")
    assert known.endswith("What is known")


def test_a_run_that_succeeded_has_no_callout(pages: Callable[[int], Element]) -> None:
    assert not pages(1).all("div", "pk-callout")


def test_a_run_is_compared_with_the_one_before_on_its_branch(pages: Callable[[int], Element]) -> None:
    facts = {row.one("th").text: plain(row.one("td")) for row in pages(4).one("table", "pk-facts").all("tr")}
    assert facts["Compared with"] == "run 3: ↑ +1.7s, 1 test passing again, same images" or facts["Compared with"].startswith(
        "run 3: "
    )
    assert "1 test passing again" in facts["Compared with"]
    assert facts["Branch, event"] == "main, push by mira"
    assert not [th for th in pages(1).one("table", "pk-facts").all("th") if th.text == "Compared with"]


def test_what_steps_said_about_the_code_stands_once_for_all_legs(pages: Callable[[int], Element]) -> None:
    section = next(item for item in pages(7).all("ul", "pk-list"))
    assert [plain(li) for li in section.all("li")] == [
        "shop/search.py:3 F401: `os` imported but unusedwarning · test (3.9), test (3.11) and test (3.13)"
    ]


def test_a_summary_is_shown_as_it_was_meant(pages: Callable[[int], Element]) -> None:
    shown = pages(1).one("div", "pk-summary")
    assert (shown.one("h4").text, shown.one("p").text) == ("Deployed", "12 files")


def test_the_notes_of_a_run_are_kept(pages: Callable[[int], Element]) -> None:
    facts = {row.one("th").text: plain(row.one("td")) for row in pages(1).one("table", "pk-facts").all("tr")}
    assert facts["Notes"] == "permissions: accepted, without effect on one machine"
    assert facts["Artifacts"] == "shop 48 kB"


def test_a_huge_log_is_cut_on_the_page_and_whole_beside_it(tmp_path: Path) -> None:
    events = list(run_events(1))
    at, logged = next(
        (at, event) for at, event in enumerate(events) if isinstance(event, LinesLogged) and event.leg == "test (3.9)"
    )
    many = tuple((logged.at, f"line {n}") for n in range(1, 20_001))
    events[at] = replace(logged, first=1, lines=many)
    page = page_of(Evidence(record(tmp_path, [events]), ""), 1)
    log = parse(page.late["log"])
    assert len(log.all("div", "pk-line")) <= DOM_LINES
    assert "line 20000" in page.late["log"]
    assert sum(text.count("\n") for _, text in page.files) > 20_000
    assert any("are in the whole log only." in p.text for p in log.all("p", "pk-says"))


def test_steps_of_an_action_are_folds_in_that_of_the_step_that_uses_it(tmp_path: Path) -> None:
    """As if the tests of run 3 were run by an action."""
    events = list(run_events(3))
    started = next(event for event in events if isinstance(event, StepStarted) and event.name == "Test")
    at = events.index(started)
    ended = next(event for event in events[at:] if isinstance(event, StepFinished) and event.step == started.step)
    events.insert(at, replace(started, step=50, id="__self", name="Run ./ci/test", uses="./ci/test", command=""))
    events[at + 1] = replace(started, parent=50)
    events.insert(events.index(ended) + 1, replace(ended, step=50, exit_code=None))
    page = page_of(Evidence(record(tmp_path, [events]), ""), 3)
    callout = next(p.text for p in parse(page.body).all("div", "pk-callout") if ended.leg in p.text)
    assert "failed at step Test of Run ./ci/test" in callout
    leg = next(box for box in parse(page.late["log"]).all("section", "pk-leglog") if box.one("h3").text.startswith(ended.leg))
    titles = [(fold.one("summary").one("b").text, "pk-inner" in fold.classes) for fold in leg.all("details", "pk-fold")]
    where = titles.index(("Run ./ci/test", False))
    assert titles[where + 1] == ("Test", True)
    assert "What it is made of stands below." in leg.all("details", "pk-fold")[where].text
    assert any("== Run ./ci/test > Test\n" in text for _, text in page.files)


class Remembering(Evidence):
    """As if a leg had been restored from run 1."""

    def rows(self, name: str, key: RunKey) -> list[Row]:
        found = super().rows(name, key)
        if name != "jobs":
            return found
        return [{**row, "remembered": run_id(1) if row["leg"] == "test (3.9)" else None} for row in found]


def test_a_leg_that_did_not_run_again_is_shown_as_remembered(evidence_of: EvidenceOf) -> None:
    page = page_of(Remembering(evidence_of("three runs").store, ""), 2)
    tree = parse(page.body)
    assert "1 leg remembered: restored from run 1, because nothing that it reads had changed." in plain(tree)
    assert tree.one("table", "pk-matrix").all("td")[0].classes == ["pk-remembered"]
    assert "remembered" in tree.one("p", "pk-key").text
    assert parse(page.late["log"]).one("ol", "pk-steps").all("li", "pk-remembered")
