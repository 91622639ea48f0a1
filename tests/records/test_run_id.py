"""Names of runs."""

from uuid import UUID

from pipelinekit.records.run_id import new_run_id


def test_a_run_id_is_a_uuid_of_version_7_that_begins_with_its_time() -> None:
    milliseconds = 4_102_444_800_123  # in 2100, so that it comes after every other name of this process
    name = UUID(new_run_id(lambda: milliseconds * 1_000_000))
    assert (name.version, name.variant) == (7, "specified in RFC 4122")
    assert name.int >> 80 == milliseconds


def test_names_sort_by_the_time_they_were_made_at_also_while_the_clock_stands_still() -> None:
    names = [new_run_id(lambda: 4_102_444_900_000_000_000) for _ in range(10_000)]
    assert names == sorted(names)
    assert len(set(names)) == len(names)
