"""JupyterLab on a repository: how it is set up beside the person's own settings, and how it ends."""

import importlib.util
import json
import os
import shutil
import signal
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

from pipelinekit.model.problem import SurroundingsMissing
from pipelinekit.notebook.bench import NOTEBOOKS, WORKSPACES, Bench
from pipelinekit.records.store import FOLDER, VARIABLE, Store

HOST = "127.0.0.1"
USUAL_PORT = 8888
CONFIG = Path(__file__).parent / "lab_config"  # news and update check off, hidden folders (.github) shown, figures in the dark
LEAVING_SECONDS = 15  # a kernel with a run stops its containers and records it before it goes


def check_packages() -> None:
    """Raises SurroundingsMissing where a package is missing without which JupyterLab shows nothing of ours."""
    for package in ("jupyterlab", "ipykernel", "anywidget"):
        if importlib.util.find_spec(package) is None:
            raise SurroundingsMissing(f"`pipelinekit lab` needs the package {package}: pip install 'pipelinekit[lab]'")


def port(wanted: int | None) -> int:
    """The wanted port, or without one the usual, or any that is free. Raises SurroundingsMissing where the wanted one is taken."""
    try:
        return _bindable(USUAL_PORT if wanted is None else wanted)
    except (OSError, OverflowError) as taken:
        if wanted is None:
            return _bindable(0)
        what = (taken.strerror or str(taken)).lower() if isinstance(taken, OSError) else "there is no such port"
        hint = "name another, or 0 for any that is free"
        raise SurroundingsMissing(f"port {wanted} of {HOST} can't be had ({what})", hint) from taken


def _bindable(number: int) -> int:
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server will: one that has just ended holds nothing
        door.bind((HOST, number))
        return int(door.getsockname()[1])


def path(made: Bench) -> str:
    """Below the server's address: the notebook to open first, or where others were open the last time, these."""
    if not made.fresh or made.first is None:
        return "/lab"
    # Without it the file browser would stand beside the notebook; it is to show the repository.
    return f"/lab/tree/{quote(made.first.as_posix())}?file-browser-path=/{quote(made.below)}"


def address(made: Bench, number: int, token: str) -> str:
    """With the token."""
    where = path(made)
    return f"http://{HOST}:{number}{where}{'&' if '?' in where else '?'}token={token}"


def serve(made: Bench, number: int, token: str, say: Callable[[str], None], *, browse: bool) -> None:
    """Serve until someone ends it: Ctrl-C, SIGTERM, or the terminal that goes. Kernels are told to go, and waited for.

    say: is called once, with the address, when the server listens.
    """
    from jupyterlab.labapp import LabApp  # 1 to 3 s that only this needs

    os.environ.update(surroundings(made, os.environ))  # of the kernels; Jupyter takes its folders from there too
    server = LabApp.initialize_server(argv=arguments(made, number, token, browse=browse))
    server.web_app.settings["static_custom_path"].insert(1, str(CONFIG / "custom"))  # a person's own stylesheet comes first

    def end(_number: int, _frame: object) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a second Ctrl-C does not wait
        server.stop(from_signal=True)

    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, end)
    server.io_loop.add_callback(say, address(made, number, token))  # it begins to listen in a callback too, before this one
    server.start()


def surroundings(made: Bench, environment: Mapping[str, str]) -> dict[str, str]:
    """Variables laid over the person's own: our settings before hers, and the store where a notebook would find another one."""
    places = made.store.path / "lab"
    _write_kernel(places / "share" / "kernels" / "python3")
    # Where a notebook finds it by itself no variable says so: a notebook may lay out a repository of its own, with its own store.
    found = Store.find(made.root / FOLDER / NOTEBOOKS, {}).path == made.store.path and not environment.get(VARIABLE)
    return {
        **({} if found else {VARIABLE: str(made.store.path)}),
        "JUPYTER_CONFIG_PATH": _before(CONFIG, environment.get("JUPYTER_CONFIG_PATH")),
        "JUPYTER_PATH": _before(places / "share", environment.get("JUPYTER_PATH")),
    }


def arguments(made: Bench, number: int, token: str, *, browse: bool) -> list[str]:
    """What stands above all files of settings: what makes it safe, and what makes it ask no other host."""
    options: dict[str, object] = {
        "ServerApp.ip": HOST,
        "ServerApp.port": number,
        "ServerApp.port_retries": 0,
        "IdentityProvider.token": token,
        # A page that is still open from another repository's JupyterLab, on the same port, would save its notebooks here.
        "ServerApp.cookie_secret_file": made.store.path / "lab" / "cookie-secret",
        "ServerApp.root_dir": made.root,
        "FileContentsManager.preferred_dir": made.below,
        "ServerApp.open_browser": browse,
        "ServerApp.log_level": "ERROR",  # its warnings are about itself; what concerns a person JupyterLab shows
        "LabApp.log_level": "ERROR",
        "ServerApp.allow_root": True,
        "LabApp.default_url": path(made),
        "LabApp.workspaces_dir": made.store.path / WORKSPACES,  # what is open in this repository stays apart
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.extension_manager": "readonly",
        "LabApp.custom_css": True,
        "ContentsManager.allow_hidden": True,  # workflows lie in .github
        "KernelManager.shutdown_wait_time": LEAVING_SECONDS,
    }
    return [f"--{name}={value}" for name, value in options.items()]


def _write_kernel(place: Path) -> None:
    """The kernel `python3` as this Python, whatever kernels a person has: pipelinekit is installed here."""
    from ipykernel.kernelspec import RESOURCES, get_kernel_dict

    place.mkdir(parents=True, exist_ok=True)
    for picture in Path(RESOURCES).glob("logo*"):
        shutil.copyfile(picture, place / picture.name)
    # It says on every start that its sockets are not encrypted; they are bound to this machine alone.
    kernel = get_kernel_dict(["--IPKernelApp.log_level=ERROR"])
    written = place / f"kernel.{os.getpid()}"
    written.write_text(json.dumps(kernel, indent=1) + "\n", encoding="utf-8")
    written.replace(place / "kernel.json")


def _before(place: Path, others: str | None) -> str:
    return os.pathsep.join([str(place), *([others] if others else [])])
