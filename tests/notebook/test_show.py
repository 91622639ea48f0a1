"""How values show themselves: the same in a trusted notebook, an untrusted one, and on a code host."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import pipelinekit as pk
from pipelinekit.books.clean import clean
from pipelinekit.model.event import LegQueued, LegStarted, RunStarted
from pipelinekit.model.finding import Finding, Findings, Health
from pipelinekit.model.problem import Problems, SurroundingsMissing, WorkflowInvalid
from pipelinekit.model.run_state import RunState, fold
from pipelinekit.model.shown import Bundle, Shown
from pipelinekit.records.store import Runs
from pipelinekit.runs.preview import Preview
from pipelinekit.workflows.read import read
from tests.made_store import make_store
from tests.repositories import repository
from tests.views.parsed import HOSTILE, assert_harmless, parse

TEXT = """
name: CI
on: [push, pull_request]
jobs:
  lint: {runs-on: ubuntu-latest, steps: [{run: echo}, {run: echo}]}
  test:
    needs: lint
    runs-on: ubuntu-latest
    strategy: {matrix: {python: ['3.11', '3.13'], db: [sqlite, postgres], exclude: [{python: '3.13', db: sqlite}]}}
    steps: [{run: echo}]
  late:
    needs: test
    if: github.ref == 'refs/heads/main'
    runs-on: ubuntu-latest
    strategy: {matrix: {n: "${{ fromJSON(needs.test.outputs.n) }}"}}
    steps: [{run: echo}]
"""
PREVIEW = Preview(  # noqa: S604 - the shell of a step
    "test (3.11)", "Run tests", True, "Evaluating: success()\nExpanded: success()\nResult: true", command="pytest -q\n",
    shell="bash -e {0}", directory="sub", image="python:3.11", environment={"A": "1"}, changed={"B": "2"},
)  # fmt: skip
FINDINGS = Findings([
    Finding("git", Health.FINE, "2.39.5"),
    Finding("engine", Health.MISSING, "cannot reach Docker", "sudo pipelinekit engine"),
])  # fmt: skip


@pytest.fixture(scope="module")
def top(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository(tmp_path_factory.mktemp("show") / "shop", TEXT)


@pytest.fixture(scope="module")
def values(top: Path) -> dict[str, Shown]:
    """One of each kind."""
    workflow, _ = read("ci.yml", TEXT)
    assert workflow is not None
    _, problems = read("ci.yml", "on: push\njobs: {a: {runs-on: x, needs: [tset], steps: [{run: echo}]}}\n")
    plan = pk.plan("ci.yml", directory=top)
    store = make_store(top / ".pipelinekit")
    failed = next(row for row in store.runs() if row["outcome"] == "failure")
    state = RunState()
    for event in store.events(failed["run_id"], failed["attempt"]):
        state = fold(state, event)
    return {
        "workflow": workflow, "job": workflow.job("test"), "problems": problems, "plan": plan, "matrix": plan.matrix("test"), "preview": PREVIEW, "state": state,
        "runs": store.runs(), "store": store, "findings": FINDINGS,
    }  # fmt: skip


KINDS = ("workflow", "job", "problems", "plan", "matrix", "preview", "state", "runs", "store", "findings")
OWN_STYLES = "runs"  # its table is the notebook's own, whose stylesheet comes along and may be taken out


def shown(value: Shown) -> Bundle:
    return value._repr_mimebundle_()


@pytest.mark.parametrize("kind", KINDS)
def test_a_value_shows_itself_as_html_and_as_text(kind: str, values: dict[str, Shown]) -> None:
    bundle = shown(values[kind])
    assert {"text/html", "text/plain"} <= bundle.keys()
    assert type(bundle["text/html"]) is str
    parse(bundle["text/html"])


@pytest.mark.parametrize("kind", sorted({*KINDS} - {OWN_STYLES}))
def test_nothing_of_it_is_taken_out_where_a_notebook_is_not_trusted(kind: str, values: dict[str, Shown]) -> None:
    html = shown(values[kind])["text/html"]
    assert clean(html) == html


@pytest.mark.parametrize("kind", KINDS)
def test_it_asks_no_other_host(kind: str, values: dict[str, Shown]) -> None:
    html = shown(values[kind])["text/html"]
    assert re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?+(?!data:|#)""", html) == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_text_is_the_same_each_time_and_names_no_address(kind: str, values: dict[str, Shown]) -> None:
    text = shown(values[kind])["text/plain"]
    assert text == shown(values[kind])["text/plain"]
    assert "0x" not in text
    assert "object at" not in text


