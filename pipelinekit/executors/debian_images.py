"""Base images made from Debian's packages alone, for networks in which no image registry answers.

Three releases of Debian bring three Pythons: a real matrix. `debootstrap` lays the smallest system into a folder, its own apt
adds the rest (apt fetches a hundred packages in the time that debootstrap takes for ten), and the engine imports the folder.
"""

import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelinekit.executors import network
from pipelinekit.executors.engine_api import refusal
from pipelinekit.executors.images import NODE_LABEL, PYTHON_LABEL, STAND_INS
from pipelinekit.model.problem import SurroundingsMissing

if TYPE_CHECKING:
    from docker import APIClient

# Python to the release that brings it; https://www.debian.org/releases/
SUITES = {"3.9": "bullseye", "3.11": "bookworm", "3.13": "trixie"}
DEFAULT_PYTHONS = ("3.11", "3.9", "3.13")
PACKAGES = (
    "bash", "ca-certificates", "curl", "git", "jq", "make", "nodejs", "procps", "python3", "python3-pip", "python3-venv",
    "sudo", "unzip", "xz-utils", "zip",
)  # fmt: skip
MIRROR_VARIABLE = "PIPELINEKIT_DEBIAN_MIRROR"  # for a machine whose apt uses another distribution, or a release that moved
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
IMAGE_ENVIRONMENT = {
    "PATH": PATH,
    "LANG": "C.UTF-8",
    "DEBIAN_FRONTEND": "noninteractive",
    "PIP_ROOT_USER_ACTION": "ignore",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
}
# Nothing of it is kept should the power fail, and nobody reads manuals in a container.
UNREAD = tuple(f"usr/share/{folder}" for folder in ("doc", "man", "info", "locale", "lintian", "bug"))
DPKG_SETTINGS = "force-unsafe-io\n" + "".join(f"path-exclude /{folder}/*\n" for folder in UNREAD)
BROKEN_PIP = (20, 3)  # bullseye's own: it does not find the wheels of today's tools

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What an image was made of, and what it cost."""

    name: str
    python: str
    node: str
    size_bytes: int
    seconds: float


def build(client: "APIClient", python: str, environment: Mapping[str, str], log: Path, say: Say) -> Built:
    """Make `pipelinekit/python:<python>`. Needs root and `debootstrap`. Raises SurroundingsMissing, the log says more."""
    name, suite = f"{STAND_INS}:{python}", SUITES[python]
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix=f"pipelinekit-{suite}-", dir="/var/tmp") as folder, log.open("wb") as out:
        root = _Root(Path(folder), environment, out.fileno(), log)
        root.folder.chmod(0o755)  # it becomes `/`, which everybody may enter
        say(f"{name}: fetching Debian {suite}")
        _lay(root, suite)
        say(f"{name}: adding Python, Node, git and their kin")
        _add(root)
        versions = root.ask("python3", "-c", "import platform; print(platform.python_version())"), root.ask("node", "--version")
        _strip(root)
        say(f"{name}: handing it to the engine")
        size_bytes = _import(client, root.folder, name, *versions)
    return Built(name, versions[0], versions[1].removeprefix("v"), size_bytes, time.monotonic() - started)


@dataclass(frozen=True, slots=True)
class _Root:
    """A folder that is to be a system's root, and how commands are run on it and in it."""

    folder: Path
    environment: Mapping[str, str]
    out: int
    log: Path

    def run(self, *words: str) -> None:
        self._do(("chroot", str(self.folder), *words), self._inside)

    def lay(self, *words: str) -> None:
        self._do(words, {**self.environment, "PATH": PATH})

    @property
    def _inside(self) -> dict[str, str]:
        return network.variables(self.environment) | IMAGE_ENVIRONMENT | {"HOME": "/root"}

    def _do(self, words: tuple[str, ...], environment: Mapping[str, str]) -> None:
        done = subprocess.run(
            words, env=dict(environment), stdin=subprocess.DEVNULL, stdout=self.out, stderr=self.out, check=False
        )
        if done.returncode != 0:
            lines = self.log.read_text("utf-8", "replace").strip().splitlines() or ["it says nothing"]
            raise SurroundingsMissing(
                f"cannot build an image: `{' '.join(words[:4])} ...` ended with {done.returncode} ({lines[-1].strip()})",
                f"all that it said is in {self.log}",
            )

    def ask(self, *words: str) -> str:
        answer = subprocess.run(
            ["chroot", str(self.folder), *words], env=self._inside, capture_output=True, text=True, check=False
        )
        return answer.stdout.strip()


