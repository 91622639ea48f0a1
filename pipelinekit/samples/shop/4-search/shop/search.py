"""Finding goods by a word of their name."""

from __future__ import annotations

import threading
import time

from shop.goods import GOODS, Good

PATIENCE_SECONDS = 0.1  # no customer's request waits longer for the index
PAUSE_SECONDS = 0.15  # between two goods, so that building leaves the processor to the customers


class Index:
    """Words to goods, built in the background from the first search on."""

    def __init__(self) -> None:
        self._goods: dict[str, list[Good]] = {}
        self._built = threading.Event()
        self._building = threading.Lock()

    def find(self, word: str) -> list[Good]:
        if self._building.acquire(blocking=False):
            threading.Thread(target=self._build, daemon=True).start()
        self._built.wait(PATIENCE_SECONDS)
        return self._goods.get(word.lower(), [])

    def _build(self) -> None:
        for good in GOODS.values():
            time.sleep(PAUSE_SECONDS)
            for word in good.name.replace(",", "").lower().split():
                self._goods.setdefault(word, []).append(good)
        self._built.set()


INDEX = Index()
