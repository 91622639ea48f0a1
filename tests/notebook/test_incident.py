from pathlib import Path

import pytest

import pipelinekit as pk
from pipelinekit.model.problem import WorkflowInvalid
from pipelinekit.notebook.evidence import RECORDED
from pipelinekit.notebook.table import Table
from pipelinekit.records.store import Store
from tests.made_store import BROKEN, FLAKY, make_store


def test_the_newest_turn_to_red_is_looked_at(shop: Store) -> None:
    incident = pk.incident(shop)
    assert [str(run) for run in incident.runs] == ["4", "5", "6"]
    assert incident.causes == ("chance",)
    assert f"The likeliest cause is chance: `{FLAKY}` is flaky" in incident.sentence


def test_another_pair_is_looked_at_where_it_is_named(shop: Store) -> None:
    incident = pk.incident(shop, bad="3")
    assert incident.causes == ("code",)
    assert incident.sentence == (
        f"Run 3 broke what run 2 had: `{BROKEN}` newly fails. The likeliest cause is the code of `60d4c8b`: "
        "nothing else that is recorded differs, and run 4, which mended it, has other code."
    )


def test_it_shows_the_sentence_and_what_could_have_changed(shop: Store) -> None:
    shown = pk.incident(shop, bad=3)._repr_mimebundle_()
    assert "<b>Run 3 broke what run 2 had:</b>" in shown["text/html"]
    assert "not known: the repository is not here" in shown["text/plain"]
    assert shown["text/plain"].startswith("Run 3 broke")


def test_its_parts_show_themselves(shop: Store) -> None:
    incident = pk.incident(shop, bad=3)
    assert isinstance(incident.evidence, Table)
    assert "1 failed" in repr(incident.log)
    assert '<div class="pk-log">' in incident.log._repr_html_()
    assert "newly fails" in repr(incident.diff)


def test_the_recorded_store_holds_a_broken_run_and_what_mended_it() -> None:
    incident = pk.incident(RECORDED)
    assert [str(run) for run in incident.runs] == ["1", "2", "3"]
    assert incident.causes == ("code",)
    assert "AssertionError: assert 625 == 563" in repr(incident.log)
    assert "changed files                        tests/test_basket.py, which the failure names; shop/basket.py" in repr(incident)


def test_without_git_the_sample_s_commits_are_not_known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "changed files                        not known: the repository is not here" in repr(pk.incident(RECORDED))


def test_where_nothing_failed_that_is_the_answer(tmp_path: Path) -> None:
    incident = pk.incident(make_store(tmp_path, runs=2))
    assert incident.sentence == "No run failed in this time, so there is no incident."
    assert (incident.runs, incident.causes) == ((), ())
    assert repr(incident.log) == "No line is new."
    assert repr(incident.diff) == "There are no two runs to compare."
    assert "<table" not in incident._repr_mimebundle_()["text/html"]


def test_a_store_without_a_run_is_told(tmp_path: Path) -> None:
    with pytest.raises(WorkflowInvalid, match="no run is stored"):
        pk.incident(tmp_path)
