"""Versions as setup actions ask for them: exact, prefixes and ranges, after the rules of npm's semver that those actions use."""

import re
from dataclasses import dataclass

Version = tuple[int, int, int]
Span = tuple[Version, Version]  # from the first one in it to the first one after it

_ALL: Span = ((0, 0, 0), (1_000_000, 0, 0))

NEWEST_PATCH = 1_000_000  # of an image that follows its minor version: `python:3.11` is the newest 3.11.x

# https://nodejs.org/en/about/previous-releases: code names of the lines with long-term support, and their major versions
NODE_LTS = {
    "argon": 4, "boron": 6, "carbon": 8, "dubnium": 10, "erbium": 12, "fermium": 14,
    "gallium": 16, "hydrogen": 18, "iron": 20, "jod": 22, "krypton": 24,
}  # fmt: skip

_PARTIAL = r"[v=\s]*(?:(\d+|[xX*])(?:\.(\d+|[xX*])(?:\.(\d+|[xX*]))?)?)"
_COMPARATOR = re.compile(rf"(\^|~>?|>=?|<=?|=)?\s*{_PARTIAL}$")
_HYPHEN = re.compile(rf"{_PARTIAL}\s+-\s+{_PARTIAL}$")


@dataclass(frozen=True, slots=True)
class Range:
    """Alternatives, each a half-open span of versions."""

    spans: tuple[Span, ...]

    def __contains__(self, version: Version) -> bool:
        return any(low <= version < high for low, high in self.spans)


def parse(text: str) -> Range | None:
    """The versions that the text allows: `3.11`, `3.x`, `>=3.9 <3.12`, `3.9 - 3.11`, `^20`, `a || b`. None: not understood.

    Source: https://github.com/npm/node-semver, "Ranges". Pre-releases are not to be had, so `3.15-dev` is read as `3.15`.
    """
    spans = []
    for alternative in text.split("||"):
        span = _span(alternative.strip().removesuffix("-dev"))
        if span is None:
            return None
        spans.append(span)
    return Range(tuple(spans))


def parse_node(text: str) -> Range | None:
    """As `parse`, with Node's own words: `lts/*`, `lts/-1`, `lts/iron`, `latest`, `current`, `node`."""
    word = text.strip().lower()
    if word in ("latest", "current", "node"):
        return parse("*")
    if not word.startswith("lts/"):
        return parse(text)
    which = word.removeprefix("lts/")
    lines = sorted(NODE_LTS.values(), reverse=True)
    if which == "*":
        return Range(tuple(((line, 0, 0), (line + 1, 0, 0)) for line in lines))
    if re.fullmatch(r"-\d+", which):
        back = int(which[1:])
        return parse(str(lines[back])) if back < len(lines) else None
    return parse(str(NODE_LTS[which])) if which in NODE_LTS else None


def number(text: str) -> Version | None:
    """`3.11.2`, `v18.20.4`; a missing patch counts as the newest one. None: not a version."""
    found = re.match(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?", text.strip())
    if found is None:
        return None
    major, minor, patch = found.groups()
    return int(major), NEWEST_PATCH if minor is None else int(minor), NEWEST_PATCH if patch is None else int(patch)


def _span(text: str) -> Span | None:
    if (hyphen := _HYPHEN.fullmatch(text)) is not None:
        return _prefix(hyphen.groups()[:3])[0], _prefix(hyphen.groups()[3:])[1]
    span: Span = _ALL
    for word in re.sub(r"([\^~<>=])\s+", r"\1", text).split():
        found = _COMPARATOR.fullmatch(word)
        if found is None:
            return None
        low, high = _compared(found.group(1) or "", found.groups()[1:])
        span = max(span[0], low), min(span[1], high)
    return span


def _prefix(parts: tuple[str | None, ...]) -> Span:
    """The versions that begin so."""
    known = []
    for part in parts:
        if part is None or part in "xX*":
            break
        known.append(int(part))
    match known:
        case []:
            return _ALL
        case [major]:
            return (major, 0, 0), (major + 1, 0, 0)
        case [major, minor]:
            return (major, minor, 0), (major, minor + 1, 0)
        case _:
            major, minor, patch = known
            return (major, minor, patch), (major, minor, patch + 1)


def _compared(operator: str, parts: tuple[str | None, ...]) -> Span:  # noqa: PLR0911 - one row per operator
    low, high = _prefix(parts)
    match operator:
        case ">=":
            return low, _ALL[1]
        case ">":
            return high, _ALL[1]
        case "<":
            return _ALL[0], low
        case "<=":
            return _ALL[0], high
        case "^":
            return low, (low[0] + 1, 0, 0) if low[0] else (0, low[1] + 1, 0)
        case "~" | "~>":
            return low, max(high, (low[0], low[1] + 1, 0)) if (low, high) != _ALL else high
        case _:
            return low, high
