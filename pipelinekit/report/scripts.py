"""What draws charts and runs on a page: the files, and the tags that load them. Only pages that have some do: Plotly is 4.8 MB."""

import importlib.util
from pathlib import Path

from pipelinekit.charts import template
from pipelinekit.run_views import mount as run_mount
from pipelinekit.views import tokens
from pipelinekit.views.markup import Html, join, tag

# Classic scripts, so that the page works from a folder too.
_PLOTLY, _CHARTS, _RUN, _RUN_STYLES = "plotly.min.js", "pk-plotly.js", "run.js", "pk-widget.css"


def chart_scripts(assets: str = "assets") -> Html:
    """For the end of a page that has charts. assets: the folder of the files, from the page."""
    return join(tag("script", src=f"{assets}/{name}", defer=True) for name in (_PLOTLY, _CHARTS))


def run_script(assets: str = "assets") -> Html:
    """For the end of a page that has runs; the styles stand here because other pages need none of them."""
    styles = tag("link", rel="stylesheet", href=f"{assets}/{_RUN_STYLES}")
    return join((styles, tag("script", src=f"{assets}/{_RUN}", defer=True)))


def script_files(*, charts: bool, runs: bool) -> dict[str, str]:
    """What those tags load: name -> text. Raises ModuleNotFoundError for charts where Plotly is not installed."""
    files = {_PLOTLY: _plotly(), _CHARTS: template.script()} if charts else {}
    if runs:
        files |= {_RUN: run_mount.classic(), _RUN_STYLES: tokens.STATIC.joinpath(_RUN_STYLES).read_text(encoding="utf-8")}
    return files


def _plotly() -> str:
    # Its package takes 0.3 s to import; only the file is wanted.
    spec = importlib.util.find_spec("plotly")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("plotly is not installed", name="plotly")
    return (Path(spec.origin).parent / "package_data" / "plotly.min.js").read_text(encoding="utf-8")
