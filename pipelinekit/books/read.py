"""A notebook file as values: its cells, and what came out of them. Format 4, read as the JSON that it is."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pipelinekit.model.problem import Problem, WorkflowInvalid


@dataclass(frozen=True, slots=True)
class Output:
    """kind: `text` (a stream), `data` (a value that was shown), `error`. data: MIME type to content; text under `text/plain`."""

    kind: Literal["text", "data", "error"]
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    kind: Literal["code", "markdown", "raw"]
    source: str
    tags: frozenset[str] = frozenset()
    outputs: tuple[Output, ...] = ()


@dataclass(frozen=True, slots=True)
class Notebook:
    cells: tuple[Cell, ...]
    language: str = "python"

    @property
    def title(self) -> str:
        """Its first heading, '' where there is none."""
        lines = (line for cell in self.cells if cell.kind == "markdown" for line in cell.source.splitlines())
        return next((line.lstrip("#").strip() for line in lines if line.startswith("#")), "")


def read(path: Path) -> Notebook:
    """Raises WorkflowInvalid for a file that is not there, is no notebook, or is one of another format."""
    # nbformat, which would do this too, takes 0.3 to 3 s to import.
    try:
        book = json.loads(path.read_text(encoding="utf-8"))
        if book["nbformat"] != 4:
            raise ValueError(f"it has format {book['nbformat']}, not 4")
        language = book["metadata"].get("kernelspec", {}).get("language", "python")
        return Notebook(tuple(_cell(cell) for cell in book["cells"]), language)
    except FileNotFoundError as missing:
        raise WorkflowInvalid(Problem("notebook", f'there is no notebook "{path}"')) from missing
    except (ValueError, KeyError, TypeError, AttributeError) as wrong:
        what = f'"{path}" is not a notebook that can be read: {wrong}'
        hint = "open it in JupyterLab and save it, which writes format 4"
        raise WorkflowInvalid(Problem("notebook", what, hint=hint)) from wrong


def _cell(cell: dict[str, Any]) -> Cell:
    tags = frozenset(cell["metadata"].get("tags", ()))
    return Cell(cell["cell_type"], _text(cell["source"]), tags, tuple(_output(o) for o in cell.get("outputs", ())))


def _output(output: dict[str, Any]) -> Output:
    match output["output_type"]:
        case "stream":
            return Output("text", {"text/plain": _text(output["text"])})
        case "error":
            return Output("error", {"text/plain": "\n".join(output["traceback"]) or f"{output['ename']}: {output['evalue']}"})
        case _:
            return Output("data", {mime: _content(mime, content) for mime, content in output["data"].items()})


def _content(mime: str, content: Any) -> Any:
    # JSON stays as it is; all other types are text, as one string or as a list of lines.
    return content if mime.endswith("json") else _text(content)


def _text(source: str | list[str]) -> str:
    return "".join(source) if isinstance(source, list) else source
