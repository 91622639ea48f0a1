"""What holds for every shim."""

import contextlib
from dataclasses import replace

import pytest

from pipelinekit.actions.all_actions import SHIMS, shim_for
from pipelinekit.actions.base import ActionFailed
from tests.actions.conftest import Bench

EVERY = pytest.mark.parametrize("name", list(SHIMS))


@EVERY
@pytest.mark.parametrize("ref", ["", "@v4", "@main", "@11bd71901bbe5b1630ceea73d27597364c9af683"])
def test_a_shim_serves_its_action_at_any_ref(name: str, ref: str) -> None:
    assert shim_for(f"{name}{ref}") is shim_for(f"{name.title()}{ref}") is SHIMS[name]


@pytest.mark.parametrize("uses", ["", "./actions/checkout", "docker://alpine", "actions/checkout/sub@v4", "acme/checkout@v4"])
def test_nothing_stands_in_for_others(uses: str) -> None:
    assert shim_for(uses) is None


@EVERY
def test_inputs_are_declared_in_lower_case_with_text_as_default(name: str) -> None:
    inputs = SHIMS[name].inputs
    assert inputs
    for key, known in inputs.items():
        assert key == key.lower().strip()
        assert isinstance(known.default, str)
        assert not (known.required and known.default)


@EVERY
def test_a_required_input_that_is_missing_fails_by_its_name(name: str, bench: Bench) -> None:
    required = [key for key, known in SHIMS[name].inputs.items() if known.required]
    for missing in required:
        call = bench.call(name)
        inputs = {**dict.fromkeys(required, "given"), missing: ""}
        with pytest.raises(ActionFailed, match=f"Input required and not supplied: {missing}"):
            SHIMS[name].main(replace(call, inputs={**call.inputs, **inputs}))


@EVERY
def test_no_shim_writes_outside_the_place_and_the_stores(name: str, bench: Bench) -> None:
    before = sorted(path for path in bench.snapshot.top.rglob("*"))
    with contextlib.suppress(ActionFailed):
        bench.use(name)
    assert sorted(path for path in bench.snapshot.top.rglob("*")) == before
