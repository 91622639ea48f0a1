"""`pipelinekit stats`: which tests are flaky, what takes how long, how much is covered, what caches save."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import TYPE_CHECKING, Any, TextIO

from pipelinekit.analysis import caches, coverage, critical_path, durations, flaky, windows
from pipelinekit.records.store import Store
from pipelinekit.views import words

if TYPE_CHECKING:
    import pyarrow as pa

MOST = 10  # rows of a list of which the first ones matter
MARKS = {"p": ".", "F": "F", "k": "k", "s": "-", ".": " ", "m": "m"}

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Asked:
    """The tables, the runs of the window and those of the equal window before."""

    table: Callable[[str], pa.Table]
    runs: pa.Table
    before: pa.Table
    window: windows.Window


@dataclass(frozen=True, slots=True)
class _Block:
    """A table in text. head: names of its columns; one that begins with `>` stands right. note: below it."""

    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Answer:
    """sentence: the answer. blocks: its evidence, for people. data: the same for programs, `rows` first."""

    sentence: str
    blocks: Sequence[_Block]
    data: dict[str, list[Row]] = field(default_factory=dict)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("question", choices=[*QUESTIONS], help="what to answer")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.add_argument("--store", metavar="DIR", help="the store; the repository's own if not said")
    parser.add_argument("--workflow", metavar="W", default="", help="only runs of this workflow: its name or its file")
    parser.add_argument("--branch", metavar="B", default="", help="only runs of this branch")
    parser.add_argument(
        "--days", metavar="N", type=_days, default=windows.DAYS,
        help=f"the N days up to the newest run, compared with the N before ({windows.DAYS})",
    )  # fmt: skip


def run(args: argparse.Namespace, out: TextIO) -> int:
    store = Store.find(args.directory, args.environment, args.store)
    runs = windows.chosen(store.table("runs"), args.workflow, args.branch)
    window = windows.last(runs, args.days)
    if window is None:
        sentence = _nothing(store, args)
        out.write(_as_json(args.question, sentence, {"rows": []}) if args.format == "json" else f"{sentence}\n")
        return 0
    asked = _Asked(store.table, windows.within(runs, window), windows.within(runs, window.before), window)
    answer = QUESTIONS[args.question](asked)
    simulated = any(asked.runs.column("simulated").to_pylist())
    if args.format == "json":
        about = {"begins_at": window.begins_at, "ends_at": window.ends_at, "runs": len(asked.runs), "simulated": simulated}
        out.write(_as_json(args.question, answer.sentence, answer.data, about))
    else:
        out.write(_as_text(answer, asked, simulated))
    return 0


def _days(text: str) -> int:
    try:
        days = int(text)
    except ValueError:
        days = 0
    if days < 1:
        raise argparse.ArgumentTypeError(f'"{text}" is not a number of days from 1')
    return days


def _nothing(store: Store, args: argparse.Namespace) -> str:
    stored = len(store.table("runs", columns=["run_id"]))
    if stored:
        asked = [f"{name} {value}" for name, value in (("--workflow", args.workflow), ("--branch", args.branch)) if value]
        return f"None of the {words.plural(stored, 'run')} in {store.path} matches {' '.join(asked)}."
    return f"No runs are stored yet in {store.path}.\n`pipelinekit run ci.yml` records one."


# --- flaky


def _flaky(asked: _Asked) -> _Answer:
    tests = flaky.by_test(asked.table("tests"), asked.runs, asked.table("jobs")).to_pylist()
    shown = [row for row in tests if row["class"] != "healthy"]
    block = _Block(
        ("test", "class", ">failed", ">rate on good code", ">lost", "last runs", "disagreed in"),
        [
            (
                _test_name(row),
                row["class"],
                f"{words.of(row['failed_runs'], row['runs'])} runs",
                words.estimate(row["rate"], row["rate_low"], row["rate_high"], row["attempts"]),
                words.minutes(row["lost_seconds"]) if row["lost_seconds"] else words.NOTHING,
                "".join(MARKS[mark] for mark in row["marks"][-24:]),
                words.listed(row["disagreed_in"]) or words.NOTHING,
            )
            for row in shown
        ],
        "last runs: . passed, F failed, k failed and then passed, - skipped; newest right" if shown else "",
    )
    return _Answer(_flaky_sentence(tests, asked), [block] if shown else [], {"rows": tests})


def _test_name(row: Row) -> str:
    return f"{row['file'] or row['class_name']}::{row['test']}" if row["file"] or row["class_name"] else row["test"]


def _flaky_sentence(tests: Sequence[Row], asked: _Asked) -> str:
    if not tests:
        return "No test was reported. Add `--junitxml=report.xml` to pytest, or your runner's JUnit output."
    broken = [row for row in tests if row["class"] == "broken"]
    found = [row for row in tests if row["class"] == "flaky"]
    said = []
    if broken:
        names = words.listed([f"`{row['test']}`" for row in broken])
        said.append(f"{names} {'fails' if len(broken) == 1 else 'fail'} in every run now.")
    if found:
        worst = found[0]
        others = f", the dearest of {words.count(len(found))} flaky tests," if len(found) > 1 else ""
        cost = f"; it cost {words.minutes(worst['lost_seconds'])}" if worst["lost_seconds"] else ""
        failed = f"failed {words.of(worst['failed_runs'], worst['runs'])} runs on unchanged code"
        said.append(f"`{worst['test']}`{others} {failed}{cost} in {words.plural(asked.window.days, 'day')}.")
    else:
        attempts = median(row["attempts"] for row in tests)
        rarest = 1 - math.pow(0.05, 1 / attempts) if attempts else None
        unseen = f" One that fails less often than {words.percent(rarest)} may not have shown yet." if rarest else ""
        said.append(f"None of {words.plural(len(tests), 'test')} failed and passed on the same code.{unseen}")
    return " ".join(said)


# --- speed


def _speed(asked: _Asked) -> _Answer:
    workflows = durations.by_workflow(asked.runs, asked.table("jobs"), asked.before).to_pylist()
    jobs = durations.by_job(asked.table("jobs"), asked.runs, asked.before).to_pylist()
    steps = durations.by_step(asked.table("steps"), asked.runs, asked.before).to_pylist()
    paths = critical_path.by_job(asked.table("jobs"), asked.runs).to_pylist()
    shares = {(row["workflow"], row["job"]): row["share"] for row in paths}
    head = (">n", ">p50", ">p95", ">queue p50", "change")
    blocks = [
        _Block(("workflow", *head), [(row["workflow"], *_spread(row)) for row in workflows]),
        _Block(
            ("job", *head, ">of the critical path"),
            [(row["job"], *_spread(row), words.percent(shares.get((row["workflow"], row["job"])), row["n"])) for row in jobs],
        ),
        _Block(("step", "job", *head), [(row["name"], row["job"], *_spread(row)) for row in steps[:MOST]]),
    ]
    kinds = (("workflow", workflows), ("job", jobs), ("step", steps))
    rows = [{"kind": kind, **row} for kind, found in kinds for row in found]
    trend = durations.by_run(asked.runs, asked.table("jobs")).to_pylist()
    data = {"rows": rows, "critical_path": paths, "trend": trend}
    return _Answer(_speed_sentence(workflows, paths), [block for block in blocks if block.rows], data)


def _spread(row: Row) -> tuple[str, ...]:
    if not row["enough"]:
        return (words.count(row["n"]), "too few", words.NOTHING, words.NOTHING, "")
    p50, p95, queued = (words.duration(row[name]) for name in ("p50_seconds", "p95_seconds", "queued_p50_seconds"))
    return (words.count(row["n"]), p50, p95, queued, _delta(row).text)


def _delta(row: Row) -> words.Delta:
    noise = 0.0 if row["beyond_noise"] else math.inf
    return words.delta(row["change_seconds"], words.duration, good="less", noise=noise)


def _speed_sentence(workflows: Sequence[Row], paths: Sequence[Row]) -> str:
    if not workflows:
        return "No run succeeded here, so nothing says how long one takes."
    most = max(workflows, key=lambda row: row["n"])
    if not most["enough"]:
        last = words.duration(most["last_seconds"])
        return f"The last successful run of {most['workflow']} took {last}; for a median there are {words.too_few(most['n'])}."
    change = f", {_delta(most).text} than before" if _delta(most).tone else ""
    decides = next((row for row in paths if row["workflow"] == most["workflow"] and row["share"]), None)
    share = f" {words.percent(decides['share'], decides['runs'])} of the critical path is `{decides['job']}`." if decides else ""
    return f"Runs of {most['workflow']} take {words.duration(most['p50_seconds'])} (p50){change}.{share}"


# --- coverage


def _coverage(asked: _Asked) -> _Answer:
    trend = coverage.by_run(asked.table("coverage"), asked.runs).to_pylist()
    files = coverage.by_file(asked.table("coverage"), asked.runs).to_pylist()
    if not trend:
        return _Answer("No coverage was reported. Add `--cov --cov-report=xml` to pytest.", [], {"rows": [], "files": []})
    now = trend[-1]
    change = words.delta(now["change"], words.points, good="more", noise=0.0005).text
    blocks = [
        _Block(
            ("file", ">lines covered", ">to gain", "change"),
            [
                (row["file"], words.percent(row["share"], row["lines"]), words.count(row["missing"]),
                 words.delta(row["change"], words.points, good="more", noise=0.0005).text)
                for row in files[:MOST]
            ],
        ),
        _Block(
            (">run", "commit", ">lines covered", ">of", "change"),
            [
                (str(row["number"]), words.commit(row["commit"] or ""), words.percent(row["share"], row["lines"]),
                 words.count(row["lines"]), words.delta(row["change"], words.points, good="more", noise=0.0005).text)
                for row in trend[-MOST:]
            ],
        ),
    ]  # fmt: skip
    covered = words.percent(now["share"], now["lines"])
    against = f", {change} against the run before" if change else ""
    carried = " Some of it is carried forward from a remembered leg." if now["carried_forward"] else ""
    sentence = f"{covered} of {words.plural(now['lines'], 'line')} are covered{against}.{carried}"
    return _Answer(sentence, blocks, {"rows": trend, "files": files})


# --- cache


def _cache(asked: _Asked) -> _Answer:
    families = caches.by_family(asked.table("caches"), asked.table("jobs"), asked.runs).to_pylist()
    trend = caches.by_run(asked.table("caches"), asked.runs).to_pylist()
    if not families:
        return _Answer("No cache was looked up.", [], {"rows": [], "trend": []})
    block = _Block(
        ("cache", "kind", ">hits", ">size", ">restore p50", ">saved", "", "last lookups"),
        [
            (
                row["family"],
                row["kind"],
                words.of(row["hits"], row["lookups"]),
                words.size(row["size_bytes"]),
                words.duration(row["restore_p50_seconds"]),
                words.minutes(row["saved_seconds"]) if row["enough"] else "too few",
                words.interval(row["saved_low"], row["saved_high"], words.minutes),
                "".join(MARKS[mark] for mark in row["marks"]),
            )
            for row in families
        ],
        "last lookups: . hit, k partial, m miss; newest right",
    )
    return _Answer(_cache_sentence(families, asked), [block], {"rows": families, "trend": trend})


def _cache_sentence(families: Sequence[Row], asked: _Asked) -> str:
    hits, lookups = sum(row["hits"] for row in families), sum(row["lookups"] for row in families)
    hit = f"{words.of(hits, lookups)} lookups hit"
    known = [row for row in families if row["enough"]]
    if not known:
        return f"{hit}; there are too few hits and misses of one leg to say what they save."
    costs = [row for row in known if row["saved_high"] is not None and row["saved_high"] < 0]
    saved = words.minutes(sum(row["saved_seconds"] for row in known))
    said = [f"Caches saved {saved} in {words.plural(asked.window.days, 'day')}; {hit}."]
    said += [f"`{row['family']}` costs more than it saves ({words.minutes(row['saved_seconds'])})." for row in costs]
    return " ".join(said)


QUESTIONS: Mapping[str, Callable[[_Asked], _Answer]] = {
    "flaky": _flaky,
    "speed": _speed,
    "coverage": _coverage,
    "cache": _cache,
}


# --- how it is written


def _as_json(question: str, sentence: str, data: Mapping[str, object], about: Mapping[str, object] | None = None) -> str:
    answer = {"question": question, "sentence": sentence, **(about or {}), **data}
    return json.dumps(answer, indent=2, ensure_ascii=False, default=_plain) + "\n"


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} has no form in JSON")


def _as_text(answer: _Answer, asked: _Asked, simulated: bool) -> str:
    of = words.days(asked.window.begins_at, asked.window.ends_at)
    about = f"{of}, {words.sample(len(asked.runs), 'run')}{', simulated history' if simulated else ''}"
    parts = [answer.sentence, *(_table(block) for block in answer.blocks), about]
    return "\n\n".join(parts) + "\n"


def _table(block: _Block) -> str:
    right = [name.startswith(">") for name in block.head]
    lines = [tuple(name.removeprefix(">") for name in block.head), *block.rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    written = [
        "  ".join(cell.rjust(w) if r else cell.ljust(w) for cell, w, r in zip(line, widths, right, strict=True)).rstrip()
        for line in lines
    ]
    return "\n".join([*written, *([block.note] if block.note else [])])
