"""Places in containers: one for each leg, whose main process is the shell that the leg's commands are fed to."""

import posixpath
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pipelinekit.executors import images, network
from pipelinekit.executors.base import PlaceRequest
from pipelinekit.executors.container import TEMP, DockerPlace, remove
from pipelinekit.executors.engine_api import LOCAL_SOCKET, address, asking, connect, knock, reason, refusal, unreachable
from pipelinekit.executors.mounts import Mounts
from pipelinekit.executors.options import host_options
from pipelinekit.executors.shelf import EngineShelf
from pipelinekit.executors.shell import Patience
from pipelinekit.model.problem import SurroundingsMissing

if TYPE_CHECKING:
    from docker import APIClient
    from docker.types import Mount

RUN_LABEL, LEG_LABEL = "pipelinekit.run", "pipelinekit.leg"
# An engine closes stdin when the process that is attached goes. The shell would see it only when its command is through: so who
# feeds it ends all that runs, and the container with it.
FED = "(cat; kill -9 -1) | sh"


class DockerExecutor:
    """Opens a container for each leg. environment: that of the process, for DOCKER_HOST, proxies, certificates and pip.

    The engine is connected to in a thread of its own, so that who warms up early does not wait for it. Which image a leg gets
    is found out without: where all legs are remembered nothing else is needed.
    """

    def __init__(self, environment: Mapping[str, str], patience: Patience | None = None) -> None:
        self._environment = environment
        self._patience = patience or Patience()
        self._where = address(environment)
        self._client: APIClient | None = None
        self._silence: SurroundingsMissing | None = None
        self._choosing = threading.Lock()
        self._shelf = EngineShelf(environment)
        self._chosen: dict[tuple[object, ...], images.Choice] = {}
        self._opened: list[DockerPlace] = []
        self._connecting = threading.Thread(target=self._connect, name="pipelinekit-engine", daemon=True)
        self._warming = threading.Lock()

    @property
    def name(self) -> str:
        return "docker"

    def prepare(self, request: PlaceRequest, say: Callable[[str], None]) -> str:
        return self._choose(request, say).image

    def digest(self, request: PlaceRequest) -> str:
        return self._choose(request, lambda _: None).digest

    def warm_up(self) -> None:
        with self._warming:
            if self._connecting.ident is None:
                self._connecting.start()

    def open(self, request: PlaceRequest) -> "DockerPlace":
        self.warm_up()
        choice = self._choose(request, lambda _: None)
        folders = _folders(request)
        for folder in folders.values():
            folder.mkdir(parents=True, exist_ok=True)
            if choice.user:
                folder.chmod(0o777)  # a user of the image's own must be able to write there too
        client = self._engine()
        with asking(self._where):
            container = _create(client, request, choice.image, self._mounts(request, folders), self._environment)
            return self._place(client, container, choice, request)

    def reopen(self, request: PlaceRequest, name: str) -> "DockerPlace":
        from docker.errors import NotFound  # loaded with the client already

        client = self._engine()
        with asking(self._where):
            try:
                about = client.inspect_container(name)
            except NotFound as gone:
                raise SurroundingsMissing(f"the container {name[:12]} is gone") from gone
            choice = images.Choice(about["Config"]["Image"], about["Image"], about["Config"].get("User") or "")
            return self._place(client, name, choice, request)

    def discard(self, name: str) -> None:
        client = self._engine()
        with asking(self._where):
            remove(client, name)

    def close(self) -> None:
        for place in self._opened:
            place.removed()
        if self._connecting.ident is not None:
            self._connecting.join()
        if self._client is not None:
            self._client.close()

    def _place(self, client: "APIClient", container: str, choice: images.Choice, request: PlaceRequest) -> DockerPlace:
        place = DockerPlace(client, self._where, container, choice, Mounts(_folders(request)), self._patience)
        self._opened.append(place)
        return place

    def sweep(self, run_ids: frozenset[str]) -> int:
        client = self._engine()
        with asking(self._where):
            found = client.containers(all=True, filters={"label": RUN_LABEL})
            dead = [container["Id"] for container in found if container["Labels"][RUN_LABEL] in run_ids]
            for container in dead:
                remove(client, container)
        return len(dead)

    def _connect(self) -> None:
        try:
            self._client = connect(self._environment, self._patience.answer_seconds)
        except SurroundingsMissing as silence:
            self._silence = silence

    def _engine(self) -> "APIClient":
        self.warm_up()
        self._connecting.join()
        if self._client is None:
            raise SurroundingsMissing(*(self._silence.message, *self._silence.details) if self._silence else ("no engine",))
        return self._client

    def _choose(self, request: PlaceRequest, say: Callable[[str], None]) -> images.Choice:
        wish = (request.image, request.python, request.node, request.labels, tuple(sorted(request.runners.items())))
        with self._choosing:
            if wish not in self._chosen:
                try:
                    knock(self._where)  # an engine that is not there is to be said before what it lacks
                except OSError as silence:
                    raise unreachable(self._where, reason(silence)) from silence
                self._chosen[wish] = images.choose(self._shelf, request, say)
            return self._chosen[wish]

    def _mounts(self, request: PlaceRequest, folders: Mapping[str, Path]) -> "list[Mount]":
        mounts = [_mount(folder, path) for path, folder in folders.items()]
        if (bundle := network.bundle(self._environment)) is not None:
            mounts.append(_mount(bundle, network.BUNDLE_IN_PLACE, read_only=True))
        if request.engine_socket and self._where.startswith("unix://"):
            mounts.append(_mount(Path(self._where.removeprefix("unix://")), LOCAL_SOCKET.removeprefix("unix://")))
            mounts.append(_mount(request.folder / "temp", _outside_temp(request)))
            if bundle is not None:
                mounts.append(_mount(bundle, str(bundle), read_only=True))
        return mounts


