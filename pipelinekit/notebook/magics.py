"""Cells that define stages, and the line that shows and runs them: `%load_ext pipelinekit`.

Each is sugar over a Python call, so that papermill, marimo and scripts can do without: `%%stage` is `pk.stage`, `%%workflow`,
`%%job` and `%%step` are methods of `pk.pipeline()`, and so is what `%pipeline` does.
"""

import argparse
import re
import shlex
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from pipelinekit.model.problem import Problem, WorkflowInvalid
from pipelinekit.notebook.changes import Change
from pipelinekit.notebook.draft import Draft
from pipelinekit.notebook.parts import Indent
from pipelinekit.notebook.stages import Pipeline, pipeline
from pipelinekit.workflows.build import RUNNER

LINE_ENDS = {"lf": "\n", "crlf": "\r\n"}


class _Helped(Exception):
    """The help was asked for, and printed."""


class _Parser(argparse.ArgumentParser):
    """One whose complaints are problems, and which leaves no process."""

    def error(self, message: str) -> NoReturn:
        hint = " ".join(self.format_usage().removeprefix("usage: ").split())
        raise WorkflowInvalid(Problem("magic", f"{self.prog}: {message}", hint=hint))

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:  # noqa: ARG002 - the parent's form
        raise _Helped

    def read(self, line: str) -> argparse.Namespace:
        """Raises WorkflowInvalid, _Helped."""
        try:
            words = shlex.split(line)
        except ValueError as wrong:
            problem = Problem("magic", f"{self.prog}: the line can't be read: {wrong}", hint="close the quote")
            raise WorkflowInvalid(problem) from wrong
        return self.parse_args(words)


def _indent(text: str) -> Indent:
    words = text.split(",")
    if len(words) != len(Indent()) or not all(word.isdecimal() for word in words):
        raise argparse.ArgumentTypeError(f'it must be three numbers, as 2,4,6, here it is "{text}"')
    return Indent(*map(int, words))


def _pairs(option: str, words: Sequence[str]) -> list[tuple[str, str]]:
    for word in words:
        if "=" not in word:
            raise WorkflowInvalid(Problem("magic", f'{option} must be KEY=VALUE, here it is "{word}"'))
    return [(key, value) for key, _, value in (word.partition("=") for word in words)]


# -- cells -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CellMagic:
    """parser: of the words behind its name. give: the draft what the cell says; label: how messages call the cell."""

    parser: _Parser
    give: Callable[[Draft, argparse.Namespace, str, str], Change]


def _stage_parser() -> _Parser:
    parser = _Parser("%%stage", description="Make a stage of this cell: a job that runs its script.")
    add = parser.add_argument
    add("name", metavar="NAME")
    add("--image", metavar="IMAGE", help="of the container that it runs in")
    add("--needs", nargs="+", action="extend", default=[], metavar="STAGE", help="stages that have to end well before it")
    add("--inputs", nargs="+", action="extend", default=[], metavar="GLOB",
        help="all files that it reads: while they are as they were, it need not run again")
    add("--matrix", action="append", default=[], metavar="KEY=A,B", help="run it for each value (repeatable)")
    add("--env", action="append", default=[], metavar="KEY=VALUE", help="a variable of its environment (repeatable)")
    add("--if", dest="if_", metavar="EXPRESSION", help="the condition under which it runs")
    add("--shell", metavar="SHELL", help="that its script is for: bash, sh, python ...")
    add("--runs-on", default=RUNNER, metavar="LABEL", help=f"the runner (usual: {RUNNER})")
    add("--no-checkout", action="store_true", help="begin with an empty workspace")
    return parser


def _stage(draft: Draft, args: argparse.Namespace, body: str, label: str) -> Change:
    matrix = {key: [one.strip() for one in values.split(",")] for key, values in _pairs("%%stage --matrix", args.matrix)}
    return draft.stage(
        args.name, body, image=args.image, needs=[one for word in args.needs for one in word.split(",") if one], inputs=args.inputs,
        matrix=matrix or None, env=dict(_pairs("%%stage --env", args.env)) or None, if_=args.if_, shell=args.shell,
        runs_on=args.runs_on, checkout=not args.no_checkout, label=label,
    )


def _workflow_parser() -> _Parser:
    parser = _Parser("%%workflow", description="Say in YAML what stands before the jobs: name, on, env, permissions ...")
    add = parser.add_argument
    add("path", nargs="?", default="", metavar="PATH", help="where the workflow lies, as people call it")
    add("--after-jobs", action="store_true", help="this is what follows all jobs")
    add("--indent", type=_indent, metavar="J,K,S", help="blanks before jobs, their keys, their steps (usual: 2,4,6)")
    add("--line-ends", choices=LINE_ENDS, default="lf", help="of the file")
    add("--no-end", action="store_true", help="the file's last line has no end")
    _add_verbatim(parser)
    return parser


def _workflow(draft: Draft, args: argparse.Namespace, body: str, label: str) -> Change:
    if args.after_jobs:
        return draft.tail(body, verbatim=args.verbatim, label=label)
    ends = (LINE_ENDS[args.line_ends], not args.no_end)
    return draft.workflow(body, args.path, indent=args.indent, verbatim=args.verbatim, ends=ends, label=label)


def _job_parser() -> _Parser:
    parser = _Parser("%%job", description="Say in YAML what a job is, without its steps: runs-on, needs, strategy ...")
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--after-steps", action="store_true", help="this is what follows its steps")
    parser.add_argument("--indent", type=_indent, metavar="J,K,S", help="where it is not that of the workflow")
    _add_verbatim(parser)
    return parser


