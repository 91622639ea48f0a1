"""Executed notebooks as pages: each a question, its answer and the evidence."""

import json
from dataclasses import dataclass
from pathlib import Path

from pipelinekit.books.markdown import PageOf, title_of, to_markdown
from pipelinekit.report.scripts import chart_scripts, run_script
from pipelinekit.views.markup import escape, join

_PLOT = 'class="pk-plot"'  # in the text of a notebook: it holds a chart
_RUN = 'data-pk-widget="run"'  # or a run as its cell left it


@dataclass(frozen=True, slots=True)
class Book:
    """An executed notebook as a page. text: Markdown."""

    name: str
    title: str
    text: str

    @property
    def with_charts(self) -> bool:
        return _PLOT in self.text

    @property
    def with_runs(self) -> bool:
        return _RUN in self.text

    def page(self, assets: str = "assets") -> str:
        """The page's source, with what it needs to draw. assets: the folder of the scripts (`scripts.py`), from the page."""
        front = json.dumps({"title": escape(self.title), "hide": ["toc"]}, ensure_ascii=False)
        needs = [*([chart_scripts(assets)] if self.with_charts else []), *([run_script(assets)] if self.with_runs else [])]
        return f"---\n{front}\n---\n\n{self.text}\n\n{join(needs)}\n"


def books(folder: Path | None, page_of: PageOf) -> list[Book]:
    """Every notebook of the folder, in the order of their names; none where no folder is given.

    page_of: the page that the report has of a run. Raises WorkflowInvalid for a file that is no notebook.
    """
    files = sorted(folder.glob("*.ipynb")) if folder else []
    return [Book(f"notebook-{_slug(file.stem)}", title_of(file), to_markdown(file, page_of)) for file in files]


def _slug(name: str) -> str:
    return "".join(c.lower() if c.isalnum() and c.isascii() else "-" for c in name)
