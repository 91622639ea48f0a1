"""`actions/upload-artifact`: files of the place, kept as one zip under a name that is the run's own."""

import hashlib
import posixpath
import tarfile
import time
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipelinekit.actions import archive
from pipelinekit.actions.base import ActionCall, ActionFailed, ActionResult, Input
from pipelinekit.model.event import ArtifactSaved

_NOT_IN_PATHS = {
    '"': 'Double quote "',
    ":": "Colon :",
    "<": "Less than <",
    ">": "Greater than >",
    "|": "Vertical bar |",
    "*": "Asterisk *",
    "?": "Question mark ?",
    "\r": "Carriage return \\r",
    "\n": "Line feed \\n",
}
_NOT_IN_NAMES = {**_NOT_IN_PATHS, "\\": "Backslash \\", "/": "Forward slash /"}
_CHUNK_BYTES = 1 << 20


class UploadArtifact:
    """An artifact never changes: a second upload under its name fails, unless it is told to overwrite.

    Modes of files are not kept, hidden files only where that is asked for. `retention-days` has no effect: artifacts go
    with the blob store. Source: actions/upload-artifact v4.
    """

    inputs: Mapping[str, Input] = {
        "name": Input("artifact"),
        "path": Input(required=True),
        "if-no-files-found": Input("warn"),
        "retention-days": Input(),
        "compression-level": Input("6"),
        "overwrite": Input("false"),
        "include-hidden-files": Input("false"),
    }

    def main(self, call: ActionCall) -> ActionResult:
        name, level = call.inputs["name"].strip() or "artifact", call.inputs["compression-level"]
        patterns = [line.strip() for line in call.inputs["path"].splitlines() if line.strip()]
        if not patterns:
            raise ActionFailed("Input required and not supplied: path")
        if level not in {str(number) for number in range(10)}:
            raise ActionFailed("Invalid compression-level. Valid values are 0-9")
        _check(name, _NOT_IN_NAMES, "The artifact name is not valid")
        files, starts = archive.find(call, patterns)
        if call.inputs["include-hidden-files"] != "true":
            files = [file for file in files if not _is_hidden(file, starts)]
        if not files:
            return _nothing_found(call)
        call.say(f"With the provided path, there will be {len(files)} file{'s' if len(files) > 1 else ''} uploaded")
        digest = _zipped(call, files, _root(files, starts), int(level))
        _name(call, name, digest)
        size_bytes = call.blobs.size_bytes(digest)
        call.emit(ArtifactSaved(call.now(), call.leg, call.step, name, digest, size_bytes, len(files)))
        number = artifact_id(name, digest)
        call.say(f"Artifact {name} has been successfully uploaded! Final size is {size_bytes} bytes. Artifact ID is {number}")
        url = call.blobs.path(digest).absolute().as_uri()
        outputs = {"artifact-id": number, "artifact-url": url, "artifact-digest": digest.removeprefix("sha256:")}
        return ActionResult(outputs=outputs)


def artifact_id(name: str, digest: str) -> str:
    """A number for an artifact, the same whenever it is asked for."""
    return str(int(hashlib.sha256(f"{name}\n{digest}".encode()).hexdigest()[:12], 16))


def _check(text: str, forbidden: Mapping[str, str], what: str) -> None:
    for character, words in forbidden.items():
        if character in text:
            raise ActionFailed(f"{what}: {text}. Contains the following character: {words}")


def _is_hidden(file: str, starts: Sequence[str]) -> bool:
    """Whether it, or a folder from where the search began down to it, has a name that begins with a dot."""
    inside = [start for start in starts if file == start or file.startswith(f"{start.rstrip('/')}/")]
    above = posixpath.dirname(inside[0]) if inside else "/"
    return any(name.startswith(".") for name in posixpath.relpath(file, above).split("/"))


def _root(files: Sequence[str], starts: Sequence[str]) -> str:
    """What the names in the artifact are relative to: where the search began; of several places what they share."""
    if len(starts) > 1:
        return posixpath.commonpath(starts)
    return posixpath.dirname(files[0]) if list(files) == list(starts) else starts[0]


def _nothing_found(call: ActionCall) -> ActionResult:
    message = f"No files were found with the provided path: {call.inputs['path'].strip()}. No artifacts will be uploaded."
    match call.inputs["if-no-files-found"]:
        case "error":
            raise ActionFailed(message)
        case "ignore":
            call.say(message)
        case "warn":
            call.say(f"::warning::{message.replace('%', '%25').replace(chr(10), '%0A')}")
        case other:
            raise ActionFailed(f"Unrecognized if-no-files-found input. Provided: {other}. Available options: warn,error,ignore")
    return ActionResult()


def _zipped(call: ActionCall, files: Sequence[str], root: str, level: int) -> str:
    """The digest of the zip in the blob store."""
    names = {archive.anchored(call, file): posixpath.relpath(file, root) for file in files}
    for name in names.values():
        _check(name, _NOT_IN_PATHS, "The path for one of the files in artifact is not valid")
    with archive.packed(call, files, follows=True) as packed:
        if packed is None:
            raise ActionFailed("the files vanished while they were uploaded")
        file = call.blobs.new_file()
        try:
            _to_zip(packed, names, file, level)
            return call.blobs.put_file(file, move=True)
        finally:
            file.unlink(missing_ok=True)


def _to_zip(source: Path, names: Mapping[str, str], target: Path, level: int) -> None:
    method = zipfile.ZIP_DEFLATED if level else zipfile.ZIP_STORED
    with tarfile.open(source) as tar, zipfile.ZipFile(target, "w", method, compresslevel=level or None) as zip_:
        for member in tar:
            content = tar.extractfile(member)
            if content is None:
                continue
            moment = max(time.gmtime(member.mtime)[:6], (1980, 1, 1, 0, 0, 0))  # the first one that a zip can say
            about = zipfile.ZipInfo(names[member.name], moment)
            about.compress_type, about.external_attr = method, 0o644 << 16
            with zip_.open(about, "w", force_zip64=member.size >= 1 << 31) as out:
                while chunk := content.read(_CHUNK_BYTES):
                    out.write(chunk)


def _name(call: ActionCall, name: str, digest: str) -> None:
    """Give the artifact its name in the run. Raises ActionFailed where it is taken."""
    if call.inputs["overwrite"] == "true":
        call.artifacts[name] = digest
    elif call.artifacts.setdefault(name, digest) is not digest:
        raise ActionFailed(
            "Failed to CreateArtifact: Received non-retryable error: Failed request: (409) Conflict: an artifact with this "
            f'name already exists on the workflow run: "{name}"'
        )
