"""`actions/download-artifact`: what this run has uploaded so far, laid into the place."""

import fnmatch
import posixpath
import re
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipelinekit.actions import archive
from pipelinekit.actions.base import ActionCall, ActionFailed, ActionResult, Input
from pipelinekit.actions.upload_artifact import artifact_id


class DownloadArtifact:
    """One artifact by its name, into `path` itself; else all, or those of a pattern, each into a folder of its name.

    Source: actions/download-artifact v4.
    """

    inputs: Mapping[str, Input] = {
        "name": Input(),
        "artifact-ids": Input(),
        "path": Input(),
        "pattern": Input(),
        "merge-multiple": Input("false"),
        "github-token": Input(),
        "repository": Input(),
        "run-id": Input(),
    }

    def main(self, call: ActionCall) -> ActionResult:
        name, ids, pattern = (call.inputs[key].strip() for key in ("name", "artifact-ids", "pattern"))
        if name and ids:
            raise ActionFailed("Inputs 'name' and 'artifact-ids' cannot be used together. Please specify only one.")
        run_id = call.inputs["run-id"]
        if run_id and run_id != str(call.github.get("run_id", "")):
            raise ActionFailed(f'only artifacts of this run are at hand here: those of run "{run_id}" are not')
        chosen = _chosen(call, name, ids, pattern)
        target = archive.expand(call, call.inputs["path"] or ".")
        is_flat = bool(name) or call.inputs["merge-multiple"] == "true"
        for found, digest in chosen.items():
            if not call.blobs.verify(digest):
                raise ActionFailed(f'the artifact "{found}" is broken: its archive {digest} is missing or changed')
            _lay(call, call.blobs.path(digest), target if is_flat else posixpath.join(target, found))
        call.say(f"Total of {len(chosen)} artifact(s) downloaded to {target}")
        return ActionResult(outputs={"download-path": target})


def _chosen(call: ActionCall, name: str, ids: str, pattern: str) -> dict[str, str]:
    """Name to digest, in the order of the uploads. Raises ActionFailed where one that was named is not there."""
    there = dict(call.artifacts)
    if name:
        if name not in there:
            names = ", ".join(f'"{other}"' for other in there) or "none"
            raise ActionFailed(f"Unable to download artifact(s): Artifact not found for name: {name} (this run has: {names})")
        return {name: there[name]}
    if ids:
        wanted = {number.strip() for number in ids.split(",") if number.strip()}
        found = {name: digest for name, digest in there.items() if artifact_id(name, digest) in wanted}
        if len(found) < len(wanted):
            raise ActionFailed(f"None of this run's artifacts has one of these IDs: {ids}")
        return found
    if pattern:
        return {name: digest for name, digest in there.items() if _matches(name, pattern)}
    return there


def _matches(name: str, pattern: str) -> bool:
    """Whether minimatch takes the name: `*`, `?`, sets, `{a,b}`, `!` in front; what begins with a dot only by its dot."""
    if pattern.startswith("!"):
        return not _matches(name, pattern[1:])
    return any(fnmatch.fnmatchcase(name, one) and (not name.startswith(".") or one.startswith(".")) for one in _braces(pattern))


def _braces(pattern: str) -> Iterator[str]:
    found = re.search(r"\{([^{}]*,[^{}]*)\}", pattern)
    if found is None:
        yield pattern
        return
    for alternative in found.group(1).split(","):
        yield from _braces(pattern[: found.start()] + alternative + pattern[found.end() :])


def _lay(call: ActionCall, source: Path, folder: str) -> None:
    file = call.blobs.new_file()
    try:
        with zipfile.ZipFile(source) as zip_, tarfile.open(file, "w") as tar:
            for about in zip_.infolist():
                member = tarfile.TarInfo(archive.anchored(call, posixpath.join(folder, about.filename)))
                member.size, member.mode, member.mtime = about.file_size, 0o644, call.now()
                with zip_.open(about) as content:
                    tar.addfile(member, content)
        archive.unpack(call, file)
    finally:
        file.unlink(missing_ok=True)
