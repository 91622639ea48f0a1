"""`pipelinekit run`: run a workflow, show it, record it."""

import argparse
import json
import os
import platform
import signal
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from pipelinekit.commands.wishes import add_wishes, pairs, wish_of
from pipelinekit.console import runs as console
from pipelinekit.executors.all_executors import EXECUTORS
from pipelinekit.model.outcome import State
from pipelinekit.model.problem import Problem, SurroundingsMissing, WorkflowInvalid
from pipelinekit.records.event_lines import encode
from pipelinekit.records.store import Store
from pipelinekit.workbench.planning import make
from pipelinekit.workbench.session import Session, Surroundings, recover


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_wishes(parser)
    parser.add_argument("--secret", action="append", default=[], metavar="NAME",
                        help="a secret; its value comes from the environment variable NAME, or of NAME=@FILE from the file")
    parser.add_argument("--env", action="append", default=[], metavar="KEY=VALUE", help="an environment variable of every step")
    parser.add_argument("--executor", choices=[*EXECUTORS], default="docker", help="where it runs (usual: docker)")
    parser.add_argument("--parallel", type=int, default=os.cpu_count() or 2, metavar="N", help="legs at a time (usual: the cores)")
    parser.add_argument("--store", metavar="DIR", help="where runs are recorded (usual: .pipelinekit at the repository's top)")
    parser.add_argument("--format", choices=["text", "json"], default="text", help="json: one event a line")


def run(args: argparse.Namespace, out: TextIO) -> int:
    threading.Thread(target=_warm, args=(args.executor,), daemon=True).start()
    planned = make(wish_of(args), args.directory, args.environment)
    store = Store.find(args.directory, args.environment, args.store)
    surroundings = Surroundings(
        store=store,
        environment=args.environment,
        executor=args.executor,
        cores=max(1, args.parallel),
        host=platform.node(),
        secrets=_secrets(args.secret, args.environment, args.directory),
        variables=dict(pairs("--env", args.env)),
    )
    recover(store, args.environment)
    session = Session(planned, surroundings)
    session.prepare(lambda line: _say(line, args, out))
    interrupted = _cancel_on_signals(session)
    missing = None
    try:
        _show(session, args, out)
    except SurroundingsMissing as gone:
        missing = gone
    if args.format == "text":
        console.summary(session.state, out, session.number)
    if missing is not None:
        raise missing
    if interrupted.is_set():
        return 130
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


def _warm(executor: str) -> None:
    """docker takes 0.25 s to import: it does while the plan is made."""
    if executor == "docker":
        import docker  # noqa: F401


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
