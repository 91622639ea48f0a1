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
    source = next((cell.source for cell in read(notebook).cells if cell.kind == "code" and TAG in cell.tags), "")
    try:
        statements = ast.parse(source).body
    except SyntaxError as wrong:
        raise _invalid(notebook, f"the cell `{TAG}` does not parse: {wrong.msg}, its line {wrong.lineno}") from wrong
    comments = _comments(source)
    return tuple(_parameter(notebook, statement, comments) for statement in statements)


def coerced(notebook: Path, given: Mapping[str, Value]) -> dict[str, Value]:
    """The given values, text turned into what each parameter's type says: "false" is False for a bool.

    Raises WorkflowInvalid for a name that the notebook does not declare, and for text that is not of the type.
    """
    known = {parameter.name: parameter for parameter in declared(notebook)}
    values: dict[str, Value] = {}
    for name, value in given.items():
        if name not in known:
            raise _invalid(notebook, f'it has no parameter "{name}"', f"parameters here: {', '.join(known) or 'none'}")
        values[name] = _coerced(notebook, known[name], value) if isinstance(value, str) else value
    return values


def _parameter(notebook: Path, statement: ast.stmt, comments: Mapping[int, str]) -> Parameter:
    match statement:
        case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=ast.expr() as value):
            try:
                default = ast.literal_eval(value)
            except ValueError as wrong:
                raise _invalid(notebook, f'the default of "{name}" is not a literal: {ast.unparse(value)}') from wrong
            return Parameter(name, ast.unparse(annotation), default, comments.get(statement.end_lineno or 0, ""))
        case _:
            written = ast.unparse(statement).partition("\n")[0]
            hint = "write `name: type = value  # what it is for`"
            raise _invalid(notebook, f"the cell `{TAG}` holds more than typed values: {written}", hint)


def _comments(source: str) -> dict[int, str]:
    """Line to its comment, without the sign."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.start[0]: token.string.lstrip("# ").strip() for token in tokens if token.type == tokenize.COMMENT}


def _coerced(notebook: Path, parameter: Parameter, text: str) -> Value:
    kind = parameter.kind.removesuffix(" | None")
    if text == "None" and kind != parameter.kind:
        return None
    if kind.startswith("list["):
        item = Parameter(parameter.name, kind.removeprefix("list[").removesuffix("]"), None)
        return [_coerced(notebook, item, part.strip()) for part in text.split(",") if part.strip()]
    if kind not in _READERS:
        raise _invalid(notebook, f'text can\'t be turned into "{parameter.kind}" for "{parameter.name}"')
    try:
        return _READERS[kind](text)
    except (ValueError, KeyError) as wrong:
        raise _invalid(notebook, f'"{text}" is no {kind} for "{parameter.name}"', _EXAMPLES[kind]) from wrong


def _truth(text: str) -> bool:
    return {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}[text.strip().lower()]


_READERS: dict[str, Callable[[str], Value]] = {"str": str, "int": int, "float": float, "bool": _truth}
_EXAMPLES = {"str": "any text", "int": "an integer, as 14", "float": "a number, as 0.5", "bool": "true or false"}


def _invalid(notebook: Path, what: str, hint: str = "") -> WorkflowInvalid:
    return WorkflowInvalid(Problem("notebook", f"{notebook.name}: {what}", hint=hint))
