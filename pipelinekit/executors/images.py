"""Which image a leg runs in: its `container:`, else the versions that its setup actions ask for, else its `runs-on` label.

What is on this machine is taken before anything is pulled, as setup-python takes a version that its runner has before it
downloads one. Where a public image is missing and a local one that `pipelinekit engine` built can stand in, it does, and the
run says so.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from pipelinekit.executors.base import PlaceRequest
from pipelinekit.executors.versions import NEWEST_PATCH, Range, Version, number, parse, parse_node
from pipelinekit.model.problem import SurroundingsMissing

# Chosen for size and fidelity: Ubuntu itself with git, bash, curl, sudo, Python and Node, 1.2 GB where GitHub's own has 60.
LABELS = {
    "ubuntu-latest": "ghcr.io/catthehacker/ubuntu:act-24.04",
    "ubuntu-24.04": "ghcr.io/catthehacker/ubuntu:act-24.04",
    "ubuntu-22.04": "ghcr.io/catthehacker/ubuntu:act-22.04",
    "ubuntu-20.04": "ghcr.io/catthehacker/ubuntu:act-20.04",
}
ANY_MACHINE = frozenset({"self-hosted", "linux", "x64", "arm64", "ubuntu-slim"})  # labels that name no image of their own
STAND_INS = "pipelinekit/python"
USUAL_STAND_IN = f"{STAND_INS}:3.11"
PYTHON_LABEL, NODE_LABEL = "pipelinekit.python", "pipelinekit.node"  # full versions, on the images that we built

PYTHONS = ("3.14", "3.13", "3.12", "3.11", "3.10", "3.9")  # newest first; images with git, curl and a compiler
NODES = ("24", "22", "20", "18")
PYTHON_IMAGE = "python:{python}-bookworm"
NODE_IMAGE = "node:{node}-bookworm"
BOTH_IMAGE = "nikolaik/python-nodejs:python{python}-nodejs{node}"
_OURS = (
    re.compile(r"(?:.*/)?python:(?P<python>3[\d.]*)-bookworm"),
    re.compile(r"(?:.*/)?node:(?P<node>[\d.]+)-bookworm"),
    re.compile(r"nikolaik/python-nodejs:python(?P<python>3\.\d+)-nodejs(?P<node>\d+)"),
)

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Choice:
    """digest: of the registry's manifest, or the image's id where no registry has it. user: the image's own, '' for root.

    machine: it was chosen by a label and stands for a whole machine, whose /etc/environment a login reads.
    """

    image: str
    digest: str
    user: str = ""
    machine: bool = False


@dataclass(frozen=True, slots=True)
class Local:
    """An image on this machine that has a Python or a Node of a version that we know."""

    name: str
    python: Version | None = None
    node: Version | None = None

    @property
    def stands_in(self) -> bool:
        return self.name.startswith(f"{STAND_INS}:")


class Shelf(Protocol):
    """The engine's images."""

    def find(self, image: str) -> Choice | None:
        """The image, where it is on this machine."""

    def listed(self) -> list[tuple[str, dict[str, str]]]:
        """All names of images on this machine, each with the image's labels."""

    def pull(self, image: str, say: Say) -> Choice:
        """Raises SurroundingsMissing."""


def choose(shelf: Shelf, request: PlaceRequest, say: Say) -> Choice:
    """The image for the leg, pulled where need be. Raises SurroundingsMissing with what is to be had."""
    if request.image:
        return _by_name(shelf, request.image, say)
    if request.python or request.node:
        return _by_versions(shelf, request, say)
    return _by_label(shelf, request, say)


def locals_of(shelf: Shelf) -> list[Local]:
    """The images on this machine whose versions we know, by name."""
    return known(shelf.listed())


def known(listed: Iterable[tuple[str, Mapping[str, str]]]) -> list[Local]:
    """Those of the images, each a name with its labels, whose versions we know, by name."""
    found = []
    # By name alone: while an image is made anew the engine may list its name twice.
    for name, labels in sorted(listed, key=lambda image: image[0]):
        if name.startswith(f"{STAND_INS}:"):
            python = number(labels.get(PYTHON_LABEL, name.rpartition(":")[2]))
            found.append(Local(name, python, number(labels.get(NODE_LABEL, ""))))
        for pattern in _OURS:
            if (match := pattern.fullmatch(name)) is not None:
                groups = match.groupdict()
                found.append(Local(name, number(groups.get("python") or ""), number(groups.get("node") or "")))
    return found


def _by_name(shelf: Shelf, image: str, say: Say) -> Choice:
    """The author's own image: none stands in for it, and where it can't be had the author is told what could be named instead."""
    if (found := shelf.find(image)) is not None:
        return found
    try:
        return shelf.pull(image, say)
    except SurroundingsMissing as missing:
        raise SurroundingsMissing(missing.message, *missing.details, _to_be_had(locals_of(shelf))) from missing


