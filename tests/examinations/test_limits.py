"""Memory and open files."""

import resource
from pathlib import Path

import pytest

from pipelinekit.examinations.limits import limits, memory
from pipelinekit.examinations.machine import Machine
from pipelinekit.model.finding import Health


@pytest.mark.parametrize(("kilobytes", "state"), [(8_000_000, Health.FINE), (900_000, Health.WARNING)])
def test_little_memory_is_a_warning(kilobytes: int, state: Health, tmp_path: Path) -> None:
    (tmp_path / "meminfo").write_text(f"MemTotal:  16000000 kB\nMemFree: 1 kB\nMemAvailable:   {kilobytes} kB\n")
    (found,) = memory(tmp_path / "meminfo")
    assert found.state is state


def test_a_system_that_does_not_tell_is_not_asked(tmp_path: Path) -> None:
    assert list(memory(tmp_path / "none")) == []


def test_few_open_files_are_a_warning(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, 4096))
    found = list(limits(machine))[-1]
    assert (found.state, found.mend) == (Health.WARNING, "ulimit -n 4096")


def test_no_limit_is_none(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert [finding.what for finding in limits(machine)] == ["memory"]
