"""The run widget's script and styles, and a run on a page without a kernel."""

import json
from functools import cache
from importlib.resources import files

from pipelinekit.run_views import widget as run_widget
from pipelinekit.run_views.leg import leg
from pipelinekit.run_views.live_run import Json, LiveRun
from pipelinekit.views.markup import Html, json_script, tag

_STATIC = files("pipelinekit.views").joinpath("static")
MIME = "application/vnd.pipelinekit.run+json"
KEPT = frozenset({"shape", "state", "legs", "tail"})  # the parts of an output of that type: see `kept`
_EXPORT = "export default { render };\n"


@cache
def module() -> str:
    """The module, as anywidget has it: `export default { render }`."""
    return _STATIC.joinpath("run.js").read_text(encoding="utf-8")


@cache
def classic() -> str:
    """The same as a classic script, which draws every run that it finds on its page: a browser loads no module from a folder."""
    text = module()
    if not text.endswith(_EXPORT):
        raise ValueError("run.js does not end with its export")
    page = _STATIC.joinpath("run-page.js").read_text(encoding="utf-8")
    return f'(() => {{\n"use strict";\n{text.removesuffix(_EXPORT)}{page}}})();\n'


@cache
def styles() -> str:
    """All that a widget needs where no page brings it."""
    return "\n".join(_STATIC.joinpath(name).read_text(encoding="utf-8") for name in ("pk-tokens.css", "pk.css", "pk-widget.css"))


def data(run: LiveRun, logs: dict[str, list[Json]], links: dict[str, str]) -> Json:
    """All that the script draws. logs: lines at hand, by leg, as `log_lines` writes them. links: to whole logs, by leg."""
    return {
        "words": run_widget.words(), "shape": run_widget.shape(run), "state": run_widget.state(run),
        "legs": {each.leg: leg(run, each) for each in run.state.legs}, "tail": logs, "files": links,
    }  # fmt: skip


def kept(run: LiveRun, logs: dict[str, list[Json]]) -> Json:
    """What a notebook keeps of it, as an output of the type MIME: of `data` what is its own, and only the legs that logs names."""
    legs = {each.leg: leg(run, each) for each in run.state.legs if each.leg in logs}
    return {"shape": run_widget.shape(run), "state": run_widget.state(run), "legs": legs, "tail": logs}


def mounted(found: Json, still: Html) -> Html:
    """A run on a page: its data for the script, and what stands there without one, and on paper. found: of `data` or `kept`."""
    whole = {"words": run_widget.words(), "files": {}, **found}
    drawn = tag("div", json_script(json.dumps(whole, separators=(",", ":"))), data_pk_widget="run")
    return tag("div", drawn, tag("div", still, class_="pk-still"), class_="pk-mount")
