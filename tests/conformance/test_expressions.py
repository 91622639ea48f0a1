"""The official cases of the expression language, read from where they lie; a folder of other cases works as well."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from pipelinekit.expressions.evaluate import evaluate
from pipelinekit.expressions.syntax import ExpressionError
from pipelinekit.expressions.values import kind_of

_REPOSITORY = Path(__file__).parents[2]
_FOLDER = Path(os.environ.get("PIPELINEKIT_CONFORMANCE", _REPOSITORY / ".." / "shared" / "conformance")) / "expressions"
_FILES = sorted(_FOLDER.glob("*.json"))

pytestmark = pytest.mark.skipif(not _FILES, reason=f"no conformance cases at {_FOLDER}")


def _complaint(case: dict[str, Any]) -> str:
    """How the outcome differs from what the case wants; '' where it does not."""
    expected_error, expected = case.get("err"), case.get("result")
    try:
        value = evaluate(case["expr"], case.get("contexts", {}))
    except ExpressionError as error:
        got = f"{error.kind}: {error.message}"
        is_wanted = expected_error and error.kind == expected_error["kind"] and expected_error["value"] in error.message
    else:
        got = f"{kind_of(value).value}: {value!r}"
        is_wanted = expected and kind_of(value).value == expected["kind"] and value == expected["value"]
    return "" if is_wanted else f"{case['expr']!r}\n    wants {expected_error or expected}\n    gives {got}"


def _complaints(file: Path) -> dict[str, list[str]]:
    """By group, one entry for each case."""
    groups = json.loads(file.read_text(encoding="utf-8"))
    return {group: [_complaint(case) for case in cases] for group, cases in groups.items()}


@pytest.mark.parametrize("file", _FILES, ids=lambda file: file.stem)
def test_every_case_of_the_file_comes_out_as_it_says(file: Path) -> None:
    complaints = _complaints(file)
    assert complaints
    assert not [complaint for found in complaints.values() for complaint in found if complaint]


def test_the_score_is_said_group_by_group(capsys: pytest.CaptureFixture[str]) -> None:
    scores = {f"{file.stem} / {group}": found for file in _FILES for group, found in _complaints(file).items()}
    passed, total = sum(found.count("") for found in scores.values()), sum(map(len, scores.values()))
    lines = [f"expressions: {name}: {found.count('')}/{len(found)}" for name, found in scores.items()]
    with capsys.disabled():
        sys.stdout.write("\n".join(("", *lines, f"expressions: {passed}/{total}", "")))
    assert passed == total