@pytest.mark.parametrize("kind", ["workflow", "job", "plan", "state", "store"])
def test_its_repr_is_one_line_without_times(kind: str, values: dict[str, Shown]) -> None:
    assert re.fullmatch(r"(<\w+ .+>|Store\('.+'\))", repr(values[kind]))


def test_a_workflow_is_its_graph_and_its_jobs(values: dict[str, Shown]) -> None:
    tree = parse(shown(values["workflow"])["text/html"])
    assert tree.one("p").text == "CI runs on push and pull_request: 3\u00a0jobs."
    assert tree.one("img").attributes["alt"].startswith("job graph: lint: 2\u00a0steps; test: a matrix, needs lint; late")
    rows = [[cell.text for cell in row.children if not isinstance(cell, str)] for row in tree.one("tbody").all("tr")]
    assert rows[0] == ["lint", "", "ubuntu-latest", "", "2\u00a0steps", ""]
    assert rows[1][3].startswith("python: 3.11, 3.13; db: sqlite, postgres; exclude: 3.13, sqlite")
    assert rows[2][5] == "github.ref == 'refs/heads/main'"


def test_a_job_is_its_steps(values: dict[str, Shown]) -> None:
    bundle = shown(values["job"])
    assert bundle["text/plain"].splitlines() == ["test: 1\u00a0step, needs lint", "  1  Run echo"]
    assert [cell.text for cell in parse(bundle["text/html"]).one("tbody").all("td")] == ["Run echo", ""]


def test_a_plan_is_its_graph_and_its_legs(values: dict[str, Shown]) -> None:
    bundle = shown(values["plan"])
    tree = parse(bundle["text/html"])
    assert tree.one("p").text == "CI on push of main: 3\u00a0jobs, 4\u00a0legs."
    rows = [[cell.text for cell in row.children if not isinstance(cell, str)] for row in tree.one("tbody").all("tr")]
    assert rows[1][2] == "test (3.11, sqlite), test (3.11, postgres), test (3.13, postgres)"
    assert rows[2][2] == "known when what it needs has ended"
    assert "  test (3.11, sqlite)" in bundle["text/plain"].splitlines()


def test_a_matrix_is_a_grid_with_what_is_left_out(values: dict[str, Shown]) -> None:
    bundle = shown(values["matrix"])
    tree = parse(bundle["text/html"])
    rows = [[cell.text for cell in row.children if not isinstance(cell, str)] for row in tree.all("tr")]
    assert rows == [["db \\ python", "3.11", "3.13"], ["sqlite", "leg 1", "left out"], ["postgres", "leg 2", "leg 3"]]
    assert bundle["text/plain"].splitlines()[-1].split() == ["postgres", "leg", "2", "leg", "3"]


@pytest.mark.parametrize(
    ("job", "words"),
    [
        pytest.param("lint", "lint: one leg, no matrix", id="none"),
        pytest.param("late", "late: its legs are known when what it needs has ended", id="later"),
    ],
)
def test_a_job_without_a_grid_says_so(job: str, words: str, top: Path) -> None:
    assert shown(pk.plan("ci.yml", directory=top).matrix(job))["text/plain"] == words


def test_a_matrix_of_no_job_names_those_there_are(top: Path) -> None:
    with pytest.raises(KeyError, match='no job has the id "tset"; jobs here: lint, test, late'):
        pk.plan("ci.yml", directory=top).matrix("tset")


def test_problems_are_said_as_in_a_terminal_with_their_place(values: dict[str, Shown]) -> None:
    bundle = shown(values["problems"])
    assert bundle["text/plain"].startswith('ci.yml:2:32: no job has the id "tset" [needs]')
    cells = [cell.text.strip() for cell in parse(bundle["text/html"]).one("tbody").all()]
    assert "error" in cells
    assert "ci.yml:2:32" in cells


