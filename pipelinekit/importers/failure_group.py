"""Which failures are the same one: messages that differ only in numbers, addresses and hashes."""

import re
from hashlib import sha256

# Source: LUCI Analysis, clustering/algorithms/failurereason.
_VARIABLE = re.compile(r"[/+0-9a-zA-Z]{10,}=+|[\-0-9a-fA-F \t]{16,}|[0-9a-fA-Fx]{8,}|[0-9]+")


def failure_group(kind: str, message: str) -> str:
    """16 hex digits that are equal for failures of one kind (`AssertionError`, may be '') with the same masked message.

    '' where nothing is said.
    """
    if not kind and not message:
        return ""
    return sha256(f"{kind}: {mask(message)}".encode("utf-8", "replace")).hexdigest()[:16]


def mask(message: str) -> str:
    """The message with everything that changes from run to run replaced by `%`."""
    return _VARIABLE.sub("%", message)
