"""Commands that a step gives by printing them: `::name key=value::data`, and the old `##[name key=value]data`.

Source: actions/runner, `ActionCommand` and `ActionCommandManager`.
"""

import re
from dataclasses import dataclass, field

_NEW = re.compile(r"\s*::(?P<name>[A-Za-z-]+)(?:\s+(?P<properties>[^\r\n]*?))?::(?P<data>.*)", re.DOTALL)
_OLD = re.compile(r"##\[(?P<name>[A-Za-z-]+)(?:\s+(?P<properties>[^\]]*))?\](?P<data>.*)", re.DOTALL)
KNOWN = frozenset({
    "debug", "notice", "warning", "error", "group", "endgroup", "add-mask", "add-matcher", "remove-matcher", "echo",
    "stop-commands", "set-output", "save-state", "set-env", "add-path",
})
_FORBIDDEN_TOKENS = frozenset({"", "pause-logging", *KNOWN})


@dataclass(frozen=True, slots=True)
class LogCommand:
    """properties: names in lower case, values unescaped. data: unescaped."""

    name: str
    data: str
    properties: dict[str, str] = field(default_factory=dict)


def parse(line: str) -> LogCommand | None:
    """The command that the line gives, or None: unknown names are plain output."""
    if "::" not in line and "##[" not in line:
        return None
    if (found := _NEW.fullmatch(line)) and found["name"].lower() in KNOWN:
        properties = _properties(found["properties"] or "", ",", (("%3A", ":"), ("%2C", ",")))
        return LogCommand(found["name"].lower(), _unescape(found["data"], ()), properties)
    if (found := _OLD.search(line)) and found["name"].lower() in KNOWN:
        more = (("%3B", ";"), ("%5D", "]"))
        properties = _properties(found["properties"] or "", ";", more)
        return LogCommand(found["name"].lower(), _unescape(found["data"], more), properties)
    return None


def resume_token(token: str) -> bool:
    """Whether the token may stop commands until it is printed."""
    return token.lower() not in _FORBIDDEN_TOKENS


def _properties(text: str, separator: str, more: tuple[tuple[str, str], ...]) -> dict[str, str]:
    pairs = (item.split("=", 1) for item in text.split(separator) if "=" in item)
    return {name.strip().lower(): _unescape(value, more) for name, value in pairs if value}


def _unescape(text: str, more: tuple[tuple[str, str], ...]) -> str:
    for escaped, char in (("%0D", "\r"), ("%0A", "\n"), *more, ("%25", "%")):
        text = text.replace(escaped, char)
    return text
