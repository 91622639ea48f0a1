"""Looking over a machine: quick, whatever a check does."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelinekit.examinations.all_examinations import EXAMINATIONS, examine
from pipelinekit.examinations.machine import Machine
from pipelinekit.model.finding import Finding, Health


def fine(_: Machine) -> Iterator[Finding]:
    yield Finding("one", Health.FINE, "here")


def slow(machine: Machine) -> Iterator[Finding]:
    time.sleep(0.05)
    yield from fine(machine)


def nothing(_: Machine) -> Iterator[Finding]:
    return iter(())


def broken(_: Machine) -> Iterator[Finding]:
    raise PermissionError(13, "Permission denied", "/etc/secret")


def defective(_: Machine) -> Iterator[Finding]:
    raise ZeroDivisionError


@pytest.mark.parametrize("name", EXAMINATIONS)
def test_every_finding_that_is_not_fine_says_how_to_mend_it(name: str, machine: Machine) -> None:
    for finding in EXAMINATIONS[name](machine):
        assert finding.what
        assert finding.detail
        assert bool(finding.mend) == (finding.state is not Health.FINE)


def test_findings_stand_in_the_order_of_the_checks(machine: Machine) -> None:
    found = examine(machine.directory, machine.environment, machine.store, {"slow": slow, "none": nothing, "quick": fine})
    assert found == [*fine(machine), *fine(machine)]


def test_a_check_that_hangs_keeps_nobody_waiting(machine: Machine) -> None:
    end = threading.Event()

    def stuck(_: Machine) -> Iterator[Finding]:
        end.wait(30)
        return iter(())

    began = time.monotonic()
    found = examine(machine.directory, machine.environment, machine.store, {"stuck": stuck, "one": fine}, seconds=0.2)
    end.set()
    assert time.monotonic() - began < 5
    assert [(finding.what, finding.state) for finding in found] == [("stuck", Health.WARNING), ("one", Health.FINE)]
    assert "no answer" in found[0].detail


def test_what_can_not_be_read_is_a_finding(machine: Machine) -> None:
    (found,) = examine(machine.directory, machine.environment, machine.store, {"limits": broken})
    assert (found.what, found.state, found.detail) == ("limits", Health.WARNING, "can't be told (permission denied)")
    assert "/etc/secret" in found.mend


def test_a_defect_of_ours_is_none_of_the_machine(machine: Machine) -> None:
    with pytest.raises(ZeroDivisionError):
        examine(machine.directory, machine.environment, machine.store, {"limits": defective})


def test_an_engine_that_takes_a_visitor_and_says_nothing_is_missing_in_time(machine: Machine, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(tmp_path / "silent.sock"))
        door.listen()
        environment = {**machine.environment, "DOCKER_HOST": f"unix://{tmp_path}/silent.sock"}
        began = time.monotonic()
        found = {finding.what: finding for finding in examine(machine.directory, environment, machine.store)}
        assert time.monotonic() - began < 4
    assert found["engine"].state is Health.MISSING
    assert "timed out" in found["engine"].detail
    assert found["git"].state is Health.FINE


def test_nothing_is_changed(machine: Machine) -> None:
    before = sorted(path for path in machine.top.rglob("*"))
    examine(machine.directory, machine.environment, machine.store)
    assert sorted(path for path in machine.top.rglob("*")) == before
