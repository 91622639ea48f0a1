"""A browser that reaches no other host, and what goes wrong in it.

The fixture `browser` is one Chromium for a test's module. Playwright keeps an event loop in the thread that started it, so a module
with browser tests has no tests that call `asyncio.run`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip
HOME = ("file:", "http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:", "about:")


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()


def listen(page: Page, wrong: list[str], kinds: tuple[str, ...] = ("error", "warning")) -> None:
    """What goes wrong on the page from now on: messages of the console of these kinds, exceptions, requests to other hosts."""
    page.on("console", lambda said: wrong.append(f"{said.type}: {said.text}") if said.type in kinds else None)
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    page.on("websocket", lambda socket: None if socket.url.startswith(HOME) else wrong.append(f"asks {socket.url}"))
    page.on("request", lambda asked: None if asked.url.startswith(HOME) else wrong.append(f"asks {asked.url}"))
