"""A chart before it is drawn: Plotly's own data and layout, colours by name, and the same as a table of written values.

Colours are names of tokens, `pk:cat-1`, and `color:pk:cat-1` within a text: the page's script puts in those of the theme
in force, `figure` those of one theme.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipelinekit.charts import template
from pipelinekit.views.markup import escape
from pipelinekit.views.tables import plain
from pipelinekit.views.tokens import Theme, colours

if TYPE_CHECKING:
    import plotly.graph_objects as go

MIME = "application/vnd.pipelinekit.picture+json"
PLOTLY = "application/vnd.plotly.v1+json"

Trace = Mapping[str, Any]
_IN_TEXT = re.compile(r"color:pk:([\w-]+)")


@dataclass(frozen=True, slots=True)
class Picture:
    """label: what it shows, in words. head, rows: its table twin. narrow: layout for under 560 px.

    links: where each row leads, and each point of a trace, which stand in the same order; none where they lead nowhere.
    """

    label: str
    data: Sequence[Trace]
    layout: Mapping[str, Any]
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    height: int = 300
    narrow: Mapping[str, Any] = field(default_factory=dict)
    links: Sequence[str] = ()

    @property
    def spec(self) -> dict[str, Any]:
        """For a page: JSON of `data`, `layout`, `narrow` and `links`, colours still as names."""
        linked = {"links": list(self.links)} if self.links else {}
        return {"data": [dict(trace) for trace in self.data], "layout": dict(self.layout), "narrow": dict(self.narrow), **linked}

    def figure(self, theme: Theme = "light") -> go.Figure:
        """For a notebook: a Plotly figure in the colours of `theme`."""
        import plotly.graph_objects as go  # 0.1 s that only a notebook needs

        template.register()
        named = colours(theme)
        data = [self._linked(trace) for trace in self.data]
        drawn = _coloured({"data": data, "layout": {**self.layout, "height": self.height}}, named)
        figure = go.Figure(_known(drawn))
        figure.update_layout(template=f"pk_{theme}")
        return figure

    def _linked(self, trace: Trace) -> Trace:
        """The trace with a link on each of its dots: Plotly's own renderers know no click, but links in text."""
        if not any(self.links) or "markers" not in trace.get("mode", ""):
            return trace
        colour = trace["marker"].get("color", "pk:ink")
        dots = [f'<a href="{escape(link)}" target="_self" style="color:{colour}">●</a>' for link in self.links]
        return {**trace, "mode": f"{trace['mode']}+text", "text": dots, "textposition": "middle center"}

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """How it looks in a cell: Plotly's figure, and beside it what a page makes of it in the theme that is in force."""
        twin = {"figure": self.spec, "head": list(self.head), "rows": [list(row) for row in self.rows]}
        # Whoever shows a stored figure does not say whether the page around it is dark: on white it reads on any.
        ground = {"paper_bgcolor": colours("light")["canvas"], "plot_bgcolor": colours("light")["canvas"]}
        return {
            PLOTLY: json.loads(self.figure().update_layout(ground).to_json()),
            MIME: json.loads(json.dumps({**twin, "label": self.label, "height": self.height})),
            "text/html": str(plain(self.head, self.rows, self.links)),
            "text/plain": f"<chart: {self.label}>",
        }


def _coloured(value: Any, named: Mapping[str, str]) -> Any:
    match value:
        case str() if value.startswith("pk:"):
            return named[value[3:]]
        case str():
            return _IN_TEXT.sub(lambda found: f"color:{named[found[1]]}", value)
        case Mapping():
            return {key: _coloured(inner, named) for key, inner in value.items()}
        case list() | tuple():
            return [_coloured(inner, named) for inner in value]
        case _:
            return value


def _known(drawn: dict[str, Any]) -> dict[str, Any]:
    """Without `narrow`, which annotations carry for our script and Plotly does not know."""
    for note in drawn["layout"].get("annotations", ()):
        note.pop("narrow", None)
    return drawn
