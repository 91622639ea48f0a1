"""What actions with a cache have in common: look it up and unpack it, pack it and save it, told and recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelinekit.actions import archive
from pipelinekit.actions.base import ActionCall, ActionFailed
from pipelinekit.caches.keys import Entry, KeyInvalid
from pipelinekit.model.event import CacheUsed
from pipelinekit.model.outcome import Outcome

_GLOB = frozenset("*?[")
_MEGABYTE = 1 << 20
_NO_PATHS = (
    "::warning::Path Validation Error: Path(s) specified in the action for caching do(es) not exist, hence no cache is being saved."
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A cache that an action asks for. paths: patterns as the author wrote them. named: what they are called in the
    key's
    version, where a path has another name in every place; else the paths themselves.
    """

    key: str
    paths: tuple[str, ...]
    restore_keys: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    @property
    def version(self) -> tuple[str, ...]:
        return self.named or self.paths


def restore(call: ActionCall, wanted: Wanted, lookup_only: bool = False) -> Entry | None:
    """Unpack the cache that GitHub would restore, and return its entry. Raises ActionFailed for a key that GitHub
    refuses.

    A broken archive is told and forgotten, and the next best entry is taken; one that can't be unpacked counts as a
    miss.
    """
    began = call.now()
    entry = _found(call, wanted)
    while entry is not None and not call.blobs.verify(entry.digest):
        call.say(f'::warning::the cache "{entry.key}" is broken ({entry.digest} is missing or changed): it is forgotten')
        call.caches.forget(entry)
        entry = _found(call, wanted)
    if entry is not None and not lookup_only:
        try:
            archive.unpack(call, call.blobs.path(entry.digest))
        except (ActionFailed, OSError) as failed:
            call.say(f'::warning::the cache "{entry.key}" can\'t be unpacked: {failed}')
            entry = None
    result = "miss" if entry is None else "hit" if entry.key == wanted.key else "partial"
    _tell(call, wanted.key, result, began, entry)
    return entry


def save(call: ActionCall, wanted: Wanted, nothing: str = _NO_PATHS) -> bool:
    """Pack the paths and keep them under the key. False, and told, where that can't be done: no cache fails a job.

    nothing: what to say where none of the paths is there.
    """
    began = call.now()
    try:
        paths = _paths(call, wanted.paths)
        with archive.packed(call, paths) as file:
            if file is None:
                call.say(nothing)
                return False
            size_bytes = file.stat().st_size
            digest = call.blobs.put_file(file, move=True)
        scope = str(call.github.get("ref", ""))
        if not call.caches.save(wanted.key, wanted.version, scope, digest, size_bytes):
            call.say(f"Failed to save: Unable to reserve cache with key {wanted.key}, another job may be creating this cache.")
            return False
    except (ActionFailed, KeyInvalid, OSError) as failed:
        call.say(f"::warning::Failed to save: {failed}")
        return False
    entry = Entry(wanted.key, "", scope, digest, size_bytes, call.now())
    _tell(call, wanted.key, "saved", began, entry)
    call.say(f"Cache saved with key: {wanted.key} (~{size_bytes / _MEGABYTE:.0f} MB, {size_bytes} B)")
    return True


@dataclass(frozen=True, slots=True)
class SaveAtEnd:
    """What is left to do at the end of the job: save, where it succeeded and the key itself was not found.

    Plain values, so that a leg that stops can be gone on with by another process. found_key: '' where nothing was found.
    """

    wanted: Wanted
    found_key: str = ""
    nothing: str = _NO_PATHS

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "SaveAtEnd":
        """The one that `dataclasses.asdict` told of."""
        wanted = told["wanted"]
        lists = {name: tuple(wanted[name]) for name in ("paths", "restore_keys", "named")}
        return cls(Wanted(wanted["key"], **lists), told["found_key"], told["nothing"])

    def __call__(self, call: ActionCall) -> None:
        if call.job_outcome is not Outcome.SUCCESS:
            return
        if self.found_key == self.wanted.key:
            call.say(f"Cache hit occurred on the primary key {self.wanted.key}, not saving cache.")
            return
        save(call, self.wanted, self.nothing)


def save_at_end(wanted: Wanted, found: Entry | None, nothing: str = _NO_PATHS) -> SaveAtEnd:
    """The same, from what was found when the cache was looked up."""
    return SaveAtEnd(wanted, found.key if found else "", nothing)


def scopes(call: ActionCall) -> tuple[str, ...]:
    """Where a cache may come from: the ref itself, a pull request's base, the default branch.

    Source: GitHub docs, "Restrictions for accessing a cache".
    """
    event = call.github.get("event")
    repository = event.get("repository") if isinstance(event, dict) else None
    default = repository.get("default_branch") if isinstance(repository, dict) else None
    base = call.github.get("base_ref")
    refs = [str(call.github.get("ref", "")), f"refs/heads/{base}" if base else "", f"refs/heads/{default or 'main'}"]
    return tuple(dict.fromkeys(filter(None, refs)))


def _found(call: ActionCall, wanted: Wanted) -> Entry | None:
    try:
        return call.caches.find(wanted.key, wanted.restore_keys, wanted.version, scopes(call))
    except KeyInvalid as invalid:
        raise ActionFailed(str(invalid)) from invalid


def _paths(call: ActionCall, written: Sequence[str]) -> list[str]:
    """Absolute paths; only where a pattern is among them the place is searched."""
    if any(path.startswith("!") or _GLOB & set(path) for path in written):
        return archive.find(call, written, is_whole=True)[0]
    return [archive.expand(call, path) for path in written]


def _tell(call: ActionCall, key: str, result: str, began: float, entry: Entry | None) -> None:
    now = call.now()
    call.emit(
        CacheUsed(
            at=now,
            leg=call.leg,
            step=call.step,
            kind="actions",
            key=key,
            result=result,
            matched_key=entry.key if entry else "",
            size_bytes=entry.size_bytes if entry else None,
            seconds=now - began,
        )
    )
