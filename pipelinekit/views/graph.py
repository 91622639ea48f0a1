"""The job graph as SVG, and the same as a list for where there is no room."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pipelinekit.views.graph_layout import Box, Edge, Layout, layout
from pipelinekit.views.icons import drawing, icon
from pipelinekit.views.marks import marks
from pipelinekit.views.markup import Html, fill, join, tag
from pipelinekit.views.words import listed

MOST = 17  # characters of a name that fit in a node
ROW = 22  # height of a row of marks


@dataclass(frozen=True, slots=True)
class Node:
    """One job. state: '' for what is only planned. word: under its name, as `1 of 6 failed`. time: written.

    legs: of a matrix, one history letter a leg.
    """

    id: str
    needs: tuple[str, ...]
    state: str
    time: str
    word: str = ""
    legs: str = ""
    target: str = "#log"

    @property
    def says(self) -> str:
        return self.word or self.state

    @property
    def label(self) -> str:
        return f"{self.id}: {', '.join(filter(None, (self.says, self.time)))}"


def fit(name: str) -> str:
    """Long names lose their middle; the whole name stands in the title and the label."""
    return name if len(name) <= MOST else f"{name[:8]}…{name[-8:]}"


def graph(nodes: Sequence[Node], critical: Collection[str] = ()) -> Html:
    """critical: ids of the jobs on the critical path."""
    return tag("div", drawn(nodes, critical), _list(nodes), class_="pk-graph")


def drawn(nodes: Sequence[Node], critical: Collection[str] = ()) -> Html:
    """The picture alone."""
    needs = {node.id: node.needs for node in nodes}
    placed = layout(needs, {node.id: extra(node.legs) for node in nodes})
    states = {node.id: node.state for node in nodes}
    on_path = {(edge.source, edge.target) for edge in placed.edges if edge.source in critical and edge.target in critical}
    ordered = sorted(placed.edges, key=lambda edge: (edge.source, edge.target) in on_path)  # the dark ones lie on top
    edges = (_edge(edge, states[edge.target], (edge.source, edge.target) in on_path) for edge in ordered)
    return _svg(placed, join((*edges, *(_node(node, placed.boxes[node.id]) for node in nodes))))


def _svg(placed: Layout, inside: Html) -> Html:
    style = f"max-width:calc({placed.width} * var(--pk-px))"
    box = f"0 0 {placed.width} {placed.height}"
    return tag("svg", inside, viewBox=box, style=style, role="group", aria_label="job graph")


def _edge(edge: Edge, state: str, critical: bool) -> Html:
    names = ["pk-edge", *(["pk-crit"] if critical else []), *(["pk-dash"] if state in ("skipped", "queued") else [])]
    return tag("path", class_=" ".join(names), d=edge.path)


def _node(node: Node, box: Box) -> Html:
    x, y = box.x, box.y
    state = drawing(node.state) if node.state else ""
    use = '<use href="#pk-{}" x="{}" y="{}" width="16" height="16"></use>'
    left = x + (36 if state else 12)
    parts = [
        tag("title", node.label),
        tag("rect", class_="pk-box", x=x, y=y, width=box.width, height=box.height, rx=8),
        fill(use, state, str(x + 12), str(y + 8)) if state else None,
        tag("text", fit(node.id), class_="pk-name", x=left, y=y + 21),
        tag("text", node.says, class_="pk-sub", x=left, y=y + 38),
        tag("text", node.time, class_="pk-sub pk-end", x=x + box.width - 12, y=y + 38),
    ]
    per, pitch = per_row(node.legs)
    for at in range(0, len(node.legs), per):
        row = marks(node.legs[at : at + per], pitch, 16)
        parts.append(tag("g", row, transform=f"translate({x + 12} {y + 50 + ROW * (at // per)})"))
    return tag("a", *parts, href=node.target, class_=f"pk-node pk-{state}" if state else "pk-node", aria_label=node.label)


def per_row(legs: str) -> tuple[int, int]:
    """Marks in a row and their pitch: 36 legs in three roomy rows, 60 in three tight ones."""
    return (12, 12) if len(legs) <= 36 else (20, 7)


def extra(legs: str) -> int:
    """Pixels that its marks make a node higher."""
    return 4 + ROW * -(-len(legs) // per_row(legs)[0]) if legs else 0


def _list(nodes: Sequence[Node]) -> Html:
    rows = (
        tag(
            "li",
            tag("span", icon(node.state), class_=f"pk-state pk-{drawing(node.state)}"),
            tag("b", node.id),
            tag("span", f"{node.says} · {node.time}"),
            tag("small", f"needs {listed(node.needs)}" if node.needs else "starts at once"),
        )
        for node in nodes
    )
    return tag("ol", *rows, class_="pk-graph-list")
