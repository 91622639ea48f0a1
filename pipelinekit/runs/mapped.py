"""What `[tool.pipelinekit.actions]` says of an action."""

from collections.abc import Mapping

SKIP = "skip"


def mapped(uses: str, actions: Mapping[str, str]) -> str:
    """`skip` or a folder, said of the action with its ref or without; '' where nothing is said."""
    return actions.get(uses, actions.get(uses.split("@", maxsplit=1)[0], ""))
