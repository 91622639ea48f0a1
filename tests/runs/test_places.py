"""What a leg asks of its executor: the versions that setup actions ask for, wherever they stand."""

from pathlib import Path

import pytest

from tests.runs.actions import action, job
from tests.runs.fakes import FakeExecutor
from tests.runs.running import make_run, step

SETUP = "{uses: actions/setup-python@v5, with: {python-version: VERSION}}"
INPUTS = "inputs: {version: {default: '3.12'}, other: {default: '3.8'}}\n"


def asked(tmp_path: Path, steps: str, actions: dict[str, str] | None = None) -> str:
    executor = FakeExecutor()
    step(make_run(job(steps, "strategy: {matrix: {python: ['3.13']}}"), tmp_path, executor, actions=actions))  # opens the place
    return executor.places[0].request.python


@pytest.mark.parametrize(
    ("version", "given", "expected"),
    [
        pytest.param("3.11", "{}", "3.11", id="written"),
        pytest.param("'${{ inputs.version }}'", "{}", "3.12", id="default-of-an-input"),
        pytest.param("'${{ inputs.version }}'", "{version: '3.9'}", "3.9", id="given"),
        pytest.param("'${{ inputs.version }}'", "{version: '${{ matrix.python }}'}", "3.13", id="given-from-the-matrix"),
        pytest.param("'${{ steps.s.outputs.x || inputs.other }}'", "{}", "3.8", id="what-is-not-known-yet-is-nothing"),
        pytest.param("'${{ inputs.version }}'", "{version: \"${{ fromJSON('') }}\"}", "", id="what-can-not-be-told-yet"),
    ],
)
@pytest.mark.parametrize("uses", ["./ci/a", "acme/a@v1", "$/ci/a"])
def test_the_version_that_a_setup_action_inside_an_action_asks_for(
    version: str, given: str, expected: str, uses: str, tmp_path: Path
) -> None:
    action(tmp_path, "ci/a", f"- {{run: x, shell: sh}}\n- {SETUP.replace('VERSION', version)}", INPUTS)
    assert asked(tmp_path, f"- uses: actions/checkout@v4\n- {{uses: {uses}, with: {given}}}", {"acme/a": "ci/a"}) == expected


def test_the_first_setup_action_counts_however_deep_it_stands(tmp_path: Path) -> None:
    action(tmp_path, "ci/b", f"- {SETUP.replace('VERSION', '3.9')}")
    action(tmp_path, "ci/a", "- {uses: ./ci/b}")
    last = f"- {SETUP.replace('VERSION', '3.11')}"
    assert asked(tmp_path, f"- uses: ./ci/a\n{last}") == "3.9"
    assert asked(tmp_path, f"{last}\n- uses: ./ci/a") == "3.11"


def test_actions_that_use_each_other_ask_for_nothing(tmp_path: Path) -> None:
    action(tmp_path, "ci/a", "- {uses: ./ci/b}")
    action(tmp_path, "ci/b", "- {uses: ./ci/a}")
    assert asked(tmp_path, "- uses: ./ci/a") == ""
