"""What a leg has to show besides its log, and what stands over a log: each as a tree for the run widget."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipelinekit.model.event import Annotated, CacheUsed
from pipelinekit.model.run_state import LegState
from pipelinekit.run_views import parts as run_parts
from pipelinekit.run_views.live_run import Failure, Json
from pipelinekit.run_views.tree import icon, node, table
from pipelinekit.views.summary import summary
from pipelinekit.views.words import duration, listed, plural, size

MOST_SUMMARY = 20_000  # characters of Markdown that are shown
MOST_VALUE = 500  # characters of a variable's value
TEXT = 4000  # characters of a command
MOST_FAILURES = 3
MOST_NOTES = 50  # the newest ones


def panels(found: LegState, notes: Sequence[str] = ()) -> list[Json]:
    """Id, title and tree of each tab that there is something for. notes: of the run."""
    shown: list[Json] = []
    if changes := list(_changes(found)):
        shown.append(["changes", "Changes", table(("step", "kind", "change"), changes)])
    if found.annotations:
        title = f"Annotations {len(found.annotations)}"
        shown.append(["notes", title, node("ul", *(_note(each, found) for each in found.annotations), class_="pk-list")])
    if found.artifacts:
        shown.append(["files", f"Artifacts {len(found.artifacts)}", _artifacts(found)])
    if any(text.strip() for text in found.summaries):
        html = summary("\n\n".join(found.summaries)[:MOST_SUMMARY])
        shown.append(["summary", "Summary", ["div", {"html": html}]])
    if told := list(dict.fromkeys(notes)):
        items = (node("li", icon("note"), node("span", text)) for text in told[-MOST_NOTES:])
        shown.append(["told", f"Notes {len(told)}", node("ul", *items, class_="pk-list")])
    return shown


def _changes(found: LegState) -> Iterator[Sequence[Json]]:
    """What each step added for itself and changed for those that follow, in the order in which they ran."""
    rows = [(step.index, "own variable", _value(name, text)) for step in found.steps for name, text in step.environment.items()]
    rows += [(step.index, "variable", _variable(name, text)) for step in found.steps for name, text in step.changed.items()]
    rows += [(step.index, "output", _value(name, text)) for step in found.steps for name, text in step.outputs.items()]
    rows += [(used.step, "cache", _cache(used)) for used in found.caches]
    rows += [(a.step, "artifact", f"+ {a.name}, {plural(a.files, 'file')}, {size(a.size_bytes)}") for a in found.artifacts]
    names = {step.index: step.name for step in found.steps}
    order = {step.index: at for at, step in enumerate(run_parts.ordered_steps(found))}
    for index, kind, text in sorted(rows, key=lambda row: order.get(row[0], row[0])):
        yield names.get(index, ""), kind, node("code", text)


def _value(name: str, value: str) -> str:
    return f"{name}={value[:MOST_VALUE]}"


def _variable(name: str, value: str) -> str:
    return f"PATH: {value} before the others" if name == "PATH" else _value(name, value)


def _cache(used: CacheUsed) -> str:
    words = [f"{'partial hit' if used.result == 'partial' else used.result}: {used.key}"]
    if used.matched_key and used.matched_key != used.key:
        words.append(f"found {used.matched_key}")
    if used.size_bytes is not None:
        words.append(size(used.size_bytes))
    if used.saved_seconds is not None:
        words.append(f"spared {duration(used.saved_seconds)}")
    return ", ".join(words)


def _note(each: Annotated, found: LegState) -> Json:
    place = f"{each.file}:{each.line}" if each.file and each.line else each.file
    step = next((step.name for step in found.steps if step.index == each.step), "")
    said = [node("code", place), " "] if place else []
    said += [node("b", f"{each.title}: ")] if each.title else []
    small = node("small", f"{each.severity.value} · {step}" if step else each.severity.value)
    return node("li", icon(each.severity.value), node("span", *said, each.message, small))


def _artifacts(found: LegState) -> Json:
    rows = (
        (a.name, size(a.size_bytes), a.files, node("code", a.digest[:19]), _act("look into it", "open", a.digest))
        for a in found.artifacts
    )
    return table(("artifact", "size", "files", "digest", "inside"), rows)


def _act(text: str, verb: str, *words: str) -> Json:
    return node("button", text, class_="pk-plain pk-link", data_do=":".join((verb, *words)))


def inside(digest: str, files: Iterable[tuple[str, int]], shown: Json = None) -> Json:
    """What is in an artifact: name and bytes of each file; shown: the one that was opened."""
    rows = (node("li", _act(name, "open", digest, name), node("span", size(bytes_), class_="pk-meta")) for name, bytes_ in files)
    return node("div", node("ul", *rows, class_="pk-inside"), shown)


def opened(name: str, says: str, content: Json) -> Json:
    """One file of an artifact."""
    title = node("p", node("b", name), f" · {says}" if says else None, class_="pk-meta")
    return node("div", title, content, class_="pk-opened")


def text(content: str) -> Json:
    """Text as a log shows it, in lines of its own."""
    return node("pre", content, class_="pk-log", tabindex=0)


def failures(found: Sequence[Failure], number: Mapping[str, int]) -> list[Json]:
    """The loud frames: what failed, where, what is known about it, the lines that decide."""
    shown = [_failure(each, number.get(each.legs[0], 0)) for each in found[:MOST_FAILURES]]
    rest = len(found) - MOST_FAILURES
    return [*shown, *([node("p", f"and {plural(rest, 'more cause')}", class_="pk-meta")] if rest > 0 else [])]


def _failure(each: Failure, leg: int) -> Json:
    where = f" {each.step} in {listed(each.legs)}." if each.step else f" {listed(each.legs)}."
    says = node("span", node("b", each.finding), where, f" {each.known}" if each.known else None)
    lines = (
        node("button", line, class_="pk-plain pk-err", data_do=f"at:{leg}:{number}", title=f"line {number}")
        for number, line in each.lines
    )
    decide = node("pre", *lines) if each.lines else None
    return node("div", node("p", icon("failure"), says), decide, class_="pk-callout pk-failure")


def upcoming(step: Mapping[str, Json]) -> Json:
    """What the next step would do: see `runs.preview.Preview`, of which this is the JSON."""
    how = (
        f" can't be told yet: {step['problem']}" if step.get("problem") else " is next." if step.get("runs", True)
        else " is next, and will be skipped."
    )  # fmt: skip
    rows: list[Json] = []
    for title, value in (("command", step.get("command")), ("if", step.get("condition"))):
        if value and not (title == "if" and step.get("runs")):
            rows += [node("dt", title), node("dd", node("pre", str(value)[:TEXT]))]
    for title, key in (("action", "uses"), ("shell", "shell"), ("folder", "directory"), ("image", "image"), ("runs on", "label")):
        if step.get(key):
            rows += [node("dt", title), node("dd", node("code", step[key]))]
    for title, key in (("inputs", "inputs"), ("adds", "environment"), ("set before", "changed")):
        if pairs := step.get(key):
            rows += [node("dt", title), node("dd", *(_pair(name, value) for name, value in pairs.items()))]
    head = node("p", icon("paused"), node("span", node("b", step.get("name", "")), how))
    return node("div", head, node("dl", *rows), class_="pk-ahead")


def _pair(name: str, value: str) -> Json:
    return node("div", node("code", _value(name, value)))
