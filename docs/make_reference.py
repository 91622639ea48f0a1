"""`python -m docs.make_reference`: write the pages of the reference that are made from the code's own tables.

Run it after a table changed, and read the difference before it is committed. `tests/docs/test_reference.py` compares, and
never writes.
"""

import argparse
import importlib
import inspect
from collections.abc import Callable, Iterable
from pathlib import Path

from pipelinekit.actions.all_actions import SHIMS
from pipelinekit.actions.base import Input
from pipelinekit.checks.all_checks import ALL_CHECKS
from pipelinekit.main import COMMANDS
from pipelinekit.records.tables import FORMAT, TABLES
from pipelinekit.runs.refuse import REFUSALS, WITHOUT_EFFECT
from pipelinekit.runs.shells import ELSEWHERE

FOLDER = Path(__file__).parent / "reference"
KINDS = {"time": "timestamp, UTC", "json": "string, JSON"}


def tables() -> str:
    """The Parquet tables and their columns, from records/tables.py."""
    lines = [
        *_head("Tables", "pipelinekit/records/tables.py"),
        f"Format {FORMAT}. Every file `tables/<table>/**/*.parquet` in the store belongs to that table; a run attempt writes one",
        "file a table. What a run had none of has no file. How to query them: [What is recorded](../guide/what-is-recorded.md).",
        "",
        "Names say kinds and units: `*_at` is a time in UTC, `*_seconds` a float, `*_bytes` an integer. A value that is not known",
        "is null.",
    ]
    for name, columns in TABLES.items():
        rows = [(f"`{column.name}`", KINDS.get(column.kind, column.kind), column.meaning) for column in columns]
        lines += ["", f"## {name}", "", *_table(("Column", "Kind", "Meaning"), rows)]
    return _page(lines)


def compatibility() -> str:
    """What of GitHub Actions runs here and what does not, from the table of refusals and the table of shims."""
    refused = [(_first_up(refusal.name), refusal.hint.replace("[tool.pipelinekit.actions]", "`[tool.pipelinekit.actions]`"))
               for refusal in REFUSALS]  # fmt: skip
    lines = [
        *_head("Compatibility", "pipelinekit/runs/refuse.py", "pipelinekit/actions/all_actions.py"),
        "Every key of the workflow syntax is read and checked. What can't run yet is refused when a run is planned, by name and",
        "place, and only for the jobs that were chosen; nothing is left out silently.",
        "",
        "## Refused",
        "",
        *_table(("What", "Way around"), refused),
        "",
        '"This action" is any `uses` that no row below serves, and that no folder stands for.',
        f'"This shell" is one of {_listed(sorted(ELSEWHERE))}.',
        "",
        "Legs whose `runs-on` asks for Windows or macOS are `skipped`, with that reason; the other legs run.",
        "",
        "## Accepted, without effect",
        "",
        "A run says so in a note.",
        "",
        *_table(("Key", "Why"), [(f"`{key}`", why) for key, why in WITHOUT_EFFECT.items()]),
        "",
        "## Actions",
        "",
        "pipelinekit itself stands in for these, at any ref or commit: `actions/checkout@v4` and a pinned commit are the same.",
        "Inputs are listed with their defaults; any other input is a warning. Composite actions of the repository run as they are;",
        "any other action can be mapped to a folder with one, or left out, by",
        "[`[tool.pipelinekit.actions]`](../guide/configuration.md#actions).",
    ]
    for name, shim in sorted(SHIMS.items()):
        inputs = ", ".join(f"`{key}`{_default(known)}" for key, known in shim.inputs.items())
        lines += ["", f"### {name}", "", _first_paragraph(shim), "", f"Inputs: {inputs}."]
    return _page(lines)


def checks() -> str:
    """Every check with its explanation, from the docstrings of the table of checks."""
    lines = [
        *_head("Checks", "pipelinekit/checks/all_checks.py"),
        "`pipelinekit check` first reads the file against the syntax, and tells errors. Where there are none, these rules look for",
        "what is allowed and hardly meant; they tell warnings, which do not fail the check. The rule's name stands in brackets at",
        "the end of a message.",
    ]
    for name, check in ALL_CHECKS.items():
        lines += ["", f"## {name}", "", inspect.getdoc(check) or ""]
    return _page(lines)


def command_line() -> str:
    """Every command with its arguments, from the argument parsers."""
    lines = [
        *_head("Command line", "pipelinekit/main.py", "pipelinekit/commands"),
        "`pipelinekit --help` lists the commands, `pipelinekit COMMAND --help` the arguments of one, `pipelinekit --version` the",
        "version. What the exit codes mean: [Troubleshooting](../guide/troubleshooting.md#exit-codes).",
    ]
    for name, what in COMMANDS.items():
        parser = argparse.ArgumentParser(prog=f"pipelinekit {name}")
        importlib.import_module(f"pipelinekit.commands.{name}").add_arguments(parser)
        lines += ["", f"## {name}", "", f"{_first_up(what)}.", *_arguments(parser)]
    return _page(lines)


PAGES: dict[str, Callable[[], str]] = {
    "checks.md": checks,
    "command-line.md": command_line,
    "compatibility.md": compatibility,
    "tables.md": tables,
}


def _head(title: str, *sources: str) -> list[str]:
    named = " and ".join(f"`{source}`" for source in sources)
    return [f"# {title}", "", f"*This page is generated from {named} by `python -m docs.make_reference`.*", ""]


def _arguments(parser: argparse.ArgumentParser) -> Iterable[str]:
    rows = []
    for action in parser._actions:  # the module has no public way to look at a parser
        if isinstance(action, argparse._SubParsersAction):
            for verb, own in action.choices.items():
                title = f"{parser.prog.removeprefix('pipelinekit ')} {verb}"
                yield from ("", f"### {title}", "", f"{_first_up(own.description or '')}.")
                yield from _arguments(own)
        elif not isinstance(action, argparse._HelpAction):
            rows.append((_spelled(action), _explained(action)))
    if rows:
        yield from ("", *_table(("Argument", "Meaning"), rows))


def _spelled(action: argparse.Action) -> str:
    name = action.metavar or (action.dest.upper() if action.option_strings else action.dest)
    shown = name if isinstance(name, str) else " ".join(name)
    if not action.option_strings:
        return f"`{shown}`"
    takes = "" if action.nargs == 0 or action.choices else f" {shown}"
    return ", ".join(f"`{option}{takes}`" for option in action.option_strings)


def _explained(action: argparse.Action) -> str:
    said = (action.help or "") % {"default": action.default, "prog": "pipelinekit"}
    choices = _listed([str(choice) for choice in action.choices or ()], "or")
    usual = f"{action.default} if not said" if action.choices and action.option_strings and "usual" not in said else ""
    return "; ".join(filter(None, (said, choices, usual)))


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [_row(head), _row(tuple("---" for _ in head))]
    return lines + [_row(tuple(cell.replace("|", "\\|").replace("\n", " ") for cell in row)) for row in rows]


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |".replace("  ", " ")


def _default(known: Input) -> str:
    if known.required:
        return " (must be given)"
    return f" ({known.default.strip()})" if known.default.strip() else ""


def _first_paragraph(shim: object) -> str:
    paragraph = " ".join((inspect.getdoc(type(shim)) or "").split("\n\n", maxsplit=1)[0].split())
    return paragraph.split(" Source:", maxsplit=1)[0]


def _listed(words: list[str], last: str = "and") -> str:
    quoted = [f"`{word}`" for word in words]
    return f" {last} ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1]))) if quoted else ""


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]


def _page(lines: Iterable[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")
