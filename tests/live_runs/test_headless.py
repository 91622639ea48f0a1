"""A notebook that nobody watches: whoever executes it, the same rows come of it, and what failed fails it."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipelinekit.records.store import Store
from tests.books.made_book import code, write
from tests.repositories import repository

pytestmark = pytest.mark.notebook

WORKFLOW = """
    on: push
    jobs:
      test:
        strategy: {fail-fast: false, matrix: {size: [1, 2]}}
        runs-on: ubuntu-latest
        outputs: {size: "${{ steps.look.outputs.size }}"}
        steps:
          - {name: Look, id: look, run: 'echo "size=${{ matrix.size }}" >> "$GITHUB_OUTPUT"'}
          - {name: Count, run: 'test ${{ matrix.size }} -lt LIMIT'}
      ship:
        needs: test
        runs-on: ubuntu-latest
        steps: [{run: echo ships}]
"""
CELLS = (
    'import pipelinekit as pk\nrun = pk.start("ci.yml", executor="host")\nrun.break_at("before:test/Count")\nrun',
    "await run",
)
EXECUTORS = {
    "papermill": ("-m", "papermill", "book.ipynb", "out.ipynb", "-k", "python3", "--log-level", "ERROR"),
    "jupyter execute": ("-m", "jupyter", "execute", "--kernel_name=python3", "book.ipynb"),
    "nbval": ("-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval-lax", "book.ipynb"),
}
OF_JOBS = ["leg", "matrix", "needs", "outcome", "runner"]
OF_STEPS = ["leg", "step_index", "name", "outcome", "conclusion", "exit_code"]


def executed(executor: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, *EXECUTORS[executor]]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def made(folder: Path, limit: int) -> Path:
    repository(folder, WORKFLOW.replace("LIMIT", str(limit)))
    write(folder / "book.ipynb", *(code(source) for source in CELLS))
    return folder


def rows(folder: Path) -> list[list[dict[str, object]]]:
    """What does not depend on when it ran, and in which order legs came to run."""
    store = Store(folder / ".pipelinekit")
    found = (store.table("jobs", columns=OF_JOBS).to_pylist(), store.table("steps", columns=OF_STEPS).to_pylist())
    return [sorted(table, key=repr) for table in found]


@pytest.mark.parametrize("executor", EXECUTORS)
def test_the_same_rows_come_of_it_as_from_the_command_line(tmp_path: Path, executor: str) -> None:
    told = made(tmp_path / "told", 3)
    command = [sys.executable, "-m", "pipelinekit", "run", "ci.yml", "--executor", "host"]
    subprocess.run(command, cwd=told, capture_output=True, check=True, timeout=60)
    book = made(tmp_path / "book", 3)
    done = executed(executor, book)
    assert done.returncode == 0, done.stdout + done.stderr
    assert rows(book) == rows(told)
    assert [row["outcome"] for row in Store(book / ".pipelinekit").runs()] == ["success"]


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_leg_that_fails_fails_the_notebook(tmp_path: Path, executor: str) -> None:
    book = made(tmp_path, 2)
    done = executed(executor, book)
    assert done.returncode != 0
    assert "run 1 ended in failure: test (2) failed" in done.stdout + done.stderr
    assert [row["outcome"] for row in Store(book / ".pipelinekit").runs()] == ["failure"]
