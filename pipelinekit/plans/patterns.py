"""GitHub's filter patterns for branches, tags and paths.

`*` any run without `/`, `**` anything, `**/` also nothing, `?` and `+` quantify the character before, `[A-Z]` sets,
`\\` escapes, a leading `!` takes back. The whole string, case-sensitive. Neither fnmatch nor gitignore means the same.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache


@lru_cache(maxsize=1024)
def expression(pattern: str) -> re.Pattern[str]:
    """The pattern, without its leading `!`, as a regular expression for `fullmatch`."""
    out, at = "", 0
    while at < len(pattern):
        char = pattern[at]
        if pattern.startswith("**/", at) and (at == 0 or pattern[at - 1] == "/"):
            out, at = out + "(?:.*/)?", at + 3
        elif pattern.startswith("**", at):
            out, at = out + ".*", at + 2
        elif char == "*":
            out, at = out + "[^/]*", at + 1
        elif char in "?+" and out:
            out, at = out + char, at + 1
        elif char == "[" and "]" in pattern[at + 1 :]:
            end = pattern.index("]", at + 1)
            out, at = out + "[" + pattern[at + 1 : end].replace("\\", r"\\") + "]", end + 1
        elif char == "\\" and at + 1 < len(pattern):
            out, at = out + re.escape(pattern[at + 1]), at + 2
        else:
            out, at = out + re.escape(char), at + 1
    return re.compile(out, re.DOTALL)


def matches(text: str, patterns: Sequence[str]) -> bool:
    """Whether a list of patterns takes the text: the last one that matches decides; only `!` patterns take nothing."""
    taken = False
    for pattern in patterns:
        if expression(pattern.removeprefix("!")).fullmatch(text):
            taken = not pattern.startswith("!")
    return taken


def any_matches(texts: Iterable[str], patterns: Sequence[str]) -> bool:
    """Whether one of the texts is taken."""
    return any(matches(text, patterns) for text in texts)
