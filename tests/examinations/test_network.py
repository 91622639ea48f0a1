"""What containers are told of the network."""

from pathlib import Path

import pytest

from pipelinekit.examinations.machine import Machine
from pipelinekit.examinations.network import network
from pipelinekit.executors import network as told
from pipelinekit.model.finding import Health
from tests.examinations.conftest import with_variables


@pytest.fixture(autouse=True)
def a_plain_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told, "ADDED_AUTHORITIES", ())
    monkeypatch.setattr(told, "PIP_SETTINGS", Path("/nonexistent/pip.conf"))


def test_a_plain_machine_needs_nothing(machine: Machine) -> None:
    certificates, others = network(machine)
    assert (certificates.state, others.state) == (Health.FINE, Health.FINE)
    assert others.detail == "no proxy and no package index of your own is set"


def test_proxies_are_named_without_what_they_hold(machine: Machine) -> None:
    _, found = network(with_variables(machine, https_proxy="http://mira:secret@proxy:3128", PIP_INDEX_URL="https://mirror/simple"))
    assert found.detail == "containers are told https_proxy, PIP_INDEX_URL"


def test_the_certificates_of_the_machine_go_along(machine: Machine, tmp_path: Path) -> None:
    bundle = tmp_path / "company.pem"
    bundle.write_text("-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n" * 2)
    found, _ = network(with_variables(machine, SSL_CERT_FILE=str(bundle)))
    assert found.state is Health.FINE
    assert found.detail == f"2\u00a0certificates in {bundle}, which containers get as /etc/pipelinekit/ca-certificates.crt"


@pytest.mark.parametrize(
    ("content", "mend"),
    [pytest.param(None, "unset PIP_CERT", id="gone"), pytest.param("nothing", "name a file of PEM certificates", id="empty")],
)
def test_a_file_that_certifies_nothing_is_a_warning(content: str | None, mend: str, machine: Machine, tmp_path: Path) -> None:
    bundle = tmp_path / "company.pem"
    if content is not None:
        bundle.write_text(content)
    found, _ = network(with_variables(machine, PIP_CERT=str(bundle)))
    assert (found.state, found.mend) == (Health.WARNING, mend)
