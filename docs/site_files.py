"""A hook of MkDocs: what the documentation shows and does not keep, taken from where it is.

The stylesheets and scripts are those of the report, in `pipelinekit/views/static`. The health report of this project's own
pipeline stands under `health/`, where `make site` has built it into `reports/pages`.
"""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from pipelinekit.report.site import SCRIPTS, STYLES
from pipelinekit.views import tokens

REPORT = Path(__file__).parents[1] / "reports" / "pages"
TITLE = "CI health"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    if (REPORT / "index.html").exists():
        config.nav = [*(config.nav or ()), {TITLE: "health/index.html"}]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    for name in (*STYLES, *SCRIPTS):
        files.append(File.generated(config, f"assets/{name}", content=tokens.STATIC.joinpath(name).read_text("utf-8")))
    files.append(File.generated(config, "assets/mark.svg", content=tokens.mark()))
    for path in sorted(REPORT.rglob("*")):
        if path.is_file():
            files.append(File.generated(config, f"health/{path.relative_to(REPORT).as_posix()}", abs_src_path=str(path)))
    return files
