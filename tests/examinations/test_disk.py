"""Room on the disks."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from pipelinekit.examinations.disk import disk, room
from pipelinekit.examinations.machine import Machine
from pipelinekit.model.finding import Health
from pipelinekit.records.store import Store
from tests.examinations.conftest import Answers


def told(free_bytes: int, files: int = 10**6, left: int = 10**6) -> os.statvfs_result:
    made = SimpleNamespace(f_bavail=free_bytes // 4096, f_frsize=4096, f_blocks=10**9, f_files=files, f_favail=left)
    return cast(os.statvfs_result, made)


@pytest.mark.parametrize(
    ("free", "left", "state"),
    [
        pytest.param(50_000_000_000, 10**6, Health.FINE, id="plenty"),
        pytest.param(3_000_000_000, 10**6, Health.WARNING, id="little"),
        pytest.param(100_000_000, 10**6, Health.MISSING, id="none"),
        pytest.param(50_000_000_000, 1000, Health.WARNING, id="few files"),
    ],
)
def test_the_state_is_that_of_the_room(free: int, left: int, state: Health) -> None:
    found = room("the store", told(free, left=left))
    assert found.state is state
    assert ("only 1,000 more files" in found.detail) == (left == 1000)


def test_a_file_system_that_counts_no_files_has_enough() -> None:
    assert room("the store", told(10**11, files=0, left=0)).state is Health.FINE


def test_places_on_one_disk_are_one_finding(engine_at: Callable[[Answers], Machine], tmp_path: Path) -> None:
    (found,) = disk(engine_at({"/info": {"DockerRootDir": str(tmp_path)}}))
    assert found.detail.endswith("for the store, temporary files, the engine")


def test_an_engine_elsewhere_keeps_nothing_here(engine_at: Callable[[Answers], Machine]) -> None:
    (found,) = disk(engine_at({"/info": {"DockerRootDir": "/nonexistent/of/another/machine"}}))
    assert "engine" not in found.detail


def test_a_store_that_is_not_there_yet_will_lie_on_some_disk(machine: Machine) -> None:
    (found,) = disk(replace(machine, store=Store(machine.top / "a" / "b" / "c")))
    assert "the store" in found.detail
