"""What test runners write, read as executions."""

import json
from collections import Counter
from pathlib import Path

import pytest

from pipelinekit.importers.all_importers import read_report
from pipelinekit.importers.junit import read_junit
from pipelinekit.importers.report_broken import ReportBroken
from pipelinekit.model.measure import TestExecution, TestOutcome

REPORTS = Path(__file__).parents[3] / "shared" / "data" / "junit"


def read(folder: Path, text: str | bytes) -> tuple[TestExecution, ...]:
    report = folder / "report.xml"
    report.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_junit(report)


def told(tests: tuple[TestExecution, ...]) -> list[str]:
    return [f"{test.test} {test.execution} {test.outcome}" for test in tests]


PYTEST_RERUNS = """<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="{suite}" errors="0"
failures="1" skipped="0" tests="3" time="0.038" timestamp="2026-03-02T07:12:09.740067+00:00" hostname="box">
<testcase classname="test_x" name="test_flaky" time="0.001" /><testcase classname="test_x" name="test_flaky" time="0.002" />
<testcase classname="test_x" name="test_always" time="0.003" />
<testcase classname="test_x" name="test_always" time="0.004"><failure message="assert 1 == 2">trace</failure></testcase>
<testcase classname="test_y" name="test_flaky" time="0.005" /></testsuite></testsuites>"""


@pytest.mark.parametrize("suite", ["pytest", "a name of my own"])
def test_a_silent_case_of_pytest_that_stands_again_was_a_failed_attempt(tmp_path: Path, suite: str) -> None:
    tests = read(tmp_path, PYTEST_RERUNS.format(suite=suite))
    assert told(tests) == [
        "test_flaky 1 failed", "test_flaky 2 passed", "test_always 1 failed", "test_always 2 failed", "test_flaky 1 passed",
    ]  # fmt: skip
    assert [test.duration_seconds for test in tests] == [0.001, 0.002, 0.003, 0.004, 0.005]
    assert [test.message for test in tests] == ["", "", "", "assert 1 == 2", ""]


def test_rows_of_a_table_that_share_a_name_are_no_reruns(tmp_path: Path) -> None:
    row = '<testcase classname="Sums" name="Adds" time="0.1"/>'
    suite = f'<testsuites><testsuite name="a.dll" tests="2"><testsuite name="Sums" tests="2">{row}{row}</testsuite></testsuite>'
    assert told(read(tmp_path, suite + "</testsuites>")) == ["Adds 1 passed", "Adds 2 passed"]


def test_a_teardown_that_fails_after_its_test_is_no_rerun(tmp_path: Path) -> None:
    [test] = read(
        tmp_path,
        """<testsuites><testsuite name="pytest" tests="1">
        <testcase classname="t" name="test_a" time="0.5"><failure message="assert 0">trace</failure></testcase>
        <testcase classname="t" name="test_a" time="0.1"><error message='failed on teardown with "ValueError: x"'/></testcase>
        </testsuite></testsuites>""",
    )
    assert (test.execution, test.outcome, test.duration_seconds) == (1, TestOutcome.ERROR, 0.5)
    assert test.message == 'assert 0\nfailed on teardown with "ValueError: x"'


def test_surefire_tells_the_attempts_that_failed_before_the_one_that_passed(tmp_path: Path) -> None:
    tests = read(
        tmp_path,
        """<testsuite name="shop.CartTest" tests="1"><testcase classname="shop.CartTest" name="races" time="1.5">
        <flakyFailure message="lost" type="java.lang.AssertionError"><stackTrace>at Cart</stackTrace></flakyFailure>
        <flakyError type="java.io.IOException"><stackTrace>java.io.IOException: gone
        at Cart</stackTrace><system-out>noise</system-out></flakyError></testcase></testsuite>""",
    )
    assert told(tests) == ["races 1 failed", "races 2 error", "races 3 passed"]
    assert [test.message for test in tests] == ["lost", "java.io.IOException: gone\n        at Cart", ""]
    assert [test.duration_seconds for test in tests] == [None, None, 1.5]


def test_surefire_tells_the_reruns_of_what_failed_to_the_end(tmp_path: Path) -> None:
    tests = read(
        tmp_path,
        """<testsuite name="s"><testcase classname="c" name="t" time="2"><failure message="first" type="A"/>
        <rerunFailure message="second" type="A" time="3"/><rerunError message="third" type="A"/></testcase></testsuite>""",
    )
    assert told(tests) == ["t 1 failed", "t 2 failed", "t 3 error"]
    assert [(test.message, test.duration_seconds) for test in tests] == [("first", 2.0), ("second", 3.0), ("third", None)]


