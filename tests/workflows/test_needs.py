import pytest

from tests.workflows.written import problems_of, told, workflow_of


def needing(**needs: str) -> str:
    lines = [f"  {job}: {{runs-on: x{f', needs: {wanted}' if wanted else ''}}}" for job, wanted in needs.items()]
    return "\n".join(["on: push", "jobs:", *lines])


def test_needs_may_be_a_word_or_a_list() -> None:
    jobs = workflow_of(needing(a="", b="a", c="[a, b]")).jobs
    assert [[need.text for need in job.needs] for job in jobs] == [[], ["a"], ["a", "b"]]


def test_a_need_in_another_case_is_the_job_that_it_names() -> None:
    assert workflow_of(needing(build="", test="BUILD")).jobs[1].needs[0].text == "build"


@pytest.mark.parametrize(
    ("needs", "expected"),
    [
        ({"a": "", "b": "c"}, ['4:26 no job has the id "c"']),
        ({"a": "", "b": "[a, b]"}, ['4:30 "b" needs itself']),
        (
            {"a": "", "b": "d", "c": "b", "d": "[a, c]"},
            ['4:26 these jobs wait for each other: "b" needs "d", "d" needs "c", "c" needs "b"'],
        ),
        ({"a": "", "b": "c", "c": "b", "d": "b"}, ['4:26 these jobs wait for each other: "b" needs "c", "c" needs "b"']),
        ({"a": "b", "b": "a"}, ['3:3 no job can start, since all need others: "a" needs "b", "b" needs "a"']),
        ({"a": "b", "b": "[a, x]"}, [
            '3:26 these jobs wait for each other: "a" needs "b", "b" needs "a"', '4:30 no job has the id "x"',
        ]),
        ({"a": "", "b": "a", "c": "a", "d": "[b, c]"}, []),
    ],
    ids=["unknown", "itself", "circle of three", "what hangs on a circle is not blamed", "no start", "both", "diamond"],
)  # fmt: skip
def test_needs_that_can_not_be_met_are_told(needs: dict[str, str], expected: list[str]) -> None:
    assert told(needing(**needs)) == expected


def test_the_hint_names_the_job_that_was_meant() -> None:
    (problem,) = problems_of(needing(test="", deploy="tset"))
    assert problem.hint == 'did you mean "test"? jobs here: "test", "deploy"'


def test_a_thousand_jobs_in_a_row_are_walked() -> None:
    chain = {f"j{n}": f"j{n + 1}" for n in range(2_000)} | {"j2000": "j0", "start": ""}
    (problem,) = problems_of(needing(**chain))
    assert problem.message.startswith('these jobs wait for each other: "j0" needs "j1"')
