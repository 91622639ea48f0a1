"""How a live run shows itself in a cell: as its widget in JupyterLab, as a picture and a table wherever no kernel answers."""

import importlib.util
from typing import Any

from pipelinekit.notebook.cell import kernel
from pipelinekit.notebook.held import Held, Known, live
from pipelinekit.views import run_still

VIEW = "application/vnd.jupyter.widget-view+json"


def bundle(run: Held) -> dict[str, Any]:
    """What Jupyter keeps of it in the notebook. Outside of a kernel there is no widget, and none is loaded."""
    known, view = Known(), {}
    if kernel() is not None and importlib.util.find_spec("anywidget"):
        from pipelinekit.notebook.run_widget import of  # 0.3 s, which only a widget needs

        widget = of(run)
        known, view = widget.feed.known, {VIEW: {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}}
    seen = live(run, known)
    return {"text/plain": run_still.text(seen), "text/html": str(run_still.html(seen)), **view}
