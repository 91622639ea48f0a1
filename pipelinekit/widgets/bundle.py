"""How a live run shows itself in a cell: as its widget in JupyterLab, as a picture and a table wherever no kernel answers.

Where nobody has the widget open, as in a notebook that is executed from end to end, the cell keeps what it would draw, so that the
page that is made of the notebook draws the run as it was then.
"""

import importlib.util
from typing import Any

from pipelinekit.run_views import still as run_still
from pipelinekit.run_views.mount import MIME
from pipelinekit.widgets.cell import kernel
from pipelinekit.widgets.held import Held, live

VIEW = "application/vnd.jupyter.widget-view+json"


def bundle(run: Held) -> dict[str, Any]:
    """What Jupyter keeps of it in the notebook. Outside of a kernel there is no widget, and none is loaded."""
    seen, more = live(run), {}
    if kernel() is not None and importlib.util.find_spec("anywidget"):
        from pipelinekit.widgets import kept
        from pipelinekit.widgets.run_widget import of  # 0.3 s, which only a widget needs

        widget = of(run)
        feed = widget.feed
        more[VIEW] = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
        if run.watched:
            seen = live(run, feed.known)
        else:
            seen = kept.studied(run, feed.known, feed.journal)
            more[MIME] = kept.parts(seen, feed.journal)
    return {"text/plain": run_still.text(seen), "text/html": str(run_still.html(seen)), **more}
