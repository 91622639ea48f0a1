"""Where the nodes and edges of a job graph stand: longest-path layers, barycentre order, one vertical track per source.

Both the page and the widget only draw what this gives. Pixels; nothing is drawn here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

WIDTH, HEIGHT, GAP_X, GAP_Y = 184, 48, 40, 16
PORT = 24  # edges leave and arrive this far below a node's top
LANE = 8  # height of the lane that a long edge gets in a layer between
RADIUS = 6

Slot = str | tuple[str, str, int]  # a node, or the lane of the edge from .. to .. in a layer


@dataclass(frozen=True, slots=True)
class Box:
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Edge:
    source: str
    target: str
    path: str


@dataclass(frozen=True, slots=True)
class Layout:
    boxes: Mapping[str, Box]
    edges: tuple[Edge, ...]
    width: int
    height: int


def layout(needs: Mapping[str, Sequence[str]], extra: Mapping[str, int] | None = None) -> Layout:
    """needs: ids of each node, in their order, with what each needs. extra: pixels that a node is higher than HEIGHT.

    A need that names no node, or that would close a circle, draws no edge.
    """
    known = {node: [n for n in dict.fromkeys(wanted) if n in needs and n != node] for node, wanted in needs.items()}
    layer = _layers(known)
    chains = _chains(known, layer)
    columns = _ordered(layer, chains)
    boxes = _boxes(columns, extra or {})
    tracks = _tracks(columns, chains, boxes)
    edges = tuple(Edge(source, target, _path(chain, boxes, tracks)) for (source, target), chain in chains.items())
    wide = len(columns) * (WIDTH + GAP_X) - GAP_X + 2 if columns else 0
    high = max((box.y + box.height for box in boxes.values()), default=0) + 1
    return Layout({slot: box for slot, box in boxes.items() if isinstance(slot, str)}, edges, wide, high)


def _layers(needs: dict[str, list[str]]) -> dict[str, int]:
    layer: dict[str, int] = {}

    def depth(node: str, above: tuple[str, ...]) -> int:
        if node not in layer:
            needs[node] = [n for n in needs[node] if n not in above]
            layer[node] = 1 + max((depth(n, (*above, node)) for n in needs[node]), default=-1)
        return layer[node]

    for node in needs:
        depth(node, (node,))
    return layer


def _chains(needs: Mapping[str, Sequence[str]], layer: Mapping[str, int]) -> dict[tuple[str, str], list[Slot]]:
    """Each edge as the slots it passes: its source, a lane in every layer between, its target."""
    return {
        (source, target): [source, *((source, target, at) for at in range(layer[source] + 1, layer[target])), target]
        for target, sources in needs.items()
        for source in sources
    }


def _ordered(layer: Mapping[str, int], chains: Mapping[tuple[str, str], list[Slot]]) -> list[list[Slot]]:
    columns: list[list[Slot]] = [[] for _ in range(1 + max(layer.values(), default=-1))]
    for node, at in layer.items():
        columns[at].append(node)
    for (source, _), chain in chains.items():
        for step, slot in enumerate(chain[1:-1], start=1):
            columns[layer[source] + step].append(slot)
    before: dict[Slot, list[Slot]] = {}
    for chain in chains.values():
        for here, there in pairwise(chain):
            before.setdefault(there, []).append(here)
    place: dict[Slot, float] = {}
    for column in columns:
        column.sort(key=lambda slot: _middle([place[b] for b in before.get(slot, ())]))
        place.update({slot: at - len(column) / 2 for at, slot in enumerate(column)})
    return columns


def _middle(places: list[float]) -> float:
    return sum(places) / len(places) if places else 0.0


def _boxes(columns: list[list[Slot]], extra: Mapping[str, int]) -> dict[Slot, Box]:
    def height(slot: Slot) -> int:
        return HEIGHT + extra.get(slot, 0) if isinstance(slot, str) else LANE

    tall = [sum(map(height, column)) + GAP_Y * (len(column) - 1) for column in columns]
    boxes: dict[Slot, Box] = {}
    for at, column in enumerate(columns):
        y = (max(tall) - tall[at]) / 2
        for slot in column:
            boxes[slot] = Box(at * (WIDTH + GAP_X) + 1, round(y) + 1, WIDTH, height(slot))
            y += height(slot) + GAP_Y
    return boxes


def _port(slot: Slot, boxes: Mapping[Slot, Box]) -> int:
    return boxes[slot].y + (PORT if isinstance(slot, str) else LANE // 2)


def _tracks(
    columns: list[list[Slot]], chains: Mapping[tuple[str, str], list[Slot]], boxes: Mapping[Slot, Box]
) -> dict[Slot, float]:
    """One vertical track per source in the gap at its right; the longer the climb, the further right."""
    after: dict[Slot, dict[Slot, None]] = {}
    for chain in chains.values():
        for here, there in pairwise(chain):
            after.setdefault(here, {})[there] = None
    tracks: dict[Slot, float] = {}
    for column in columns:
        climbs = {
            slot: max((abs(_port(there, boxes) - _port(slot, boxes)) for there in after.get(slot, ())), default=0)
            for slot in column
        }
        turning = sorted((slot for slot in column if climbs[slot]), key=lambda slot: climbs[slot])
        apart = min(RADIUS, PORT / max(1, len(turning) - 1))
        for at, slot in enumerate(turning):
            tracks[slot] = boxes[slot].x + WIDTH + GAP_X / 2 + (at - (len(turning) - 1) / 2) * apart
    return tracks


def _path(chain: list[Slot], boxes: Mapping[Slot, Box], tracks: Mapping[Slot, float]) -> str:
    drawn = f"M{boxes[chain[0]].x + WIDTH} {_port(chain[0], boxes)}"
    for here, there in pairwise(chain):
        x, top, bottom = boxes[there].x, _port(here, boxes), _port(there, boxes)
        if top == bottom:
            drawn += f"H{x}"
        else:
            track, radius = round(tracks[here], 1), min(RADIUS, abs(bottom - top) / 2)
            turn = radius if bottom > top else -radius
            drawn += f"H{track - radius}Q{track} {top} {track} {top + turn}"
            drawn += f"V{bottom - turn}Q{track} {bottom} {track + radius} {bottom}H{x}"
        if not isinstance(there, str):
            drawn += f"h{WIDTH}"
    return drawn
