"""What stands at a stop in a store: which legs, until when, and removing what is too old or too much."""

import contextlib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelinekit.executors.all_executors import EXECUTORS
from pipelinekit.model.problem import SurroundingsMissing
from pipelinekit.records.store import Store
from pipelinekit.runs.memory import KeptLeg

KEEP_SECONDS = 24 * 3600.0
MOST_KEPT = 5


@dataclass(frozen=True, slots=True)
class KeptPlace:
    """folder: of the leg, with its workspace."""

    run_id: str
    leg: KeptLeg
    folder: Path


def kept_places(store: Store) -> list[KeptPlace]:
    """Oldest first."""
    found = [
        KeptPlace(folder.parent.name, leg, folder)
        for folder in (store.path / "work").glob("*/*")
        if (leg := KeptLeg.read(folder)) is not None
    ]
    return sorted(found, key=lambda place: place.leg.until)


def prune(store: Store, environment: Mapping[str, str], now: float, most: int = MOST_KEPT) -> None:
    """Remove what nobody came back for: what is past its time, and the oldest where there are too many."""
    places = kept_places(store)
    expired = [place for place in places if place.leg.until < now]
    rest = [place for place in places if place.leg.until >= now]
    list(discard([*expired, *rest[: max(0, len(rest) - most)]], environment))


def discard(places: list[KeptPlace], environment: Mapping[str, str]) -> Iterator[KeptPlace]:
    """Remove them, one by one. Where no engine answers, their folders go all the same."""
    for place in places:
        with contextlib.suppress(SurroundingsMissing):
            executor = EXECUTORS[place.leg.executor](environment)
            executor.discard(place.leg.place)
            executor.close()
        shutil.rmtree(place.folder, ignore_errors=True)
        with contextlib.suppress(OSError):  # the last leg of its run takes the run's folder along
            if not any(KeptLeg.read(folder) for folder in place.folder.parent.iterdir()):
                shutil.rmtree(place.folder.parent)
        yield place
