"""The verbs of a live run for scripts: each waits until it is through, and gives what awaiting it gives."""

from typing import Protocol

from pipelinekit.live_runs.doing import Doing
from pipelinekit.live_runs.done import Done, ShellResult


class Twins(Protocol):
    """Of every verb the twin whose name ends in `_sync`; it raises what the verb raises."""

    def step(self) -> Doing[Done]: ...
    def until(self, target: str, *, only: bool = False) -> Doing[Done]: ...
    def go(self) -> Doing[Done]: ...
    def finish(self, check: bool | None = None) -> Doing[Done]: ...
    def skip(self, target: str = "", why: str = "skipped (user)") -> Doing[Done]: ...
    def retry(self, *, go: bool = True) -> Doing[Done]: ...
    def resume(self, start: str = "") -> Doing[Done]: ...
    def shell(self, command: str) -> Doing[ShellResult]: ...
    def cancel(self, why: str = "it was cancelled by hand") -> Doing[Done]: ...
    def pause(self, why: str = "it was paused by hand") -> Doing[Done]: ...

    def run_sync(self) -> Done:
        return self.finish().wait()

    def step_sync(self) -> Done:
        return self.step().wait()

    def until_sync(self, target: str, *, only: bool = False) -> Done:
        return self.until(target, only=only).wait()

    def go_sync(self) -> Done:
        return self.go().wait()

    def finish_sync(self, check: bool | None = None) -> Done:
        return self.finish(check).wait()

    def skip_sync(self, target: str = "", why: str = "skipped (user)") -> Done:
        return self.skip(target, why).wait()

    def retry_sync(self, *, go: bool = True) -> Done:
        return self.retry(go=go).wait()

    def resume_sync(self, start: str = "") -> Done:
        return self.resume(start).wait()

    def shell_sync(self, command: str) -> ShellResult:
        return self.shell(command).wait()

    def cancel_sync(self, why: str = "it was cancelled by hand") -> Done:
        return self.cancel(why).wait()

    def pause_sync(self, why: str = "it was paused by hand") -> Done:
        return self.pause(why).wait()
