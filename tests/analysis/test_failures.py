"""The lines that say why a leg failed."""

from typing import Any

import pytest

from pipelinekit.analysis import failures, flaky
from tests.analysis.made_tables import executions, history, runs, table

PYTEST = """
$ pytest --cov
.....F
    def test_total():
>       assert total(3, 25) == Decimal("7.49")
E       AssertionError: assert Decimal('7.4925') == Decimal('7.49')
E        +  where Decimal('7.4925') = total(3, 25)

tests/test_cart.py:12: AssertionError
FAILED tests/test_cart.py::test_total - AssertionError: assert Decimal('7.4925')
1 failed, 5 passed in 0.42s
Error: Process completed with exit code 1.
"""
PIP = """
Collecting flask
  Downloading flask-3.0.0-py3-none-any.whl (99 kB)
ERROR: Could not find a version that satisfies the requirement flaks (from versions: none)
ERROR: No matching distribution found for flaks
"""
RUFF = """
shop/cart.py:3:8: F401 [*] `os` imported but unused
Found 1 error.
"""
MYPY = """
shop/cart.py:12: error: Incompatible return value type (got "float", expected "Decimal")  [return-value]
Found 1 error in 1 file (checked 4 source files)
"""
TRACEBACK = """
Traceback (most recent call last):
  File "run.py", line 3, in <module>
    main()
ModuleNotFoundError: No module named 'flask'
"""
QUIET = """
starting
no trouble in sight
done
"""


def lines(text: str, limit: int = 5, **columns: Any) -> list[str]:
    logs = [
        {"job": "test", "leg": "test", "step_index": 2, "number": number, "stream": "output", "text": line, **columns}
        for number, line in enumerate(text.strip("\n").split("\n"), start=1)
    ]
    steps = [{"leg": "test", "step_index": 2, "outcome": "failure"}]
    found: list[str] = failures.deciding_lines(table("logs", logs), table("steps", steps), limit).column("text").to_pylist()
    return found


def test_a_step_that_was_forgiven_broke_nothing_nor_did_those_inside_it() -> None:
    logs = [{"job": "t", "leg": "t", "step_index": n, "number": n, "stream": "output", "text": "Error: x"} for n in (1, 2, 3, 4)]
    ended = {1: ("success", None), 2: ("failure", None), 3: ("failure", 1), 4: ("failure", 3)}
    steps = [
        {"leg": "t", "step_index": n, "outcome": "failure", "conclusion": conclusion, "parent": parent}
        for n, (conclusion, parent) in ended.items()
    ]
    assert failures.deciding_lines(table("logs", logs), table("steps", steps)).column("step_index").to_pylist() == [2]


@pytest.mark.parametrize(
    ("text", "deciding"),
    [
        pytest.param(
            PYTEST,
            [
                "E       AssertionError: assert Decimal('7.4925') == Decimal('7.49')",
                "E        +  where Decimal('7.4925') = total(3, 25)",
                "FAILED tests/test_cart.py::test_total - AssertionError: assert Decimal('7.4925')",
            ],
            id="pytest",
        ),
        pytest.param(
            PIP,
            [
                "ERROR: Could not find a version that satisfies the requirement flaks (from versions: none)",
                "ERROR: No matching distribution found for flaks",
            ],
            id="pip",
        ),
        pytest.param(RUFF, ["shop/cart.py:3:8: F401 [*] `os` imported but unused", "Found 1 error."], id="ruff"),
        pytest.param(MYPY, [MYPY.strip().split("\n")[0], MYPY.strip().split("\n")[1]], id="mypy"),
        pytest.param(TRACEBACK, ["ModuleNotFoundError: No module named 'flask'"], id="traceback"),
        pytest.param("bash: line 1: pyhton: command not found", ["bash: line 1: pyhton: command not found"], id="shell"),
        pytest.param(QUIET, ["no trouble in sight", "done"], id="nothing-known-is-said"),
        pytest.param("\x1b[31mE   \x1b[0massert 1 == 2", ["E   assert 1 == 2"], id="colours"),
    ],
)
def test_the_lines_that_decide_are_found(text: str, deciding: list[str]) -> None:
    assert lines(text, limit=3) == deciding


def test_the_most_telling_lines_stay_where_not_all_fit() -> None:
    assert lines(PYTEST, limit=1) == ["E       AssertionError: assert Decimal('7.4925') == Decimal('7.49')"]


def test_only_steps_that_failed_are_asked() -> None:
    assert lines(PYTEST, step_index=1) == []
    assert lines(PYTEST, leg="other") == []


def test_a_test_that_failed_in_the_end_is_listed_with_what_is_known_of_it() -> None:
    rows = history("racy", ["fp", "p", "f"]) + history("fine", ["p", "fp", "p"])
    known = flaky.by_test(table("tests", rows), runs(3))
    answer = failures.failed_tests(table("tests", [row for row in rows if row["run_id"] == "r3"]), known).to_pylist()
    assert [(row["test"], row["class"], row["failed_runs"], row["runs"]) for row in answer] == [("racy", "flaky", 2, 3)]
    assert answer[0]["message"] == "assert 3"


def test_without_history_nothing_is_claimed() -> None:
    answer = failures.failed_tests(table("tests", executions(1, "a", "ff"))).to_pylist()
    assert [(row["test"], row["executions"], row["class"]) for row in answer] == [("a", 2, None)]
