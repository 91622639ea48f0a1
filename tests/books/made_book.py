"""Makes notebooks for tests: cells in, file out."""

import json
from pathlib import Path
from typing import Any

Cell = dict[str, Any]


def code(source: str, *outputs: dict[str, Any], tags: tuple[str, ...] = ()) -> Cell:
    return {
        "cell_type": "code", "id": "c", "metadata": {"tags": [*tags]}, "execution_count": None, "source": source,
        "outputs": [*outputs],
    }  # fmt: skip


def markdown(source: str) -> Cell:
    return {"cell_type": "markdown", "id": "m", "metadata": {}, "source": source}


def shown(**data: Any) -> dict[str, Any]:
    """An output with several forms: `shown(text_html="<b>1</b>", text_plain="1")`."""
    named = {name.replace("_", "/", 1): content for name, content in data.items()}
    return {"output_type": "display_data", "metadata": {}, "data": named}


def typed(mime: str, content: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": {mime: content, "text/plain": "as text"}}


def stream(text: str | list[str]) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def write(path: Path, *cells: Cell) -> Path:
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    book = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(book), encoding="utf-8")
    return path
