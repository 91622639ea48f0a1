"""How every chart looks: Plotly templates made from the tokens, `pk_light` and `pk_dark`."""

import json
from typing import Any

from pipelinekit.views.tokens import Theme, colours, fonts

THEMES: tuple[Theme, Theme] = ("light", "dark")
CLEAR = "rgba(0,0,0,0)"


def layout(theme: Theme) -> dict[str, Any]:
    """The layout part of a template, in the colours of `theme`."""
    t, sans = colours(theme), fonts()["sans"]
    scale = [t[f"seq-{i}"] for i in range(1, 8)]
    x = _axis(t)
    y = {**x, "showgrid": True, "gridcolor": t["line"], "showline": False, "ticks": "", "rangemode": "tozero"}
    hover = {"bgcolor": t["canvas"], "bordercolor": t["quiet"], "align": "left"}
    return {
        "font": {"family": sans, "size": 12, "color": t["ink-2"]},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "colorway": [t[f"cat-{i}"] for i in range(1, 7)],
        "colorscale": {
            "sequential": [[i / 6, colour] for i, colour in enumerate(scale)],
            "sequentialminus": [[i / 6, colour] for i, colour in enumerate(reversed(scale))],
            "diverging": [[0, t["cat-1"]], [0.5, t["sunken"]], [1, t["cat-2"]]],
        },
        "xaxis": x,
        "yaxis": y,
        "showlegend": False,
        "margin": {"l": 52, "r": 12, "t": 28, "b": 30, "pad": 0},
        "hovermode": "closest",
        "hoverdistance": 24,
        "bargap": 0.3,
        "separators": ".,",
        "hoverlabel": {**hover, "font": {"family": sans, "size": 12, "color": t["ink"]}},
        "title": {"x": 0, "xanchor": "left", "font": {"size": 13, "color": t["ink"]}},
        "annotationdefaults": {"font": {"size": 12, "color": t["ink-2"]}, "showarrow": False},
    }


def _axis(t: dict[str, str]) -> dict[str, Any]:
    return {
        "showgrid": False,
        "zeroline": False,
        "showline": True,
        "linecolor": t["line"],
        "linewidth": 1,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": t["line"],
        "tickfont": {"color": t["ink-3"], "size": 12},
        "title": {"text": "", "font": {"color": t["ink-2"], "size": 12}},
        "automargin": True,
        "fixedrange": True,
    }


def script() -> str:
    """A classic script that gives a page both templates and the colours that `pk:` names."""
    both = {theme: {"layout": layout(theme), "pk": colours(theme)} for theme in THEMES}
    return f"/* Made from pk-tokens.css by charts/template.py. */\nwindow.pkPlotly = {json.dumps(both)};\n"


def register() -> None:
    """Make `pk_light` and `pk_dark` known to Plotly, once."""
    import plotly.graph_objects as go  # 0.1 s that only a notebook needs
    import plotly.io as pio

    for theme in THEMES:
        if f"pk_{theme}" not in pio.templates:
            pio.templates[f"pk_{theme}"] = go.layout.Template(layout=layout(theme))