@pytest.mark.parametrize(
    ("inside", "outcome"),
    [
        pytest.param("", TestOutcome.PASSED, id="nothing"),
        pytest.param("<failure/>", TestOutcome.FAILED, id="failure"),
        pytest.param("<error/>", TestOutcome.ERROR, id="error"),
        pytest.param("<skipped/>", TestOutcome.SKIPPED, id="skipped"),
        pytest.param("<skipped/><failure/><error/>", TestOutcome.ERROR, id="the most severe of several"),
        pytest.param('<skipped type="pytest.xfail" message="known"/>', TestOutcome.XFAILED, id="xfail"),
        pytest.param('<skipped message="xfail-marked test passes unexpectedly"/>', TestOutcome.XPASSED, id="xpass"),
        pytest.param('<failure message="[XPASS(strict)] known"/>', TestOutcome.FAILED, id="a strict xpass is a failure"),
        pytest.param("<system-out><![CDATA[<failure/>]]></system-out>", TestOutcome.PASSED, id="output that looks like one"),
    ],
)
def test_what_a_case_says_is_its_outcome(tmp_path: Path, inside: str, outcome: TestOutcome) -> None:
    [test] = read(tmp_path, f'<testsuite><testcase name="t">{inside}</testcase></testsuite>')
    assert test.outcome is outcome


@pytest.mark.parametrize("status", ["disabled", "notrun"])
def test_a_case_that_was_not_run_has_not_passed(tmp_path: Path, status: str) -> None:
    [test] = read(tmp_path, f'<testsuite><testcase name="t" status="{status}"/></testsuite>')
    assert test.outcome is TestOutcome.SKIPPED


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("1.5", 1.5), ("1,234.5", 1234.5), ("NaN", None), ("inf", None), ("-0.1", None), ("", None), ("soon", None), ("1e-3", 0.001)],
)
def test_a_time_is_a_number_of_seconds_or_unknown(tmp_path: Path, written: str, seconds: float | None) -> None:
    [test] = read(tmp_path, f'<testsuite><testcase name="t" time="{written}"/></testsuite>')
    assert test.duration_seconds == seconds


def test_suites_stand_in_one_another_and_hand_their_file_down(tmp_path: Path) -> None:
    tests = read(
        tmp_path,
        """<testsuites><testsuite name="outer" file="a.js"><testcase name="one"/><testsuite name="inner"><testcase name="two"/>
        <testsuite><testcase name="three" file="b.js" classname="C"/></testsuite></testsuite><testcase name="four"/>
        </testsuite></testsuites>""",
    )
    assert [(t.suite, t.class_name, t.test, t.file) for t in tests] == [
        ("outer", "", "one", "a.js"), ("inner", "", "two", "a.js"), ("inner", "C", "three", "b.js"), ("outer", "", "four", "a.js"),
    ]  # fmt: skip


def test_a_case_without_a_name_is_ignored(tmp_path: Path) -> None:
    assert told(read(tmp_path, '<testsuite><testcase/><testcase name="t"/></testsuite>')) == ["t 1 passed"]


def test_failures_that_differ_only_in_numbers_are_one_group(tmp_path: Path) -> None:
    case = '<testcase name="{}"><failure type="A" message="{}"/></testcase>'
    messages = ["port 8081 is taken", "port 9090 is taken", "no port"]
    suite = "".join(case.format(number, message) for number, message in enumerate(messages))
    first, second, third = (test.failure_group for test in read(tmp_path, f"<testsuite>{suite}</testsuite>"))
    assert first == second != third
    assert len(first) == 16


def test_a_skip_has_no_failure_group(tmp_path: Path) -> None:
    [test] = read(tmp_path, '<testsuite><testcase name="t"><skipped message="no 42 here"/></testcase></testsuite>')
    assert (test.message, test.failure_group) == ("no 42 here", "")


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        pytest.param("", "utf-8", id="nothing"),
        pytest.param("", "utf-8-sig", id="a byte order mark"),
        pytest.param("utf-16", "utf-8", id="UTF-16, which it is not"),
        pytest.param("utf-16", "utf-16", id="UTF-16"),
        pytest.param("ISO-8859-1", "latin-1", id="Latin 1"),
        pytest.param("base64", "utf-8", id="no encoding of text"),
        pytest.param("no-such", "utf-8", id="an unknown encoding"),
    ],
)
def test_an_encoding_is_found_whatever_the_file_declares(tmp_path: Path, declared: str, encoding: str) -> None:
    start = f'<?xml version="1.0" encoding="{declared}"?>' if declared else "\n"
    content = f'{start}<testsuite><testcase name="t\u00e4"/></testsuite>'
    assert told(read(tmp_path, content.encode(encoding))) == ["t\u00e4 1 passed"]


