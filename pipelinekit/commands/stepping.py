"""The prompt at which a person takes a run step by step."""

import contextlib
import errno
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TextIO

from pipelinekit.console.runs import plain_lines
from pipelinekit.model.event import Event
from pipelinekit.model.problem import SurroundingsMissing, WorkflowInvalid
from pipelinekit.runs.preview import told
from pipelinekit.workbench.session import Session

PROMPT = "(pipelinekit) "


class Closed(Exception):
    """The terminal has gone, or its input has ended."""


@dataclass(frozen=True, slots=True)
class Verb:
    key: str
    name: str
    what: str
    do: Callable[["Prompt", str], None]


class Prompt:
    """A session at a terminal. read: gives the next line, raises EOFError at the end of the input.

    terminal: its file descriptors for keys and for what is shown, None where there is none. shell_on_failure: whether a shell is
    opened where a step has failed. asks: whether the person is asked what to do where the run stops; else it goes on.
    """

    def __init__(
        self, session: Session, out: TextIO, read: Callable[[str], str], terminal: tuple[int, int] | None = None, *,
        shell_on_failure: bool = False, asks: bool = True,
    ) -> None:
        self.session = session
        self._out = out
        self._read = read
        self._terminal = terminal
        self._shell_on_failure = shell_on_failure
        self._asks = asks
        self._looked_into: str | None = None
        self._done = False

    def drive(self, *, at_once: bool) -> None:
        """Ask before every step (at_once), or run until a breakpoint and ask there; until the run has ended or is paused."""
        with _noticing_that_the_terminal_goes(), _cancelling(self.session):
            try:
                if at_once:
                    self.step("")  # opens the first place: from here on the next step can be shown
                else:
                    self.go("")
                while not self._ended():
                    self._look_into_failure()
                    self._ask() if self._asks else self.go("")
            except (Closed, OSError) as gone:
                if isinstance(gone, OSError) and gone.errno != errno.EIO:  # what Linux answers who writes to one that has gone
                    raise
                with _handling(signal.SIGHUP, signal.SIG_IGN):
                    self.quit("the terminal was closed")

    def _ended(self) -> bool:
        return self._done or self.session.state.state.finished

    def _look_into_failure(self) -> None:
        """Once for each."""
        failed = self.session.failed()
        if failed and self._shell_on_failure and failed != self._looked_into:
            self.shell("")
        self._looked_into = failed

    def _ask(self) -> None:
        self._out.writelines(f"{line}\n" for line in shown(self.session))
        self._out.flush()
        try:
            line = self._read(PROMPT).strip()
        except EOFError as end:
            raise Closed from end
        except KeyboardInterrupt:
            line = "x"
        word, _, rest = line.partition(" ")
        verb = next((v for v in VERBS if word in (v.key, v.name)), None) if word else VERBS[0]
        if verb is None:
            self._out.write(f'there is no verb "{word}"; ? lists them\n')
            return
        try:
            verb.do(self, rest.strip())
        except (WorkflowInvalid, SurroundingsMissing) as wrong:
            self._out.write(f"{wrong}\n")

    def step(self, _: str) -> None:
        self._tell(self.session.step())

    def until(self, target: str) -> None:
        self.session.until(target or "*", self._tell)

    def go(self, _: str) -> None:
        hit = self.session.go(self._tell)
        if hit is not None:
            self._out.write(f"stopped at {hit}\n")

    def skip(self, _: str) -> None:
        self._tell(self.session.skip())

    def retry(self, _: str) -> None:
        if self.session.failed() is None:
            self._out.write("no step has failed\n")
            return
        self._tell(self.session.retry())

    def shell(self, command: str) -> None:
        if command:
            code, lines = self.session.shell(command)
            self._out.writelines(f"{line}\n" for line in lines)
        elif self._terminal is not None:
            what = f"{failed} failed" if (failed := self.session.failed()) else "the next step would run"
            self._out.write(f"a shell where {what}, with its environment; exit leaves it\n")
            self._out.flush()
            code = self.session.terminal(*self._terminal)
            if code == 128 + signal.SIGHUP:  # the shell may hear that the terminal has gone before this process does
                raise Closed
        else:
            self._out.write("no terminal is here to open a shell in: say e COMMAND\n")
            return
        if code:
            self._out.write(f"exit code {code}\n")

    def env(self, pair: str) -> None:
        name, sign, value = pair.partition("=")
        if not sign:
            self._out.write("say NAME=VALUE\n")
            return
        self.session.set_env(name, value)

    def cancel(self, _: str) -> None:
        self.session.cancel("it was cancelled by hand")
        while self.session.step():
            pass

    def quit(self, why: str) -> None:
        self.session.pause(why or "it was paused by hand")
        self._done = True

    def help(self, _: str) -> None:
        self._out.writelines(f"  {verb.key}  {verb.name:<8} {verb.what}\n" for verb in VERBS)

    def _tell(self, events: Sequence[Event]) -> None:
        for event in events:
            self._out.writelines(f"{line}\n" for line in plain_lines(event, self.session.state))
        self._out.flush()


