"""Secrets out of every line, in every spelling in which they are likely to come along.

Source: actions/runner, `SecretMasker` and `ValueEncoders`: the whole secret and each of its lines, base64 at the three offsets,
escaped for shells, JSON, URIs and XML, without surrounding quotes, and the pieces that PowerShell makes of one with `&`.
"""

import base64
import json
import re
import threading
from collections.abc import Iterable
from urllib.parse import quote

MASK = "***"
_SHORTEST_QUOTED = 8
_SHORTEST_PIECE = 6
# As .NET's SecurityElement.Escape; the standard library's own is in a module that loads a web client.
_XML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"})


class Masks:
    """The secrets of a run, growing as `::add-mask::` adds some. Safe to use from several threads."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._spellings: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        """Hide this from now on; a blank one hides nothing."""
        with self._lock:
            for part in {secret, *(line.strip() for line in secret.splitlines())}:
                if part.strip():
                    self._spellings |= {s for s in _spellings(part) if s}
            if self._spellings:
                longest_first = sorted(self._spellings, key=lambda s: (-len(s), s))
                self._pattern = re.compile(f"(?:{'|'.join(map(re.escape, longest_first))})+")

    def hide(self, text: str) -> str:
        """The text with every secret as `***`; neighbours and overlapping ones become a single one."""
        pattern = self._pattern
        if pattern is None or not text:
            return text
        spans = _spans(pattern, text)
        if not spans:
            return text
        out, at = [], 0
        for start, end in spans:
            out += [text[at:start], MASK]
            at = end
        return "".join(out) + text[at:]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is hidden."""
        return self._pattern is None

    def hides(self, text: str) -> bool:
        """Whether a secret stands in the text."""
        return self._pattern is not None and self._pattern.search(text) is not None


def _spans(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    """Where secrets stand, merged: one that begins inside another one's hit is found too."""
    spans: list[tuple[int, int]] = []
    at = 0
    while found := pattern.search(text, at):
        start, end = found.span()
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
        at = start + 1
    return spans


def _spellings(secret: str) -> set[str]:
    raw = secret.encode("utf-8")
    spellings = {
        secret,
        *(base64.b64encode(raw[skip:]).decode() for skip in range(3)),
        secret.replace('"', '\\"'),
        secret.replace("'", "''"),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        quote(secret, safe=""),
        quote(secret, safe="-_.!~*'()"),
        secret.translate(_XML),
    }
    if len(secret) > _SHORTEST_QUOTED and secret[0] == secret[-1] == '"':
        spellings.add(secret[1:-1])
    if "&" in secret:
        halves = (secret.split("&", 1)[0], secret.rsplit("&", 1)[1])
        spellings |= {half for half in halves if len(half) >= _SHORTEST_PIECE}
    return spellings
