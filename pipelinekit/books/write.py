"""A notebook file from its cells, as Jupyter writes it."""

import json
from collections.abc import Sequence
from typing import Any

Cell = dict[str, Any]  # as JSON has it


def markdown(source: str) -> Cell:
    return {"cell_type": "markdown", "metadata": {}, "source": source.splitlines(keepends=True)}


def code(source: str, *tags: str) -> Cell:
    metadata = {"tags": [*tags]} if tags else {}
    lines = source.splitlines(keepends=True)
    return {"cell_type": "code", "execution_count": None, "metadata": metadata, "outputs": [], "source": lines}


def file_text(cells: Sequence[Cell], name: str) -> str:
    """The file's text, format 4.5. name: what the cells' ids begin with, at most 40 letters, digits, `_` or `-`."""
    book = {
        "cells": [{**cell, "id": f"{name}-{number:02d}"} for number, cell in enumerate(cells, 1)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(book, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
