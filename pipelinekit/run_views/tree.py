"""Markup as JSON, for the run widget to build of elements and text: [tag, attributes, child, ...]. Nothing in it is ever parsed."""

from collections.abc import Iterable

from pipelinekit.run_views.live_run import Json
from pipelinekit.views.icons import drawing
from pipelinekit.views.markup import Attribute, shown


def node(tag: str, *children: Json, **attributes: Attribute) -> Json:
    """As `markup.tag`; text is cleaned of what has no place in a page, None is left out."""
    named = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items() if value not in (None, False)}
    return [tag, named, *(_child(child) for child in children if child is not None)]


def _child(child: Json) -> Json:
    return child if isinstance(child, list) else shown(str(child))


def icon(state: str) -> Json:
    """The icon alone: only beside its word."""
    return ["icon", {"state": drawing(state)}]


def table(head: Iterable[str], rows: Iterable[Iterable[Json]]) -> Json:
    titles = (node("th", title, scope="col") for title in head)
    body = (node("tr", *(node("td", cell) for cell in row)) for row in rows)
    drawn = node("table", node("thead", node("tr", *titles)), node("tbody", *body), class_="pk-table")
    return node("div", drawn, class_="pk-scroll")
