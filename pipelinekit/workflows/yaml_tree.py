"""YAML text -> Nodes, composed here from libyaml's events.

PyYAML's own composer rejects re-used anchors, hides duplicate keys and makes a boolean of `on`. Limits, tags and the
handling of anchors are GitHub's (actions/runner, YamlObjectReader and TemplateMemory).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from pipelinekit.model.node import ListNode, MapNode, Node, Plain, Scalar
from pipelinekit.model.position import Position
from pipelinekit.model.problem import Problem
from pipelinekit.workflows.yaml_errors import problem_of
from pipelinekit.workflows.yaml_scalars import TAG, TAGS, plain_value, tagged_value

MAX_CHARACTERS = 1024 * 1024
MAX_DEPTH = 50
MAX_NODES = 50_000
MAX_EXPANDED_CHARACTERS = 10 * 1024 * 1024

LOADER = yaml.CLoader if yaml.__with_libyaml__ else yaml.Loader
_COLLECTION_TAGS = (None, "!", TAG + "map", TAG + "seq")


def compose(text: str, file: str) -> tuple[Node | None, list[Problem]]:
    """The one document in `text` as Nodes; None where there is none or it does not parse.

    file: as the author names it, for positions. Duplicate keys, unknown tags and numbers that can't be held are
    problems that leave a Node; syntax errors, limits and a second document are problems that leave None.
    """
    text = text.removeprefix("\ufeff")
    if len(text) > MAX_CHARACTERS:
        size = f"{len(text):,} characters; a workflow may have {MAX_CHARACTERS:,}"
        return None, [Problem("limit", f"the file has {size}", Position(file, 1, 1))]
    composer = _Composer(file, yaml.parse(text, Loader=LOADER))
    try:
        return composer.document(), composer.problems
    except _Stop as stop:
        return None, [*composer.problems, stop.problem]
    except yaml.YAMLError as error:
        return None, [*composer.problems, problem_of(error, text, file)]


class _Stop(Exception):
    """Nothing more can be read."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(slots=True)
class _Anchored:
    """What an anchor stands for, and what each use of it costs; node: None while it is still being read."""

    node: Node | None = None
    nodes: int = 0
    characters: int = 0
    levels: int = 0


