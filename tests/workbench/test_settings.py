"""`[tool.pipelinekit]`: what it may say of what jobs read, and where a row stands."""

from pathlib import Path

import pytest

from pipelinekit.model.problem import WorkflowInvalid
from pipelinekit.workbench.settings import place_of, read_settings


def settings(top: Path, text: str) -> dict[str, tuple[str, ...]]:
    (top / "pyproject.toml").write_text(text, encoding="utf-8")
    return read_settings(top).inputs


def test_inputs_are_globs_by_job(tmp_path: Path) -> None:
    text = '[tool.pipelinekit.inputs]\ntest = ["shop/**", "!**/*.md"]\nlint = []\n'
    assert settings(tmp_path, text) == {"test": ("shop/**", "!**/*.md"), "lint": ()}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param('[tool.pipelinekit]\ninputs = ["**"]', "inputs must be a dict", id="no-table"),
        pytest.param('[tool.pipelinekit.inputs]\ntest = "**"', "test: must be a list of globs", id="no-list"),
        pytest.param("[tool.pipelinekit.inputs]\ntest = [1]", "test: must be a list of globs", id="no-text"),
        pytest.param('[tool.pipelinekit.inputs]\ntest = ["a/../b"]', "Relative pathing '.' and '..' is not allowed", id="no-glob"),
    ],
)
def test_inputs_that_are_none_are_told(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(WorkflowInvalid) as wrong:
        settings(tmp_path, text)
    assert told in wrong.value.problems[0].message


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param('[tool.pipelinekit.actions]\n  "acme/a" = "x"\n', "2:3", id="row"),
        pytest.param('[tool.other]\n"acme/a" = 1\n[tool.pipelinekit.actions]\n"acme/a@v1" = "x"\n\'acme/a\' = "y"\n', "5:1", id="other-rows"),
        pytest.param('[tool.pipelinekit]\nactions = {"acme/a" = "x"}\n', "2:12", id="in-a-line"),
        pytest.param('tool.pipelinekit.actions."acme/a" = "x"\n', "1:26", id="dotted"),
        pytest.param("", "1:1", id="not-to-be-found"),
    ],
)
def test_where_a_row_stands(tmp_path: Path, text: str, place: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    assert str(place_of(tmp_path, tmp_path / "docs", "actions", "acme/a")) == f"../pyproject.toml:{place}"
