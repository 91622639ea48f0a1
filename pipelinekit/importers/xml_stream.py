"""XML as test tools really write it, element by element: one pass, little memory, nothing of it trusted."""

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from pipelinekit.importers.report_broken import ReportBroken

CHUNK_BYTES = 1 << 16
TEXT_CHARACTERS = 20_000  # of one element: a suite's captured output may be gigabytes, and no importer wants it


@dataclass(frozen=True, slots=True)
class Start:
    """tag: without its namespace."""

    tag: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class End:
    """text: what stands directly before the end tag, its first TEXT_CHARACTERS."""

    tag: str
    text: str


def elements(path: Path) -> Iterator[Start | End]:
    """The starts and ends of a file's elements, in order.

    Characters that XML forbids become U+FFFD, so does what the encoding does not allow. Raises ReportBroken for a file that is
    empty, ends too early, is not well-formed or declares entities (which can grow without end).
    """
    stream = _Stream()
    with path.open("rb") as file:
        for text in _clean(file):
            yield from stream.feed(text)
    yield from stream.end()


def root_tag(head: bytes) -> str:
    """The tag of the root, without its namespace, from a file's first bytes; '' where that is no XML."""
    text = head.decode(_encoding(head), "replace").lstrip("\ufeff \t\r\n")
    if not text.startswith("<"):
        return ""
    root = re.search(r"<([A-Za-z_][\w:.-]*)", re.sub(r"<!--.*?(-->|$)", "", text, flags=re.DOTALL))
    return root[1].rpartition(":")[2] if root else ""


class _Stream:
    """Expat's callbacks, gathered until they are asked for."""

    def __init__(self) -> None:
        self._found: list[Start | End] = []
        self._text: list[str] = []
        self._length = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.EntityDeclHandler = self._entity

    def feed(self, text: str, *, final: bool = False) -> list[Start | End]:
        try:
            self._parser.Parse(text, final)
        except expat.ExpatError as error:
            raise ReportBroken(_reason(error)) from error
        found, self._found = self._found, []
        return found

    def end(self) -> list[Start | End]:
        return self.feed("", final=True)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._found.append(Start(tag.rpartition(":")[2], attributes))
        self._text, self._length = [], 0

    def _end(self, tag: str) -> None:
        self._found.append(End(tag.rpartition(":")[2], "".join(self._text)[:TEXT_CHARACTERS]))
        self._text, self._length = [], 0

    def _characters(self, text: str) -> None:
        if self._length < TEXT_CHARACTERS:
            self._text.append(text)
            self._length += len(text)

    def _entity(self, *_: object) -> None:
        raise ReportBroken("it declares XML entities, which a report never needs and which can grow without end")


def _reason(error: expat.ExpatError) -> str:
    if error.code == _NO_ELEMENTS:
        return "it is empty" if error.lineno == 1 and error.offset == 0 else f"it ends too early, in line {error.lineno}"
    if error.code in _ENDS_EARLY:
        return f"it ends too early, in line {error.lineno}"
    what = expat.ErrorString(error.code)
    return f"it is not well-formed XML: {what} in line {error.lineno}, column {error.offset + 1}"


def _clean(file: BinaryIO) -> Iterator[str]:
    head = file.read(CHUNK_BYTES)
    decoder = codecs.getincrementaldecoder(_encoding(head))("replace")
    chunk, rest, first = head, "", True
    while chunk:
        text = rest + decoder.decode(chunk)
        if first:
            text, first = text.lstrip("\ufeff \t\r\n"), False
        # A reference that the chunk's end cuts in two waits for the next chunk.
        cut = text.rfind("&", max(0, len(text) - 12))
        text, rest = (text[:cut], text[cut:]) if cut >= 0 and ";" not in text[cut:] else (text, "")
        yield _REFERENCE.sub(_legal_reference, _FORBIDDEN.sub("\ufffd", text))
        chunk = file.read(CHUNK_BYTES)
    yield _FORBIDDEN.sub("\ufffd", rest + decoder.decode(b"", final=True))


def _legal_reference(reference: re.Match[str]) -> str:
    decimal, hexadecimal = reference.groups()
    number = int(decimal) if decimal else int(hexadecimal, 16)
    legal = number <= 0x10FFFF and not _FORBIDDEN.match(chr(number))
    return reference[0] if legal else "\ufffd"


def _encoding(head: bytes) -> str:
    """By the byte order mark, else by the declaration, unless the bytes can't be that; else UTF-8."""
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if head.startswith(mark):
            return encoding
    declared = re.match(rb"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)", head[:400])
    if declared is None:
        return "utf-8"
    try:
        encoding = codecs.lookup(declared[1].decode("ascii")).name
    except LookupError:
        return "utf-8"
    # Python knows encodings that are none of text; and UTF-16 is not what a declaration was read from byte by byte.
    return encoding if encoding.startswith(_ONE_BYTE_FOR_ASCII) else "utf-8"


_ONE_BYTE_FOR_ASCII = ("iso8859", "cp", "mac", "koi8", "gb", "big5", "euc", "shift_jis")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:([0-9]{1,10})|x([0-9a-fA-F]{1,8}));")
_NO_ELEMENTS = expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS]
_ENDS_EARLY = {
    expat.errors.codes[name]
    for name in (
        expat.errors.XML_ERROR_UNCLOSED_TOKEN, expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
}  # fmt: skip
