"""A person's terminal joined to a shell in a place, for every row of the table of executors, with a real pseudo-terminal."""

import os
import signal
import termios
import threading
from collections.abc import Iterator

import pytest

from pipelinekit.executors.base import Command, Place
from pipelinekit.executors.terminal import INTERACTIVE
from pipelinekit.model.problem import SurroundingsMissing
from tests.terminals import Typist


class Sitting:
    """Someone at a terminal in which a place's shell is opened by another thread."""

    def __init__(self, place: Place, command: Command) -> None:
        self.typist = Typist()
        self.codes: list[int] = []
        self.before = termios.tcgetattr(self.typist.slave)
        self._thread = threading.Thread(target=self._sit, args=(place, command))
        self._thread.start()

    def _sit(self, place: Place, command: Command) -> None:
        self.codes.append(place.terminal(command, self.typist.slave, self.typist.slave))

    def left(self) -> int:
        """The exit code, when the shell has ended."""
        self._thread.join(30)
        assert not self._thread.is_alive()
        return self.codes[0]


@pytest.fixture
def sitting(place: Place) -> Iterator[Sitting]:
    place.write(f"{place.workspace}/a b/file", b"")
    opened = Sitting(place, Command(INTERACTIVE, {"VARIABLE": "it's  set", "PS1": "> "}, "a b"))
    yield opened
    opened.typist.close()


def test_the_shell_has_the_environment_the_directory_and_an_exit_code(place: Place, sitting: Sitting) -> None:
    sitting.typist.types('echo "[$VARIABLE]"; pwd; exit 7')
    sitting.typist.sees("[it's  set]")
    sitting.typist.sees(f"{place.workspace}/a b\r\n")
    assert sitting.left() == 7


def test_it_is_a_terminal_with_the_size_of_the_persons_one(sitting: Sitting) -> None:
    sitting.typist.types("stty size; tty >/dev/null && echo yes; exit")
    sitting.typist.sees("33 101")
    sitting.typist.sees("yes")
    assert sitting.left() == 0


def test_it_has_its_size_from_the_start(place: Place) -> None:
    opened = Sitting(place, Command(("stty", "size")))
    assert opened.typist.sees("33 101") == "33 101"
    assert opened.left() == 0
    opened.typist.close()


def test_control_c_ends_what_runs_in_it_and_not_the_shell(sitting: Sitting) -> None:
    sitting.typist.types("sh -c \"echo be''gun; exec sleep 66\"; exit 3")
    sitting.typist.sees("begun")
    sitting.typist.presses("\x03")
    sitting.typist.sees("^C")
    sitting.typist.sees("> ")
    sitting.typist.types("exit 4")
    assert sitting.left() == 4


def test_control_d_leaves_it(sitting: Sitting) -> None:
    sitting.typist.types("echo re''ady")
    sitting.typist.sees("ready")
    sitting.typist.sees("> ")
    sitting.typist.presses("\x04")
    assert sitting.left() == 0


def test_the_persons_terminal_is_left_as_it_was(sitting: Sitting) -> None:
    sitting.typist.types("echo re''ady")
    sitting.typist.sees("ready")
    assert termios.tcgetattr(sitting.typist.slave) != sitting.before
    sitting.typist.types("exit")
    sitting.left()
    assert termios.tcgetattr(sitting.typist.slave) == sitting.before


def test_all_that_is_typed_and_printed_at_once_comes_through(sitting: Sitting) -> None:
    sitting.typist.types("stty raw -echo; echo go''es; head -c 200000 | wc -c; seq 100000; exit 5")
    sitting.typist.sees("goes")
    sitting.typist.presses("x" * 200_000)
    sitting.typist.sees("200000")
    assert sitting.typist.sees("99999\n").count("\n") >= 99_999
    assert sitting.left() == 5


def test_a_terminal_that_hangs_up_ends_the_shell(sitting: Sitting) -> None:
    sitting.typist.types("echo re''ady")
    sitting.typist.sees("ready")
    sitting.typist.hangs_up()
    assert sitting.left() == 128 + signal.SIGHUP


def test_without_a_terminal_there_is_no_shell(place: Place) -> None:
    reader, writer = os.pipe()
    with pytest.raises(SurroundingsMissing, match="needs a terminal"):
        place.terminal(Command(INTERACTIVE), reader, writer)
    os.close(reader)
    os.close(writer)


def test_a_directory_that_is_not_there_is_told_and_the_shell_opens_all_the_same(place: Place) -> None:
    opened = Sitting(place, Command(INTERACTIVE, {}, "no such place"))
    opened.typist.sees("no such place")
    opened.typist.types("pwd; exit")
    opened.typist.sees(f"{place.workspace}\r\n")
    assert opened.left() == 0
    opened.typist.close()
