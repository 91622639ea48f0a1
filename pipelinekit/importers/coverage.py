"""Coverage files, each file's lines and branches counted: Cobertura's XML, LCOV, coverage.py's JSON.

Sources: coverage.py 7 `xmlreport.py` and `jsonreport.py`, cobertura's coverage-04.dtd, geninfo(1).
"""

import json
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelinekit.importers.report_broken import ReportBroken
from pipelinekit.importers.xml_stream import End, Start, elements
from pipelinekit.model.measure import FileCoverage


@dataclass(slots=True)
class _File:
    """What several reports of one file say together: a line ran where one of them says so."""

    lines: dict[int, bool] = field(default_factory=dict)
    branches: dict[str, bool] = field(default_factory=dict)  # LCOV names each
    shares: dict[int, tuple[int, int]] = field(default_factory=dict)  # Cobertura: of a line so many of so many

    def line(self, number: int, hits: int) -> None:
        self.lines[number] = self.lines.get(number, False) or hits > 0

    def branch(self, name: str, taken: bool) -> None:
        self.branches[name] = self.branches.get(name, False) or taken

    def counted(self, name: str) -> FileCoverage:
        taken = sum(self.branches.values()) + sum(taken for taken, _ in self.shares.values())
        there = len(self.branches) + sum(there for _, there in self.shares.values())
        return FileCoverage(name, sum(self.lines.values()), len(self.lines), taken, there)


def read_cobertura(path: Path, top: str, known: Container[str]) -> tuple[FileCoverage, ...]:
    """Of Cobertura's XML, as coverage.py, gcovr, coverlet and others write it. Raises ReportBroken.

    Names are made from the `<source>` that the file lies under; see `read_report` for top and known.
    """
    sources: list[str] = []
    files: dict[str, _File] = {}
    current: _File | None = None
    in_methods = 0
    for element in elements(path):
        match element:
            case End(tag="source", text=text):
                sources.append(text.strip())
            case Start(tag="class", attributes=attributes):
                name = attributes.get("filename", "").replace("\\", "/")
                current = files.setdefault(name, _File())
            case Start(tag="methods"):  # their lines stand among the class's too
                in_methods += 1
            case End(tag="methods"):
                in_methods -= 1
            case Start(tag="line", attributes=attributes) if current is not None and not in_methods:
                _add_cobertura_line(current, attributes)
    return _counted(files, lambda name: _from_sources(name, sources, top, known))


def read_lcov(path: Path, top: str) -> tuple[FileCoverage, ...]:
    """Of LCOV's tracefiles, as geninfo, coverage.py, Jest and others write them. Raises ReportBroken."""
    files: dict[str, _File] = {}
    current: _File | None = None
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            word, _, rest = line.strip().partition(":")
            try:
                if word == "SF":
                    current = files.setdefault(rest.replace("\\", "/"), _File())
                elif word == "end_of_record":
                    current = None
                elif word in ("DA", "BRDA") and current is None:
                    raise ReportBroken(f"line {number} counts something before a file is named")
                elif current is not None:
                    _add_lcov_line(current, word, rest)
            except (ValueError, OverflowError) as error:
                raise ReportBroken(f"line {number} is no {word} of LCOV: {line.strip()[:80]!r}") from error
    if current is not None:
        raise ReportBroken("it ends too early: its last record has no end_of_record")
    if not files:
        raise ReportBroken("it names no file")
    return _counted(files, lambda name: _below(name, top))


def starts_as_lcov(head: bytes) -> bool:
    """Whether a file that begins so is a tracefile."""
    return head.removeprefix(BOM_UTF8).lstrip().startswith((b"TN:", b"SF:"))


def starts_as_coverage_json(head: bytes) -> bool:
    """Whether a file that begins so is coverage.py's JSON: its `meta` comes first."""
    return head.lstrip().startswith(b"{") and b'"meta"' in head


def read_coverage_json(path: Path, top: str) -> tuple[FileCoverage, ...]:
    """Of coverage.py's JSON, formats 2 and 3. Raises ReportBroken."""
    try:
        report = json.loads(path.read_bytes())
        return tuple(
            _json_file(_below(name.replace("\\", "/"), top), file["summary"]) for name, file in report["files"].items()
        )
    except (ValueError, RecursionError) as error:
        raise ReportBroken(f"it is no JSON: {error}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise ReportBroken(f"it is not laid out as coverage.py's JSON: {error!r}") from error


def _json_file(name: str, summary: Mapping[str, Any]) -> FileCoverage:
    counts = (
        summary["covered_lines"], summary["num_statements"],
        summary.get("covered_branches", 0), summary.get("num_branches", 0),
    )  # fmt: skip
    if not all(isinstance(count, int) for count in counts):
        raise TypeError(f"{name} has counts that are no whole numbers")
    return FileCoverage(name, *counts)


def _add_cobertura_line(file: _File, attributes: Mapping[str, str]) -> None:
    try:
        number, hits = int(attributes["number"]), int(attributes["hits"])
    except (KeyError, ValueError) as error:
        raise ReportBroken(f"a <line> has no whole number of hits: {dict(attributes)}") from error
    file.line(number, hits)
    if share := re.search(r"\(([0-9]{1,9})/([0-9]{1,9})\)", attributes.get("condition-coverage", "")):
        # Which of a line's branches ran is not said; in a second report of the line the same ones are taken to have.
        taken, there = file.shares.get(number, (0, 0))
        file.shares[number] = (max(taken, int(share[1])), max(there, int(share[2])))


def _add_lcov_line(file: _File, word: str, rest: str) -> None:
    if word == "DA":  # line, hits, and perhaps a checksum
        number, hits, *_ = rest.split(",")
        file.line(int(number), int(float(hits)))
    elif word == "BRDA":  # line, block, branch (in words, perhaps with commas), times taken; `-`: its block never ran
        branch, _, taken = rest.rpartition(",")
        file.branch(branch, taken != "-" and int(taken) > 0)


def _counted(files: Mapping[str, _File], rename: Callable[[str], str]) -> tuple[FileCoverage, ...]:
    return tuple(file.counted(rename(name)) for name, file in files.items())


def _from_sources(name: str, sources: Iterable[str], top: str, known: Container[str]) -> str:
    """The file's name from the repository's top: below the one source that it can lie in."""
    name = _below(name, top)
    folders = [source.replace("\\", "/") for source in sources if source]
    # A relative source beside absolute ones is what a tool made of a wrong option.
    folders = [folder for folder in folders if _ABSOLUTE.match(folder)] or folders
    folders = [folder for folder in (_below(folder, top) for folder in folders) if not _ABSOLUTE.match(folder)]
    names = [name if folder == "." or _ABSOLUTE.match(name) else f"{folder}/{name}" for folder in folders]
    return next((n for n in names if n in known), names[0] if len(names) == 1 else name)


def _below(name: str, top: str) -> str:
    """The path from the top; '.' for the top itself, and as it is where it lies elsewhere."""
    top, name = top.rstrip("/"), name.rstrip("/")
    if top and (name == top or name.startswith(top + "/")):
        return name[len(top) + 1 :] or "."
    return name.removeprefix("./")


_ABSOLUTE = re.compile(r"([A-Za-z]:)?/")
