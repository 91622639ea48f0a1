"""A chart's picture as a part of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelinekit.views.plots import plot

if TYPE_CHECKING:
    from pipelinekit.charts.picture import Picture
    from pipelinekit.views.markup import Html


def drawn(picture: Picture) -> Html:
    """The plot, and below it the same as a table."""
    return plot(picture.spec, picture.head, picture.rows, label=picture.label, height=picture.height)
