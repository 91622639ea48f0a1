"""The parts that a notebook's pipeline is made of: each as its cell has it, and as it stands in the workflow's text.

A cell leaves out what its place says already: the indentation, and the lines `jobs:`, `test:` and `steps:`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

_RUN = "      - run: "  # how a script begins in a job of our making


class Indent(NamedTuple):
    """Blanks before the ids of jobs, before their keys, and before the `-` of their steps."""

    jobs: int = 2
    keys: int = 4
    dashes: int = 6


@dataclass(frozen=True, slots=True)
class Part:
    """One cell's part, or one call's.

    label: how messages call it, `%%step test/2`. body: as the cell has it, below that line. text: as it stands in the workflow, in
    whole lines. indent: blanks that the text has before a line of the body. added: lines of the text above the body's first.
    line: the cell's first line, where it is more than the label.
    """

    label: str
    body: str
    text: str
    indent: int = 0
    added: int = 0
    line: str = ""

    @property
    def source(self) -> str:
        """What a message shows lines of."""
        return f"{self.line or self.label}\n{self.body}"

    def place(self, line: int, column: int) -> tuple[int, int]:
        """Line and column in the source of what stands there in the text; all count from 1. What nobody wrote: the first."""
        below = line - self.added
        inside = 0 < below <= self.body.removesuffix("\n").count("\n") + 1
        return (1 + below, max(1, column - self.indent)) if inside else (1, 1)


class Options(NamedTuple):
    """What a cell says beside its body for it to stand in the workflow as it did."""

    body: str
    verbatim: bool = False


# -- from the cell into the workflow ---------------------------------------------------------------------------------------


def head_part(label: str, body: str, *, verbatim: bool = False) -> Part:
    """What stands before the jobs."""
    part = Part(label, body, _ended(body))
    return part if verbatim or _has(part.text, "jobs", 0) else replace(part, text=part.text + "jobs:\n")


def job_part(label: str, job: str, body: str, indent: Indent, *, verbatim: bool = False) -> tuple[Part, Indent]:
    """A job without its steps, and the indentation that it has. body: its keys, or the whole with its id as the only key."""
    text = _ended(body)
    if verbatim:
        return Part(label, body, text), indent
    if not _is_whole(text, job):
        return Part(label, body, f"{' ' * indent.jobs}{job}:\n{_deeper(text, indent.keys)}", indent.keys, 1), indent
    first = re.search(r"^( +)[^\s#]", text[text.index(f"{job}") :], re.MULTILINE)
    keys = indent.jobs + len(first[1]) if first else indent.keys
    dashes = indent.dashes if keys == indent.keys else keys + 2
    return Part(label, body, _deeper(text, indent.jobs), indent.jobs), Indent(indent.jobs, keys, dashes)


def step_part(label: str, body: str, dashes: int, *, verbatim: bool = False) -> Part:
    """A step, as an item of a list or as its keys alone."""
    text = _ended(body)
    if verbatim:
        return Part(label, body, text)
    written = re.search(r"^[^\s#]", text, re.MULTILINE)
    if written is None or written[0] == "-":
        return Part(label, body, _deeper(text, dashes), dashes)
    above, below = text[: written.start()], text[written.start() :]
    return Part(label, body, _deeper(above, dashes) + " " * dashes + "- " + _deeper(below, dashes + 2).lstrip(" "), dashes + 2)


def tail_part(label: str, body: str, indent: int, *, verbatim: bool = False) -> Part:
    """What follows the steps of a job, or all jobs."""
    return Part(label, body, _ended(body)) if verbatim else Part(label, body, _deeper(_ended(body), indent), indent)


def made_part(label: str, line: str, script: str, text: str) -> Part:
    """A job that was made of a script. line: of the cell; the rest of the text is of our making."""
    lines = text.split("\n")
    begin = next(at for at, one in enumerate(lines) if one.startswith(_RUN))
    value = lines[begin].removeprefix(_RUN)
    if value.startswith("|"):
        begin, indent = begin + 1, _RUN.index("run") + 2
    else:
        indent = len(_RUN) + (value[:1] in "\"'")
    own = next((one for one in script.split("\n") if one.strip()), "")
    above = script[: script.find(own)].count("\n")
    return Part(label, script, text, indent - (len(own) - len(own.lstrip(" "))), begin - above, line)


def steps_line(head: Part, indent: Indent) -> str:
    """`steps:`, where the job does not say it itself."""
    return "" if _has(head.text, "steps", indent.keys) else f"{' ' * indent.keys}steps:\n"


# -- from the workflow into the cell ---------------------------------------------------------------------------------------


def shown_head(text: str) -> Options:
    """The cell of what stands before the jobs."""
    ways = (Options(text.removesuffix("jobs:\n")), Options(text), Options(text, verbatim=True))
    return _first_that_fits(text, ways, lambda one: head_part("", one.body))


def shown_job(job: str, text: str, indent: Indent, *, has_steps: bool) -> Options:
    """The cell of a job without its steps: its keys alone where nothing but them is said."""
    line = f"{' ' * indent.jobs}{job}:\n"
    inside = text.removesuffix(f"{' ' * indent.keys}steps:\n") if has_steps else text
    ways = [Options(_shallower(inside, indent.jobs)), Options(text, verbatim=True)]
    if text.startswith(line):
        ways.insert(0, Options(_shallower(inside.removeprefix(line), indent.keys)))

    def back(one: Options) -> Part:
        part, found = job_part("", job, one.body, indent)
        return replace(part, text=part.text + steps_line(part, indent)) if has_steps and found == indent else part

    return _first_that_fits(text, ways, back)


def shown_step(text: str, dashes: int) -> Options:
    """The cell of a step."""
    ways = (Options(_shallower(text, dashes)), Options(text, verbatim=True))
    return _first_that_fits(text, ways, lambda one: step_part("", one.body, dashes))


def shown_tail(text: str, indent: int) -> Options:
    """The cell of what follows the steps of a job, or all jobs."""
    ways = (Options(_shallower(text, indent)), Options(text, verbatim=True))
    return _first_that_fits(text, ways, lambda one: tail_part("", one.body, indent))


# -- lines -----------------------------------------------------------------------------------------------------------------


def _first_that_fits(text: str, ways: Sequence[Options], back: Callable[[Options], Part]) -> Options:
    # IPython takes no cell without a body.
    return next(one for one in ways if one.verbatim or (one.body and back(one).text == text))


def _ended(text: str) -> str:
    return text if text.endswith("\n") or not text else f"{text}\n"


def _deeper(text: str, blanks: int) -> str:
    return re.sub(r"^(?=[^\n])", " " * blanks, text, flags=re.MULTILINE)


def _shallower(text: str, blanks: int) -> str:
    """A line that is not indented so far stays as it is."""
    return re.sub(rf"^ {{{blanks}}}", "", text, flags=re.MULTILINE)


def _has(text: str, key: str, blanks: int) -> bool:
    return re.search(rf"^ {{{blanks}}}(['\"]?){key}\1 *:(\s|$)", text, re.MULTILINE) is not None


def _is_whole(text: str, job: str) -> bool:
    """Whether the id is the one key that is not indented, and what stands under it is a block."""
    outer = [line for line in text.split("\n") if line.strip() and line[0] not in " #"]
    return len(outer) == 1 and re.fullmatch(rf"(['\"]?){re.escape(job)}\1 *:( *| +[#&].*)", outer[0]) is not None
