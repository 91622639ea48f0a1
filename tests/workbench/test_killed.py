"""`kill -9` at moments spread over a whole run: nothing that was told is lost or doubled, and nothing is left running."""

from pathlib import Path

import pytest

from benchmarks.killer import Hit, kill_runs, workflow
from tests.repositories import repository

TIMES = 10


def held(hits: list[Hit]) -> None:
    for hit in hits:
        assert (hit.lost, hit.doubled, hit.running) == ([], [], []), hit
        assert hit.outcome in ("", "success" if hit.where in ("after its end", "while its Parquet was made") else "cancelled"), hit
    assert len({hit.where for hit in hits}) > 1, "all hit the same place"


def test_runs_on_this_machine(tmp_path: Path) -> None:
    held(list(kill_runs(repository(tmp_path, workflow()), "host", TIMES)))


@pytest.mark.docker
def test_runs_in_containers(tmp_path: Path) -> None:
    held(list(kill_runs(repository(tmp_path, workflow()), "docker", TIMES)))
