"""What is said to `pk.start` in Python, where nothing has read it yet: made the texts that it means, or refused by name."""

from collections.abc import Mapping, Sequence, Set

from pipelinekit.executors.all_executors import EXECUTORS
from pipelinekit.model.problem import Problem, WorkflowInvalid

One = str | int | float  # and bool, which is an int


def words(what: str, given: str | Sequence[str] | None) -> tuple[str, ...]:
    """A list of words; one alone may stand for it. what: the argument's name. Raises WorkflowInvalid."""
    if given is not None and not isinstance(given, str | Sequence | Set):
        raise _wrong(what, f"takes a list of words, here it is {given!r}")
    found: tuple[object, ...] = (given,) if isinstance(given, str) else tuple(given or ())
    if any(not isinstance(word, str) for word in found):
        raise _wrong(what, f"takes a list of words, here it is {given!r}")
    return tuple(map(str, found))


def texts(what: str, given: Mapping[str, One] | None) -> dict[str, str]:
    """Name to text: numbers and booleans as a workflow writes them. Raises WorkflowInvalid."""
    return {_name(what, name): _text(what, name, value) for name, value in _mapping(what, given).items()}


def choices(what: str, given: Mapping[str, One | Sequence[One]] | None) -> dict[str, tuple[str, ...]]:
    """Name to the texts that are wanted; one alone may stand for a list. Raises WorkflowInvalid."""
    found = _mapping(what, given)
    listed = {name: value if isinstance(value, list | tuple | set) else [value] for name, value in found.items()}
    return {_name(what, name): tuple(_text(what, name, value) for value in values) for name, values in listed.items()}


def executor(given: str) -> str:
    """Raises WorkflowInvalid, which names those that there are."""
    if given not in EXECUTORS:
        raise _wrong("executor", f'there is no "{given}"', f"executors: {', '.join(EXECUTORS)}")
    return given


def parallel(given: object) -> int | None:
    """How many legs at a time. Raises WorkflowInvalid."""
    if given is None or (isinstance(given, int) and not isinstance(given, bool) and given > 0):
        return given
    raise _wrong("parallel", f"takes a whole number from 1 on, here it is {given!r}")


def _mapping(what: str, given: object) -> Mapping[object, object]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise _wrong(what, f'takes a dictionary as {{"name": "value"}}, here it is a {type(given).__name__}')
    return given


def _name(what: str, name: object) -> str:
    if isinstance(name, str) and name and "=" not in name:
        return name
    raise _wrong(what, f"a name can't be {name!r}")


def _text(what: str, name: object, value: object) -> str:
    """Nothing of the value is told where it is none: it may be a secret."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    raise _wrong(what, f'"{name}" takes a text or a number, and no {type(value).__name__}')


def _wrong(what: str, message: str, hint: str = "") -> WorkflowInvalid:
    return WorkflowInvalid(Problem("arguments", f"{what}: {message}", hint=hint))
