"""The shell's protocol, against a transport that answers as it is told."""

import shlex
import threading
from collections.abc import Callable

import pytest

from pipelinekit.executors.base import CommandResult
from pipelinekit.executors.shell import LINE_LIMIT, Patience, PlaceGone, Shell, quoted


class Told:
    """A transport to a shell that is not there. answer: what comes back for a command, made from its token."""

    def __init__(self, answer: Callable[[str], bytes], size_bytes: int = 1 << 16) -> None:
        self._answer = answer
        self._size = size_bytes
        self._coming = b""
        self.signals: list[tuple[str, int]] = []
        self.on_signal: Callable[[str], None] = lambda _: None
        self.more = threading.Event()
        self.checks = 0
        self.ended = False

    def send(self, data: bytes) -> None:
        token = data.decode().rpartition("echo ")[2].split()[0]
        self._coming += self._answer(token)

    def say(self, data: bytes) -> None:
        self._coming += data
        self.more.set()

    def receive(self, wait_seconds: float) -> bytes | None:
        if not self._coming and not self.ended and not self.more.wait(wait_seconds):
            return None
        self.more.clear()
        data, self._coming = self._coming[: self._size], self._coming[self._size :]
        return data

    def signal(self, name: str, process: int, *, alone: bool) -> None:
        self.signals.append((name, process))
        self.on_signal(name)

    def check(self) -> None:
        self.checks += 1
        if self.checks > 2:
            raise PlaceGone("nobody answers")


def performed(transport: Told, timeout_seconds: float | None = None, patience: Patience | None = None) -> tuple[list[str], CommandResult]:
    lines: list[str] = []
    shell = Shell(transport, patience or Patience())
    return lines, shell.perform(("true",), {}, "/", lines.extend, timeout_seconds)


@pytest.mark.parametrize("size_bytes", [1, 2, 7, 1000], ids=lambda size: f"{size}-bytes-at-a-time")
@pytest.mark.parametrize(
    ("printed", "lines"),
    [
        pytest.param(b"", [], id="nothing"),
        pytest.param(b"\n", [""], id="an-empty-line"),
        pytest.param(b"a\nb\n", ["a", "b"], id="two-lines"),
        pytest.param(b"a\n\n", ["a", ""], id="ends-with-an-empty-line"),
        pytest.param(b"a", ["a"], id="no-final-newline"),
        pytest.param("ü☃\n".encode(), ["ü☃"], id="not-ascii"),
        pytest.param(b"\xff\n", ["\ufffd"], id="not-text"),
        pytest.param(b"a\r\nb\r\n", ["a", "b"], id="windows-lines"),
        pytest.param(b"1%\r2%\r3%\n", ["1%", "2%", "3%"], id="a-progress-bar"),
        pytest.param(b"0123456789abcdef0123456789abcdef end 0\n", ["0123456789abcdef0123456789abcdef end 0"], id="a-forged-mark"),
    ],
)
def test_lines_are_the_same_however_they_are_cut_on_the_way(printed: bytes, lines: list[str], size_bytes: int) -> None:
    transport = Told(lambda token: f"{token} pid 7\n".encode() + printed + f"{token} end 3\n".encode(), size_bytes)
    assert performed(transport) == (lines, CommandResult(3))


def test_what_an_earlier_commands_child_says_between_two_commands_comes_with_the_next() -> None:
    transport = Told(lambda token: f"{token} pid 7\n{token} end 0\nlate".encode())
    shell = Shell(transport, Patience())
    lines: list[str] = []
    shell.perform(("true",), {}, "/", lines.extend)
    assert lines == []
    shell.perform(("true",), {}, "/", lines.extend)
    assert lines == ["late"]


def test_a_mark_at_the_end_of_an_endless_line_is_seen() -> None:
    endless = b"x" * (3 * LINE_LIMIT)
    transport = Told(lambda token: f"{token} pid 7\n".encode() + endless + f"{token} end 0\n".encode(), 50_021)
    lines, result = performed(transport)
    assert result == CommandResult(0)
    assert [len(line) for line in lines] == [LINE_LIMIT + len(" … (the line goes on)")]


def test_signals_follow_one_another_until_the_command_has_ended() -> None:
    tokens: list[str] = []

    def answer(token: str) -> bytes:
        tokens.append(token)
        return f"{token} pid 7\n".encode()

    transport = Told(answer)
    transport.on_signal = lambda name: transport.say(f"{tokens[0]} end 137\n".encode()) if name == "KILL" else None
    lines, result = performed(transport, 0.01, Patience(interrupt_seconds=0.01, terminate_seconds=0.01))
    assert transport.signals == [("INT", 7), ("TERM", 7), ("KILL", 7)]
    assert (lines, result) == ([], CommandResult(137, timed_out=True))


def test_a_place_that_is_silent_is_asked_whether_it_is_there() -> None:
    transport = Told(lambda token: f"{token} pid 7\n".encode())
    with pytest.raises(PlaceGone, match="nobody answers"):
        performed(transport, patience=Patience(silence_seconds=0.01))
    assert transport.checks == 3


def test_a_stream_that_ends_is_a_place_that_is_gone() -> None:
    transport = Told(lambda _: b"last words\n")
    transport.ended = True
    with pytest.raises(PlaceGone, match="its shell has ended"):
        performed(transport)


@pytest.mark.parametrize("word", ["", "plain", "it's", "$HOME `x` \\ \"q\"", "two\nlines", "''", "ü"])
def test_a_quoted_word_is_read_back_as_it_was(word: str) -> None:
    assert shlex.split(quoted(word)) == [word]
