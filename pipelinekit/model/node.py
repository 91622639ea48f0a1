"""A workflow file as a tree in which every value knows where it was written."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipelinekit.model.position import Position

Plain = None | bool | int | float | str
Value = Plain | list["Value"] | dict[str, "Value"]  # what JSON can say: contexts, inputs, matrices


@dataclass(frozen=True, slots=True)
class Scalar:
    """value: after YAML 1.2 core's rules (numbers are floats or ints). text: as the author wrote it, without quotes."""

    value: Plain
    text: str
    position: Position

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class ListNode:
    items: tuple["Node", ...]
    position: Position

    def __iter__(self) -> Iterator["Node"]:
        return iter(self.items)


@dataclass(frozen=True, slots=True)
class MapNode:
    """Keys in the order written. Looking up ignores case where the caller lowers it; here keys are exact."""

    entries: tuple[tuple[Scalar, "Node"], ...]
    position: Position

    def get(self, key: str) -> "Node | None":
        """The value under `key`, or None."""
        return next((value for k, value in self.entries if k.text == key), None)

    def key(self, key: str) -> Scalar | None:
        """The key itself, for its position."""
        return next((k for k, _ in self.entries if k.text == key), None)

    def keys(self) -> tuple[str, ...]:
        return tuple(k.text for k, _ in self.entries)


Node = Scalar | ListNode | MapNode


def plain(node: Node) -> Value:
    """The node without its positions, as JSON would say it; expressions stay text."""
    match node:
        case Scalar(value=value):
            return value
        case ListNode(items=items):
            return [plain(item) for item in items]
        case MapNode(entries=entries):
            return {key.text: plain(value) for key, value in entries}
