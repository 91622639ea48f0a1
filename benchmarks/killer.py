"""Runs that are killed with `kill -9` at moments spread evenly over their wall time, and what is found of them afterwards.

A run is compared with what its process had told before it was killed: an event is told only after it is in the journal, so each
one must be found in the tables, once.
"""

import collections
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelinekit.records.store import Store

STEPS = 6

Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Hit:
    """where: what the run was doing. lost, doubled: rows, each in words. running: containers of it that still run."""

    after_seconds: float
    where: str
    outcome: str
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    running: list[str] = field(default_factory=list)


def workflow(label: str = "ubuntu-latest") -> str:
    """A few short steps in two jobs, the second one waiting for the first."""
    steps = "".join(f"      - name: Step {n}\n        run: echo line {n}; sleep 0.02\n" for n in range(1, STEPS + 1))
    head = f"    runs-on: {label}\n    steps:\n{steps}"
    return f"on: push\njobs:\n  one:\n{head}  two:\n    needs: one\n{head}"


def command(executor: str) -> list[str]:
    return [sys.executable, "-m", "pipelinekit", "run", "ci.yml", "--fresh", "--format", "json", "--executor", executor]


def wall_seconds(top: Path, executor: str) -> float:
    """Of a run that nobody kills; the second of two, so that everything is warm."""
    subprocess.run(command(executor), cwd=top, check=True, stdout=subprocess.DEVNULL)
    began = time.monotonic()
    subprocess.run(command(executor), cwd=top, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def kill_runs(top: Path, executor: str, times: int) -> Iterator[Hit]:
    """Kill so many runs, the first at its very start, the last one at its end, making of the Parquet included."""
    wall = wall_seconds(top, executor)
    for number in range(times):
        yield kill_one(top, executor, wall * number / max(1, times - 1))


def kill_one(top: Path, executor: str, after_seconds: float) -> Hit:
    """Kill a run so long after its start, let the next command recover it, and look at what is there."""
    told_to = top / "told.jsonl"
    with told_to.open("wb") as out:
        process = subprocess.Popen(command(executor), cwd=top, stdout=out, stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            process.wait(after_seconds)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
    lines = told_to.read_bytes().split(b"\n")[:-1]  # a last line that is cut off was not told
    told_to.unlink()
    told = [json.loads(line) for line in lines]
    store = Store(top / ".pipelinekit")
    recovered = subprocess.run(
        [sys.executable, "-m", "pipelinekit", "runs", "--format", "json"], cwd=top, check=True, capture_output=True
    )
    if not told:
        return Hit(after_seconds, "before its first event", "")
    run_id = told[0]["run_id"]
    rows = [row for row in json.loads(recovered.stdout) if row["run_id"] == run_id]
    lost, doubled = _compare(store, run_id, told)
    lost += [] if rows else ["the run itself"]
    doubled += ["the run itself"] if len(rows) > 1 else []
    outcome = rows[0]["outcome"] if rows else ""
    return Hit(after_seconds, _where(told, process.returncode), outcome, lost, doubled, running(executor, run_id))


def _where(told: list[Told], code: int) -> str:
    if code >= 0:
        return "after its end"
    last = told[-1]
    started = [e for e in told if e["type"] == "StepStarted"]
    finished = {(e["leg"], e["step"]) for e in told if e["type"] == "StepFinished"}
    if last["type"] == "RunFinished":
        return "while its Parquet was made"
    if any((e["leg"], e["step"]) not in finished for e in started):
        return "inside a step"
    return "between two steps" if started else "before its first step"


def _compare(store: Store, run_id: str, told: list[Told]) -> tuple[list[str], list[str]]:
    """What was told and is not in the tables, and what is there twice."""
    wanted: list[tuple[object, ...]] = [("leg", e["leg"]) for e in told if e["type"] == "LegQueued"]
    wanted += [("step", e["leg"], e["step"], e["outcome"]) for e in told if e["type"] == "StepFinished"]
    for event in told:
        if event["type"] == "LinesLogged":
            wanted += [("line", event["leg"], event["first"] + n, text) for n, (_, text) in enumerate(event["lines"])]
    found: list[tuple[object, ...]] = [("leg", row["leg"]) for row in store.table("jobs", run_id=run_id).to_pylist()]
    found += [("step", r["leg"], r["step_index"], r["outcome"]) for r in store.table("steps", run_id=run_id).to_pylist()]
    found += [("line", r["leg"], r["number"], r["text"]) for r in store.table("logs", run_id=run_id).to_pylist()]
    counted = collections.Counter(found)
    lost = [repr(one) for one in wanted if counted[one] == 0]
    return lost, [repr(one) for one, times in counted.items() if times > 1]


def running(executor: str, run_id: str) -> list[str]:
    if executor != "docker":
        return [entry.name for entry in Path("/proc").glob("[0-9]*") if run_id.encode() in _environment(entry)]
    import docker

    client = docker.from_env()
    try:
        return [str(c.id) for c in client.containers.list(filters={"label": f"pipelinekit.run={run_id}"})]
    finally:
        client.close()


def _environment(process: Path) -> bytes:
    try:
        return (process / "environ").read_bytes()
    except OSError:
        return b""
