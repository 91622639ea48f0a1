"""codecov/codecov-action: reports are recorded with their flag, and nothing leaves the machine."""

from pathlib import Path

import pytest

from tests.actions.conftest import Bench, lay

USES = "codecov/codecov-action"


TREE = ["coverage.xml", "sub/coverage.xml", "sub/lcov.info", "node_modules/x/coverage.xml", "junit.xml", "setup.xml", "x/a.xml"]


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        pytest.param({}, ["coverage.xml", "sub/coverage.xml", "sub/lcov.info"], id="searched for"),
        pytest.param({"directory": "sub"}, ["sub/coverage.xml", "sub/lcov.info"], id="in a folder"),
        pytest.param({"working_directory": "./sub"}, ["sub/coverage.xml", "sub/lcov.info"], id="in the working directory"),
        pytest.param({"files": "./coverage.xml, x/a.xml"}, ["coverage.xml", "x/a.xml"], id="named"),
        pytest.param({"file": "x/*.xml"}, ["x/a.xml"], id="by a pattern"),
        pytest.param({"files": "coverage.xml,coverage.xml,gone.xml"}, ["coverage.xml"], id="each once, and what is there"),
        pytest.param({"exclude": "sub"}, ["coverage.xml"], id="without what is excluded"),
        pytest.param({"disable_search": "true"}, [], id="not searched for"),
        pytest.param({"report_type": "test_results"}, ["junit.xml"], id="test results"),
    ],
)
def test_which_reports_are_recorded(bench: Bench, workspace: Path, inputs: dict[str, str], expected: list[str]) -> None:
    lay(workspace, *TREE)
    bench.use(USES, **inputs)
    assert [event.path for event in bench.reports()] == expected
    assert bench.said[-1] == "reports are recorded on this machine: nothing is uploaded to Codecov"


def test_a_report_is_kept_with_its_flag(bench: Bench, workspace: Path) -> None:
    lay(workspace, "coverage.xml")
    bench.use(USES, flags=" unit , py311", token="secret")
    (event,) = bench.reports()
    assert (event.kind, event.flag, event.leg, event.step) == ("coverage", "unit,py311", "test", 3)
    assert bench.blobs.read(event.digest) == b"coverage.xml\n"
    assert "secret" not in "\n".join(bench.said)


def test_a_file_outside_the_workspace_can_be_named(bench: Bench, tmp_path: Path) -> None:
    lay(tmp_path, "outside.xml")
    bench.use(USES, files=str(tmp_path / "outside.xml"))
    assert [event.path for event in bench.reports()] == [str(tmp_path / "outside.xml")]


def test_test_results_have_an_action_of_their_own(bench: Bench, workspace: Path) -> None:
    lay(workspace, *TREE)
    bench.use("codecov/test-results-action", flags="unit")
    assert [(event.kind, event.path, event.flag) for event in bench.reports()] == [("junit", "junit.xml", "unit")]


def test_no_report_is_a_warning_or_a_failure(bench: Bench) -> None:
    bench.use(USES)
    assert bench.warnings() == ["::warning::No coverage reports found. Please make sure you're generating reports successfully."]
    assert "No coverage reports found" in bench.failure(USES, fail_ci_if_error="true")
