from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from shop import create_app
from shop.card import charge


@pytest.fixture
def terminal() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def address(terminal: socket.socket) -> tuple[str, int]:
    host, port = terminal.getsockname()
    return host, port


def test_a_card_is_charged(terminal: socket.socket) -> None:
    asked = []

    def answer() -> None:
        line, _ = terminal.accept()
        with line:
            asked.append(line.recv(100))
            line.sendall(b"PAID 4711\n")

    till = threading.Thread(target=answer)
    till.start()
    assert charge(address(terminal), 890) == "4711"
    till.join()
    assert asked == [b"CHARGE 890\n"]


def test_a_silent_terminal_is_given_up(terminal: socket.socket) -> None:
    client = create_app(address(terminal)).test_client()
    client.post("/basket/ada", json={"code": "tea"})
    answer = client.post("/checkout/ada?by=card")
    assert answer.status_code == 504
    assert "within 3 s" in answer.get_json()["error"]
    assert client.get("/basket/ada").get_json()["pieces"] == {"tea": 1}
