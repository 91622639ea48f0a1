"""Coverage files of several tools, counted alike."""

import json
from pathlib import Path

import pytest

from pipelinekit.importers.all_importers import read_report
from pipelinekit.importers.report_broken import ReportBroken
from pipelinekit.model.measure import FileCoverage

REPORTS = Path(__file__).parents[3] / "shared" / "data" / "coverage"


def read(folder: Path, text: str, top: str = "", known: frozenset[str] = frozenset()) -> tuple[FileCoverage, ...]:
    report = folder / "coverage.any"
    report.write_text(text, encoding="utf-8")
    tests, coverage = read_report(report, top=top, known=known)
    assert tests == ()
    return coverage


# One run of coverage.py, in each of its formats.
XML = """<?xml version="1.0" ?>
<coverage version="7.17.3" lines-valid="4" lines-covered="3" branches-valid="2" branches-covered="1">
<sources><source>/repo/shop</source></sources><packages><package name="."><classes>
<class name="cart.py" filename="cart.py"><methods><method><lines><line number="1" hits="1"/></lines></method></methods><lines>
<line number="1" hits="1"/><line number="2" hits="7" branch="true" condition-coverage="50% (1/2)" missing-branches="4"/>
<line number="3" hits="1"/><line number="4" hits="0"/></lines></class></classes></package></packages></coverage>"""
LCOV = """TN:
SF:/repo/shop/cart.py
DA:1,1,3vxgsMZQh1QZGQmLFtQpUQ
DA:2,7
DA:3,1
DA:4,0
LF:4
LH:3
BRDA:2,0,jump to line 3, or on,1
BRDA:2,0,jump to line 4,-
BRF:2
BRH:1
end_of_record
"""
JSON = json.dumps(
    {
        "meta": {"format": 3, "version": "7.17.3", "branch_coverage": True},
        "files": {
            "shop/cart.py": {
                "executed_lines": [1, 2, 3],
                "summary": {"covered_lines": 3, "num_statements": 4, "num_branches": 2, "covered_branches": 1},
            }
        },
        "totals": {},
    }
)


@pytest.mark.parametrize("report", [XML, LCOV, JSON], ids=["Cobertura", "LCOV", "JSON"])
def test_every_format_gives_the_same_counts(tmp_path: Path, report: str) -> None:
    assert read(tmp_path, report, top="/repo") == (FileCoverage("shop/cart.py", 3, 4, 1, 2),)


def test_json_without_branches_has_none(tmp_path: Path) -> None:
    files = {"a.py": {"summary": {"covered_lines": 1, "num_statements": 2}}}
    assert read(tmp_path, json.dumps({"meta": {"format": 2}, "files": files})) == (FileCoverage("a.py", 1, 2),)


@pytest.mark.parametrize(
    ("sources", "filename", "top", "known", "name"),
    [
        pytest.param(["/repo"], "shop/a.py", "/repo", [], "shop/a.py", id="the top itself"),
        pytest.param(["/repo/src/"], "shop/a.py", "/repo/", [], "src/shop/a.py", id="a folder of it"),
        pytest.param(["src"], "a.py", "/repo", [], "src/a.py", id="a relative folder"),
        pytest.param(["--source", "/repo/src"], "a.py", "/repo", [], "src/a.py", id="a wrong option beside it"),
        pytest.param(["/repo/a", "/repo/b"], "x.py", "/repo", ["b/x.py"], "b/x.py", id="the one that has the file"),
        pytest.param(["/repo/a", "/repo/b"], "x.py", "/repo", [], "x.py", id="nobody can tell"),
        pytest.param(["/elsewhere"], "x.py", "/repo", [], "x.py", id="elsewhere"),
        pytest.param(["/repository"], "x.py", "/repo", [], "x.py", id="a folder whose name begins alike"),
        pytest.param([], "/repo/src/x.py", "/repo", [], "src/x.py", id="an absolute file"),
        pytest.param([], ".\\src\\x.lua", "", [], "src/x.lua", id="written on Windows"),
        pytest.param(["C:\\build"], "x.cs", "/repo", [], "x.cs", id="built on Windows"),
    ],
)
def test_a_file_is_named_from_the_repository_s_top(
    tmp_path: Path, sources: list[str], filename: str, top: str, known: list[str], name: str
) -> None:
    listed = "".join(f"<source>\n {source} </source>" for source in sources)
    line = '<lines><line number="1" hits="1"/></lines>'
    report = f'<coverage><sources>{listed}</sources><class filename="{filename}">{line}</class></coverage>'
    assert read(tmp_path, report, top, frozenset(known)) == (FileCoverage(name, 1, 1),)


