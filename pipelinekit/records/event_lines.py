"""Events as lines of JSON, and back: every event names its `type`, fields that it lacks take their defaults."""

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from pipelinekit.model.event import Event

Convert = Callable[[Any], Any]


class LineUnreadable(Exception):
    """A line that is no event of this version: torn, damaged, or of a type that came later."""


def encode(event: Event) -> bytes:
    """The event as one line, its end included. What UTF-8 can't say (lone surrogates) becomes a JSON escape."""
    shape = _shape(type(event))
    text = _ENCODER.encode({"type": shape.name} | {name: getattr(event, name) for name in shape.converters})
    return text.encode("utf-8", "backslashreplace") + b"\n"


def decode(line: bytes) -> Event:
    """The event of a line. Fields that this version does not know are left out. Raises LineUnreadable."""
    try:
        values = json.loads(line)
        return _shape(_EVENTS[values["type"]]).build(values)  # type: ignore[no-any-return]
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise LineUnreadable(str(problem)) from problem


@dataclass(frozen=True, slots=True)
class _Shape:
    """One dataclass: how each of its fields is made of JSON (None where JSON's own value is it)."""

    cls: Any
    name: str
    converters: Mapping[str, Convert | None]
    required: frozenset[str]

    def build(self, values: Mapping[str, Any]) -> Any:
        if missing := self.required - values.keys():
            raise KeyError(*missing)
        given = {}
        for name, convert in self.converters.items():
            if name in values:
                value = values[name]
                given[name] = value if convert is None or value is None else convert(value)
        return self.cls(**given)


def _shape(cls: type) -> _Shape:
    if cls in _SHAPES:
        return _SHAPES[cls]
    hints = get_type_hints(cls)
    declared: tuple[Field[Any], ...] = fields(cls)
    required = frozenset(f.name for f in declared if f.default is MISSING and f.default_factory is MISSING)
    _SHAPES[cls] = _Shape(cls, cls.__name__, {name: _converter(hint) for name, hint in hints.items()}, required)
    return _SHAPES[cls]


def _converter(hint: Any) -> Convert | None:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        made = [c for arm in arguments if arm is not NoneType and (c := _converter(arm)) is not None]
        return made[0] if len(made) == 1 else None  # a union of plain values is what JSON says already
    if origin is tuple and arguments[-1] is Ellipsis:
        return _tuple_of(_converter(arguments[0]))
    if origin is tuple:
        return tuple
    if is_dataclass(hint):
        return _shape(hint).build  # type: ignore[arg-type]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    return None


def _tuple_of(convert: Convert | None) -> Convert:
    return tuple if convert is None else lambda items: tuple(map(convert, items))


def _fields_of(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in _shape(type(value)).converters}


_SHAPES: dict[type, _Shape] = {}
_EVENTS: dict[str, type] = {cls.__name__: cls for cls in get_args(Event)}
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_fields_of)
