"""What `run` and `resume` have in common: what a run is given, how it is shown, and its exit code."""

import argparse
import errno
import json
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

from pipelinekit.commands import stepping
from pipelinekit.commands.wishes import pairs
from pipelinekit.console import runs as console
from pipelinekit.model.outcome import State
from pipelinekit.model.problem import Problem, SurroundingsMissing, WorkflowInvalid
from pipelinekit.records.event_lines import encode
from pipelinekit.records.store import Store
from pipelinekit.workbench.breakpoints import ON_FAILURE, Breakpoint
from pipelinekit.workbench.session import Session, Surroundings


def add_running(parser: argparse.ArgumentParser) -> None:
    """The arguments of everything that runs."""
    add = parser.add_argument
    add("--secret", action="append", default=[], metavar="NAME",
        help="a secret; its value comes from the environment variable NAME, or of NAME=@FILE from the file")
    add("--env", action="append", default=[], metavar="KEY=VALUE", help="an environment variable of every step")
    add("--parallel", type=int, default=os.cpu_count() or 2, metavar="N", help="legs at a time (usual: the cores)")
    add("--step", action="store_true", help="ask before every step, one leg after another")
    add("--break", action="append", default=[], dest="breakpoints", metavar="WHERE",
        help="stop before:JOB/STEP, after:JOB/STEP or on-failure, one leg after another (repeatable; names or globs)")
    add("--shell-on-failure", action="store_true",
        help="open a terminal where a step failed, with its environment, one leg after another; then go on")
    add("--no-keep", action="store_true", help="keep nothing of a leg that failed (usual where CI=true)")
    add("--store", metavar="DIR", help="where runs are recorded (usual: .pipelinekit at the repository's top)")
    add("--format", choices=["text", "json"], default="text", help="json: one event a line")


def surroundings_of(args: argparse.Namespace, executor: str) -> Surroundings:
    """Raises WorkflowInvalid for a secret or a variable that is not of its form."""
    return Surroundings(
        store=Store.find(args.directory, args.environment, args.store),
        environment=args.environment,
        executor=executor,
        cores=max(1, args.parallel),
        host=os.uname().nodename,
        secrets=_secrets(args.secret, args.environment, args.directory),
        variables=dict(pairs("--env", args.env)),
        keep=not args.no_keep and args.environment.get("CI") != "true",
    )


def _breakpoints(session: Session, texts: Sequence[str]) -> list[Breakpoint]:
    """Raises WorkflowInvalid where one is of no form, or means a job or step that there is not; then nothing was recorded."""
    try:
        found = [Breakpoint.read(text) for text in texts]
        for wanted in found:
            wanted.check(session.plan)
    except WorkflowInvalid:
        session.forget()
        raise
    return found


def carry(session: Session, args: argparse.Namespace, out: TextIO) -> int:
    """Run or step the session to its end or a pause, show it, and say how it ended as an exit code."""
    session.breakpoints = _breakpoints(session, args.breakpoints)
    session.prepare(lambda line: _say(line, args, out))
    asks = bool(args.step or session.breakpoints)
    if args.shell_on_failure:
        session.breakpoints.append(Breakpoint.read(ON_FAILURE))
    terminal = (sys.stdin.fileno(), out.fileno()) if sys.stdin.isatty() and out.isatty() else None
    watched = args.format == "text" and (args.step or (session.breakpoints and terminal))
    missing, interrupted = None, threading.Event()
    try:
        if watched:
            read = stepping.line_of(sys.stdin)
            prompt = stepping.Prompt(session, out, read, terminal, shell_on_failure=args.shell_on_failure, asks=asks)
            prompt.drive(at_once=args.step)
        else:
            interrupted = _cancel_on_signals(session)
            _show(session, args, out)
    except SurroundingsMissing as gone:
        missing = gone
    if args.format == "text" and (session.state.state.finished or session.state.state is State.PAUSED):
        _sum_up(session, out)
    if missing is not None:
        raise missing
    return 130 if interrupted.is_set() else exit_code(session)


def _sum_up(session: Session, out: TextIO) -> None:
    """The table of the legs; a terminal that has gone is told nothing."""
    try:
        console.summary(session.state, out, session.number)
        out.flush()
    except OSError as gone:
        if gone.errno != errno.EIO:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())  # where what is still buffered may go


def exit_code(session: Session) -> int:
    """0 fine, 1 failed, 5 paused."""
    if session.state.state is State.PAUSED:
        return 5
    return 0 if session.state.state in (State.SUCCESS, State.SKIPPED) else 1


def _cancel_on_signals(session: Session) -> threading.Event:
    """The first Ctrl-C (or a `kill`) cancels the run, which still runs its `always()` steps; a second Ctrl-C goes through."""
    interrupted = threading.Event()

    def cancel(number: int, _: object) -> None:
        if interrupted.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        interrupted.set()
        threading.Thread(target=session.cancel, args=("it was interrupted",)).start()

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, cancel)
        signal.signal(signal.SIGTERM, cancel)
    return interrupted


def _show(session: Session, args: argparse.Namespace, out: TextIO) -> None:
    if args.format == "text":
        console.watch(session, out)
        return
    for event in session:
        out.write(json.dumps({**json.loads(encode(event)), "run_id": session.run_id}, separators=(",", ":")) + "\n")
        out.flush()


def _say(line: str, args: argparse.Namespace, out: TextIO) -> None:
    if args.format == "text":
        out.write(f"{line}\n")
        out.flush()


def _secrets(words: list[str], environment: Mapping[str, str], directory: Path) -> dict[str, str]:
    """Raises WorkflowInvalid where a value stands on the command line, or a secret's value is not to be found."""
    secrets = {}
    for word in words:
        name, sign, file = word.partition("=")
        if sign and not file.startswith("@"):
            hint = f"export {name}=... and say --secret {name}, or --secret {name}=@FILE"
            message = f'the value of the secret "{name}" may not stand on the command line'
            raise WorkflowInvalid(Problem("secret", message, hint=hint))
        try:
            secrets[name] = (directory / file[1:]).read_text(encoding="utf-8").rstrip("\n") if sign else environment[name]
        except KeyError as absent:
            hint = f"export {name}=..., or say --secret {name}=@FILE"
            raise WorkflowInvalid(Problem("secret", f'the environment has no variable "{name}"', hint=hint)) from absent
        except OSError as wrong:
            raise WorkflowInvalid(Problem("secret", f'the secret "{name}" can\'t be read: {wrong}')) from wrong
    return secrets
