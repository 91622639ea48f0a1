"""Room on the disks where runs leave something."""

import os
from collections.abc import Iterator
from pathlib import Path

from pipelinekit.examinations.engine import info
from pipelinekit.examinations.machine import Machine
from pipelinekit.model.finding import Finding, Health
from pipelinekit.views.words import size

LITTLE_BYTES = 5_000_000_000  # a few images and a workspace for each leg
TOO_LITTLE_BYTES = 500_000_000  # not one image can be unpacked
FEW_FILES = 20_000  # that can still be made; a folder of JavaScript packages alone has as many


def disk(machine: Machine) -> Iterator[Finding]:
    """One finding for each file system among those of the store, of temporary files and of the engine."""
    root = info(machine.environment).get("DockerRootDir")
    places = {
        "the store": _there(machine.store.path),
        "temporary files": Path(machine.environment.get("TMPDIR") or "/tmp"),  # noqa: S108 - what programs take
        **({"the engine": Path(root)} if root else {}),
    }
    shared: dict[int, list[str]] = {}
    for name, place in places.items():
        if place.exists():  # an engine elsewhere keeps its images on no disk of ours
            shared.setdefault(place.stat().st_dev, []).append(name)
    for names in shared.values():
        yield room(", ".join(names), os.statvfs(places[names[0]]))


def room(what: str, told: os.statvfs_result) -> Finding:
    """told: of the file system that `what` is on."""
    free, whole = told.f_bavail * told.f_frsize, told.f_blocks * told.f_frsize
    detail = f"{size(free)} of {size(whole)} free for {what}"
    few = told.f_files > 0 and told.f_favail < FEW_FILES
    if few:
        detail += f", and only {told.f_favail:,} more files"
    if free < TOO_LITTLE_BYTES:
        return Finding("disk", Health.MISSING, detail, "make room: pipelinekit clean; docker system prune")
    if free < LITTLE_BYTES or few:
        return Finding("disk", Health.WARNING, detail, "make room before long: pipelinekit clean; docker system prune")
    return Finding("disk", Health.FINE, detail)


def _there(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(place for place in (folder, *folder.parents) if place.exists())
