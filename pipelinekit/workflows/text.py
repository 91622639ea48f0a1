"""A file's content -> its text, and the mapping that it holds; or what is wrong with it."""

from pathlib import Path

from pipelinekit.model.node import MapNode, Scalar
from pipelinekit.model.position import Position
from pipelinekit.model.problem import Problem
from pipelinekit.workflows.yaml_tree import compose


def text_of(path: Path, shown: str, what: str) -> tuple[str, Problem | None]:
    """The text of the file. shown: how messages call it. what: it is to be ("a workflow")."""
    try:
        return decoded(path.read_bytes(), shown)
    except FileNotFoundError:
        return "", Problem("file", f'there is no file "{shown}"')
    except IsADirectoryError:
        return "", Problem("file", f'"{shown}" is a folder, not {what} file')
    except OSError as error:
        return "", Problem("file", f'"{shown}" can\'t be read: {error.strerror or error}')


def decoded(content: bytes, shown: str) -> tuple[str, Problem | None]:
    """The content as text; a problem where it is none."""
    try:
        return content.decode("utf-8"), None
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8")) + 1
        message = f"not UTF-8: the byte 0x{content[error.start]:02x} can't stand here"
        return "", Problem("file", message, Position(shown, line, column), hint="save the file as UTF-8")


def root_of(text: str, file: str, what: str, start: str) -> tuple[MapNode | None, list[Problem]]:
    """The mapping that the text is; None where it is none, and why. start: how such a file begins, as a hint."""
    node, problems = compose(text, file)
    if any(problem.code in ("yaml", "limit") for problem in problems) and node is None:
        return None, problems
    if node is None or (isinstance(node, Scalar) and node.value is None):
        return None, [Problem("file", "the file is empty", Position(file, 1, 1), hint=start)]
    if not isinstance(node, MapNode):
        return None, [*problems, Problem("file", f"this is not {what}", node.position, hint=start)]
    return node, problems
