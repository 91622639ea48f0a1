"""Values -> the text of a workflow file, as a person would write it.

Known keys stand in a fixed order, text of several lines is a block, short lists stand in one line, and nothing is folded. In
quotes stands only what a reader of YAML 1.2 or of 1.1 would take for something else: "3.10", "yes", "on".
"""

import re
from collections.abc import Iterator, Mapping, Sequence

import yaml

from pipelinekit.model.node import Plain, Value
from pipelinekit.workflows.yaml_scalars import TAG, plain_value

WORKFLOW_ORDER = ("name", "description", "run-name", "on", "permissions", "env", "defaults", "concurrency")  # then the jobs
JOB_ORDER = (
    "name", "runs-on", "needs", "if", "strategy", "permissions", "environment", "concurrency", "container", "services", "env",
    "defaults", "outputs", "timeout-minutes", "continue-on-error", "uses", "with", "secrets",
)  # then the steps
STEP_ORDER = ("name", "id", "if", "uses", "with", "run", "shell", "working-directory", "env")
WIDEST = 100  # a list in one line

_BESIDE = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_SIGNS = re.compile(r"[-?:](\s|$)|[,\[\]{}#&*!|>'\"%@`]|---|\.\.\.")  # what can't begin a value without quotes
_WITHIN = re.compile(r":(\s|$)|\s#|[\t\n]|^\s|\s$")
_IN_FLOW = re.compile(r"[,\[\]{}:?]")
_OLD_WORDS = frozenset({"y", "n", "Y", "N", "=", "<<"})
_OLD = yaml.resolver.Resolver()  # what a reader of YAML 1.1 makes of a value; it is slow to make, and has no state
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}


def workflow_text(keys: Mapping[str, Value]) -> str:
    """A whole workflow: an empty line between its parts and between its jobs."""
    jobs = keys.get("jobs")
    parts = [_entry(key, keys[key], 0) for key in _ordered(keys, WORKFLOW_ORDER) if key != "jobs"]
    if isinstance(jobs, dict) and jobs and all(isinstance(job, dict) for job in jobs.values()):
        written = [_job(key, job, 2) for key, job in jobs.items() if isinstance(job, dict)]
        parts.append(["jobs:", _apart(written)])
    elif "jobs" in keys:
        parts.append(_entry("jobs", jobs, 0))
    return _apart(parts) + "\n"


def job_text(name: str, keys: Mapping[str, Value]) -> str:
    """One job as it stands under `jobs:`, two blanks from the edge."""
    return "\n".join(_job(name, keys, 2)) + "\n"


def block_text(value: Value, indent: int = 0) -> str:
    """A value as a block of its own: a mapping's keys, a list's items, or a scalar in one line."""
    return "\n".join(_block(value, indent)) + "\n"


