"""The cells that define stages in IPython, and the line that shows and runs them: `%load_ext pipelinekit`.

Each is sugar over a Python call, so that papermill, marimo and scripts can do without: `%%stage` is `pk.stage`, `%%workflow`,
`%%job` and `%%step` are methods of `pk.pipeline()`, and so is what `%pipeline` does.
"""

import argparse
import re
from collections.abc import Callable, Coroutine
from itertools import dropwhile
from typing import Any

from pipelinekit.executors.all_executors import EXECUTORS
from pipelinekit.stages.cells import CELL_MAGICS, Helped, Parser, give, pairs
from pipelinekit.stages.changes import Change
from pipelinekit.stages.pipeline import Pipeline, pipeline


def _line_parser() -> Parser:
    parser = Parser("%pipeline", description="Show the stages of this notebook, run them, or take one away.")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", parser_class=Parser)
    run = verbs.add_parser("run", help="run them all, and wait for the end", description="Run the stages, and wait for the end.")
    run.add_argument("--stage", action="append", default=[], metavar="STAGE", help="only this one and what it needs (repeatable)")
    run.add_argument("--executor", choices=[*EXECUTORS], default="docker", help="where they run (usual: docker)")
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
    for key, value in pairs("%pipeline run --matrix", args.matrix):
        matrix.setdefault(key, []).append(value)
    env = dict(pairs("%pipeline run --env", args.env))
    await held.run(
        jobs=args.stage, executor=args.executor, directory=args.directory, matrix=matrix, env=env, fresh=args.fresh
    )


# -- IPython ---------------------------------------------------------------------------------------------------------------

# `%pipeline run` waits with `await`, so that the widget's buttons work while it does, and cells that follow come after it.
_CALL = re.compile(r"^(\s*)(get_ipython\(\)\.run_line_magic\('pipeline', 'run\b)")


def _awaiting(lines: list[str]) -> list[str]:
    return [_CALL.sub(r"\1await \2", one) for one in lines]


class _Verbatim:
    """Takes our cells before IPython takes prompts like `>>>`, and the blanks of empty lines, from them as if they were Python."""

    has_side_effects = True  # by which IPython leaves it out where it asks whether a cell in a terminal is complete
    _first = re.compile(rf"%%({'|'.join(CELL_MAGICS)})(?: (.*))?")

    def __call__(self, lines: list[str]) -> list[str]:
        first, *body = list(dropwhile(str.isspace, lines)) or [""]
        magic = self._first.fullmatch(first.rstrip())
        return [f"get_ipython().run_cell_magic({magic[1]!r}, {magic[2] or ''!r}, {''.join(body)!r})\n"] if magic else lines


_VERBATIM = _Verbatim()


def load(shell: Any) -> None:
    """Give an IPython shell the cells and the line."""
    from IPython.core.magic import no_var_expand  # only a shell has it

    for name in CELL_MAGICS:
        # `${{ }}` and `{}` in a cell's line are the workflow's: IPython is not to fill them in.
        shell.register_magic_function(no_var_expand(_quietly(_cell(name))), "cell", name)
    shell.register_magic_function(_quietly(line), "line", "pipeline")
    if _awaiting not in shell.input_transformers_post:
        shell.input_transformers_post.append(_awaiting)
        shell.input_transformers_cleanup.insert(0, _VERBATIM)


def unload(shell: Any) -> None:
    """Take them back; stages that were defined stay."""
    for kind, names in (("cell", CELL_MAGICS), ("line", ("pipeline",))):
        for name in names:
            shell.magics_manager.magics[kind].pop(name, None)
    if _awaiting in shell.input_transformers_post:
        shell.input_transformers_post.remove(_awaiting)
        shell.input_transformers_cleanup.remove(_VERBATIM)


def _cell(name: str) -> Callable[[str, str], Change | None]:
    def cell(words: str, body: str) -> Change | None:
        change = give(pipeline(), name, words, body)
        return change if change.about or not change.is_new else None  # of a new part of a job there is nothing to say

    return cell


def _quietly(magic: Callable[..., object]) -> Callable[..., object]:
    """Where its help was asked for, that is all that happens."""

    def magic_or_help(*given: str) -> object:
        try:
            return magic(*given)
        except Helped:
            return None

    magic_or_help.__doc__ = magic.__doc__
    return magic_or_help
