"""What containers are told of the network: certificates, proxies, where packages come from. Nothing is fetched."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from pipelinekit.examinations.machine import Machine
from pipelinekit.executors.network import (
    BUNDLE_IN_PLACE,
    CERTIFICATE_VARIABLES,
    INDEX_VARIABLES,
    PROXY_VARIABLES,
    bundle,
    variables,
)
from pipelinekit.model.finding import Finding, Health
from pipelinekit.views.words import plural

_BEGIN = b"-----BEGIN CERTIFICATE-----"


def network(machine: Machine) -> Iterator[Finding]:
    """Names of variables only: a proxy's address may hold a password."""
    yield _certificates(machine.environment)
    told = variables(machine.environment)
    proxies = [name for name in told if name.lower() in PROXY_VARIABLES]
    indexes = [name for name in told if name in INDEX_VARIABLES]
    given = [*proxies, *indexes]
    detail = f"containers are told {', '.join(given)}" if given else "no proxy and no package index of your own is set"
    yield Finding("network", Health.FINE, detail)


def _certificates(environment: Mapping[str, str]) -> Finding:
    gone = [name for name in CERTIFICATE_VARIABLES if environment.get(name) and not Path(environment[name]).is_file()]
    if gone:
        detail = f"{', '.join(gone)} names a file that is not there"
        return Finding("certificates", Health.WARNING, detail, f"unset {' '.join(gone)}")
    file = bundle(environment)
    if file is None:
        return Finding("certificates", Health.FINE, "this machine trusts what every system trusts; containers bring their own")
    number = file.read_bytes().count(_BEGIN)
    if not number:
        return Finding("certificates", Health.WARNING, f"{file} holds no certificate", "name a file of PEM certificates")
    detail = f"{plural(number, 'certificate')} in {file}, which containers get as {BUNDLE_IN_PLACE}"
    return Finding("certificates", Health.FINE, detail)