def test_characters_that_xml_forbids_do_not_break_a_report(tmp_path: Path) -> None:
    content = b"<testsuite><testcase name='a\x1b[0m&#27;&#x0;'><failure message='\xff&#65;'/></testcase></testsuite>"
    [test] = read(tmp_path, content)
    assert (test.test, test.message) == ("a\ufffd[0m\ufffd\ufffd", "\ufffdA")


def test_a_reference_that_two_pieces_of_the_file_share_is_read_whole(tmp_path: Path) -> None:
    start = b"<testsuite><testcase name='"
    for shift in range(6):  # the reference lies across the end of the first 64 KiB, at each of its characters
        name = b"a" * ((1 << 16) - len(start) - shift)
        [test] = read(tmp_path, start + name + b"&#x1b;b'/></testsuite>")
        assert test.test.endswith("a\ufffdb")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param("", "it is empty", id="empty"),
        pytest.param(" \n", "it is empty", id="only space"),
        pytest.param("<testsuite><testcase name='t'/>", "it ends too early, in line 1", id="truncated"),
        pytest.param("<testsuite>\n<testcase na", "it ends too early, in line 2", id="truncated in a tag"),
        pytest.param("<testsuite>\n<x><![CDATA[ab", "it ends too early, in line 2", id="truncated in captured output"),
        pytest.param("<testsuite></testsuit>", "it is not well-formed XML: mismatched tag in line 1", id="not well-formed"),
        pytest.param("<suites><case/></suites>", "it is none of the kinds that are read here", id="another XML"),
        pytest.param("hello", "it is none of the kinds that are read here", id="no XML"),
        pytest.param(
            '<!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><testsuite><testcase name="&b;"/></testsuite>',
            "it declares XML entities", id="entities that grow",
        ),
        pytest.param(
            '<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><testsuite><testcase name="&f;"/></testsuite>',
            "it declares XML entities", id="an entity that is a file",
        ),
    ],
)  # fmt: skip
def test_a_broken_report_is_refused_with_the_reason(tmp_path: Path, content: str, why: str) -> None:
    report = tmp_path / "report.xml"
    report.write_text(content, encoding="utf-8")
    with pytest.raises(ReportBroken) as broken:
        read_report(report)
    assert str(broken.value).startswith(why)


def test_a_report_that_is_not_there_is_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(ReportBroken, match="No such file"):
        read_report(tmp_path / "none.xml")


def test_captured_output_of_any_size_takes_no_memory(tmp_path: Path) -> None:
    line = "x" * 99 + "\n"
    tests = read(tmp_path, f"<testsuite><testcase name='t'><failure>{line * 50_000}</failure></testcase></testsuite>")
    assert len(tests[0].message) < 2_001


# Counted otherwise there, and rightly so here: a case without a name is ignored, only cases count (not a suite's totals), and
# what is disabled was skipped, Inconclusive too.
COUNTED_OTHERWISE = {
    "junit-xml/no-attributes", "junit-xml/no-cases-but-tests", "junit-xml/tst/disabled",
    "nunit/nunit3/jenkins/NUnit-issue33493", "xunit/mstest/jenkinsci/testcase2",
}  # fmt: skip


def test_counts_agree_with_another_reader_of_these_reports() -> None:
    if not REPORTS.is_dir():
        pytest.skip(f"the reports are not there: {REPORTS}")
    compared = 0
    for result in sorted(REPORTS.rglob("*.results.json")):
        stem = str(result).removesuffix(".results.json")
        name = str(Path(stem).relative_to(REPORTS))
        expected = json.loads(result.read_text(encoding="utf-8"))["stats"]
        for report in [Path(stem + ".junit-xml"), *([Path(stem + ".xml")] if name.startswith("junit-xml/") else [])]:
            if not report.exists() or name in COUNTED_OTHERWISE:
                continue
            compared += 1
            if expected["errors"]:
                with pytest.raises(ReportBroken):
                    read_report(report)
                continue
            tests, _ = read_report(report)
            outcomes = Counter(test.outcome for test in tests)
            skipped = outcomes[TestOutcome.SKIPPED] + outcomes[TestOutcome.XFAILED]
            counts = (len(tests), outcomes[TestOutcome.PASSED], skipped, outcomes[TestOutcome.FAILED], outcomes[TestOutcome.ERROR])
            assert counts == tuple(expected[f"runs{part}"] for part in ("", "_succ", "_skip", "_fail", "_error")), name
            assert len({(t.suite, t.class_name, t.test, t.file) for t in tests}) == expected["tests"], name
    assert compared >= 40
