"""JSON to values and back, in the layout of `toJSON`."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from pipelinekit.expressions.memory import Counter, size
from pipelinekit.expressions.syntax import ExpressionError
from pipelinekit.expressions.values import Kind, kind_of, number_text, to_number, to_text

_LINE_ENDS = re.compile("[\x85\u2028\u2029]")


def read_json(text: str) -> object:
    """The value that the text spells; every number is a float. Raises ExpressionError (evaluation)."""
    if not text.strip():
        raise _unreadable("empty input")
    try:
        return json.loads(text, parse_int=float)
    except json.JSONDecodeError as error:
        raise _unreadable(f"{error.msg} (line {error.lineno}, column {error.colno})") from error
    except RecursionError as error:
        raise _unreadable("nested too deeply") from error


def _unreadable(why: str) -> ExpressionError:
    return ExpressionError("evaluation", f"Error parsing JSON when evaluating fromJson: {why}")


def write_json(value: object) -> str:
    """The value as JSON, indented by two spaces; NaN and the infinities are written as the language spells them.

    Raises ExpressionError (evaluation) where the text takes too much memory.
    """
    counter = Counter()
    pieces: list[str] = []
    for piece in _pieces(value):
        counter.add(size(piece))
        pieces.append(piece)
    return "".join(pieces)


def _pieces(root: object) -> Iterator[str]:
    """The text in the pieces that the runner counts; without recursion, since values may be nested deeply."""
    rest: list[str | tuple[str, object, str]] = [("", root, "\n")]  # text, or a value with what is before and around it
    while rest:
        item = rest.pop()
        if isinstance(item, str):
            yield item
            continue
        before, value, line = item
        inner = line + "  "
        parts: list[str | tuple[str, object, str]] = []
        if isinstance(value, Mapping) and value:
            for key, entry in value.items():
                parts += ("," if parts else "") + inner + _quoted(to_text(key)), (": ", entry, inner)
            rest += (line + "}", *reversed(parts), before + "{")
        elif kind_of(value) is Kind.ARRAY and isinstance(value, Sequence) and value:
            for entry in value:
                parts.append((("," if parts else "") + inner, entry, inner))
            rest += (line + "]", *reversed(parts), before + "[")
        else:
            yield before + _plain(value)


def _plain(value: object) -> str:
    match kind_of(value):
        case Kind.NULL:
            return "null"
        case Kind.BOOLEAN:
            return "true" if value else "false"
        case Kind.NUMBER:
            return number_text(to_number(value))
        case Kind.STRING:
            return _quoted(str(value))
        case Kind.ARRAY:
            return "[]"
        case Kind.OBJECT:
            return "{}"


def _quoted(text: str) -> str:
    """As the runner quotes: control characters and the line ends of Unicode are escaped, all else stays readable."""
    return _LINE_ENDS.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))
