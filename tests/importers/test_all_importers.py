"""The table of importers: each file is known by its beginning, and by one importer only."""

import pytest

from pipelinekit.importers.all_importers import IMPORTERS

BEGINNINGS = {
    "JUnit XML": [b"<testsuites>", b'<?xml version="1.0"?>\n<!-- <coverage> --><testsuite name="s">', b"\xef\xbb\xbf<j:testsuite>"],
    "Cobertura XML": [b'<?xml version="1.0" ?>\n<!DOCTYPE coverage SYSTEM "x.dtd">\n<coverage>', "<coverage>".encode("utf-16")],
    "LCOV": [b"TN:\nSF:a.c\n", b"SF:a.py\n", b"\xef\xbb\xbfSF:a.py\n"],
    "coverage.py JSON": [b'{"meta": {"format": 3}', b'\n{\n  "meta": {'],
}


@pytest.mark.parametrize("name", IMPORTERS)
def test_an_importer_knows_its_files_and_no_others(name: str) -> None:
    assert [other for other, heads in BEGINNINGS.items() if all(map(IMPORTERS[name].sniff, heads))] == [name]
    assert not any(IMPORTERS[name].sniff(head) for other, heads in BEGINNINGS.items() if other != name for head in heads)


@pytest.mark.parametrize("head", [b"", b"text", b"<html><testsuite>", b"[1]", b'{"tests": 1}', b"\x00\xff", b"<!-- never closed"])
def test_what_is_no_report_is_nobody_s(head: bytes) -> None:
    assert not any(importer.sniff(head) for importer in IMPORTERS.values())
