"""The files through which a step speaks: GITHUB_ENV, GITHUB_OUTPUT, GITHUB_PATH, GITHUB_STATE, GITHUB_STEP_SUMMARY, its script."""

from collections.abc import Callable

from pipelinekit.executors.base import Place
from pipelinekit.model.event import Event, SummaryWritten
from pipelinekit.model.node import Value
from pipelinekit.model.problem import Severity
from pipelinekit.runs.request import RunRequest
from pipelinekit.runs.step_log import StepLog

_NAMES = ("env", "output", "path", "state", "step_summary")
_LARGEST_SUMMARY_BYTES = 1024 * 1024


class StepFiles:
    """A fresh set for each step, below the place's temp folder."""

    def __init__(self, place: Place, index: int) -> None:
        self._place = place
        self._index = index
        self._scripts: list[str] = []
        self._paths = {name: f"{place.temp}/_runner_file_commands/{name}_{index}" for name in _NAMES}

    def github(self) -> dict[str, Value]:
        """Their paths, for the `github` context and GITHUB_*."""
        return dict(self._paths)

    def make(self) -> None:
        for path in self._paths.values():
            self._place.write(path, b"")

    def script(self, text: str, extension: str) -> str:
        """Write the script; its path."""
        path = f"{self._place.temp}/step_{self._index}{extension}"
        self._place.write(path, text.encode("utf-8"))
        self._scripts.append(path)
        return path

    def clear(self) -> None:
        """Empty them, the script too: secrets may stand in them, and the place may be kept."""
        for path in (*self._paths.values(), *self._scripts):
            self._place.write(path, b"")

    def read(self, name: str) -> str:
        """What the step wrote, '' where it removed the file."""
        try:
            return self._place.read(self._paths[name]).decode("utf-8", errors="replace")
        except FileNotFoundError:
            return ""

    def summary(self, emit: Callable[[Event], None], log: StepLog, leg: str, request: RunRequest) -> None:
        """The job summary that the step wrote, masked line by line; over 1 MiB it is dropped with an error."""
        text = self.read("step_summary")
        if len(text.encode("utf-8")) > _LARGEST_SUMMARY_BYTES:
            log.annotate(Severity.ERROR, "$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k")
        elif text.strip():
            masked = "\n".join(map(request.masks.hide, text.split("\n")))
            emit(SummaryWritten(request.now(), leg, self._index, masked))
