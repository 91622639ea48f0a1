"""The log of one step: lines in as they come, commands in them obeyed, secrets out, events out in batches."""

from collections.abc import Callable, Iterator

from pipelinekit.model.event import Annotated, Event, LinesLogged
from pipelinekit.model.problem import Severity
from pipelinekit.runs.log_commands import LogCommand, parse, resume_token
from pipelinekit.runs.masks import Masks

_SEVERITIES = {"notice": Severity.NOTE, "warning": Severity.WARNING, "error": Severity.ERROR}
_MOST_ANNOTATIONS = 10  # of each kind, a step
_LONGEST_MESSAGE = 4096


class StepLog:
    """outputs, state: what `::set-output::` and `::save-state::` gave. errors: of commands that are not allowed.

    numbers: gives the leg's next line number, shared by its steps. workspace: its path as commands see it, taken off the
    paths of annotations.
    """

    def __init__(
        self, leg: str, step: int, masks: Masks, now: Callable[[], float], emit: Callable[[Event], None],
        numbers: "LineNumbers", workspace: str,
    ) -> None:
        self.outputs: dict[str, str] = {}
        self.state: dict[str, str] = {}
        self.errors: list[str] = []
        self._leg, self._step, self._masks, self._now, self._emit = leg, step, masks, now, emit
        self._numbers = numbers
        self._workspace = workspace.rstrip("/") + "/"
        self._group = ""
        self._resume = ""
        self._annotations = dict.fromkeys(Severity, 0)
        self._lines: list[tuple[float, str]] = []

    def lines(self, lines: list[str]) -> None:
        """Whole lines that a command printed."""
        at = self._now()
        hide = self._masks.hide
        for line in lines:
            if "::" in line or "##[" in line:
                command = None if self._resume and line.strip() != f"::{self._resume}::" else parse(line)
                if self._resume and line.strip() == f"::{self._resume}::":
                    self._resume = ""
                elif command is not None and self._obey(command):
                    continue
            self._lines.append((at, hide(line)))
        self._flush("output", at)

    def say(self, *lines: str) -> None:
        """Lines of our own: the command that starts, how it ended."""
        at = self._now()
        self._lines += [(at, self._masks.hide(line)) for text in lines for line in text.split("\n")]
        self._flush("runner", at)

    def annotate(self, severity: Severity, message: str, properties: dict[str, str] | None = None) -> None:
        """An annotation of the step, kept where there are not ten of its kind yet."""
        if self._annotations[severity] >= _MOST_ANNOTATIONS:
            return
        self._annotations[severity] += 1
        given = properties or {}
        line, end_line, column, end_column = _range(given)
        self._emit(Annotated(
            self._now(), self._leg, self._step, severity, self._masks.hide(message[:_LONGEST_MESSAGE]),
            self._masks.hide(given.get("title", "")), given.get("file", "").removeprefix(self._workspace),
            line, end_line, column, end_column,
        ))

    def _flush(self, stream: str, at: float) -> None:
        if self._lines:
            first = self._numbers.take(len(self._lines))
            self._emit(LinesLogged(at, self._leg, self._step, first, tuple(self._lines), stream, self._group))
            self._lines = []

    def _obey(self, command: LogCommand) -> bool:
        """Whether the line is done with; errors and the like are printed too, as on GitHub."""
        match command.name:
            case "group":
                self._flush("output", self._now())
                self._group = self._masks.hide(command.data) or "group"
            case "endgroup":
                self._flush("output", self._now())
                self._group = ""
            case "notice" | "warning" | "error":
                self.annotate(_SEVERITIES[command.name], command.data, command.properties)
                self._lines.append((self._now(), f"{command.name.capitalize()}: {self._masks.hide(command.data)}"))
            case "add-mask":
                self._masks.add(command.data)
            case "set-output":
                self.outputs[command.properties.get("name", "")] = command.data
            case "save-state":
                self.state[command.properties.get("name", "")] = command.data
            case "stop-commands" if resume_token(command.data):
                self._resume = command.data
            case "set-env" | "add-path":
                self.errors.append(
                    f"The `{command.name}` command is disabled. Please upgrade to using Environment Files or opt into unsecure "
                    "command execution by setting the `ACTIONS_ALLOW_UNSECURE_COMMANDS` environment variable to `true`."
                )
            case "debug":
                self._lines.append((self._now(), f"##[debug]{self._masks.hide(command.data)}"))
            case "add-matcher" | "remove-matcher" | "echo":
                pass  # matchers come with the engine in full; echo changes only what GitHub shows
            case _:
                return False
        return True


class LineNumbers:
    """The leg's line numbers, from 1; used by one thread at a time."""

    def __init__(self) -> None:
        self._next = 1

    def take(self, count: int) -> int:
        first, self._next = self._next, self._next + count
        return first


def _range(given: dict[str, str]) -> tuple[int | None, int | None, int | None, int | None]:
    """line, endLine, col, endColumn by the runner's rules: what makes no sense together is dropped."""
    line, end_line, column, end_column = _numbers(given)
    if line is None and end_line is not None:
        line = end_line
    if line is None or (end_line is not None and end_line != line):
        column = end_column = None
    if column is None and end_column is not None:
        column = end_column
    if line is not None and end_line is not None and end_line < line:
        line = end_line = column = end_column = None
    if column is not None and end_column is not None and end_column < column:
        column = end_column = None
    return line, end_line, column, end_column


def _numbers(given: dict[str, str]) -> Iterator[int | None]:
    for name in ("line", "endline", "col", "endcolumn"):
        text = given.get(name, "")
        yield int(text) if text.isdecimal() else None
