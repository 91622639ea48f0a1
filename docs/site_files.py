"""A hook of MkDocs: what the documentation shows and does not keep, taken from where it is.

The stylesheets and scripts are those of the report, in `pipelinekit/views/static`. Every notebook is a page: as it was executed,
where `make site` has done that (`docs/make_notebooks.py`), else without what its cells show. The health report of this project's
own pipeline stands under `health/`, where `make site` has built it into `reports/pages`.
"""

from functools import cache
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from pipelinekit.books.markdown import title_of, to_markdown
from pipelinekit.books.shipped import everything, folder
from pipelinekit.lessons.listing import FOLDER as LESSONS
from pipelinekit.report.notebooks import Book
from pipelinekit.report.scripts import script_files
from pipelinekit.report.site import SCRIPTS, STYLES
from pipelinekit.views import tokens

MADE = Path(__file__).parents[1] / "build" / "notebooks"  # the executed ones
REPORT = Path(__file__).parents[1] / "reports" / "pages"
TITLE = "CI health"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """The menu, with the notebooks and the report. Its section `Learning` has the lessons, and one of their own the others."""
    menu = list(config.nav or ())
    learning = next(section["Learning"] for section in menu if "Learning" in section)
    learning[1:1] = [{book.title: book.name} for book in books() if book.name.startswith(LESSONS)]
    others = [{book.title: book.name} for book in books() if not book.name.startswith(LESSONS)]
    menu.insert(menu.index({"Learning": learning}), {"Notebooks": others})
    if (REPORT / "index.html").exists():
        menu.append({TITLE: "health/index.html"})
    config.nav = menu
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    assets = {name: tokens.STATIC.joinpath(name).read_text("utf-8") for name in (*STYLES, *SCRIPTS)}
    assets |= {"mark.svg": tokens.mark()}
    assets |= script_files(charts=any(book.with_charts for book in books()), runs=any(book.with_runs for book in books()))
    for name, content in assets.items():
        files.append(File.generated(config, f"assets/{name}", content=content))
    for book in books():
        files.append(File.generated(config, book.name, content=book.page("../assets")))
    for path in sorted(REPORT.rglob("*")):
        if path.is_file():
            files.append(File.generated(config, f"health/{path.relative_to(REPORT).as_posix()}", abs_src_path=str(path)))
    return files


@cache
def books() -> tuple[Book, ...]:
    """Every notebook as a page; name: its source file in the documentation, `notebooks/...md` or `lessons/...md`."""
    return tuple(_book(source) for source in everything())


def _book(source: Path) -> Book:
    name = source.relative_to(folder())
    place = name if name.parts[0] == LESSONS else Path("notebooks", name)
    executed = MADE / name
    return Book(place.with_suffix(".md").as_posix(), title_of(source), to_markdown(executed if executed.exists() else source))
