"""Runs a notebook from top to bottom with papermill, and keeps the executed copy."""

import json
import logging
import re
from collections.abc import Mapping
from pathlib import Path

from pipelinekit.books.parameters import TAG, coerced
from pipelinekit.books.read import read
from pipelinekit.model.node import Value
from pipelinekit.model.problem import SurroundingsMissing

WIDGETS = ("application/vnd.jupyter.widget-view+json", "application/vnd.jupyter.widget-state+json")

# ipykernel says on every start that its TCP sockets are not encrypted; they are bound to this machine alone. Told to go, it calls
# that an error.
_QUIET_KERNEL = ("--IPKernelApp.log_level=CRITICAL",)
_ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


class NotebookFailed(Exception):
    """A cell raised an error. cell: which one, from 1. The executed copy holds everything up to it."""

    def __init__(self, notebook: Path, cell: int, error: str) -> None:
        super().__init__(f"{notebook.name} failed in its cell {cell}: {error}")
        self.notebook, self.cell, self.error = notebook, cell, error


def execute(notebook: Path, out: Path, parameters: Mapping[str, Value] | None = None, *, directory: Path | None = None) -> None:
    """Write the executed copy of `notebook` to `out`, with `parameters` coerced to the types that it declares.

    directory: where its cells run, usually that of the notebook. The copy has no widgets: without a kernel they would
    show nothing. Raises NotebookFailed, WorkflowInvalid for a parameter, SurroundingsMissing without papermill and ipykernel.
    """
    values = coerced(notebook, parameters or {})
    try:
        import ipykernel  # noqa: F401 - the kernel `python3` is the one of this Python
        import papermill  # 1 to 3 s, which only running a notebook needs
        from papermill.exceptions import PapermillExecutionError
    except ModuleNotFoundError as missing:
        hint = "pip install 'pipelinekit[lab]'"
        raise SurroundingsMissing(f"running a notebook needs the package {missing.name}", hint) from missing
    out.parent.mkdir(parents=True, exist_ok=True)
    logging.getLogger("papermill").setLevel(logging.ERROR)  # it warns of names whose type it can't read, `str | None`
    try:
        papermill.execute_notebook(
            str(notebook), str(out), values, kernel_name="python3", cwd=str(directory or notebook.parent),
            progress_bar=False, extra_arguments=list(_QUIET_KERNEL),
        )  # fmt: skip
    except PapermillExecutionError as failed:
        error = _ESCAPES.sub("", f"{failed.ename}: {failed.evalue}")
        raise NotebookFailed(notebook, failed.cell_index + 1 - _added(notebook, failed.cell_index, values), error) from failed
    _drop_widgets(out)


def _added(notebook: Path, index: int, values: Mapping[str, Value]) -> int:
    """How many cells papermill added before the one with this index in the copy, for the values: 1, or 0."""
    own = read(notebook).cells
    place = next((at for at, cell in enumerate(own, 1) if TAG in cell.tags), 0)
    return int(bool(values) and index >= place and not any("injected-parameters" in cell.tags for cell in own))


def _drop_widgets(notebook: Path) -> None:
    """A view without its state shows "model not found" in JupyterLab, where the fallback beside it would show something."""
    book = json.loads(notebook.read_text(encoding="utf-8"))
    book["metadata"].pop("widgets", None)
    for cell in book["cells"]:
        for output in cell.get("outputs", ()):
            for mime in WIDGETS:
                output.get("data", {}).pop(mime, None)
    notebook.write_text(json.dumps(book, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
