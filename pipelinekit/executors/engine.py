"""Makes a container engine and base images available, on a machine that may have neither and no image registry.

An engine that answers is used as it is. As root on Debian or Ubuntu one is installed and started; elsewhere it is said in one
line what to install.
"""

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipelinekit.executors import debian_images
from pipelinekit.executors.engine_api import address, connect, unreachable
from pipelinekit.executors.images import LABELS, PYTHON_IMAGE, locals_of
from pipelinekit.executors.shelf import EngineShelf
from pipelinekit.executors.versions import parse
from pipelinekit.model.problem import SurroundingsMissing

if TYPE_CHECKING:
    from docker import APIClient

START_SECONDS = 60.0
LOGS = Path("/var/log")
PROGRAMS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

Say = Callable[[str], None]


def engine(environment: Mapping[str, str], say: Say) -> "APIClient":
    """A client of an engine that answers, installed and started where need be. Raises SurroundingsMissing."""
    try:
        client = connect(environment)
    except SurroundingsMissing as silence:
        if environment.get("DOCKER_HOST"):
            raise
        _install(silence, environment, say)
        client = _start(environment, say)
    about = client.version()
    say(f"engine: Docker {about['Version']} at {address(environment)}")
    return client


def base_images(client: "APIClient", pythons: Sequence[str], environment: Mapping[str, str], say: Say) -> None:
    """Make sure that there is an image with each of these Pythons: pulled, or built where no registry answers."""
    shelf = EngineShelf(environment)
    here = locals_of(shelf)
    for python in pythons:
        if (wish := parse(python)) is not None:
            names = [local.name for local in here if local.python is not None and local.python in wish]
            if names:
                say(f"image: Python {python} is there ({', '.join(names)})")
    wanted = [python for python in pythons if not _is_there(python, shelf)]
    if not wanted:
        return
    try:
        shelf.ask_registry(PYTHON_IMAGE.format(python=wanted[0]))
    except SurroundingsMissing as silence:
        say(f"no image registry answers ({silence.message})")
        build(client, wanted, environment, say)
        return
    for image in (LABELS["ubuntu-latest"], *(PYTHON_IMAGE.format(python=python) for python in wanted)):
        if shelf.find(image) is None:
            shelf.pull(image, say)
            say(f"image: {image}")


def _is_there(python: str, shelf: EngineShelf) -> bool:
    wish = parse(python)
    return wish is not None and any(local.python is not None and local.python in wish for local in locals_of(shelf))


def build(client: "APIClient", pythons: Sequence[str], environment: Mapping[str, str], say: Say) -> None:
    """Build the images side by side: while one unpacks, another one fetches."""
    unknown = [python for python in pythons if python not in debian_images.SUITES]
    if unknown:
        raise SurroundingsMissing(
            f"no release of Debian brings Python {unknown[0]}", f"those that can be built: {', '.join(debian_images.SUITES)}"
        )
    if os.geteuid() != 0:
        raise SurroundingsMissing("building base images needs root", "run once: sudo pipelinekit engine")
    if not debian_images.can_build():
        _apt(("debootstrap", "debian-archive-keyring"), environment, say)
    failures: list[SurroundingsMissing] = []

    def build_one(python: str) -> None:
        try:
            log = LOGS / f"pipelinekit-python-{python}.log"
            built = debian_images.build(client, python, environment, log, say)
            say(
                f"image: {built.name} (Python {built.python}, Node {built.node}), "
                f"{built.size_bytes / 1e6:.0f} MB, built in {built.seconds:.0f} s"
            )
        except SurroundingsMissing as failure:
            failures.append(failure)

    threads = [threading.Thread(target=build_one, args=(python,)) for python in pythons]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def _install(silence: SurroundingsMissing, environment: Mapping[str, str], say: Say) -> None:
    if shutil.which("dockerd", path=PROGRAMS) is not None:
        if os.geteuid() != 0:
            raise SurroundingsMissing(silence.message, "an engine is installed; start it: sudo pipelinekit engine") from silence
        return
    if shutil.which("apt-get", path=PROGRAMS) is None:
        hint = "install an engine from https://docs.docker.com/engine/install/, and start it"
        raise SurroundingsMissing(silence.message, hint) from silence
    if os.geteuid() != 0:
        raise SurroundingsMissing(silence.message, "install one: sudo pipelinekit engine") from silence
    _apt(("docker.io",), environment, say)


def _apt(packages: tuple[str, ...], environment: Mapping[str, str], say: Say) -> None:
    say(f"installing {', '.join(packages)}")
    log = LOGS / "pipelinekit-apt.log"
    settings = {**environment, "DEBIAN_FRONTEND": "noninteractive", "PATH": PROGRAMS}
    with log.open("wb") as out:
        outcomes = [
            subprocess.run(
                ["apt-get", "-q", *words], env=settings, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, check=False
            )
            for words in (("update",), ("install", "-y", "--no-install-recommends", *packages))
        ]
    if outcomes[-1].returncode != 0:  # an update that failed in part may still have brought what is needed
        lines = log.read_text("utf-8", "replace").strip().splitlines() or ["it says nothing"]
        raise SurroundingsMissing(f"cannot install {', '.join(packages)} ({lines[-1]})", f"all that apt said is in {log}")


def _start(environment: Mapping[str, str], say: Say) -> "APIClient":
    """Start `dockerd`, by systemd where it reigns, else by hand, and wait for its socket."""
    say("starting the engine")
    log = LOGS / "pipelinekit-dockerd.log"
    settings = {**environment, "PATH": PROGRAMS}
    if Path("/run/systemd/system").is_dir():
        started = subprocess.run(["systemctl", "start", "docker"], env=settings, capture_output=True, text=True, check=False)
        if started.returncode != 0:
            raise SurroundingsMissing(f"the engine does not start ({started.stderr.strip()})", "look: journalctl -u docker")
        daemon = None
    else:
        with log.open("wb") as out:
            daemon = subprocess.Popen(
                ["dockerd"], env=settings, cwd="/", stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
            )
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            return connect(environment)
        except SurroundingsMissing as silence:
            if daemon is not None and daemon.poll() is not None:
                lines = log.read_text("utf-8", "replace").strip().splitlines() or ["it says nothing"]
                raise SurroundingsMissing(f"the engine does not start ({lines[-1]})", f"its log is {log}") from silence
            if time.monotonic() > until:
                raise unreachable(address(environment), f"no answer {START_SECONDS:.0f} s after its start") from silence
            time.sleep(0.1)
