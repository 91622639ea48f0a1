"""Which actions a job uses, and those within them."""

from pathlib import Path

import pytest

from pipelinekit.runs.folders import Actions
from pipelinekit.runs.used import takes_files
from tests.plans.written import workflow

ACTION = "name: Fetch\ndescription: d\nruns:\n  using: composite\n  steps:\n    - uses: {uses}\n"


@pytest.mark.parametrize(("uses", "inside", "takes"), [
    ("actions/checkout@v4", "", True),
    ("Actions/Checkout@0123abc", "", True),
    ("actions/cache@v4", "", False),
    ("ours/fetch@v1", "actions/checkout@v4", True),
    ("ours/fetch@v1", "actions/cache@v4", False),
], ids=["a checkout", "in other letters", "another action", "in an action", "in none of its steps"])
def test_a_checkout_is_found_also_within_an_action(tmp_path: Path, uses: str, inside: str, takes: bool) -> None:
    (tmp_path / "fetch").mkdir()
    (tmp_path / "fetch" / "action.yml").write_text(ACTION.replace("{uses}", inside))
    steps = workflow(f"on: push\njobs: {{t: {{runs-on: x, steps: [{{uses: {uses}}}]}}}}").jobs[0].steps
    assert takes_files(steps, Actions(tmp_path, {"ours/fetch": "fetch"})) is takes
