"""The store, and what lies in it."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipelinekit.examinations import store as module
from pipelinekit.examinations.machine import Machine
from pipelinekit.examinations.store import store
from pipelinekit.model.finding import Finding, Health
from pipelinekit.records.store import Store
from pipelinekit.runs.memory import KeptLeg
from tests.examinations.conftest import NOW
from tests.made_store import make_store


def found(machine: Machine) -> dict[str, Finding]:
    return {finding.what: finding for finding in store(machine)}


def test_a_store_that_is_not_there_yet_is_fine(machine: Machine) -> None:
    (seen,) = store(machine)
    assert (seen.state, seen.detail) == (Health.FINE, f"none yet; the first run makes {machine.store.path}")


def test_a_store_says_how_much_it_holds(machine: Machine) -> None:
    make_store(machine.store.path, runs=3)
    (seen,) = store(machine)
    assert seen.detail.startswith(f"{machine.store.path}, 3\u00a0run attempts, ")


def test_a_large_one_is_a_warning(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    make_store(machine.store.path, runs=1)
    monkeypatch.setattr(module, "LARGE_BYTES", 10)
    assert found(machine)["store"].state is Health.WARNING


def test_counting_ends_in_time(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    make_store(machine.store.path, runs=1)
    monkeypatch.setattr(module, "COUNT_SECONDS", -1.0)
    assert "more than 0" in found(machine)["store"].detail


def test_a_store_below_a_file_can_not_be_written(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (seen,) = store(replace(machine, store=Store(tmp_path / "file" / "store")))
    assert (seen.state, seen.detail) == (Health.MISSING, f"{tmp_path}/file can't be written")


def test_a_run_that_was_killed_is_told_apart_from_one_under_way(machine: Machine) -> None:
    machine.store.start_journal("run-a", 1).close()
    with machine.store.start_journal("run-b", 1):
        seen = list(store(machine))[1:]
    assert [(f.state, f.detail) for f in seen] == [
        (Health.WARNING, "1\u00a0run was killed and not recorded yet"), (Health.FINE, "1\u00a0run under way"),
    ]  # fmt: skip


def test_what_stands_at_a_stop_is_told_and_what_is_past_its_time(machine: Machine) -> None:
    for name, until in (("one", NOW + 60), ("two", NOW - 60), ("three", NOW + 90)):
        folder = machine.store.path / "work" / "run" / name
        folder.mkdir(parents=True)
        KeptLeg(name, name, 1, "host", "place", "", "step", True, until).write(folder)
    past, rest = [finding for finding in store(machine) if finding.what == "kept"]
    assert (past.state, past.mend) == (Health.WARNING, "pipelinekit clean")
    assert rest.detail.startswith("2\u00a0legs")
