"""The `inputs` context of an action: what it is given, and for the rest its defaults."""

from collections.abc import Mapping

from pipelinekit.expressions.tree import fill_text
from pipelinekit.model.action import Action
from pipelinekit.model.node import Value
from pipelinekit.runs.scope import Functions

_IN_DEFAULTS = ("github", "strategy", "matrix", "job", "runner")  # and hashFiles


def action_inputs(
    action: Action, given: Mapping[str, str], contexts: Mapping[str, object], functions: Functions
) -> dict[str, Value]:
    """Names ignore case; what the action does not know is kept. That an input is required is not enforced, as by the runner.

    contexts: of the step that uses it. Raises WorkflowInvalid for a default that can't be evaluated.
    """
    known = {one.name.lower(): one for one in action.inputs}
    by_name = {name.lower(): value for name, value in given.items()}
    may_read = {name: contexts[name] for name in _IN_DEFAULTS}
    inputs: dict[str, Value] = {name: value for name, value in given.items() if name.lower() not in known}
    for name, one in known.items():
        default = {"hashFiles": functions["hashFiles"]}
        inputs[one.name] = by_name[name] if name in by_name else fill_text(one.default, may_read, default)
    return inputs
