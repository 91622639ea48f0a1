"""The card terminal at the till: one line asks, one line answers."""

from __future__ import annotations

import socket

PATIENCE_SECONDS = 3.0


class TerminalSilent(Exception):
    """The terminal did not answer in time; nothing was charged."""


def charge(terminal: tuple[str, int], cents: int, patience_seconds: float = PATIENCE_SECONDS) -> str:
    """Charge the card, and give the terminal's receipt number. Raises TerminalSilent."""
    try:
        with socket.create_connection(terminal, timeout=patience_seconds) as line:
            line.sendall(f"CHARGE {cents}\n".encode())
            answer = line.makefile().readline()
    except socket.timeout as late:
        raise TerminalSilent(f"the card terminal did not answer within {patience_seconds:g} s") from late
    except ConnectionError as gone:
        raise TerminalSilent("the card terminal is switched off") from gone
    return answer.removeprefix("PAID ").strip()
