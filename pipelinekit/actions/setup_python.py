"""`actions/setup-python`: the place's image was chosen by the version that is asked for; here that is verified."""

import json
import posixpath
import re
import shlex
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from pipelinekit.actions.base import ActionCall, ActionFailed, ActionResult, Input
from pipelinekit.actions.caching import Wanted, restore, save_at_end
from pipelinekit.executors.base import Command
from pipelinekit.executors.versions import number, parse
from pipelinekit.workspaces.hash_files import HashFailed, hash_files

_PROBE = (
    "import json, platform as p, sys; "
    "print(json.dumps([p.python_version(), p.python_implementation(), sys.executable, sys.prefix, p.machine()]))"
)
_ARCHITECTURES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64"}
_FILES = "**/requirements.txt", "**/pyproject.toml"  # what the key hashes by default: the first that matches anything


@dataclass(frozen=True, slots=True)
class _Python:
    version: str
    implementation: str
    executable: str
    prefix: str
    machine: str


class SetupPython:
    """Verifies the place's Python, tells where it is, and keeps pip's cache. Source: actions/setup-python v5."""

    inputs: Mapping[str, Input] = {
        "python-version": Input(),
        "python-version-file": Input(),
        "cache": Input(),
        "architecture": Input(),
        "check-latest": Input("false"),
        "token": Input(),
        "cache-dependency-path": Input(),
        "update-environment": Input("true"),
        "allow-prereleases": Input("false"),
        "freethreaded": Input("false"),
        "pip-version": Input(),
        "pip-install": Input(),
    }

    def main(self, call: ActionCall) -> ActionResult:
        path: tuple[str, ...] = ()
        python = _probe(call, "python")
        if python is None:
            python = _probe(call, "python3")
            if python is None:
                raise ActionFailed(f"there is no Python in this place ({call.place.image or 'the host'})")
            folder = f"{call.place.temp}/_python"
            call.ask("sh", "-c", 'mkdir -p "$1" && ln -sf "$2" "$1/python"', "sh", folder, python.executable)
            path = (folder,)
        _verify(call, python)
        call.say(f"Successfully set up {python.implementation} ({python.version})")
        environment: dict[str, str] = {}
        if call.inputs["update-environment"] != "false":
            roots = ("pythonLocation", "Python_ROOT_DIR", "Python2_ROOT_DIR", "Python3_ROOT_DIR")
            environment = dict.fromkeys(roots, python.prefix)
        _install(call, python)
        outputs = {"python-version": python.version, "python-path": python.executable}
        if not call.inputs["cache"]:
            return ActionResult(outputs, environment, path)
        wanted, settings = _pip_cache(call, python)
        entry = restore(call, wanted)
        call.say(f"Cache restored from key: {entry.key}" if entry else "pip cache is not found")
        outputs["cache-hit"] = str(entry is not None and entry.key == wanted.key).lower()
        # pip keeps only what the index allows it to keep: some mirrors and proxies never do.
        nothing = f"pip kept nothing in {wanted.paths[0]}: nothing was installed, or the index does not allow it; no cache is saved"
        return ActionResult(outputs, {**environment, **settings}, path, save_at_end(wanted, entry, nothing))


def _probe(call: ActionCall, program: str) -> _Python | None:
    answer = call.ask(program, "-I", "-c", _PROBE)
    return _Python(*json.loads(answer.lines[-1])) if answer.exit_code == 0 and answer.lines else None


def _verify(call: ActionCall, python: _Python) -> None:
    """Raises ActionFailed unless one of the versions that are asked for is the place's."""
    wishes = _wishes(call)
    if not wishes:
        call.say("::warning::Neither 'python-version' nor 'python-version-file' inputs were supplied.")
        return
    here = number(python.version)
    allowed = [parse(wish.removeprefix("=")) for wish in wishes]
    if python.implementation != "CPython" or not any(range_ and here in range_ for range_ in allowed if here):
        raise ActionFailed(
            f"The version '{', '.join(wishes)}' of Python is not here: this place ({call.place.image or 'the host'}) has "
            f"{python.implementation} {python.version}"
        )
    if len(wishes) > 1:
        call.say(f"of {len(wishes)} versions of Python a place has only one: {python.version}")