def _by_label(shelf: Shelf, request: PlaceRequest, say: Say) -> Choice:
    for label in request.labels:
        if label in request.runners:
            image = request.runners[label]
            return shelf.find(image) or shelf.pull(image, say)
    label, image = _public(request)
    if (found := shelf.find(image)) is not None:
        return _machine(found)
    if (stand_in := _usual_stand_in(shelf)) is not None:
        say(f'{label}: "{image}" is not on this machine, took the local "{stand_in.image}"')
        return _machine(stand_in)
    try:
        return _machine(shelf.pull(image, say))
    except SurroundingsMissing as missing:
        hint = "build a local image that can stand in for it: pipelinekit engine"
        raise SurroundingsMissing(missing.message, *missing.details, hint) from missing


def _usual_stand_in(shelf: Shelf) -> Choice | None:
    if (usual := shelf.find(USUAL_STAND_IN)) is not None:
        return usual
    others = [local for local in locals_of(shelf) if local.stands_in]
    return shelf.find(max(others, key=_rank).name) if others else None


def _public(request: PlaceRequest) -> tuple[str, str]:
    """The label that decides, and the public image that stands for it."""
    for label in request.labels:
        if label.lower() in LABELS:
            return label, LABELS[label.lower()]
        if "ubuntu" in label.lower():  # a larger machine, or another company's: `ubuntu-22.04-arm`, `acme-8cpu-ubuntu-2404`
            year = re.search(r"(20|22|24)\.?04", label)
            return label, LABELS[f"ubuntu-{year.group(1)}.04" if year else "ubuntu-latest"]
    if all(label.lower() in ANY_MACHINE for label in request.labels):
        return next(iter(request.labels), "ubuntu-latest"), LABELS["ubuntu-latest"]
    names = ", ".join(f'"{label}"' for label in request.labels)
    raise SurroundingsMissing(
        f"{request.leg}: no image stands for the label {names}",
        f"labels that have one: {', '.join(sorted({*LABELS, *request.runners}))}",
        "name an image for it in pyproject.toml, under [tool.pipelinekit.runners]",
    )


def _by_versions(shelf: Shelf, request: PlaceRequest, say: Say) -> Choice:
    python = _understood(request.python, parse, request)
    node = _understood(request.node, parse_node, request)
    here = locals_of(shelf)
    fitting = [local for local in here if _fits(local.python, python) and _fits(local.node, node)]
    wished = " and ".join(f"{what} {text}" for what, text in (("Python", request.python), ("Node", request.node)) if text)
    if fitting:
        best = max(fitting, key=lambda local: _rank(local, (python is not None, node is not None)))
        if best.stands_in:
            say(f'{wished}: took the local "{best.name}"')
        if (found := shelf.find(best.name)) is not None:
            return found
    image = _published(request, python, node)
    if not image:
        raise SurroundingsMissing(f"{request.leg}: {wished} is not to be had (no public image has it)", _to_be_had(here))
    try:
        return shelf.pull(image, say)
    except SurroundingsMissing as missing:
        what = f"{request.leg}: {wished} is not to be had"
        raise SurroundingsMissing(what, missing.message, *missing.details, _to_be_had(here)) from missing


def _understood(text: str, read: Callable[[str], Range | None], request: PlaceRequest) -> Range | None:
    if not text:
        return None
    if (wish := read(text)) is None:
        raise SurroundingsMissing(
            f'{request.leg}: there is no image for version "{text}"',
            "versions and ranges of CPython and Node are understood: 3.11, 3.x, >=3.9 <3.12, 20, lts/*",
        )
    return wish


def _fits(version: Version | None, wish: Range | None) -> bool:
    return wish is None or (version is not None and version in wish)


def _rank(local: Local, wished: tuple[bool, bool] = (True, False)) -> tuple[tuple[int, int], int, bool]:
    """Newest Python, then newest Node, each where it is wished for; of equals the public one. Patches don't count."""
    python = local.python if wished[0] and local.python else (0, 0)
    node = local.node if wished[1] and local.node else (0,)
    return (python[0], python[1]), node[0], not local.stands_in


def _published(request: PlaceRequest, python: Range | None, node: Range | None) -> str:
    """The public image with the newest versions that fit; '' where there is none."""
    settings = {}
    for key, text, wish, lines in (("python", request.python, python, PYTHONS), ("node", request.node, node, NODES)):
        if wish is None:
            continue
        fitting = [line for line in lines if (newest := number(line)) is not None and newest in wish]
        exact = re.fullmatch(r"[v=\s]*(\d+\.\d+\.\d+)", text)
        if not fitting and exact is None:
            return ""
        settings[key] = exact.group(1) if exact else fitting[0]
    if len(settings) == 2:
        return BOTH_IMAGE.format(**settings)
    return (PYTHON_IMAGE if "python" in settings else NODE_IMAGE).format(**settings)


def _to_be_had(here: list[Local]) -> str:
    if not here:
        return "there are no images on this machine; build some: pipelinekit engine"
    return "on this machine are: " + ", ".join(f"{described(local)} ({local.name})" for local in here)


def described(local: Local) -> str:
    """`Python 3.11.2 with Node 18.20.4`; of one that follows its minor version that alone."""
    versions = (("Python", local.python), ("Node", local.node))
    return " with ".join(f"{what} {_shown(version)}" for what, version in versions if version is not None)


def _shown(version: Version) -> str:
    return ".".join(str(part) for part in version if part != NEWEST_PATCH)


def _machine(choice: Choice) -> Choice:
    return Choice(choice.image, choice.digest, choice.user, machine=True)