VERBS: tuple[Verb, ...] = (
    Verb("s", "step", "take one step (Enter does the same)", Prompt.step),
    Verb("u", "until", "JOB[/STEP]: go on until that step is next, or to a breakpoint", Prompt.until),
    Verb("c", "continue", "go on until a breakpoint or the end", Prompt.go),
    Verb("r", "retry", "take the step that failed again, as a new attempt", Prompt.retry),
    Verb("k", "skip", "leave the next step out", Prompt.skip),
    Verb("e", "shell", "open a shell where the step failed or the next one would run; COMMAND: run just that", Prompt.shell),
    Verb("v", "env", "NAME=VALUE: set it for the steps that follow", Prompt.env),
    Verb("x", "cancel", "end the run; `always()` steps still run", Prompt.cancel),
    Verb("q", "quit", "pause: `pipelinekit resume` goes on", Prompt.quit),
    Verb("?", "help", "this list", Prompt.help),
)


def shown(session: Session) -> Iterator[str]:
    """What would happen next."""
    failed = session.failed()
    if failed:
        yield f"{failed} failed: r takes it again, e looks inside"
    preview = session.next()
    if preview is not None:
        yield from told(preview)
    elif (leg := session.leg()) is not None:
        yield f"next: {leg.leg.name} · {'what is left at the end of the job' if leg.begun else 'set up job'}"


@contextlib.contextmanager
def _noticing_that_the_terminal_goes() -> Iterator[None]:
    def closed(number: int, frame: object) -> None:  # noqa: ARG001 - a handler's form
        raise Closed

    with _handling(signal.SIGHUP, closed):
        yield


@contextlib.contextmanager
def _cancelling(session: Session) -> Iterator[None]:
    """A Ctrl-C while a step runs ends the run; at the prompt it is the verb `cancel`."""

    def interrupt(number: int, frame: object) -> None:  # noqa: ARG001
        if session.running:
            threading.Thread(target=session.cancel, args=("it was interrupted",)).start()
        else:
            raise KeyboardInterrupt

    with _handling(signal.SIGINT, interrupt):
        yield


@contextlib.contextmanager
def _handling(number: int, handler: Callable[[int, object], None] | signal.Handlers) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(number, handler)
    try:
        yield
    finally:
        signal.signal(number, before)


def line_of(source: TextIO) -> Callable[[str], str]:
    """Lines of a terminal with editing, or of a pipe."""
    if source is sys.stdin and source.isatty():
        import readline  # noqa: F401 - editing and history for input()

        return input

    def read(prompt: str) -> str:  # noqa: ARG001 - a pipe sees none
        line = source.readline()
        if not line:
            raise EOFError
        return line

    return read


