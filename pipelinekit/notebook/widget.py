"""How a live run shows itself in a cell."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelinekit.notebook.run import Run


def bundle(run: "Run") -> Mapping[str, object]:
    """What Jupyter keeps of it in the notebook."""
    return {"text/plain": repr(run)}
