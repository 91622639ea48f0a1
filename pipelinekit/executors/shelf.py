"""The engine's images: what is on this machine, and pulling what is not."""

import time
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from pipelinekit.executors.engine_api import address, ask, asking, connect, refusal
from pipelinekit.executors.images import Choice, Say
from pipelinekit.model.problem import SurroundingsMissing

REGISTRY_SECONDS = 8  # an engine without a way out may look for a name server for a minute
PULL_SECONDS = 600  # between two signs of life
SAY_SECONDS = 2.0


class EngineShelf:
    """Images through the engine's API. Pulls that failed are not tried again."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._failed: dict[str, SurroundingsMissing] = {}

    def find(self, image: str) -> Choice | None:
        found = ask(self._environment, f"/images/{quote(image)}/json")
        if found is None:
            return None
        digests = [digest.partition("@")[2] for digest in found.get("RepoDigests") or ()]
        user = (found.get("Config") or {}).get("User") or ""
        return Choice(image, next(iter(digests), found["Id"]), "" if user.split(":")[0] in ("root", "0") else user)

    def listed(self) -> list[tuple[str, dict[str, str]]]:
        images = ask(self._environment, "/images/json") or []
        return [(tag, image.get("Labels") or {}) for image in images for tag in image.get("RepoTags") or ()]

    def pull(self, image: str, say: Say) -> Choice:
        if image in self._failed:
            raise self._failed[image]
        try:
            with asking(address(self._environment)):
                self.ask_registry(image)
                say(f"pulling {image}")
                self._follow(image, say)
        except SurroundingsMissing as missing:
            self._failed[image] = missing
            raise
        found = self.find(image)
        if found is None:
            raise SurroundingsMissing(f'"{image}" was pulled, and is not there')
        return found

    def ask_registry(self, image: str) -> None:
        """Whether the registry has it, decided in seconds. Raises SurroundingsMissing."""
        from docker.errors import APIError  # loaded with the client already
        from requests.exceptions import Timeout

        client = connect(self._environment, REGISTRY_SECONDS)
        try:
            client.inspect_distribution(image)  # type: ignore[no-untyped-call]
        except APIError as answer:
            raise SurroundingsMissing(f'cannot pull "{image}" ({refusal(answer)})') from answer
        except Timeout as silence:
            raise SurroundingsMissing(f'cannot pull "{image}" (its registry gave no answer in {REGISTRY_SECONDS} s)') from silence
        finally:
            client.close()

    def _follow(self, image: str, say: Say) -> None:
        from docker.errors import APIError  # loaded with the client already
        from docker.utils import parse_repository_tag

        repository, tag = parse_repository_tag(image)
        client = connect(self._environment, PULL_SECONDS)
        try:
            progress: Iterable[dict[str, Any]] = client.pull(repository, tag or "latest", stream=True, decode=True)
            say_progress(image, progress, say)
        except APIError as answer:
            raise SurroundingsMissing(f'cannot pull "{image}" ({refusal(answer)})') from answer
        finally:
            client.close()


def say_progress(image: str, progress: Iterable[dict[str, Any]], say: Say) -> None:
    """Now and then a line with what has come of how much. Raises SurroundingsMissing for an error in the stream."""
    layers: dict[str, tuple[int, int]] = {}
    said_at = time.monotonic()
    for event in progress:
        if "error" in event:
            raise SurroundingsMissing(f'cannot pull "{image}" ({event["error"]})')
        detail = event.get("progressDetail") or {}
        if event.get("status") == "Downloading" and detail.get("total"):
            layers[str(event.get("id"))] = int(detail["current"]), int(detail["total"])
        if layers and time.monotonic() - said_at > SAY_SECONDS:
            said_at = time.monotonic()
            come, whole = (sum(sizes) / 1e6 for sizes in zip(*layers.values(), strict=True))
            say(f"pulling {image}: {come:.0f} of {whole:.0f} MB")
