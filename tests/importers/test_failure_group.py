"""What makes two failures the same one."""

import pytest

from pipelinekit.importers.failure_group import failure_group, mask


@pytest.mark.parametrize(
    ("message", "masked"),
    [
        ("expected 42 but was 7", "expected % but was %"),
        ("object at 0x7f3a2b10", "object at %"),
        ("run 550e8400-e29b-41d4-a716-446655440000 is gone", "run%is gone"),
        ("token dGhpcyBpcyBhIHRlc3Q= refused", "token % refused"),
        ("no numbers at all", "no numbers at all"),
    ],
    ids=["numbers", "an address", "a UUID", "base64", "nothing"],
)
def test_what_changes_from_run_to_run_is_masked(message: str, masked: str) -> None:
    assert mask(message) == masked


def test_the_kind_of_the_failure_counts_too() -> None:
    assert failure_group("IOError", "gone 1") == failure_group("IOError", "gone 2") != failure_group("KeyError", "gone 1")


def test_a_failure_that_says_nothing_is_in_no_group() -> None:
    assert failure_group("", "") == ""