def test_classes_of_one_file_are_counted_together(tmp_path: Path) -> None:
    first = '<class filename="a.java"><lines><line number="1" hits="0"/><line number="2" hits="1"/></lines></class>'
    second = '<class filename="a.java"><lines><line number="1" hits="3"/><line number="9" hits="0"/></lines></class>'
    assert read(tmp_path, f"<coverage>{first}{second}</coverage>") == (FileCoverage("a.java", 2, 3),)


def test_records_of_one_file_are_counted_together(tmp_path: Path) -> None:
    first = "SF:a.c\nDA:1,0\nDA:2,1\nBRDA:1,0,0,-\nBRDA:1,0,1,0\nend_of_record\n"
    second = "TN:other\nSF:a.c\nDA:1,1\nBRDA:1,0,0,2\nBRDA:1,0,1,0\nend_of_record\n"
    assert read(tmp_path, first + second) == (FileCoverage("a.c", 2, 2, 1, 2),)


@pytest.mark.parametrize(
    ("report", "why"),
    [
        pytest.param("<coverage><class filename='a'>", "it ends too early", id="truncated XML"),
        pytest.param("<coverage><class filename='a'><line hits='x' number='1'/></class>", "a <line> has no whole", id="hits"),
        pytest.param("SF:a.py\nDA:1,1\n", "it ends too early: its last record has no end_of_record", id="truncated LCOV"),
        pytest.param("SF:a.py\nDA:one,1\nend_of_record", "line 2 is no DA of LCOV: 'DA:one,1'", id="no number"),
        pytest.param("SF:a.py\nDA:1,inf\nend_of_record", "line 2 is no DA", id="more than any number"),
        pytest.param("TN:\nDA:1,1\n", "line 2 counts something before a file is named", id="no file"),
        pytest.param("TN:\n", "it names no file", id="no record"),
        pytest.param('{"meta": {}, "files": {', "it is no JSON", id="truncated JSON"),
        pytest.param('{"meta": ' + "[" * 100_000, "it is no JSON", id="endless JSON"),
        pytest.param('{"meta": {}, "files": []}', "it is not laid out as coverage.py", id="other JSON"),
        pytest.param('{"meta": {}, "files": {"a": {"summary": {}}}}', "it is not laid out", id="no counts"),
        pytest.param(
            '{"meta": {}, "files": {"a": {"summary": {"covered_lines": "1", "num_statements": 1}}}}', "it is not laid", id="text"
        ),
    ],
)
def test_a_broken_coverage_file_is_refused_with_the_reason(tmp_path: Path, report: str, why: str) -> None:
    with pytest.raises(ReportBroken) as broken:
        read(tmp_path, report)
    assert str(broken.value).startswith(why)


def test_shares_agree_with_what_coverage_py_states() -> None:
    stated = REPORTS / "coverage_py" / "percent.json"
    if not stated.exists():
        pytest.skip(f"the coverage files are not there: {REPORTS}")
    for name, percent in json.loads(stated.read_text(encoding="utf-8")).items():
        _, files = read_report(stated.parent / name)
        assert 100 * sum(f.lines_covered for f in files) / sum(f.lines for f in files) == percent, name


@pytest.mark.parametrize("suffix", ["xml", "lcov"])
def test_totals_agree_with_what_the_files_themselves_state(suffix: str) -> None:
    if not REPORTS.is_dir():
        pytest.skip(f"the coverage files are not there: {REPORTS}")
    compared = 0
    for report in sorted(REPORTS.rglob(f"*.{suffix}")):
        text = report.read_text(encoding="utf-8-sig")
        _, files = read_report(report)
        stated = _stated_lcov(text) if suffix == "lcov" else _stated_xml(text)
        if stated is not None:
            compared += 1
            assert (sum(f.lines_covered for f in files), sum(f.lines for f in files)) == stated, report.name
    assert compared >= 3


def _stated_lcov(text: str) -> tuple[int, int]:
    totals = dict.fromkeys(("LH", "LF"), 0)
    for line in text.splitlines():
        word, _, number = line.partition(":")
        if word in totals:
            totals[word] += int(number)
    return totals["LH"], totals["LF"]


def _stated_xml(text: str) -> tuple[int, int] | None:
    start = text[text.index("<coverage") :].partition(">")[0]
    values = {name: value.partition('"')[0] for name, _, value in (part.partition('="') for part in start.split())}
    return (int(values["lines-covered"]), int(values["lines-valid"])) if "lines-valid" in values else None
