"""What containers are told of this machine's network."""

from pathlib import Path

import pytest

from pipelinekit.executors import network


@pytest.fixture(autouse=True)
def a_plain_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if nobody had added an authority or settings for pip to this machine."""
    monkeypatch.setattr(network, "ADDED_AUTHORITIES", ())
    monkeypatch.setattr(network, "PIP_SETTINGS", Path("/nonexistent/pip.conf"))


def test_a_plain_machine_has_nothing_to_tell(tmp_path: Path) -> None:
    assert network.variables({"HOME": str(tmp_path), "PATH": "/bin"}) == {}
    assert network.bundle({"HOME": str(tmp_path)}) is None


def test_a_proxy_is_passed_on_in_both_spellings() -> None:
    told = network.variables({"http_proxy": "http://proxy:3128", "NO_PROXY": "localhost", "HTTPS_PROXY": ""})
    assert told == {"http_proxy": "http://proxy:3128", "NO_PROXY": "localhost"}


def test_a_named_file_of_certificates_is_given_to_every_tool(tmp_path: Path) -> None:
    certificates = tmp_path / "company.pem"
    certificates.write_text("-----BEGIN CERTIFICATE-----")
    environment = {"REQUESTS_CA_BUNDLE": str(certificates), "SSL_CERT_FILE": str(tmp_path / "missing.pem")}
    assert network.bundle(environment) == certificates
    assert network.variables(environment) == dict.fromkeys(network.CERTIFICATE_VARIABLES, network.BUNDLE_IN_PLACE)


def test_an_authority_that_the_system_was_given_counts_as_one_that_was_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    added, whole = tmp_path / "added", tmp_path / "whole.crt"
    added.mkdir()
    whole.write_text("all of them")
    monkeypatch.setattr(network, "ADDED_AUTHORITIES", (added,))
    monkeypatch.setattr(network, "SYSTEM_BUNDLES", (whole,))
    assert network.bundle({}) is None
    (added / "company.crt").write_text("one more")
    assert network.bundle({}) == whole


def test_the_index_comes_from_the_environment_before_pips_own_settings(tmp_path: Path) -> None:
    settings = tmp_path / ".config/pip/pip.conf"
    settings.parent.mkdir(parents=True)
    settings.write_text("[global]\nindex-url = https://mirror/simple\ntrusted-host = mirror\n  other\n")
    environment = {"HOME": str(tmp_path)}
    assert network.variables(environment) == {"PIP_INDEX_URL": "https://mirror/simple", "PIP_TRUSTED_HOST": "mirror other"}
    assert network.variables({**environment, "PIP_INDEX_URL": "https://other/simple"})["PIP_INDEX_URL"] == "https://other/simple"


def test_pips_own_certificates_count_too(tmp_path: Path) -> None:
    certificates = tmp_path / "company.pem"
    certificates.write_text("-----BEGIN CERTIFICATE-----")
    (tmp_path / "pip.conf").write_text(f"[global]\ncert = {certificates}\n")
    assert network.bundle({"PIP_CONFIG_FILE": str(tmp_path / "pip.conf")}) == certificates


def test_settings_that_pip_could_not_read_either_are_left_to_pip(tmp_path: Path) -> None:
    (tmp_path / "pip.conf").write_text("index-url without a section")
    assert network.variables({"PIP_CONFIG_FILE": str(tmp_path / "pip.conf")}) == {}
