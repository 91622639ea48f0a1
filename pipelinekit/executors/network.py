"""What commands in a container must be told of the network that this machine stands in: proxies, certificates, package index.

Where a company's proxy signs TLS anew, nothing in a container trusts it, unless it is given the machine's certificates.
"""

import configparser
from collections.abc import Mapping
from pathlib import Path

BUNDLE_IN_PLACE = "/etc/pipelinekit/ca-certificates.crt"

# Each names a file of trusted certificates for some tool; where a person has set one, this machine's trust is not the usual one.
CERTIFICATE_VARIABLES = (
    "SSL_CERT_FILE",
    "PIP_CERT",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "GIT_SSL_CAINFO",
    "NODE_EXTRA_CA_CERTS",
    "AWS_CA_BUNDLE",
    "CARGO_HTTP_CAINFO",
)
PROXY_VARIABLES = ("http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy")
INDEX_VARIABLES = (
    "PIP_INDEX_URL",
    "PIP_EXTRA_INDEX_URL",
    "PIP_TRUSTED_HOST",
    "PIP_DEFAULT_TIMEOUT",
    "UV_INDEX_URL",
    "UV_DEFAULT_INDEX",
    "UV_EXTRA_INDEX_URL",
    "NPM_CONFIG_REGISTRY",
)
# where a machine's own authorities are put, for the distribution to mix them into its bundle
ADDED_AUTHORITIES = (Path("/usr/local/share/ca-certificates"), Path("/etc/pki/ca-trust/source/anchors"))
SYSTEM_BUNDLES = (Path("/etc/ssl/certs/ca-certificates.crt"), Path("/etc/pki/tls/certs/ca-bundle.crt"))
PIP_SETTINGS = Path("/etc/pip.conf")
PIP_OPTIONS = ("index-url", "extra-index-url", "trusted-host")


def bundle(environment: Mapping[str, str]) -> Path | None:
    """The file of certificates that this machine trusts, where that is not just what every system trusts."""
    named = [Path(environment[name]) for name in CERTIFICATE_VARIABLES if environment.get(name)]
    named += [Path(file) for option, file in _pip_settings(environment).items() if option == "cert"]
    if not named and any(any(folder.rglob("*.*")) for folder in ADDED_AUTHORITIES):
        named = [*SYSTEM_BUNDLES]
    return next((file.resolve() for file in named if file.is_file()), None)


def variables(environment: Mapping[str, str]) -> dict[str, str]:
    """What a container's environment gets so that the network is reached from it as from this machine."""
    told: dict[str, str] = {}
    for name in PROXY_VARIABLES:
        told |= {n: environment[n] for n in (name, name.upper()) if environment.get(n)}
    settings = _pip_settings(environment)
    told |= {f"PIP_{option.replace('-', '_').upper()}": settings[option] for option in PIP_OPTIONS if option in settings}
    told |= {name: environment[name] for name in INDEX_VARIABLES if environment.get(name)}
    if bundle(environment) is not None:
        told |= dict.fromkeys(CERTIFICATE_VARIABLES, BUNDLE_IN_PLACE)
    return told


def _pip_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """What pip's own files of settings say for all of its commands, by option."""
    home = Path(environment.get("HOME") or "/nonexistent")
    own = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    files = [PIP_SETTINGS, home / ".pip/pip.conf", own / "pip/pip.conf"]  # later ones win, as pip reads them
    if environment.get("PIP_CONFIG_FILE"):
        files.append(Path(environment["PIP_CONFIG_FILE"]))
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read([file for file in files if file.is_file()], encoding="utf-8")
    except (configparser.Error, OSError):
        return {}  # pip itself will say so, to whom it concerns
    return {option: " ".join(value.split()) for option, value in parser.items("global")} if parser.has_section("global") else {}
