"""The images on this machine that legs can run in: which Pythons, and how old."""

from collections.abc import Iterator, Mapping
from typing import Any

from pipelinekit.examinations.machine import ASK_SECONDS, Machine
from pipelinekit.executors.engine_api import ask
from pipelinekit.executors.images import LABELS, Local, described, known
from pipelinekit.model.finding import Finding, Health
from pipelinekit.model.problem import SurroundingsMissing
from pipelinekit.views.words import plural

OLD_DAYS = 180
DAY_SECONDS = 86_400.0
BUILD = "pipelinekit engine"


def images(machine: Machine) -> Iterator[Finding]:
    """One finding for each image whose Python or Node is known, and one where there is none."""
    try:
        listed = ask(machine.environment, "/images/json", ASK_SECONDS) or []
    except SurroundingsMissing:  # which the check of the engine says
        return
    made = {tag: image for image in listed for tag in image.get("RepoTags") or ()}
    found = known((tag, image.get("Labels") or {}) for tag, image in made.items())
    for local in found:
        yield _image(local, made[local.name], machine.now)
    for name in sorted(set(LABELS.values()) & made.keys()):
        yield Finding("image", Health.FINE, f"{name}, for {', '.join(label for label, image in LABELS.items() if image == name)}")
    if not found:
        yield Finding("images", Health.WARNING, "none here has a Python that is known; a run pulls what it needs, or fails", BUILD)


def _image(local: Local, about: Mapping[str, Any], now: float) -> Finding:
    days = int((now - float(about.get("Created") or now)) // DAY_SECONDS)
    how = "built here" if local.stands_in else "pulled"
    age = f"{plural(days, 'day')} old" if days else "of today"
    detail = f"{described(local) or 'of an unknown version'} in {local.name}, {how}, {age}"
    if days > OLD_DAYS:
        mend = f"docker rmi {local.name}; {BUILD}" if local.stands_in else f"docker pull {local.name}"
        return Finding("image", Health.WARNING, detail, mend)
    return Finding("image", Health.FINE, detail)
