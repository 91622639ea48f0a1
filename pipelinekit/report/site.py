"""The pages as a site: a tree of Markdown with its configuration, built by MkDocs Material, with no request to any other host."""

import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelinekit.model.problem import Defect, Problem, SurroundingsMissing, WorkflowInvalid
from pipelinekit.report.notebooks import Book
from pipelinekit.report.page import Page, put_in, to_markdown
from pipelinekit.report.policy import add_policy
from pipelinekit.report.scripts import script_files
from pipelinekit.views import tokens
from pipelinekit.views.markup import escape

MARKER = ".pipelinekit-site"  # says that a folder is a site of ours, which may be made anew
STYLES = ("pk-tokens.css", "pk.css", "pk-site.css")
SCRIPTS = ("pk.js", "iframe-worker-own.js")
# The theme's banners say what its makers plan; they are not about this site.
QUIET = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Site:
    """title: of the whole. menu: group -> names of its pages, the group '' on top; pages not in it are reached by links."""

    title: str
    pages: Sequence[Page]
    menu: Mapping[str, Sequence[str]]
    books: Sequence[Book] = ()
    footer: str = ""


def check_out(out: Path) -> None:
    """Raise WorkflowInvalid unless `out` may be made anew: it is not there, empty, or a site of ours."""
    if not out.exists() or (out / MARKER).exists():
        return
    if not out.is_dir() or any(out.iterdir()):
        what = f"cannot build the site in {out}: it holds what pipelinekit did not make"
        raise WorkflowInvalid(Problem("out", what, hint="name an empty folder, or one that is not there, with --out"))


def build(site: Site, out: Path, environment: Mapping[str, str], tell: Tell = lambda _: None) -> None:
    """Build `site` into the folder `out`; the one that was there stays until the new one is whole.

    Raises WorkflowInvalid where `out` is not ours to replace, SurroundingsMissing where MkDocs is not installed.
    """
    check_out(out)
    for package in ("mkdocs", "material", "plotly"):
        if importlib.util.find_spec(package) is None:
            raise SurroundingsMissing(
                f"the report needs the package {package}, which is not installed", "pip install 'pipelinekit[report]'"
            )
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as folder:
        work = Path(folder)
        tell(f"writing {len(site.pages) + len(site.books)} pages")
        write_tree(site, work)
        tell("building the site with MkDocs")
        _run_mkdocs(work, environment)
        _finish(site, work)
        if out.exists():
            shutil.rmtree(out)
        (work / "site").rename(out)


def write_tree(site: Site, work: Path) -> None:
    """The source of the site: `work/mkdocs.yml` and `work/docs`."""
    docs = work / "docs"
    assets = docs / "assets"
    assets.mkdir(parents=True)
    for page in site.pages:
        (docs / f"{page.name}.md").write_text(to_markdown(page), encoding="utf-8")
        for name, text in page.files:
            target = docs / name
            target.parent.mkdir(exist_ok=True)
            target.write_text(text, encoding="utf-8", errors="replace")
    for book in site.books:
        (docs / f"{book.name}.md").write_text(book.page(), encoding="utf-8")
    charts = any(page.with_charts for page in site.pages) or any(book.with_charts for book in site.books)
    own = {name: tokens.STATIC.joinpath(name).read_text(encoding="utf-8") for name in (*STYLES, *SCRIPTS)}
    drawing = script_files(charts=charts, runs=any(book.with_runs for book in site.books))
    for name, text in {**own, "mark.svg": tokens.mark(), **drawing}.items():
        (assets / name).write_text(text, encoding="utf-8")
    # JSON is YAML too, and no name from outside can break out of it.
    (work / "mkdocs.yml").write_text(json.dumps(configuration(site), indent=1), encoding="utf-8")


def configuration(site: Site) -> dict[str, Any]:
    """What MkDocs is told. Offline: no fonts, no worker from elsewhere, search as a script, plain links to files."""
    titles = {page.name: page.title for page in site.pages} | {book.name: book.title for book in site.books}
    entries = {group: [{str(escape(titles[n])): f"{n}.md"} for n in names] for group, names in site.menu.items() if names}
    nav: list[Any] = [*entries.pop("", [])]
    nav.extend({group: pages} for group, pages in entries.items())
    schemes = (
        ("default", "light", "material/weather-night", "Dark"),
        ("slate", "dark", "material/weather-sunny", "Light"),
    )
    return {
        "site_name": escape(site.title),
        "copyright": site.footer,
        "site_dir": "site",
        "use_directory_urls": False,
        "theme": {
            "name": "material",
            "font": False,
            "logo": "assets/mark.svg",
            "favicon": "assets/mark.svg",
            "palette": [
                {
                    "media": f"(prefers-color-scheme: {media})",
                    "scheme": scheme,
                    "primary": "custom",
                    "accent": "custom",
                    "toggle": {"icon": icon, "name": name},
                }
                for scheme, media, icon, name in schemes
            ],
            "features": ["navigation.sections", "search.highlight"],
        },
        "plugins": ["search", "offline"],
        "markdown_extensions": ["tables", "md_in_html", "pymdownx.highlight", "pymdownx.superfences"],
        # A polyfill with this name keeps the plugin `offline` from naming one on another host.
        "extra": {"generator": False, "polyfills": ["assets/iframe-worker-own.js"]},
        "extra_css": [f"assets/{name}" for name in STYLES],
        "extra_javascript": ["assets/pk.js"],
        "not_in_nav": "/*.md",
        "nav": nav,
    }


def _run_mkdocs(work: Path, environment: Mapping[str, str]) -> None:
    # A process of its own: MkDocs sets up logging and warnings for the whole of it.
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "-f", str(work / "mkdocs.yml"), "-d", str(work / "site")]
    ended = subprocess.run(command, env={**environment, **QUIET}, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise Defect(f"MkDocs could not build the report:\n{ended.stdout}{ended.stderr}")


def _finish(site: Site, work: Path) -> None:
    late = {page.target: page.late for page in site.pages if page.late}
    made = work / "site"
    for file in _pages(made):
        text = add_policy(file.read_text(encoding="utf-8"))
        file.write_text(put_in(text, late.get(file.name, {})), encoding="utf-8")
    (made / MARKER).write_text("Made by pipelinekit; `pipelinekit report build` makes this folder anew.\n", encoding="utf-8")


def _pages(made: Path) -> Iterable[Path]:
    return sorted(made.glob("*.html"))
