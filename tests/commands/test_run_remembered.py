"""`pipelinekit run` twice: what would come out the same is not run again, on this machine and in containers."""

import io
import json
from pathlib import Path

import pytest

from pipelinekit.analysis.durations import by_job, by_step
from pipelinekit.main import main
from pipelinekit.records.store import Store
from tests.repositories import commit, repository, write

WORKFLOW = """
    on: push
    jobs:
      build:
        runs-on: ubuntu-latest
        outputs: {version: "${{ steps.v.outputs.version }}"}
        steps:
          - uses: actions/checkout@v4
          - id: v
            run: echo "version=$(cat version.txt)" >> "$GITHUB_OUTPUT"
          - uses: actions/upload-artifact@v4
            with: {name: package, path: version.txt}
      test:
        needs: build
        runs-on: ubuntu-latest
        strategy: {matrix: {n: [1, 2]}}
        steps:
          - uses: actions/checkout@v4
          - uses: actions/download-artifact@v4
            with: {name: package, path: got}
          - run: |
              echo "tested $(cat got/version.txt) of ${{ needs.build.outputs.version }} in ${{ matrix.n }}"
              echo '<testsuite name="s"><testcase classname="c" name="works"/></testsuite>' > junit.xml
      deploy:
        needs: test
        runs-on: ubuntu-latest
        steps: [{run: "echo git push; true"}]
"""
EXECUTORS = [pytest.param("docker", marks=pytest.mark.docker), pytest.param("host")]


class Shop:
    """A repository whose workflow is run again and again."""

    def __init__(self, top: Path, executor: str) -> None:
        self.top = repository(top, WORKFLOW, **{"version.txt": "1.2.3", "README.md": "Shop"})
        self.executor = executor
        self.store = Store(top / ".pipelinekit")

    def run(self, *words: str) -> str:
        out = io.StringIO()
        assert main(["run", "--executor", self.executor, *words], out) == 0, out.getvalue()
        return out.getvalue()

    def remembered(self) -> dict[str, bool]:
        """Whether each leg of the newest run was."""
        run_id = self.store.runs()[0]["run_id"]
        return {row["leg"]: row["remembered"] is not None for row in self.store.rows("jobs", run_id, 1)}


@pytest.fixture(params=EXECUTORS)
def shop(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.chdir(tmp_path)
    return Shop(tmp_path, request.param)


def test_a_second_run_remembers_every_leg_that_may_be_and_counts_nothing_twice(shop: Shop) -> None:
    first = shop.run()
    second = shop.run()
    assert shop.remembered() == {"build": True, "test (1)": True, "test (2)": True, "deploy": False}
    assert "remembered: no, because it acts on the world outside (echo git push; true)" in second
    told = [line for line in second.splitlines() if " tested " in line]
    assert sorted(told) == sorted(line for line in first.splitlines() if " tested " in line)
    assert any(line.endswith("tested 1.2.3 of 1.2.3 in 2") for line in told)
    one, two = (row["run_id"] for row in reversed(shop.store.runs()))
    tests = shop.store.table("tests").to_pylist()
    assert sorted((row["run_id"] == two, row["remembered"]) for row in tests) == [(False, None)] * 2 + [(True, one)] * 2
    [package, again] = [row for row in shop.store.table("artifacts").to_pylist() if row["name"] == "package"]
    assert package["digest"] == again["digest"]
    jobs = [row for row in shop.store.rows("jobs", two, 1) if row["remembered"]]
    assert all(row["saved_seconds"] > row["duration_seconds"] for row in jobs)
    runs = shop.store.table("runs")
    counted = {row["job"]: row["n"] for row in by_job(shop.store.table("jobs"), runs).to_pylist()}
    assert counted == {"build": 1, "test": 2, "deploy": 2}
    steps = by_step(shop.store.table("steps"), runs).to_pylist()
    assert max(row["n"] for row in steps if row["job"] == "test") == 2


def test_an_edit_runs_what_reads_it_and_says_so(shop: Shop) -> None:
    shop.run()
    write(shop.top, "README.md", "The shop")
    text = shop.run()
    assert shop.remembered() == {"build": False, "test (1)": False, "test (2)": False, "deploy": False}
    assert "build | runs, because README.md changed" in text.splitlines()
    commit(shop.top, "Say it better")
    shop.run()
    assert shop.remembered()["test (2)"]


def test_inputs_in_the_settings_say_what_a_job_reads(shop: Shop) -> None:
    globs = '[tool.pipelinekit.inputs]\nbuild = ["version.txt"]\ntest = ["version.txt", "tests/**"]\ndeploy = ["version.txt"]\n'
    write(shop.top, "pyproject.toml", globs)
    shop.run()
    write(shop.top, "README.md", "The shop")
    shop.run()
    assert all(shop.remembered().values())
    write(shop.top, "version.txt", "1.2.4")
    text = shop.run()
    assert not any(shop.remembered().values())
    assert "build | runs, because version.txt changed" in text.splitlines()
    assert any("runs, because output version of build" in line for line in text.splitlines())


def test_fresh_runs_everything(shop: Shop) -> None:
    shop.run()
    shop.run("--fresh")
    assert not any(shop.remembered().values())


def test_a_truncated_blob_is_said_and_the_leg_runs_again(shop: Shop) -> None:
    shop.run()
    [package] = [row["digest"] for row in shop.store.table("artifacts").to_pylist()]
    blob = shop.store.path / "blobs" / "sha256" / package.removeprefix("sha256:")[:2] / package.removeprefix("sha256:")
    blob.write_bytes(blob.read_bytes()[:-5])
    text = shop.run()
    assert "build | runs, because what was kept of it is broken: a blob is missing, cut short or changed" in text.splitlines()
    assert shop.remembered() == {"build": False, "test (1)": True, "test (2)": True, "deploy": False}


def test_a_program_is_told_what_was_remembered(shop: Shop) -> None:
    shop.run()
    events = [json.loads(line) for line in shop.run("--format", "json").splitlines() if line.startswith("{")]
    ended = {event["leg"]: event for event in events if event["type"] == "LegFinished"}
    assert ended["build"]["remembered"] == shop.store.runs()[1]["run_id"]
    assert ended["build"]["saved_seconds"] > 0
