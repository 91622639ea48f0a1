"""Runs as checks see them, made of the few columns that a test is about."""

from datetime import UTC, datetime, timedelta
from typing import Any

from pipelinekit.lessons.seen import Seen, SeenRun
from pipelinekit.records.store import Row

START = datetime(2026, 11, 20, 17, 38, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def run(number: int, outcome: str = "success", seconds: float = 5.0, **rows: list[Row]) -> SeenRun:
    """jobs, steps, tests, caches, artifacts, annotations: rows; the rest is empty."""
    row = {
        "run_id": str(number), "attempt": 1, "number": number, "outcome": outcome, "duration_seconds": seconds, "started_at": at(0),
        "finished_at": at(seconds),
    }  # fmt: skip
    names = ("jobs", "steps", "tests", "caches", "artifacts", "annotations")
    return SeenRun(row, **{name: tuple(rows.get(name, ())) for name in names})


def seen(*runs: SeenRun, answer: str = "") -> Seen:
    return Seen(runs, None, answer)


def job(name: str, begins: float | None, ends: float, outcome: str = "success", **more: Any) -> Row:
    started = None if begins is None else at(begins)
    return {"job": name, "leg": name, "started_at": started, "finished_at": at(ends), "outcome": outcome, "reason": "", **more}


def step(leg: str, index: int, begins: float, took: float, outcome: str = "success", name: str = "") -> Row:
    return {
        "leg": leg, "step_index": index, "name": name or f"step {index}", "started_at": at(begins), "duration_seconds": took,
        "outcome": outcome, "conclusion": outcome, "condition": "",
    }  # fmt: skip


def case(suite: str, outcome: str = "passed", leg: str = "test", name: str = "") -> Row:
    test = name or f"test_{suite}"
    return {"suite": suite, "class_name": "Shop", "test": test, "leg": leg, "outcome": outcome, "message": "it fails"}


def told(title: str, message: str, leg: str = "deploy", index: int = 1) -> Row:
    return {"title": title, "message": message, "leg": leg, "step_index": index}


def lookup(key: str, result: str, matched: str = "") -> Row:
    return {"key": key, "result": result, "matched_key": matched}