def _job(draft: Draft, args: argparse.Namespace, body: str, label: str) -> Change:
    if args.after_steps:
        return draft.tail(body, args.name, verbatim=args.verbatim, label=label)
    return draft.job(args.name, body, indent=args.indent, verbatim=args.verbatim, label=label)


def _step_parser() -> _Parser:
    parser = _Parser("%%step", description="Say in YAML what a step of a job is.")
    parser.add_argument("where", metavar="JOB/NUMBER", help="test/2 is the second of test; test/2.5 comes before the third")
    _add_verbatim(parser)
    return parser


def _step(draft: Draft, args: argparse.Namespace, body: str, label: str) -> Change:
    return draft.step(args.where, body, verbatim=args.verbatim, label=label)


def _add_verbatim(parser: _Parser) -> None:
    parser.add_argument("--verbatim", action="store_true", help="the lines are indented as they are in the workflow")


CELL_MAGICS: dict[str, CellMagic] = {
    "stage": CellMagic(_stage_parser(), _stage),
    "workflow": CellMagic(_workflow_parser(), _workflow),
    "job": CellMagic(_job_parser(), _job),
    "step": CellMagic(_step_parser(), _step),
}


def give(draft: Draft, name: str, line: str, body: str) -> Change:
    """Give the draft what a cell `%%name line` says. Raises WorkflowInvalid."""
    magic = CELL_MAGICS[name]
    args = magic.parser.read(line)
    first = args.where if name == "step" else args.name if name in ("stage", "job") else ""
    after = [f"--{word.replace('_', '-')}" for word in ("after_jobs", "after_steps") if getattr(args, word, False)]
    return magic.give(draft, args, body, " ".join([f"%%{name}", *([first] if first else []), *after]))


# -- the line --------------------------------------------------------------------------------------------------------------


def _line_parser() -> _Parser:
    parser = _Parser("%pipeline", description="Show the stages of this notebook, run them, or take one away.")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", parser_class=_Parser)
    run = verbs.add_parser("run", help="run them all, and wait for the end", description="Run the stages, and wait for the end.")
    run.add_argument("--stage", action="append", default=[], metavar="STAGE", help="only this one and what it needs (repeatable)")
    run.add_argument("--executor", default="docker", metavar="NAME", help="where they run: docker, host ... (usual: docker)")
    run.add_argument("--directory", default=".", metavar="DIR", help="the repository (usual: that of the notebook)")
    run.add_argument("--matrix", action="append", default=[], metavar="KEY=VALUE", help="only legs with this value (repeatable)")
    run.add_argument("--env", action="append", default=[], metavar="KEY=VALUE", help="a variable of every step (repeatable)")
    run.add_argument("--fresh", action="store_true", help="also those that would come out as they did before")
    verbs.add_parser("remove", help="take a stage away").add_argument("name", metavar="STAGE")
    verbs.add_parser("clear", help="take all stages away")
    verbs.add_parser("text", help="show the workflow file that they are")
    return parser


_LINE = _line_parser()


def line(words: str) -> "Pipeline | Text | Coroutine[Any, Any, None]":
    """What `%pipeline words` gives: the pipeline, which shows itself; what is to be awaited for `run`."""
    held = pipeline()
    args = _LINE.read(words)
    match args.verb:
        case "run":
            return _run(held, args)
        case "remove":
            held.remove(args.name)
        case "clear":
            held.clear()
        case "text":
            return Text(held.text())
        case _:
            pass
    return held


class Text(str):
    """Text that is shown as it is written."""

    __slots__ = ()

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ARG002 - IPython's form
        printer.text(self.rstrip("\n"))


async def _run(held: Pipeline, args: argparse.Namespace) -> None:
    matrix: dict[str, list[str]] = {}
    for key, value in _pairs("%pipeline run --matrix", args.matrix):
        matrix.setdefault(key, []).append(value)
    env = dict(_pairs("%pipeline run --env", args.env))
    await held.run(
        jobs=args.stage, executor=args.executor, directory=args.directory, matrix=matrix, env=env, fresh=args.fresh
    )


# -- IPython ---------------------------------------------------------------------------------------------------------------

# `%pipeline run` waits with `await`, so that the widget's buttons work while it does, and cells that follow come after it.
_CALL = re.compile(r"^(\s*)(get_ipython\(\)\.run_line_magic\('pipeline', 'run\b)")


def _awaiting(lines: list[str]) -> list[str]:
    return [_CALL.sub(r"\1await \2", one) for one in lines]


def load(shell: Any) -> None:
    """Give an IPython shell the cells and the line."""
    from IPython.core.magic import no_var_expand  # only a shell has it

    for name in CELL_MAGICS:
        # `${{ }}` and `{}` in a cell's line are the workflow's: IPython is not to fill them in.
        shell.register_magic_function(no_var_expand(_quietly(_cell(name))), "cell", name)
    shell.register_magic_function(_quietly(line), "line", "pipeline")
    if _awaiting not in shell.input_transformers_post:
        shell.input_transformers_post.append(_awaiting)


def unload(shell: Any) -> None:
    """Take them back; stages that were defined stay."""
    for kind, names in (("cell", CELL_MAGICS), ("line", ("pipeline",))):
        for name in names:
            shell.magics_manager.magics[kind].pop(name, None)
    if _awaiting in shell.input_transformers_post:
        shell.input_transformers_post.remove(_awaiting)


def _cell(name: str) -> Callable[[str, str], Change]:
    return lambda words, body: give(pipeline(), name, words, body)


def _quietly(magic: Callable[..., object]) -> Callable[..., object]:
    """Where its help was asked for, that is all that happens."""

    def magic_or_help(*given: str) -> object:
        try:
            return magic(*given)
        except _Helped:
            return None

    magic_or_help.__doc__ = magic.__doc__
    return magic_or_help