def scalar_text(value: Plain, *, in_list: bool = False) -> str:
    """A scalar in one line, in quotes where it needs them. in_list: between `[` and `]`."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case float():
            return _number(value)
        case str():
            return value if _needs_no_quotes(value, in_list=in_list) else _quoted(value)


def _job(name: str, keys: Mapping[str, Value], indent: int) -> list[str]:
    steps = keys.get("steps")
    lines = [f"{' ' * indent}{scalar_text(name)}:"]
    for key in _ordered(keys, JOB_ORDER):
        if key != "steps":
            lines += _entry(key, keys[key], indent + 2)
    if isinstance(steps, list) and steps:
        lines.append(f"{' ' * (indent + 2)}steps:")
        for step in steps:
            ordered = {key: step[key] for key in _ordered(step, STEP_ORDER)} if isinstance(step, dict) else step
            lines += _item(ordered, indent + 4)
    elif "steps" in keys:
        lines += _entry("steps", steps, indent + 2)
    return lines if len(lines) > 1 else [f"{lines[0]} {{}}"]


def _apart(parts: Sequence[Sequence[str]]) -> str:
    """With an empty line between them, which a block that keeps the line breaks at its end has already."""
    text = ""
    for part in parts:
        text += ("" if not text else "\n" if text.endswith("\n") else "\n\n") + "\n".join(part)
    return text


def _ordered(keys: Mapping[str, Value], order: Sequence[str]) -> Iterator[str]:
    yield from (key for key in order if key in keys)
    yield from (key for key in keys if key not in order)


def _block(value: Value, indent: int) -> Iterator[str]:
    match value:
        case dict() if value:
            for key, inner in value.items():
                yield from _entry(key, inner, indent)
        case list() if value:
            for item in value:
                yield from _item(item, indent)
        case _:
            yield " " * indent + _in_line(value)


def _entry(key: str, value: Value, indent: int) -> list[str]:
    # Nobody writes "on" in quotes, and readers of workflows know it: everywhere else it would be a boolean in YAML 1.1.
    head = " " * indent + ("on" if key == "on" and indent == 0 else scalar_text(key)) + ":"
    if value is None:
        return [head]
    if isinstance(value, str) and _is_block(value):
        return [f"{head} {_header(value)}", *_lines(value, indent + 2)]
    if isinstance(value, dict | list) and value and not _fits(value, len(head)):
        return [head, *_block(value, indent + 2)]
    return [f"{head} {_in_line(value)}"]


def _item(value: Value, indent: int) -> list[str]:
    dash = " " * indent + "-"
    if isinstance(value, str) and _is_block(value):
        return [f"{dash} {_header(value)}", *_lines(value, indent + 2)]
    if isinstance(value, dict | list) and value and not _fits(value, len(dash)):
        first, *rest = _block(value, indent + 2)
        return [f"{dash} {first[indent + 2 :]}", *rest]
    return [f"{dash} {_in_line(value)}"]


def _fits(value: Value, before: int) -> bool:
    """Whether a list is short and simple enough for one line."""
    if not isinstance(value, list) or any(isinstance(item, dict | list) for item in value):
        return False
    return before + 1 + len(_in_line(value)) <= WIDEST and not any(isinstance(item, str) and "\n" in item for item in value)


def _in_line(value: Value) -> str:
    match value:
        case dict():
            return "{}" if not value else "{" + ", ".join(f"{_flow(key)}: {_in_line(inner)}" for key, inner in value.items()) + "}"
        case list():
            return "[" + ", ".join(_flow(item) if not isinstance(item, dict | list) else _in_line(item) for item in value) + "]"
        case _:
            return scalar_text(value)


def _flow(value: Plain) -> str:
    return scalar_text(value, in_list=True)


# -- text ------------------------------------------------------------------------------------------------------------------


def _is_block(text: str) -> bool:
    return "\n" in text and bool(text.strip("\n")) and not _BESIDE.search(text)


def _header(text: str) -> str:
    """`|`, with the indentation where the text's own would hide it, and what becomes of the line breaks at its end."""
    indentation = "2" if text.lstrip("\n")[0] in " \t" else ""
    if not text.endswith("\n"):
        return f"|{indentation}-"
    return f"|{indentation}+" if text.endswith("\n\n") else f"|{indentation}"


def _lines(text: str, indent: int) -> list[str]:
    return [" " * indent + line if line else "" for line in text.removesuffix("\n").split("\n")]


def _needs_no_quotes(text: str, *, in_list: bool) -> bool:
    if not text or _BESIDE.search(text) or _SIGNS.match(text) or _WITHIN.search(text):
        return False
    if (in_list and _IN_FLOW.search(text)) or text in _OLD_WORDS:
        return False
    try:
        is_text = isinstance(plain_value(text), str)
    except ValueError:  # a number that can't be held
        return False
    return is_text and _OLD.resolve(yaml.ScalarNode, text, (True, False)) == TAG + "str"  # type: ignore[no-untyped-call]


def _quoted(text: str) -> str:
    if ('"' in text or "\\" in text) and "\n" not in text and not _BESIDE.search(text):
        return "'" + text.replace("'", "''") + "'"
    return '"' + _BESIDE.sub(lambda found: _escaped(found[0]), "".join(_ESCAPES.get(c, c) for c in text)) + '"'


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _number(value: float) -> str:
    named = {float("inf"): ".inf", float("-inf"): "-.inf"}
    if value != value or value in named:  # noqa: PLR0124 - only what is not a number differs from itself
        return named.get(value, ".nan")
    mantissa, sign, exponent = repr(value).partition("e")
    # Without a point, 1e+22 is text to a reader of YAML 1.1.
    return mantissa + (".0" if sign and "." not in mantissa else "") + sign + exponent
