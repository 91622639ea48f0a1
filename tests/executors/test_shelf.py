"""What is said while an image is pulled."""

from typing import Any

import pytest

from pipelinekit.executors import shelf
from pipelinekit.model.problem import SurroundingsMissing

PROGRESS: list[dict[str, Any]] = [
    {"status": "Pulling from library/python", "id": "3.11"},
    {"status": "Downloading", "id": "a", "progressDetail": {"current": 1_000_000, "total": 4_000_000}},
    {"status": "Downloading", "id": "b", "progressDetail": {"current": 0, "total": 6_000_000}},
    {"status": "Downloading", "id": "a", "progressDetail": {"current": 4_000_000, "total": 4_000_000}},
    {"status": "Extracting", "id": "a", "progressDetail": {"current": 1, "total": 4_000_000}},
]


def test_what_has_come_of_how_much_is_said_over_all_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "SAY_SECONDS", -1.0)
    said: list[str] = []
    shelf.say_progress("python:3.11", PROGRESS, said.append)
    assert said == [
        "pulling python:3.11: 1 of 4 MB",
        "pulling python:3.11: 1 of 10 MB",
        "pulling python:3.11: 4 of 10 MB",
        "pulling python:3.11: 4 of 10 MB",
    ]


def test_a_quick_pull_says_nothing_more() -> None:
    said: list[str] = []
    shelf.say_progress("python:3.11", PROGRESS, said.append)
    assert said == []


def test_an_error_in_the_stream_ends_the_pull() -> None:
    with pytest.raises(SurroundingsMissing, match=r'cannot pull "python:3.11" \(toomanyrequests\)'):
        shelf.say_progress("python:3.11", [{"error": "toomanyrequests"}], lambda _: None)
