"""The cells that define stages in a kernel, and the line that shows and runs them."""

from pathlib import Path

import pytest

from tests.kernels import kernel
from tests.repositories import repository


@pytest.mark.notebook
def test_in_a_kernel_cells_define_stages_and_the_line_runs_them(tmp_path: Path) -> None:
    repository(tmp_path, "on: push\njobs: {other: {runs-on: x}}\n")
    with kernel(tmp_path) as it:
        assert it.run("%load_ext pipelinekit").error == ""
        made = it.run("%%stage build --if \"${{ github.ref_name == 'main' }}\" --env 'A={b}'\necho $A > built\ncat built")
        assert made.result["text/plain"] == "build: ubuntu-latest"
        it.run("%%stage test --needs build --shell python\nprint('tested')")
        assert it.run("%pipeline").result["text/plain"].splitlines()[1:] == ["  build: not run yet", "  test: not run yet  <- build"]
        ran = it.run("%pipeline run --executor host\nprint('then')")
        assert (ran.error, ran.text) == ("", "then\n")
        assert ran.updates[-1]["text/plain"].splitlines()[0] == "run 1 of notebook.yml: success"
        edited = it.run("%%stage build\nfalse")
        assert edited.result["text/plain"].startswith("build changed; stale until the next run: build and test\n")
        assert it.run("%pipeline run --executor host").error == "RunFailed: run 2 ended in failure: build failed"
        assert "run: |\n          echo $A > built" not in it.run("%pipeline text").result["text/plain"]
        assert it.run("%%stage --help\nls").error == ""
        wrong = it.run("%%stage build --nosuch\nls")
        assert wrong.error.startswith("WorkflowInvalid: %%stage: \"--nosuch\" has no meaning here")
        assert wrong.traceback[0] == '%%stage: "--nosuch" has no meaning here [magic]'
        assert it.run("%pipeline remove test\n%pipeline").result["text/plain"].splitlines()[1:] == ["  build: failure"]
        assert it.run("%unload_ext pipelinekit\n%pipeline").text.startswith("UsageError: Line magic function `%pipeline` not found")
