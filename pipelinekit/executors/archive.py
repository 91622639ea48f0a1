"""Files in and out of a container through the engine: for those that lie below no mount, or belong to another user."""

import posixpath
import shutil
import tempfile
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from docker import APIClient

IN_MEMORY_BYTES = 8 << 20


def get(client: "APIClient", container: str, path: str) -> IO[bytes]:
    """The file's content, from its start. Raises FileNotFoundError, IsADirectoryError."""
    import tarfile  # 10 ms that hardly any run needs

    from docker.errors import NotFound  # loaded with the client already

    try:
        chunks, about = client.get_archive(container, path)
        if about.get("linkTarget"):
            chunks, _ = client.get_archive(container, about["linkTarget"])
    except NotFound:
        raise FileNotFoundError(2, "no such file in the container", path) from None
    content = tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 - who asked for it closes it
    with tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES) as packed:
        for chunk in chunks:
            packed.write(chunk)
        packed.seek(0)
        with tarfile.open(fileobj=packed, mode="r:") as tar:
            member = tar.next()
            unpacked = tar.extractfile(member) if member is not None and member.isfile() else None
            if unpacked is None:
                raise IsADirectoryError(21, "not a file in the container", path)
            shutil.copyfileobj(unpacked, content, 1 << 20)
    content.seek(0)
    return content


def put(client: "APIClient", container: str, path: str, content: IO[bytes], size_bytes: int, mode: int = 0o644) -> None:
    """Make the file, and the folders above it."""
    import tarfile  # 10 ms that hardly any run needs

    with tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES) as packed:
        with tarfile.open(fileobj=packed, mode="w:") as tar:
            member = tarfile.TarInfo(posixpath.normpath(path).lstrip("/"))
            member.size = size_bytes
            member.mode = mode
            tar.addfile(member, content)
        packed.seek(0)
        client.put_archive(container, "/", packed)