def _outside_temp(request: PlaceRequest) -> str:
    return str((request.folder / "temp").resolve())


def _names_outside(request: PlaceRequest, environment: Mapping[str, str]) -> dict[str, str]:
    """Variables for commands that use the engine: it mounts files of this machine, so their names must be right there too."""
    if not request.engine_socket:
        return {}
    bundle = network.bundle(environment)
    in_place = network.variables(environment).items()
    return {
        "PIPELINEKIT_SHARED_TEMP": _outside_temp(request),
        **{name: str(bundle) for name, value in in_place if value == network.BUNDLE_IN_PLACE},
    }


def _folders(request: PlaceRequest) -> dict[str, Path]:
    """The paths in the container, the workspace first, and the folders of this machine behind them."""
    repository = posixpath.basename(request.repository)
    return {f"/__w/{repository}/{repository}": request.folder / "workspace", TEMP: request.folder / "temp"}


def _create(
    client: "APIClient", request: PlaceRequest, image: str, mounts: "list[Mount]", environment: Mapping[str, str]
) -> str:
    from docker.errors import APIError  # loaded with the client already
    from docker.types import LogConfig

    options = host_options(request.options)
    variables = network.variables(environment) | options.environment | _names_outside(request, environment)
    try:
        made = client.create_container(
            image,
            command=[],
            entrypoint=["sh", "-c", FED],
            stdin_open=True,
            working_dir=str(mounts[0]["Target"]),
            labels={RUN_LABEL: request.run_id, LEG_LABEL: request.leg},
            environment=variables | dict(request.environment),
            user=options.user,
            hostname=options.hostname,
            host_config=client.create_host_config(
                mounts=mounts,
                log_config=LogConfig(type="none"),  # the engine need not write down what is read from it at once
                auto_remove=not request.keep,
                **options.settings,
            ),
        )
    except APIError as answer:
        raise SurroundingsMissing(f'the engine makes no container of "{image}" ({refusal(answer)})') from answer
    return str(made["Id"])


def _mount(folder: Path, path: str, *, read_only: bool = False) -> "Mount":
    from docker.types import Mount  # loaded with the client already

    return Mount(path, str(folder.resolve()), type="bind", read_only=read_only)