def _lay(root: _Root, suite: str) -> None:
    """The smallest system: its packages fetched, then unpacked under dpkg's quick settings."""
    where = root.environment.get(MIRROR_VARIABLE) or mirror()
    root.lay("debootstrap", "--foreign", "--variant=minbase", suite, str(root.folder), *filter(None, [where]))
    settings = root.folder / "etc/dpkg/dpkg.cfg.d/pipelinekit"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(DPKG_SETTINGS, encoding="utf-8")
    root.run("/debootstrap/debootstrap", "--second-stage")


def mirror(settings: Path = Path("/etc/apt")) -> str:
    """The mirror that this machine's own apt uses, where it is one of Debian's; else '', and debootstrap takes its own."""
    files = [settings / "sources.list", *sorted((settings / "sources.list.d").glob("*"))]
    text = "\n".join(file.read_text("utf-8", "replace") for file in files if file.is_file())
    found = re.search(r"^(?:deb (?:\[[^]]*\] )?|URIs:\s*)(\S+/debian)/?(?:\s|$)", text, re.MULTILINE)
    return found.group(1) if found else ""


def _add(root: _Root) -> None:
    bundle = network.bundle(root.environment)
    trusted = root.folder / network.BUNDLE_IN_PLACE.lstrip("/")
    if bundle is not None:
        trusted.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(bundle, trusted)
    root.run("apt-get", "-qq", "update")
    root.run("apt-get", "-qq", "install", "-y", "--no-install-recommends", *PACKAGES)
    for forbids in root.folder.glob("usr/lib/python3*/EXTERNALLY-MANAGED"):  # a container is nobody's system: pip may install
        forbids.unlink()
    # Debian's packages have no list of their files, without which pip refuses to replace one: to pip they are not there.
    for known in root.folder.glob("usr/lib/python3/dist-packages/*-info"):
        if not known.name.startswith("pip-"):
            shutil.rmtree(known) if known.is_dir() else known.unlink()
    pip = re.match(r"pip (\d+)\.(\d+)", root.ask("pip", "--version"))
    if pip is not None and tuple(map(int, pip.groups())) <= BROKEN_PIP:
        root.run("python3", "-m", "pip", "install", "-q", "--upgrade", "pip")
    shutil.rmtree(trusted.parent, ignore_errors=True)
    (root.folder / "usr/bin/python").unlink(missing_ok=True)
    (root.folder / "usr/bin/python").symlink_to("python3")


def _strip(root: _Root) -> None:
    """Take out what only building needed, and what the first packages brought before dpkg had its settings."""
    for left in (*UNREAD, "var/cache/apt", "var/lib/apt/lists", "root/.cache", "tmp", "debootstrap"):
        for path in root.folder.glob(f"{left}/*"):
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    for log in root.folder.glob("var/log/**/*.log"):
        log.unlink()
    (root.folder / "etc/hostname").unlink(missing_ok=True)


def _import(client: "APIClient", folder: Path, name: str, python: str, node: str) -> int:
    """Give the folder to the engine as an image; its size there in bytes."""
    from docker.errors import APIError  # loaded with the client already

    changes = [f"ENV {key}={value}" for key, value in IMAGE_ENVIRONMENT.items()]
    changes += [f"LABEL {PYTHON_LABEL}={python}", f"LABEL {NODE_LABEL}={node.removeprefix('v')}", 'CMD ["bash"]']
    repository, _, tag = name.partition(":")
    words = ("tar", "-C", str(folder), "--one-file-system", "--numeric-owner", "--exclude=./dev/*", "-c", ".")
    with subprocess.Popen(words, stdout=subprocess.PIPE) as packing:
        assert packing.stdout is not None  # noqa: S101 - it is a pipe
        try:
            client.import_image_from_stream(packing.stdout, repository=repository, tag=tag, changes=changes)
        except APIError as answer:
            raise SurroundingsMissing(f'the engine does not take the image "{name}" ({refusal(answer)})') from answer
    about = client.inspect_image(name)  # type: ignore[no-untyped-call]
    return int(about["Size"])


def can_build() -> bool:
    """Whether the programs that building needs are on this machine."""
    return all(shutil.which(name, path=PATH) is not None for name in ("debootstrap", "chroot", "tar"))
