"""What libyaml says when a file does not parse, as a Problem with advice."""

import yaml
from yaml.reader import ReaderError

from pipelinekit.model.position import Position
from pipelinekit.model.problem import Problem


def problem_of(error: yaml.YAMLError, text: str, file: str) -> Problem:
    """error: raised while `text` was parsed. Positions are the error's own; the hint is ours where we know the trap."""
    if isinstance(error, ReaderError):
        before = text[: error.position]
        place = Position(file, before.count("\n") + 1, error.position - (before.rfind("\n") + 1) + 1)
        return Problem("yaml", f"a character that YAML does not allow: U+{_codepoint(error):04X}", place)
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Problem("yaml", f"not YAML: {error}", Position(file, 1, 1))
    context, opened = error.context or "", error.context_mark
    at_start = opened is not None and any(word in context for word in ("an alias", "an anchor", "a tag"))
    mark = opened if opened is not None and at_start else error.problem_mark
    line, column = mark.line, mark.column
    lines = text.splitlines()
    if line >= len(lines) and lines:  # the end of the file: point behind its last character
        line, column = len(lines) - 1, len(lines[-1])
    written = lines[line] if line < len(lines) else ""
    what = error.problem or "not YAML"
    related: tuple[tuple[Position, str], ...] = ()
    if opened is not None and opened.line != line and "collection" not in context and "block" not in context:
        related = ((Position(file, opened.line + 1, opened.column + 1), _opened(context)),)
    message, hint = _advice(what, context, written, column)
    return Problem("yaml", message, Position(file, line + 1, column + 1), hint=hint, related=related)


def _codepoint(error: ReaderError) -> int:
    # libyaml's reader gives a number, PyYAML's own the character.
    return error.character if isinstance(error.character, int) else ord(error.character)


def _opened(context: str) -> str:
    return f"the {context.removeprefix('while parsing a ').removeprefix('while scanning a ')} begins here"


def _advice(what: str, context: str, written: str, column: int) -> tuple[str, str]:
    before, character = written[:column], written[column : column + 1]
    if "\t" in before + character and not before.strip():
        return "a tab in the indentation", "YAML is indented with spaces; replace the tab"
    if what.startswith("found character that cannot start"):
        return f'a value can\'t begin with "{character}"', "put the value in quotes"
    if what.startswith("mapping values are not allowed") and ":" not in before:
        return "a key can't stand here", "its indentation does not match the lines above"
    if what.startswith("did not find expected ','") and "${{" in written:
        return "an expression without quotes inside [...] or {...}", 'put it in quotes: "${{ ... }}"'
    return next((advice for word, advice in _ADVICE.items() if word in what or word in context), (what, ""))


_ADVICE = {
    "mapping values are not allowed": (
        'a second ": " in one value', 'put the value in quotes, or write it as a block: "key: |"'
    ),
    "an alias": ('a value that begins with "*" is read as an alias', "put the value in quotes"),
    "an anchor": ('a value that begins with "&" is read as an anchor', "put the value in quotes"),
    "a tag": ('a value that begins with "!" is read as a tag', "put the value in quotes, or in ${{ }}"),
    "did not find expected key": (
        "a key was expected here", "its indentation does not match the lines above, or a quote ends too early"
    ),
    "did not find expected '-' indicator": (
        'an item that begins with "- " was expected here', "a list can't go on as a mapping"
    ),
    "did not find expected ',' or ']'": ('a "," or the closing "]" is missing', ""),
    "did not find expected ',' or '}'": ('a "," or the closing "}" is missing', ""),
    "found unexpected end of stream": ("the file ends inside a quoted value", "close the quote"),
    "found unknown escape character": (
        'an escape that YAML does not know in a "..." value', "double the backslash, or use '...'"
    ),
}  # fmt: skip
