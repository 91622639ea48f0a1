"""What a run was asked for, kept beside its workspaces, so that it can be asked for again when another process goes on."""

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from pipelinekit.workbench.planning import Wish

_FILE = "wish.json"


@dataclass(frozen=True, slots=True)
class KeptWish:
    """secrets: their names; values are never kept. variables: what `--env` gave."""

    wish: Wish
    executor: str
    secrets: tuple[str, ...] = ()
    variables: dict[str, str] = field(default_factory=dict)


def keep(folder: Path, kept: KeptWish) -> None:
    """Write it down in the run's folder. Of a workflow that is still edited its text as it was taken."""
    folder.mkdir(parents=True, exist_ok=True)
    written = asdict(replace(kept, wish=replace(kept.wish, edited=None)))
    (folder / _FILE).write_text(json.dumps(written), encoding="utf-8")


def read(folder: Path) -> KeptWish | None:
    """None where nothing is kept of the run."""
    try:
        told = json.loads((folder / _FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    wish = told["wish"]
    return KeptWish(Wish(**{**wish, "jobs": tuple(wish["jobs"])}), told["executor"], tuple(told["secrets"]), told["variables"])
