from pipelinekit.views.run_links import RunRef, in_notebook, run_ref, told

ROW = {"number": 7, "run_id": "r7", "attempt": 1, "outcome": "success"}


def test_a_run_is_named_by_its_number_and_a_later_attempt_by_both() -> None:
    assert (str(RunRef(7, "r7")), str(RunRef(7, "r7", 2))) == ("7", "7.2")


def test_a_link_leads_to_the_heading_as_jupyterlab_calls_it() -> None:
    assert in_notebook(ROW) == "#Run-7"
    assert in_notebook({**ROW, "attempt": 3}) == "#Run-7.3"


def test_which_run_each_anchor_is_is_told() -> None:
    assert told([run_ref(ROW), RunRef(8, "r8", 2)]) == {"Run-7": ["r7", 1], "Run-8.2": ["r8", 2]}
