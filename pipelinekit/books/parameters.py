"""The parameters of a notebook: its one typed cell tagged `parameters`, read without running it, and values for them."""

import ast
import io
import tokenize
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelinekit.books.read import read
from pipelinekit.model.node import Value
from pipelinekit.model.problem import Problem, WorkflowInvalid

TAG = "parameters"


@dataclass(frozen=True, slots=True)
class Parameter:
    """kind: its annotation as written, `str` or `list[str]`. meaning: the comment behind it."""

    name: str
    kind: str
    default: Value
    meaning: str = ""


def declared(notebook: Path) -> tuple[Parameter, ...]:
    """The parameters in the order written; none where no cell has the tag.

    Raises WorkflowInvalid for a file that is no notebook, a cell that does not parse, and an entry that is not
    `name: kind = literal`.
    """
    return typed(_source(notebook), notebook.name)


def typed(source: str, where: str) -> tuple[Parameter, ...]:
    """The parameters in the source of a cell. where: what to call it. Raises as `declared` does."""
    statements = _statements(source, where)
    comments = _comments(source)
    return tuple(_parameter(where, statement, comments) for statement in statements)


def coerced(notebook: Path, given: Mapping[str, Value]) -> dict[str, Value]:
    """The given values, text turned into what each parameter's type says: "false" is False for a bool.

    Where no type is written, it is that of the value. What else stands in the cell, as an import, does not matter.
    Raises WorkflowInvalid for a file that is no notebook, a name that it does not declare, and text that is not of the type.
    """
    source = _source(notebook)
    found = (_found(statement) for statement in _statements(source, notebook.name)) if given else ()
    known = {parameter.name: parameter for parameter in found if parameter is not None}
    values: dict[str, Value] = {}
    for name, value in given.items():
        if name not in known:
            raise _invalid(notebook.name, f'it has no parameter "{name}"', f"parameters here: {', '.join(known) or 'none'}")
        values[name] = read_as(known[name], value, notebook.name) if isinstance(value, str) else value
    return values


def read_as(parameter: Parameter, text: str, where: str) -> Value:
    """The text as what the parameter's type says. Raises WorkflowInvalid."""
    kind = parameter.kind.removesuffix(" | None")
    if text == "None" and kind != parameter.kind:
        return None
    if kind.startswith("list["):
        item = Parameter(parameter.name, kind.removeprefix("list[").removesuffix("]"), None)
        return [read_as(item, part, where) for part in _items(text, where)]
    if kind not in _READERS:
        hint = "these can be given: str, int, float, bool, lists of them"
        raise _invalid(where, f'text can\'t be turned into "{parameter.kind}" for "{parameter.name}"', hint)
    try:
        return _READERS[kind](text)
    except (ValueError, KeyError) as wrong:
        raise _invalid(where, f'"{text}" is no {kind} for "{parameter.name}"', _EXAMPLES[kind]) from wrong


def _source(notebook: Path) -> str:
    return next((cell.source for cell in read(notebook).cells if cell.kind == "code" and TAG in cell.tags), "")


def _statements(source: str, where: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except SyntaxError as wrong:
        raise _invalid(where, f"the cell `{TAG}` does not parse: {wrong.msg}, its line {wrong.lineno}") from wrong


def _found(statement: ast.stmt) -> Parameter | None:
    """What can be given in place of it, or None."""
    match statement:
        case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=ast.expr()):
            return Parameter(name, _kind(annotation), None)
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return Parameter(name, _kind_of(value), None)
        case _:
            return None


def _quoted(text: str) -> str:
    try:
        return _kind(ast.parse(text, mode="eval").body)
    except SyntaxError:
        return text  # no type that anything could be read as; where a value is given it is refused by this name


def _kind(annotation: ast.expr) -> str:
    """An annotation in one way of writing it: `Optional[int]` and `None | int` are `int | None`."""
    match annotation:
        case ast.Constant(value=str(quoted)):
            return _quoted(quoted)
        case ast.BinOp(left=ast.Constant(value=None), op=ast.BitOr(), right=other):
            return f"{_kind(other)} | None"
        case ast.Subscript(value=ast.Name(id="Optional") | ast.Attribute(attr="Optional"), slice=inner):
            return f"{_kind(inner)} | None"
        case ast.Subscript(value=ast.Name(id="List") | ast.Attribute(attr="List"), slice=inner):
            return f"list[{_kind(inner)}]"
        case ast.Name(id="list"):
            return "list[str]"
        case _:
            return ast.unparse(annotation)


def _kind_of(value: ast.expr) -> str:
    """The kind of a value that has no annotation; the value itself as it is written, where it is not a literal."""
    try:
        literal = ast.literal_eval(value)
    except ValueError:
        return ast.unparse(value)
    if isinstance(literal, list):
        return f"list[{type(literal[0]).__name__ if literal else 'str'}]"
    return "str | None" if literal is None else type(literal).__name__


def _items(text: str, where: str) -> list[str]:
    """The items of a list, written `a,b` or as Python and JSON do."""
    if not (text.strip().startswith("[") and text.strip().endswith("]")):
        return [part.strip() for part in text.split(",") if part.strip()]
    try:
        return [str(item) for item in ast.literal_eval(text.strip())]
    except (ValueError, SyntaxError) as wrong:
        raise _invalid(where, f"the list can't be read: {text}", 'write a,b or ["a", "b"]') from wrong


def _parameter(where: str, statement: ast.stmt, comments: Mapping[int, str]) -> Parameter:
    match statement:
        case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=ast.expr() as value):
            try:
                default = ast.literal_eval(value)
            except ValueError as wrong:
                raise _invalid(where, f'the default of "{name}" is not a literal: {ast.unparse(value)}') from wrong
            return Parameter(name, ast.unparse(annotation), default, comments.get(statement.end_lineno or 0, ""))
        case _:
            written = ast.unparse(statement).partition("\n")[0]
            hint = "write `name: type = value  # what it is for`"
            raise _invalid(where, f"the cell `{TAG}` holds more than typed values: {written}", hint)


def _comments(source: str) -> dict[int, str]:
    """Line to its comment, without the sign."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.start[0]: token.string.lstrip("# ").strip() for token in tokens if token.type == tokenize.COMMENT}


def _truth(text: str) -> bool:
    return {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}[text.strip().lower()]


_READERS: dict[str, Callable[[str], Value]] = {"str": str, "int": int, "float": float, "bool": _truth}
_EXAMPLES = {"str": "any text", "int": "an integer, as 14", "float": "a number, as 0.5", "bool": "true or false"}


def _invalid(where: str, what: str, hint: str = "") -> WorkflowInvalid:
    return WorkflowInvalid(Problem("notebook", f"{where}: {what}", hint=hint))
