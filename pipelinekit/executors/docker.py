"""Places in containers: one for each leg, whose main process is the shell that the leg's commands are fed to."""

import io
import os
import posixpath
import re
import shutil
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING

from pipelinekit.executors import archive, images, network, usage
from pipelinekit.executors.attached import Attached
from pipelinekit.executors.base import Command, CommandResult, Lines, PlaceRequest, Usage
from pipelinekit.executors.engine_api import LOCAL_SOCKET, address, asking, connect, refusal
from pipelinekit.executors.mounts import Mounts
from pipelinekit.executors.options import host_options
from pipelinekit.executors.shelf import EngineShelf
from pipelinekit.executors.shell import Patience, PlaceGone, Shell, quoted
from pipelinekit.model.problem import SurroundingsMissing

if TYPE_CHECKING:
    from docker import APIClient
    from docker.types import Mount

RUN_LABEL, LEG_LABEL = "pipelinekit.run", "pipelinekit.leg"
TEMP = "/__w/_temp"  # GitHub's own paths in a container
COPY_BYTES = 1 << 20
LAST_WORDS_SECONDS = 60.0


class DockerExecutor:
    """Opens a container for each leg. environment: that of the process, for DOCKER_HOST, proxies, certificates and pip.

    The engine is connected to in a thread of its own, so that who makes one early does not wait for it.
    """

    def __init__(self, environment: Mapping[str, str], patience: Patience | None = None) -> None:
        self._environment = environment
        self._patience = patience or Patience()
        self._where = address(environment)
        self._client: APIClient | None = None
        self._silence: SurroundingsMissing | None = None
        self._choosing = threading.Lock()
        self._shelf: EngineShelf | None = None
        self._chosen: dict[tuple[object, ...], images.Choice] = {}
        self._connecting = threading.Thread(target=self._connect, name="pipelinekit-engine", daemon=True)
        self._connecting.start()

    @property
    def name(self) -> str:
        return "docker"

    def prepare(self, request: PlaceRequest, say: Callable[[str], None]) -> str:
        return self._choose(request, say).image

    def open(self, request: PlaceRequest) -> "DockerPlace":
        choice = self._choose(request, lambda _: None)
        repository = posixpath.basename(request.repository)
        folders = {f"/__w/{repository}/{repository}": request.folder / "workspace", TEMP: request.folder / "temp"}
        for folder in folders.values():
            folder.mkdir(parents=True, exist_ok=True)
            if choice.user:
                folder.chmod(0o777)  # a user of the image's own must be able to write there too
        client = self._engine()
        with asking(self._where):
            container = _create(client, request, choice.image, self._mounts(request, folders), self._environment)
            return DockerPlace(client, self._where, container, choice, Mounts(folders), self._patience)

    def sweep(self, run_ids: frozenset[str]) -> int:
        client = self._engine()
        with asking(self._where):
            found = client.containers(all=True, filters={"label": RUN_LABEL})
            dead = [container["Id"] for container in found if container["Labels"][RUN_LABEL] in run_ids]
            for container in dead:
                _remove(client, container)
        return len(dead)

    def _connect(self) -> None:
        try:
            self._client = connect(self._environment, self._patience.answer_seconds)
        except SurroundingsMissing as silence:
            self._silence = silence

    def _engine(self) -> "APIClient":
        self._connecting.join()
        if self._client is None:
            raise SurroundingsMissing(*(self._silence.message, *self._silence.details) if self._silence else ("no engine",))
        return self._client

    def _choose(self, request: PlaceRequest, say: Callable[[str], None]) -> images.Choice:
        wish = (request.image, request.python, request.node, request.labels, tuple(sorted(request.runners.items())))
        client = self._engine()
        with self._choosing, asking(self._where):
            if self._shelf is None:
                self._shelf = EngineShelf(client, self._environment)
            if wish not in self._chosen:
                self._chosen[wish] = images.choose(self._shelf, request, say)
            return self._chosen[wish]

    def _mounts(self, request: PlaceRequest, folders: Mapping[str, Path]) -> "list[Mount]":
        mounts = [_mount(folder, path) for path, folder in folders.items()]
        if (bundle := network.bundle(self._environment)) is not None:
            mounts.append(_mount(bundle, network.BUNDLE_IN_PLACE, read_only=True))
        if request.engine_socket and self._where.startswith("unix://"):
            mounts.append(_mount(Path(self._where.removeprefix("unix://")), LOCAL_SOCKET.removeprefix("unix://")))
        return mounts


class DockerPlace:
    """A container. Closing it kills and removes it; it also ends by itself when this process ends."""

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
    def workspace_folder(self) -> Path:
        return self._mounts.folders[0]

    def perform(self, command: Command, on_lines: Lines) -> CommandResult:
        environment = {**self._environment, **command.environment}
        directory = posixpath.join(self.workspace, command.directory)
        try:
            return self._shell.perform(command.argv, environment, directory, on_lines, command.timeout_seconds)
        except PlaceGone as gone:
            raise self._gone(gone) from gone

    def stop(self) -> None:
        self._shell.stop()

    def read(self, path: str) -> bytes:
        with self._reading(path) as content:
            return content.read()

    def write(self, path: str, content: bytes) -> None:
        self._writing(path, io.BytesIO(content), len(content), 0o644)

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
            _remove(self._client, self._name)
        return used

    def _start(self) -> Mapping[str, str]:
        from docker.errors import APIError  # loaded with the client already

        try:
            self._client.start(self._name)
            environment = self._shell.start()
        except (APIError, PlaceGone) as answer:
            self._speaks = False
            self.close()
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
            self._exists = False  # and if the engine comes back, the container has seen the end of its stdin
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


def _create(
    client: "APIClient", request: PlaceRequest, image: str, mounts: "list[Mount]", environment: Mapping[str, str]
) -> str:
    from docker.errors import APIError  # loaded with the client already
    from docker.types import LogConfig

    options = host_options(request.options)
    try:
        made = client.create_container(
            image,
            command=[],
            entrypoint=["sh"],
            stdin_open=True,  # and ends with this process: an engine closes stdin when the one who is attached goes
            working_dir=str(mounts[0]["Target"]),
            labels={RUN_LABEL: request.run_id, LEG_LABEL: request.leg},
            environment=network.variables(environment) | options.environment | dict(request.environment),
            user=options.user,
            hostname=options.hostname,
            host_config=client.create_host_config(
                mounts=mounts,
                log_config=LogConfig(type="none"),  # the engine need not write down what is read from it at once
                auto_remove=True,
                **options.settings,
            ),
        )
    except APIError as answer:
        raise SurroundingsMissing(f'the engine makes no container of "{image}" ({refusal(answer)})') from answer
    return str(made["Id"])


def _mount(folder: Path, path: str, *, read_only: bool = False) -> "Mount":
    from docker.types import Mount  # loaded with the client already

    return Mount(path, str(folder.resolve()), type="bind", read_only=read_only)


def _remove(client: "APIClient", container: str) -> None:
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
