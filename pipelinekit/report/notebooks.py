"""Executed notebooks as pages: each a question, its answer and the evidence."""

from pathlib import Path

from pipelinekit.books.markdown import PageOf, title_of, to_markdown
from pipelinekit.report.site import Book


def books(folder: Path | None, page_of: PageOf) -> list[Book]:
    """Every notebook of the folder, in the order of their names; none where no folder is given.

    page_of: the page that the report has of a run. Raises WorkflowInvalid for a file that is no notebook.
    """
    files = sorted(folder.glob("*.ipynb")) if folder else []
    return [Book(f"notebook-{_slug(file.stem)}", title_of(file), to_markdown(file, page_of)) for file in files]


def _slug(name: str) -> str:
    return "".join(c.lower() if c.isalnum() and c.isascii() else "-" for c in name)
