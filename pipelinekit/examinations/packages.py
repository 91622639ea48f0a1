"""The packages that pipelinekit declares, by the extra that brings them."""

import re
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from pipelinekit.examinations.machine import Machine
from pipelinekit.examinations.python import PACKAGE
from pipelinekit.model.finding import Finding, Health

# What each extra is good for; '' is what pipelinekit always needs. Extras for its own tests concern nobody else.
EXTRAS = {
    "": "",
    "lab": "JupyterLab, the run widget and notebooks",
    "report": "the health report as a site",
}
_REQUIREMENT = re.compile(r"(?P<name>[\w.-]+)[^;]*?(?:>=(?P<least>[\d.]+))?[^;]*(?:;.*extra == ['\"](?P<extra>\w+)['\"])?\s*$")


def packages(_machine: Machine) -> Iterator[Finding]:
    """One finding for what is always needed, one for each extra."""
    try:
        declared = requires(PACKAGE) or []
    except PackageNotFoundError:
        yield Finding("packages", Health.WARNING, f"{PACKAGE} is not installed, so what it needs can't be told", "pip install .")
        return
    yield from looked_at(declared)


def looked_at(declared: Iterable[str]) -> Iterator[Finding]:
    """declared: requirements as the metadata of a package has them, `numpy>=1.26; extra == "lab"`."""
    wanted: dict[str, list[tuple[str, str]]] = {extra: [] for extra in EXTRAS}
    for requirement in declared:
        found = _REQUIREMENT.match(requirement)
        extra = (found["extra"] or "") if found else None
        if found and extra in wanted:
            wanted[extra].append((found["name"], found["least"] or ""))
    for extra, needed in wanted.items():
        if needed:
            yield _extra(extra, needed)


def _extra(extra: str, needed: list[tuple[str, str]]) -> Finding:
    what = f"packages [{extra}]" if extra else "packages"
    here = {name: _installed(name) for name, _ in needed}
    absent = [name for name, there in here.items() if not there]
    old = [f"{name} {here[name]} (at least {least})" for name, least in needed if here[name] and _older(here[name], least)]
    install = f"pip install '{PACKAGE}[{extra}]'" if extra else f"pip install --upgrade {PACKAGE}"
    if absent:
        purpose = f"; they are for {EXTRAS[extra]}" if extra else ""
        state = Health.WARNING if extra else Health.MISSING
        return Finding(what, state, f"not installed: {', '.join(absent)}{purpose}", install)
    if old:
        return Finding(what, Health.WARNING, f"too old: {', '.join(old)}", f"{install} --upgrade" if extra else install)
    return Finding(what, Health.FINE, ", ".join(f"{name} {there}" for name, there in here.items()))


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _older(there: str, least: str) -> bool:
    return _numbers(there) < _numbers(least)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])
