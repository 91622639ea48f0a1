"""Which stages are no longer what ran."""

import pytest

from pipelinekit.model.node import Node
from pipelinekit.stages.definitions import definitions, downstream, needs, stale
from pipelinekit.workflows.yaml_tree import compose

TEXT = """\
on: push
jobs:
  a: {runs-on: x, steps: [{run: a}]}
  b: {runs-on: x, needs: a, steps: [{run: b}]}
  c: {runs-on: x, needs: [b], steps: [{run: c}]}
  d: {runs-on: x, steps: [{run: d}]}
"""


def tree(text: str) -> Node | None:
    return compose(text, "ci.yml")[0]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("run: b", "run: z", ("b", "c")),
        ("run: a", "run: z", ("a", "b", "c")),
        ("run: d", "run: z", ("d",)),
        ("on: push", "on: push  # a comment", ()),
        ("on: push", "on: pull_request", ()),
        ("on: push", "on: push\nenv: {A: b}", ("a", "b", "c", "d")),
        ("  d:", "\n  d:", ()),
        ("  d: {runs-on: x, steps: [{run: d}]}\n", "", ()),
        ("run: d}]}\n", "run: d}]}\n  e: {runs-on: x}\n", ()),
        ("run: b}]}\n", "run: b}]}\n    # pipelinekit: inputs src\n", ("b", "c")),
        ("  b: {runs-on: x, needs: a, steps: [{run: b}]}\n", "", ("c",)),
    ],
    ids=["middle", "first", "alone", "comment", "event", "env", "blank", "gone", "new", "inputs", "needed one gone"],
)
def test_an_edit_makes_stale_what_it_changes_and_what_builds_on_it(old: str, new: str, expected: tuple[str, ...]) -> None:
    now = TEXT.replace(old, new)
    assert stale(definitions(now), definitions(TEXT), needs(tree(now))) == expected


def test_what_has_not_run_is_not_stale() -> None:
    now = TEXT.replace("run: a", "run: z")
    ran = {job: said for job, said in definitions(TEXT).items() if job in ("a", "b")}
    assert stale(definitions(now), ran, needs(tree(now))) == ("a", "b")


def test_a_circle_ends() -> None:
    assert downstream("a", {"a": ("b",), "b": ("a",), "c": ()}) == {"a", "b"}


@pytest.mark.parametrize("text", ["", "jobs:", "jobs: [a]", "jobs: {a: }"])
def test_what_is_not_there_yet_has_no_definition(text: str) -> None:
    assert needs(tree(text)).keys() == definitions(text).keys()
