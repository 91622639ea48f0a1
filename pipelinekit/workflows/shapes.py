"""What may stand at one place of a workflow file: the words that the tables in `keys` and `events` are written in."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may use at some place; functions: beyond the language's own."""

    names: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()

    def __or__(self, other: "Scope") -> "Scope":
        return Scope(self.names | other.names, self.functions | other.functions)


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a mapping.

    what: how a message calls it ("a step"). other: what stands under any key that is not listed.
    """

    what: str
    known: dict[str, "Shape"] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    other: "Shape | None" = None


@dataclass(frozen=True, slots=True)
class Shape:
    """Each field that is set allows one more kind of value; where `scope` is not empty an expression may stand for it.

    text: any scalar, taken as text; filled: so, but not empty. words: one of these, exactly. items: a list of such.
    maps: a mapping; of several kinds, the one whose keys it uses. scope: None for that of the place around it.
    condition: the text is an expression even without `${{ }}`.
    """

    text: bool = False
    filled: bool = False
    words: tuple[str, ...] = ()
    truth: bool = False
    number: bool = False
    null: bool = False
    anything: bool = False
    items: "Shape | None" = None
    maps: tuple[Keys, ...] = ()
    scope: Scope | None = None
    condition: bool = False


CONTEXTS = frozenset(
    {"env", "github", "inputs", "job", "jobs", "matrix", "needs", "runner", "secrets", "steps", "strategy", "vars"}
)
NOWHERE = Scope()
TEXT = Shape(text=True)
FILLED = Shape(filled=True)
TRUTH = Shape(truth=True)
NUMBER = Shape(number=True)
ANYTHING = Shape(anything=True)
TEXTS = Shape(items=TEXT)
FILLED_LIST = Shape(items=FILLED)
FILLED_OR_LIST = Shape(filled=True, items=FILLED)


def one_of(*alternatives: str) -> Shape:
    """Exactly one of these words."""
    return Shape(words=alternatives)


def words(text: str) -> tuple[str, ...]:
    """Words that stand in a row: how the longer tables are written."""
    return tuple(text.split())


def table(what: str, value: Shape, scope: Scope | None = None) -> Shape:
    """A mapping of names that the author chooses."""
    return Shape(maps=(Keys(what, other=value),), scope=scope)