class _Composer:
    """Reads events one after another; `nodes` and `characters` count what has been made, aliases expanded."""

    def __init__(self, file: str, events: Iterator[yaml.Event]) -> None:
        self.file = file
        self.events = events
        self.problems: list[Problem] = []
        self.anchors: dict[str, _Anchored] = {}
        self.nodes = 0
        self.characters = 0
        self.deepest = 0

    def document(self) -> Node | None:
        next(self.events)  # StreamStart
        if isinstance(next(self.events), yaml.StreamEndEvent):
            return None
        node = self.node(next(self.events), 0)
        next(self.events)  # DocumentEnd
        after = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            hint = "a workflow file holds one document; remove the `---`"
            raise self.stop("yaml", "a second YAML document begins here", after, hint)
        return node

    def node(self, event: yaml.Event, depth: int) -> Node:
        """depth: how many lists and mappings are around it."""
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event, depth)
        self.nodes += 1
        anchored = None
        if isinstance(event, yaml.NodeEvent) and event.anchor:
            anchored = self.anchors[event.anchor] = _Anchored()
        nodes, characters, outer, self.deepest = self.nodes, self.characters, self.deepest, depth
        node = self.scalar(event) if isinstance(event, yaml.ScalarEvent) else self.collection(event, depth)
        self.within_limits(event)
        if anchored:
            anchored.node, anchored.levels = node, self.deepest - depth
            anchored.nodes, anchored.characters = self.nodes - nodes + 1, self.characters - characters
        self.deepest = max(outer, self.deepest)
        return node

    def collection(self, event: yaml.Event, depth: int) -> Node:
        self.nested(event, depth + 1)
        if isinstance(event, yaml.CollectionStartEvent) and event.tag not in _COLLECTION_TAGS:
            self.problem("yaml", f'the tag "{event.tag}" is not allowed', event)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(item := next(self.events), yaml.SequenceEndEvent):
                items.append(self.node(item, depth + 1))
            return ListNode(tuple(items), self.position(event))
        return self.mapping(event, depth)

    def mapping(self, event: yaml.Event, depth: int) -> MapNode:
        entries: list[tuple[Scalar, Node]] = []
        seen: dict[str, Scalar] = {}
        while not isinstance(first := next(self.events), yaml.MappingEndEvent):
            key = self.node(first, depth + 1)
            if not isinstance(key, Scalar):
                raise self.stop("yaml", "a key must be a word, not a list or a mapping", first)
            entries.append((key, self.node(next(self.events), depth + 1)))
            before = seen.setdefault(key.text.upper(), key)
            if before is not key and "${{" not in key.text:
                self.duplicate(key, before)
        # A mapping stands where its first key does, as GitHub counts; in `{}` and `{a: 1}` that is the brace.
        return MapNode(tuple(entries), self.position(event))

    def duplicate(self, key: Scalar, before: Scalar) -> None:
        how = "" if key.text == before.text else " (case is ignored)"
        self.problems.append(
            Problem(
                "duplicate-key",
                f'"{key.text}" is already defined{how}',
                key.position,
                length=len(key.text),
                related=((before.position, "first defined here"),),
                hint="remove one of the two",
            )
        )

    def alias(self, event: yaml.AliasEvent, depth: int) -> Node:
        anchored = self.anchors.get(event.anchor or "")
        if anchored is None:
            names = ", ".join(f'"{name}"' for name in self.anchors)
            known = f"anchors above: {names}" if names else "a value that begins with * needs quotes"
            raise self.stop("yaml", f'no anchor has the name "{event.anchor}"', event, known)
        if anchored.node is None:
            raise self.stop("yaml", f'the alias "{event.anchor}" stands inside its own anchor', event)
        self.nodes += anchored.nodes
        self.characters += anchored.characters
        self.nested(event, depth + anchored.levels)
        self.within_limits(event)
        return anchored.node

    def scalar(self, event: yaml.ScalarEvent) -> Scalar:
        text = event.value
        self.characters += len(text)
        return Scalar(self.value(event, text), text, self.position(event))

    def value(self, event: yaml.ScalarEvent, text: str) -> Plain:
        tag = event.tag
        try:
            if tag in (None, ""):
                return plain_value(text) if event.implicit[0] else text
            if tag == "!":
                return text
            if tag in TAGS:
                return tagged_value(text, tag, quoted=bool(event.style))
        except ValueError:
            kind = (tag or TAG + "int").removeprefix(TAG)
            self.problem("yaml", f'"{text}" is not a valid {kind}', event, length=len(text))
            return text
        if tag.startswith("!"):
            self.problem(
                "yaml", f'a value that begins with "!" is read as a tag: "{tag}"', event,
                "put the value in quotes, or in ${{ }}", len(tag),
            )  # fmt: skip
        else:
            self.problem("yaml", f'the tag "{tag}" is not allowed', event)
        return text

    def nested(self, event: yaml.Event, levels: int) -> None:
        if levels > MAX_DEPTH:
            raise self.stop("limit", f"nested more than {MAX_DEPTH} levels deep", event)
        self.deepest = max(self.deepest, levels)

    def within_limits(self, event: yaml.Event) -> None:
        if self.nodes > MAX_NODES:
            raise self.stop("limit", f"more than {MAX_NODES:,} values, aliases expanded", event)
        if self.characters > MAX_EXPANDED_CHARACTERS:
            raise self.stop("limit", f"more than {MAX_EXPANDED_CHARACTERS:,} characters, aliases expanded", event)

    def position(self, event: yaml.Event) -> Position:
        mark = event.start_mark
        return Position(self.file, mark.line + 1, mark.column + 1) if mark else Position(self.file, 1, 1)

    def problem(self, code: str, message: str, event: yaml.Event, hint: str = "", length: int = 1) -> None:
        self.problems.append(Problem(code, message, self.position(event), hint=hint, length=max(1, length)))

    def stop(self, code: str, message: str, event: yaml.Event, hint: str = "") -> _Stop:
        return _Stop(Problem(code, message, self.position(event), hint=hint))
