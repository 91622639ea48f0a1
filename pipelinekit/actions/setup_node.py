"""`actions/setup-node`: the place's image was chosen by the version that is asked for; here that is verified."""

import json
import posixpath
import re
from collections.abc import Mapping

from pipelinekit.actions.base import ActionCall, ActionFailed, ActionResult, Input
from pipelinekit.actions.caching import Wanted, restore, save_at_end
from pipelinekit.executors.versions import number, parse_node
from pipelinekit.workspaces.hash_files import hash_files

# Manager: the lock files that its key hashes, the command that tells its folder, and the variable that sets it.
_MANAGERS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], str]] = {
    "npm": (
        ("package-lock.json", "npm-shrinkwrap.json", "yarn.lock"),
        ("npm", "config", "get", "cache"),
        "npm_config_cache",
    ),
    "pnpm": (("pnpm-lock.yaml",), ("pnpm", "store", "path", "--silent"), "npm_config_store_dir"),
    "yarn": (("yarn.lock",), ("yarn", "cache", "dir"), "YARN_CACHE_FOLDER"),
}
_NO_TOKEN = "XXXXX-XXXXX-XXXXX-XXXXX"  # noqa: S105 - what the real action puts where no token is given


class SetupNode:
    """Verifies the place's Node, writes `.npmrc` for a registry, keeps the package cache. Source: actions/setup-node v4."""

    inputs: Mapping[str, Input] = {
        "node-version": Input(),
        "node-version-file": Input(),
        "architecture": Input(),
        "check-latest": Input("false"),
        "registry-url": Input(),
        "scope": Input(),
        "token": Input(),
        "cache": Input(),
        "package-manager-cache": Input("true"),
        "cache-dependency-path": Input(),
        "always-auth": Input("false"),
        "mirror": Input(),
        "mirror-token": Input(),
    }

    def main(self, call: ActionCall) -> ActionResult:
        answer = call.ask("node", "--version")
        if answer.exit_code:
            raise ActionFailed(f"there is no Node in this place ({call.place.image or 'the host'})")
        version = answer.text
        wish = call.inputs["node-version"].strip() or _wish_in_file(call)
        allowed, here = parse_node(wish) if wish else None, number(version)
        if wish and (allowed is None or here is None or here not in allowed):
            raise ActionFailed(f"Unable to find Node version '{wish}': this place ({call.place.image or 'the host'}) has {version}")
        call.say(f"node: {version}")
        environment = _registry(call)
        outputs = {"node-version": version}
        if not call.inputs["cache"]:
            return ActionResult(outputs, environment)
        wanted, settings = _package_cache(call)
        entry = restore(call, wanted)
        call.say(f"Cache restored from key: {entry.key}" if entry else f"{call.inputs['cache']} cache is not found")
        outputs["cache-hit"] = str(entry is not None).lower()
        nothing = f"{call.inputs['cache']} kept nothing in {wanted.paths[0]}: no cache is saved"
        return ActionResult(outputs, {**environment, **settings}, post=save_at_end(wanted, entry, nothing))


def _wish_in_file(call: ActionCall) -> str:
    """The version that `node-version-file` asks for: package.json, or a file of `20`, `v20.1`, `node 20`."""
    file = call.inputs["node-version-file"]
    if not file:
        return ""
    try:
        text = call.place.read(posixpath.join(call.place.workspace, file)).decode("utf-8", "replace")
    except FileNotFoundError as error:
        raise ActionFailed(f"The specified node version file at: {file} does not exist") from error
    if file.endswith(".json"):
        try:
            content = json.loads(text)
        except ValueError as error:
            raise ActionFailed(f"{file}: {error}") from error
        return str(content.get("volta", {}).get("node") or content.get("engines", {}).get("node", ""))
    found = re.search(r"^(?:node(?:js)?\s+)?v?(\S+)$", text.strip(), re.MULTILINE)
    return found.group(1) if found else ""


def _registry(call: ActionCall) -> dict[str, str]:
    """Write `.npmrc` for `registry-url`, and return what points npm at it."""
    url = call.inputs["registry-url"]
    if not url:
        return {}
    url = url if url.endswith("/") else f"{url}/"
    scope = call.inputs["scope"]
    prefix = f"@{scope.removeprefix('@')}:".lower() if scope else ""
    file = f"{call.place.temp}/.npmrc"
    host = url.split(":", 1)[-1]
    lines = [f"{host}:_authToken=${{NODE_AUTH_TOKEN}}", f"{prefix}registry={url}"]
    call.place.write(file, "".join(f"{line}\n" for line in lines).encode())
    return {
        "NPM_CONFIG_USERCONFIG": file,
        "NODE_AUTH_TOKEN": call.environment.get("NODE_AUTH_TOKEN") or _NO_TOKEN,
    }


def _package_cache(call: ActionCall) -> tuple[Wanted, dict[str, str]]:
    """The cache to ask for, and what steps need so that the manager uses it. Raises ActionFailed without a lock file."""
    manager = call.inputs["cache"]
    if manager not in _MANAGERS:
        raise ActionFailed(f"Caching for '{manager}' is not supported")
    locks, ask_folder, variable = _MANAGERS[manager]
    workspace = call.place.workspace_folder
    pattern = call.inputs["cache-dependency-path"] or next((lock for lock in locks if (workspace / lock).is_file()), "")
    digest = hash_files(workspace, pattern) if pattern else ""
    if not digest:
        if pattern:
            raise ActionFailed("Some specified paths were not resolved, unable to cache dependencies.")
        raise ActionFailed(
            f"Dependencies lock file is not found in {call.place.workspace}. Supported file patterns: {','.join(locks)}"
        )
    system, architecture = call.environment.get("RUNNER_OS", "Linux"), call.environment.get("RUNNER_ARCH", "X64").lower()
    key = f"node-cache-{system}-{architecture}-{manager}-{digest}"
    if not call.place.image:  # on the host the manager's own cache is the author's: it is neither read nor written
        folder = f"{call.place.temp}/{manager}-cache"
        return Wanted(key, (folder,), named=(f"{manager}-cache",)), {variable: folder}
    answer = call.ask(*ask_folder)
    if answer.exit_code or not answer.lines:
        raise ActionFailed(f"Could not get cache folder path for {manager}: {answer.text}")
    return Wanted(key, (answer.lines[-1],)), {}
