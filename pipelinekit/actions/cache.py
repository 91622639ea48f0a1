"""`actions/cache`, `actions/cache/restore` and `actions/cache/save`: files kept from run to run under a key."""

from collections.abc import Mapping
from dataclasses import replace

from pipelinekit.actions.base import ActionCall, ActionFailed, ActionResult, Input
from pipelinekit.actions.caching import Wanted, restore, save, save_at_end
from pipelinekit.caches.keys import Entry

_PATHS: Mapping[str, Input] = {
    "path": Input(required=True),
    "key": Input(required=True),
    "enablecrossosarchive": Input("false"),
}
_RESTORE: Mapping[str, Input] = {
    **_PATHS,
    "restore-keys": Input(),
    "fail-on-cache-miss": Input("false"),
    "lookup-only": Input("false"),
}
_SAVE: Mapping[str, Input] = {**_PATHS, "upload-chunk-size": Input()}


class RestoreCache:
    """Looks a cache up and unpacks it. Source: actions/cache v4, src/restoreImpl.ts."""

    inputs: Mapping[str, Input] = _RESTORE

    def main(self, call: ActionCall) -> ActionResult:
        wanted = _wanted(call)
        entry = _restored(call, wanted)
        outputs = {**_cache_hit(wanted, entry), "cache-primary-key": wanted.key}
        return ActionResult(outputs={**outputs, **({"cache-matched-key": entry.key} if entry else {})})


class SaveCache:
    """Keeps files under a key that is not taken yet. Source: actions/cache v4, src/saveImpl.ts."""

    inputs: Mapping[str, Input] = _SAVE

    def main(self, call: ActionCall) -> ActionResult:
        save(call, replace(_wanted(call), restore_keys=()))
        return ActionResult()


class Cache:
    """Restores now, and saves at the end of a job that succeeded, unless the key itself was found."""

    inputs: Mapping[str, Input] = {**_RESTORE, **_SAVE, "save-always": Input("false")}

    def main(self, call: ActionCall) -> ActionResult:
        wanted = _wanted(call)
        entry = _restored(call, wanted)
        return ActionResult(outputs=_cache_hit(wanted, entry), post=save_at_end(wanted, entry))


def _wanted(call: ActionCall) -> Wanted:
    for name in ("path", "key"):
        if not call.inputs[name].strip():
            raise ActionFailed(f"Input required and not supplied: {name}")
    return Wanted(call.inputs["key"].strip(), _lines(call.inputs["path"]), _lines(call.inputs.get("restore-keys", "")))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _restored(call: ActionCall, wanted: Wanted) -> Entry | None:
    lookup_only = call.inputs["lookup-only"] == "true"
    entry = restore(call, wanted, lookup_only)
    if entry is None:
        if call.inputs["fail-on-cache-miss"] == "true":
            raise ActionFailed(f"Failed to restore cache entry. Exiting as fail-on-cache-miss is set. Input key: {wanted.key}")
        call.say(f"Cache not found for input keys: {', '.join((wanted.key, *wanted.restore_keys))}")
    else:
        how = "found and can be restored" if lookup_only else "restored"
        call.say(f"Cache {how} from key: {entry.key}")
    return entry


def _cache_hit(wanted: Wanted, entry: Entry | None) -> dict[str, str]:
    """`cache-hit` says whether the key itself was found, and is not set at all where nothing was."""
    return {} if entry is None else {"cache-hit": str(entry.key == wanted.key).lower()}
