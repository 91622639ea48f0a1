"""The recorded session of the guide still happens as it is shown."""

import difflib
from pathlib import Path

import pytest

from tests.docs.session import PAGE, record


def test_the_recorded_session_is_what_happens_at_a_terminal(tmp_path: Path) -> None:
    told, happened = PAGE.read_text(encoding="utf-8"), record(tmp_path)
    difference = "\n".join(difflib.unified_diff(told.splitlines(), happened.splitlines(), "the page", "what happens", lineterm=""))
    if difference:
        pytest.fail(f"accept it with `python -m tests.docs.record_session`, or mend it:\n{difference}", pytrace=False)
