"""A container as a place: its main process is the shell that the leg's commands are fed to."""

import io
import os
import posixpath
import re
import shutil
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING

from pipelinekit.executors import archive, images, terminal, usage
from pipelinekit.executors.attached import Attached, ContainerStopped
from pipelinekit.executors.base import Command, CommandResult, Lines, Usage
from pipelinekit.executors.engine_api import asking, refusal
from pipelinekit.executors.engine_terminal import EngineTerminal
from pipelinekit.executors.mounts import Mounts
from pipelinekit.executors.shell import Patience, PlaceGone, Shell, quoted
from pipelinekit.model.problem import SurroundingsMissing

if TYPE_CHECKING:
    from docker import APIClient

TEMP = "/__w/_temp"  # GitHub's own paths in a container
PRIVATE = "/.pipelinekit"  # below no mount: what lies there goes with the container
COPY_BYTES = 1 << 20
LAST_WORDS_SECONDS = 60.0
STOP_SECONDS = 20


class DockerPlace:
    """A container. Closing it kills and removes it; it also ends by itself when this process ends.

    `removed` waits until it is gone: that takes a tenth of a second in which other things can be done.
    """

    def __init__(
        self, client: "APIClient", where: str, container: str, choice: images.Choice, mounts: Mounts, patience: Patience
    ) -> None:
        self._client = client
        self._where = where
        self._choice = choice
        self._mounts = mounts
        self._closed = False
        self._speaks = True  # the shell takes commands
        self._exists = True  # as far as is known
        self._name = container
        self._removal = threading.Thread(target=remove, args=(client, container), name=f"remove {container[:12]}")
        self._transport = Attached(client, where, container)
        self._shell = Shell(self._transport, patience)
        self._environment = self._start()

    @property
    def name(self) -> str:
        return self._name

    @property
    def image(self) -> str:
        return self._choice.image

    @property
    def image_digest(self) -> str:
        return self._choice.digest

    @property
    def environment(self) -> Mapping[str, str]:
        return self._environment

    @property
    def workspace(self) -> str:
        return self._mounts.paths[0]

    @property
    def temp(self) -> str:
        return TEMP

    @property
    def private(self) -> str:
        return PRIVATE

    @property
    def workspace_folder(self) -> Path:
        return self._mounts.folders[0]

    def perform(self, command: Command, on_lines: Lines) -> CommandResult:
        environment = {**self._environment, **command.environment}
        directory = posixpath.join(self.workspace, command.directory)
        try:
            return self._shell.perform(command.argv, environment, directory, on_lines, command.timeout_seconds)
        except PlaceGone as gone:
            raise self._gone(gone) from gone

    def terminal(self, command: Command, stdin: int, stdout: int) -> int:
        terminal.check(stdin, stdout)
        environment = {**self._environment, **command.environment}
        directory = posixpath.join(self.workspace, command.directory)
        opened = Command(command.argv, environment, directory)
        from docker.errors import APIError  # loaded with the client already

        try:
            with asking(self._where):
                far = EngineTerminal(
                    self._client, self._name, opened, self.workspace, terminal.size(stdout), self._transport.signal
                )
                return terminal.join(far, stdin, stdout)
        except APIError as answer:
            raise SurroundingsMissing(f"no terminal opens in the container {self._name[:12]} ({refusal(answer)})") from answer

    def stop(self) -> None:
        self._shell.stop()

    def read(self, path: str) -> bytes:
        with self._reading(path) as content:
            return content.read()

    def write(self, path: str, content: bytes, mode: int = 0o644) -> None:
        self._writing(path, io.BytesIO(content), len(content), mode)

    def fetch(self, path: str, file: Path) -> None:
        with self._reading(path) as content, file.open("wb") as out:
            shutil.copyfileobj(content, out, COPY_BYTES)

    def send(self, file: Path, path: str) -> None:
        about = file.stat()
        with file.open("rb") as content:
            self._writing(path, content, about.st_size, about.st_mode & 0o777)

    def close(self) -> Usage:
        if self._closed:
            return Usage()
        self._closed = True
        used = self._last_words() if self._speaks and not self._shell.busy else Usage()
        self._transport.close()
        if self._exists:
            self._removal.start()
        return used

    def keep(self) -> Usage:
        if self._closed:
            return Usage()
        self._closed = True
        used = self._last_words()
        self._transport.close()  # the end of its stdin is the end of its shell, and with that of the container
        with asking(self._where):
            self._client.wait(self._name, timeout=STOP_SECONDS)
        return used

    def removed(self) -> None:
        if self._removal.ident is not None:
            self._removal.join()

    def _start(self) -> Mapping[str, str]:
        from docker.errors import APIError  # loaded with the client already

        try:
            self._client.start(self._name)
            environment = self._shell.start()
        except (APIError, PlaceGone) as answer:
            self._speaks = False
            self.close()
            self.removed()
            why = refusal(answer) if isinstance(answer, APIError) else str(answer)
            hint = "commands are fed to its `sh`: an image without one can't be used"
            raise SurroundingsMissing(f'a container of "{self.image}" does not start ({why})', hint) from answer
        return environment | self._login(environment) if self._choice.machine else environment

    def _login(self, environment: Mapping[str, str]) -> dict[str, str]:
        """What a login on the machine adds, for which the image stands: public ones keep their PATH to Node there."""
        lines: list[str] = []
        self._shell.perform(("cat", "/etc/environment"), environment, "/", lines.extend)
        entries = (line.partition("=") for line in lines if re.match(r"[A-Za-z_]\w*=", line))
        return {name: value.strip("\"'") for name, _, value in entries}

    def _gone(self, gone: PlaceGone) -> SurroundingsMissing:
        self._speaks = False
        why = str(gone)
        try:
            self._transport.check()
        except PlaceGone as deeper:
            # Where the engine is gone and comes back, the container has seen the end of its stdin.
            self._exists = isinstance(deeper, ContainerStopped)
            why = str(deeper)
        return SurroundingsMissing(
            f"lost the container {self._name[:12]} in mid-run ({why})",
            f"the engine is at {self._where}; what had been recorded stays",
        )

    def _last_words(self) -> Usage:
        """What it used; and where this process is not root, its files become this user's, so that they can be removed."""
        script = usage.SCRIPT
        if (user := os.geteuid()) != 0:
            folders = " ".join(quoted(path) for path in self._mounts.paths)
            script += f"; chown -R {user}:{os.getegid()} {folders} 2>/dev/null"
        lines: list[str] = []
        try:
            self._shell.perform(("sh", "-c", script), self._environment, "/", lines.extend, LAST_WORDS_SECONDS)
        except PlaceGone:
            return Usage()
        return usage.read(lines)

    def _reading(self, path: str) -> IO[bytes]:
        file = self._mounts.outside(path)
        if file is not None:
            try:
                return file.open("rb")
            except PermissionError:  # another user's in the container: the engine may read it
                pass
        with asking(self._where):
            return archive.get(self._client, self._name, path)

    def _writing(self, path: str, content: IO[bytes], size_bytes: int, mode: int) -> None:
        file = self._mounts.outside(path)
        if file is not None:
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
                with file.open("wb") as out:
                    shutil.copyfileobj(content, out, COPY_BYTES)
                file.chmod(mode | 0o666 if self._choice.user else mode)
            except PermissionError:  # in a folder of another user's
                content.seek(0)
            else:
                return
        with asking(self._where):
            archive.put(self._client, self._name, path, content, size_bytes, mode)


def remove(client: "APIClient", container: str) -> None:
    """Kill and remove it; nothing is said where it is gone already, or where the engine is."""
    from docker.errors import APIError  # loaded with the client already
    from requests.exceptions import RequestException

    try:
        client.remove_container(container, force=True)
    except APIError as answer:
        if answer.status_code != 409:  # 409: it is being removed
            return
        try:
            client.wait(container, condition="removed")
        except APIError:
            return
    except RequestException:
        return
