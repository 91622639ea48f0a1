"""A figure on a page: its data for the script that draws it, and a table, which is what one sees without a script."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pipelinekit.views.markup import Html, json_script, tag
from pipelinekit.views.tables import plain


def plot(figure: Mapping[str, Any], head: Sequence[str], rows: Sequence[Sequence[str]], *, label: str, height: int) -> Html:
    """figure: `data`, `layout`, `narrow` (layout under 560 px), colours by name as `pk:cat-1`, and `links`, one a row.

    label: what it shows.
    """
    text = json.dumps({**figure, "height": height}, separators=(",", ":"), allow_nan=False)
    style = f"min-height:{height}px"
    drawn = tag("div", json_script(text), class_="pk-plot", role="img", aria_label=label, style=style)
    table = plain(head, rows, figure.get("links", ()))
    twin = tag("details", tag("summary", "Data as a table"), table, class_="pk-twin", open=True)
    return tag("div", drawn, twin, class_="pk-chart")