def test_what_stops_the_work_shows_what_it_says(values: dict[str, Shown]) -> None:
    problems = values["problems"]
    assert isinstance(problems, Problems)
    text = "on: push\njobs: {a: {runs-on: x, needs: [tset], steps: [{run: echo}]}}\n"
    invalid = WorkflowInvalid(*problems, sources={"ci.yml": text})
    assert "2 | jobs: {a: {runs-on: x, needs: [tset]" in shown(invalid)["text/plain"]
    missing = SurroundingsMissing("cannot reach Docker", "start it")
    assert shown(missing)["text/plain"] == "cannot reach Docker\n  start it"
    assert parse(shown(missing)["text/html"]).one("b").text == "cannot reach Docker"


def test_a_run_under_way_says_so() -> None:
    begun = RunStarted(100.0, "id", 1, 7, "pipelinekit", "a/b", "CI", "ci.yml", "push", "main", "c", "s", "t", False, "Mira", "host", "h")
    state = fold(fold(fold(RunState(), begun), LegQueued(100.0, "lint", "lint")), LegStarted(101.0, "lint", "x"))
    assert shown(state)["text/plain"] == "run 7 of CI: running\n  running: lint"


def test_no_problem_is_a_sentence() -> None:
    assert shown(Problems())["text/plain"] == "nothing is wrong"


def test_a_preview_says_what_the_terminal_says(values: dict[str, Shown]) -> None:
    bundle = shown(values["preview"])
    assert bundle["text/plain"].splitlines()[:2] == ["next: test (3.11) · Run tests", "  $ pytest -q"]
    names = [row.children[0].text for row in parse(bundle["text/html"]).all("tr") if not isinstance(row.children[0], str)]
    assert names == ["runs", "condition", "command", "shell", "in", "image", "env A", "set before B"]


def test_a_run_s_text_has_no_clock_in_it(values: dict[str, Shown]) -> None:
    text = shown(values["state"])["text/plain"]
    assert re.match(r"run \d+ of ci: failure", text)
    assert re.search(r"^  failure: test \(3\.\d+\)", text, re.MULTILINE)
    assert not re.search(r"\d+(\.\d)?s\b", text)


def test_a_run_that_has_not_begun_is_a_sentence() -> None:
    assert shown(RunState())["text/plain"] == "no run has begun"


def test_a_store_without_runs_says_how_to_record_one() -> None:
    assert shown(Runs())["text/plain"] == "No runs are stored yet. `pipelinekit run ci.yml` records one."


def test_findings_have_their_mend_beside_them(values: dict[str, Shown]) -> None:
    tree = parse(shown(values["findings"])["text/html"])
    assert tree.one("p").text == "1\u00a0thing is missing."
    assert [cell.text for cell in tree.all("code")] == ["sudo pipelinekit engine"]


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(lambda: Findings([Finding(HOSTILE, Health.WARNING, HOSTILE, HOSTILE)]), id="findings"),
        pytest.param(lambda: Preview(HOSTILE, HOSTILE, False, HOSTILE, HOSTILE, environment={HOSTILE: HOSTILE}), id="preview"),
        pytest.param(lambda: read(HOSTILE, f"on: push\njobs: {{a: {{runs-on: x, {HOSTILE!r}: 1}}}}\n")[1], id="problems"),
    ],
)
def test_what_comes_from_outside_is_text(made: Callable[[], Shown]) -> None:
    html = re.sub(r'<img src="data:image/svg\+xml;base64,[^"]*"[^>]*>', "", shown(made())["text/html"])
    assert_harmless(html)


def test_showing_a_plan_loads_no_heavy_package(top: Path) -> None:
    code = f"""
import sys, pipelinekit as pk
pk.plan("ci.yml", directory={str(top)!r})._repr_mimebundle_()
print([name for name in ("pandas", "plotly", "pyarrow", "docker", "IPython") if name in sys.modules])
"""
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "[]\n"
