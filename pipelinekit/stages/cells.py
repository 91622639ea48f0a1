"""Cells that define stages, `%%stage`, `%%workflow`, `%%job` and `%%step`, and what each says: read without running anything."""

import argparse
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from pipelinekit.model.problem import Problem, WorkflowInvalid
from pipelinekit.stages.changes import Change
from pipelinekit.stages.draft import Draft
from pipelinekit.stages.parts import Indent
from pipelinekit.workflows.build import RUNNER
from pipelinekit.workflows.suggest import suggestion

LINE_ENDS = {"lf": "\n", "crlf": "\r\n"}


class Helped(Exception):
    """The help was asked for, and printed."""


class Parser(argparse.ArgumentParser):
    """One whose complaints are problems, and which leaves no process."""

    def error(self, message: str) -> NoReturn:
        hint = " ".join(self.format_usage().removeprefix("usage: ").split())
        raise WorkflowInvalid(Problem("magic", f"{self.prog}: {message}", hint=hint))

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:  # a verb's words are read by this alone
        read, unknown = super().parse_known_args(args, namespace)
        if unknown:
            options = [one for action in self._actions for one in action.option_strings if one.startswith("--")]
            hint = "what has blanks stands in quotes"
            if unknown[0].startswith("-"):
                hint = suggestion(unknown[0], options, "options here")
            raise WorkflowInvalid(Problem("magic", f'{self.prog}: "{unknown[0]}" has no meaning here', hint=hint))
        return read, unknown

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:  # noqa: ARG002 - the parent's form
        raise Helped

    def read(self, line: str) -> argparse.Namespace:
        """Raises WorkflowInvalid, Helped."""
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


def pairs(option: str, words: Sequence[str]) -> list[tuple[str, str]]:
    """Each word cut at its first sign. Raises WorkflowInvalid for one without."""
    for word in words:
        if "=" not in word:
            raise WorkflowInvalid(Problem("magic", f'{option} must be KEY=VALUE, here it is "{word}"'))
    return [(key, value) for key, _, value in (word.partition("=") for word in words)]


# -- cells -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CellMagic:
    """parser: of the words behind its name. give: the draft what the cell says; label: how messages call the cell."""

    parser: Parser
    give: Callable[[Draft, argparse.Namespace, str, str], Change]


def _stage_parser() -> Parser:
    parser = Parser("%%stage", description="Make a stage of this cell: a job that runs its script.")
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
    matrix: dict[str, list[str]] = {}
    for key, values in pairs("%%stage --matrix", args.matrix):
        matrix.setdefault(key, []).extend(one.strip() for one in values.split(",") if one.strip())
    return draft.stage(
        args.name, body, image=args.image, needs=[*dict.fromkeys(one for word in args.needs for one in word.split(",") if one)],
        inputs=args.inputs,
        matrix=matrix or None, env=dict(pairs("%%stage --env", args.env)) or None, if_=args.if_, shell=args.shell,
        runs_on=args.runs_on, checkout=not args.no_checkout, label=label, line=args.line,
    )


def _workflow_parser() -> Parser:
    parser = Parser("%%workflow", description="Say in YAML what stands before the jobs: name, on, env, permissions ...")
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


def _job_parser() -> Parser:
    parser = Parser("%%job", description="Say in YAML what a job is, without its steps: runs-on, needs, strategy ...")
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--after-steps", action="store_true", help="this is what follows its steps")
    parser.add_argument("--indent", type=_indent, metavar="J,K,S", help="where it is not that of the workflow")
    _add_verbatim(parser)
    return parser


def _job(draft: Draft, args: argparse.Namespace, body: str, label: str) -> Change:
    if args.after_steps:
        return draft.tail(body, args.name, verbatim=args.verbatim, label=label)
    return draft.job(args.name, body, indent=args.indent, verbatim=args.verbatim, label=label)


def _step_parser() -> Parser:
    parser = Parser("%%step", description="Say in YAML what a step of a job is.")
    parser.add_argument("where", metavar="JOB/NUMBER", help="test/2 is the second of test; test/2.5 comes before the third")
    _add_verbatim(parser)
    return parser


def _step(draft: Draft, args: argparse.Namespace, body: str, label: str) -> Change:
    return draft.step(args.where, body, verbatim=args.verbatim, label=label)


def _add_verbatim(parser: Parser) -> None:
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
    args.line = f"%%{name} {line.strip()}"
    first = args.where if name == "step" else args.name if name in ("stage", "job") else ""
    after = [f"--{word.replace('_', '-')}" for word in ("after_jobs", "after_steps") if getattr(args, word, False)]
    return magic.give(draft, args, body, " ".join([f"%%{name}", *([first] if first else []), *after]))
