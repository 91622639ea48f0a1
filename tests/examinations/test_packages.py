"""The packages that are declared, and those that are here."""

from importlib.metadata import PackageNotFoundError

import pytest

from pipelinekit.examinations import packages as module
from pipelinekit.examinations.machine import Machine
from pipelinekit.examinations.packages import looked_at, packages
from pipelinekit.model.finding import Health

HERE = {"rich": "13.8.0", "jupyterlab": "4.2.0", "papermill": "2.6", "mkdocs": "1.6.1"}
DECLARED = [
    "rich>=13.7", 'jupyterlab>=4.3; extra == "lab"', "papermill>=2.6 ; extra == 'lab'", 'mkdocs<2,>=1.6; extra == "report"',
    'pytest>=8; extra == "test"', 'pipelinekit[lab,report,test]; extra == "all"',
]  # fmt: skip


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    installed = dict(HERE)

    def version(name: str) -> str:
        if name not in installed:
            raise PackageNotFoundError(name)
        return installed[name]

    monkeypatch.setattr(module, "version", version)
    return installed


def test_each_extra_is_one_finding_with_its_versions(here: dict[str, str]) -> None:
    here["jupyterlab"] = "4.10.1"
    found = list(looked_at(DECLARED))
    assert [(finding.what, finding.state, finding.detail) for finding in found] == [
        ("packages", Health.FINE, "rich 13.8.0"),
        ("packages [lab]", Health.FINE, "jupyterlab 4.10.1, papermill 2.6"),
        ("packages [report]", Health.FINE, "mkdocs 1.6.1"),
    ]


def test_what_an_extra_lacks_is_a_warning_with_the_extra_to_install(here: dict[str, str]) -> None:
    del here["jupyterlab"]
    found = list(looked_at(DECLARED))[1]
    assert (found.state, found.mend) == (Health.WARNING, "pip install 'pipelinekit[lab]'")
    assert found.detail == "not installed: jupyterlab; they are for JupyterLab, the run widget and notebooks"


def test_what_is_always_needed_is_missing(here: dict[str, str]) -> None:
    del here["rich"]
    assert next(looked_at(DECLARED)).state is Health.MISSING


def test_an_older_version_than_the_least_is_told(here: dict[str, str]) -> None:
    found = list(looked_at(DECLARED))[1]
    assert (found.state, found.detail) == (Health.WARNING, "too old: jupyterlab 4.2.0 (at least 4.3)")


def test_a_package_that_is_not_installed_declares_nothing(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def requires(name: str) -> list[str]:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(module, "requires", requires)
    (found,) = packages(machine)
    assert found.state is Health.WARNING


def test_our_own_declaration_is_understood(machine: Machine) -> None:
    found = {finding.what: finding for finding in packages(machine)}
    assert {"packages", "packages [lab]", "packages [report]"} <= found.keys()
    assert "pyarrow" in found["packages"].detail
    assert "pytest" not in "".join(finding.detail for finding in found.values())
