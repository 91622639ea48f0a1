"""A form for the parameters of a notebook, made from its typed cell: what is entered holds for the cells below."""

from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

from pipelinekit.books.parameters import Parameter, read_as, typed
from pipelinekit.model.node import Value
from pipelinekit.model.problem import Problem, WorkflowInvalid
from pipelinekit.notebook.table import table
from pipelinekit.widgets import cell

_WIDE = {"description_width": "160px"}


class Form:
    """Shows a control for each parameter, and where no kernel answers a table of their values.

    values: the names as the cells see them; a change in a control is a change there.
    """

    def __init__(self, parameters: Sequence[Parameter], values: MutableMapping[str, Any]) -> None:
        self._parameters = tuple(parameters)
        self._values = values

    def enter(self, name: str, entered: Value) -> None:
        """As if it was entered in its control: text is read as the type says. Raises KeyError, WorkflowInvalid."""
        parameter = next((p for p in self._parameters if p.name == name), None)
        if parameter is None:
            raise KeyError(name)
        as_text = isinstance(entered, str) and parameter.kind != "str"
        self._values[name] = read_as(parameter, str(entered), "the form") if as_text else entered

    def _repr_mimebundle_(self, **_: object) -> Mapping[str, object]:
        rows = [{"parameter": p.name, "value": _written(self._values.get(p.name, p.default)), "meaning": p.meaning}
                for p in self._parameters]
        still = table(rows)
        return {**self._controls(), "text/html": still._repr_html_(), "text/plain": repr(still)}

    def _controls(self) -> Mapping[str, object]:
        import ipywidgets  # heavy and optional

        box = ipywidgets.VBox([self._control(parameter) for parameter in self._parameters])
        return dict(box._repr_mimebundle_())

    def _control(self, parameter: Parameter) -> Any:
        import ipywidgets

        kinds = {"bool": ipywidgets.Checkbox, "int": ipywidgets.IntText, "float": ipywidgets.FloatText}
        value = self._values.get(parameter.name, parameter.default)
        made = kinds.get(parameter.kind, ipywidgets.Text)
        shown = value if parameter.kind in kinds else _written(value)
        control = made(value=shown, description=parameter.name, style=_WIDE, layout={"width": "420px"})
        says = ipywidgets.Label(parameter.meaning)

        def change(change: Mapping[str, Any]) -> None:
            try:
                self.enter(parameter.name, change["new"])
                says.value = parameter.meaning
            except WorkflowInvalid as wrong:
                says.value = wrong.problems[0].message

        control.observe(change, names="value")
        return ipywidgets.HBox([control, says])


def form() -> Form:
    """The form of the notebook whose cell says it, below its typed cell: `pk.form()`.

    Raises WorkflowInvalid where no cell that ran so far holds typed values and nothing else.
    """
    shell = cell.kernel()
    sources: Sequence[str] = shell.user_ns["In"][:-1] if shell is not None else ()
    for source in reversed(sources):
        try:
            parameters = typed(source, "the notebook")
        except WorkflowInvalid:
            continue
        if parameters and shell is not None:
            return Form(parameters, shell.user_ns)
    hint = "run a cell with lines such as `days: int = 28  # the window` first"
    raise WorkflowInvalid(Problem("form", "no cell with typed parameters has been run", hint=hint))


def _written(value: Value) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