def _wishes(call: ActionCall) -> list[str]:
    lines = [line.strip() for line in call.inputs["python-version"].splitlines() if line.strip()]
    if lines:
        return lines
    file = call.inputs["python-version-file"] or ".python-version"
    try:
        text = call.place.read(posixpath.join(call.place.workspace, file)).decode("utf-8", "replace")
    except FileNotFoundError as error:
        if call.inputs["python-version-file"]:
            raise ActionFailed(f"The specified python version file at: {file} doesn't exist.") from error
        return []
    return [wish] if (wish := _wish_in(file, text)) else []


def _wish_in(file: str, text: str) -> str:
    """The version that a file asks for, in npm's words: pyproject.toml, .tool-versions or a file of only a version."""
    if file.endswith(".toml"):
        try:
            content = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ActionFailed(f"{file}: {error}") from error
        poetry = content.get("tool", {}).get("poetry", {}).get("dependencies", {}).get("python", "")
        specifier = str(content.get("project", {}).get("requires-python") or poetry)
        # PEP 440 to npm: commas are "and", `==` is `=`, `~=3.9` is `^3.9`, `~=3.9.2` is `~3.9.2`; nothing says `!=`.
        specifier = re.sub(r"~=\s*(\d+\.\d+)(?![\d.])", r"^\1", re.sub(r"!=[^,]*", "", specifier))
        return specifier.replace("~=", "~").replace("==", "=").replace(",", " ").strip()
    lines = [line.split("#")[0].strip() for line in text.splitlines()]
    if file.endswith(".tool-versions"):
        lines = [line.removeprefix("python").strip() for line in lines if line.startswith("python ")]
    return next(filter(None, lines), "")


def _install(call: ActionCall, python: _Python) -> None:
    version = call.inputs["pip-version"]
    for words in ((["--upgrade", f"pip=={version}"] if version else []), shlex.split(call.inputs["pip-install"])):
        if words and call.run(Command((python.executable, "-m", "pip", "install", *words))).exit_code:
            raise ActionFailed(f"pip install {' '.join(words)} failed")


def _pip_cache(call: ActionCall, python: _Python) -> tuple[Wanted, dict[str, str]]:
    """The cache to ask for, and what steps need so that pip uses it. Raises ActionFailed where no file matches."""
    if call.inputs["cache"] != "pip":
        raise ActionFailed(f"Caching for '{call.inputs['cache']}' is not supported here: \"pip\" is")
    files = call.inputs["cache-dependency-path"]
    try:
        hashes = (_hash(call, pattern) for pattern in ([files] if files else _FILES))
        digest = next(filter(None, hashes), "")
    except HashFailed as failed:
        raise ActionFailed(str(failed)) from failed
    if not digest:
        raise ActionFailed(
            f"No file in {call.place.workspace} matched to [{files or ' or '.join(_FILES)}], "
            "make sure you have checked out the target repository"
        )
    system = call.environment.get("RUNNER_OS", "Linux")
    architecture = _ARCHITECTURES.get(python.machine.lower(), python.machine)
    beginning = f"setup-python-{system}-{architecture}-{_distribution(call)}python-{python.version}-pip"
    if not call.place.image:  # on the host pip's own cache is the author's: it is neither read nor written
        folder = f"{call.place.temp}/pip-cache"
        return Wanted(f"{beginning}-{digest}", (folder,), (beginning,), ("pip-cache",)), {"PIP_CACHE_DIR": folder}
    folder = call.environment.get("PIP_CACHE_DIR", "")
    if not folder:
        answer = call.ask(python.executable, "-m", "pip", "cache", "dir")
        if answer.exit_code or not answer.lines:
            raise ActionFailed(f"Could not get cache folder path for pip package manager: {answer.text}")
        folder = answer.lines[-1]
    return Wanted(f"{beginning}-{digest}", (folder,), (beginning,)), {}


def _hash(call: ActionCall, pattern: str) -> str:
    return hash_files(call.place.workspace_folder, pattern)


def _distribution(call: ActionCall) -> str:
    """`12-Debian-`, as the real key has it after `lsb_release`; '' where the place does not say."""
    try:
        text = call.place.read("/etc/os-release").decode("utf-8", "replace")
    except FileNotFoundError:
        return ""
    facts = {name: value.strip("\"'") for name, _, value in (line.partition("=") for line in text.splitlines())}
    return f"{facts.get('VERSION_ID', '')}-{facts.get('ID', '').capitalize()}-"
