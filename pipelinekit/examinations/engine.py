"""The container engine: whether one answers, which one, and whose."""

from collections.abc import Iterator, Mapping
from typing import Any

from pipelinekit.examinations.machine import ASK_SECONDS, Machine
from pipelinekit.executors.engine_api import address, ask
from pipelinekit.model.finding import Finding, Health
from pipelinekit.model.problem import SurroundingsMissing

START = "sudo pipelinekit engine, or run without one: pipelinekit run --executor host"
AWAY = "start the engine that DOCKER_HOST names, or unset DOCKER_HOST"
JOIN = "sudo usermod -aG docker $USER, then log in again"


def engine(machine: Machine) -> Iterator[Finding]:
    try:
        about = ask(machine.environment, "/version", ASK_SECONDS) or {}
    except SurroundingsMissing as silence:
        yield Finding("engine", Health.MISSING, silence.message, _mend(silence.message, machine.environment))
        return
    told = info(machine.environment)
    yield Finding("engine", Health.FINE, f"{_name(about)} at {address(machine.environment)}{_manner(told)}")
    if told.get("OSType", "linux") != "linux":
        yield Finding("engine", Health.MISSING, f"it runs {told['OSType']} containers", "let it run Linux containers")


def _mend(silence: str, environment: Mapping[str, str]) -> str:
    if "permission denied" in silence:
        return JOIN
    return AWAY if environment.get("DOCKER_HOST") else START


def info(environment: Mapping[str, str]) -> dict[str, Any]:
    """What the engine says of itself; nothing where none answers."""
    try:
        return dict(ask(environment, "/info", ASK_SECONDS) or {})
    except SurroundingsMissing:
        return {}


def _name(about: Mapping[str, Any]) -> str:
    components = [str(part.get("Name", "")) for part in about.get("Components") or ()]
    name = "Podman" if any("Podman" in component for component in components) else "Docker"
    return f"{name} {about.get('Version', '')}".strip()


def _manner(told: Mapping[str, Any]) -> str:
    options = " ".join(told.get("SecurityOptions") or ())
    cores = f", {told['NCPU']} cores" if told.get("NCPU") else ""
    memory = f", {told['MemTotal'] / 1e9:.0f} GB" if told.get("MemTotal") else ""
    return (", rootless" if "rootless" in options else "") + cores + memory
