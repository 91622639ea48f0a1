"""Terminal output as markup."""

import pytest

from pipelinekit.views import ansi
from tests.views.parsed import HOSTILE, assert_harmless, parse

RED, OFF = "\x1b[31m", "\x1b[0m"


def shown(text: str) -> str:
    return ansi.line(text)[0]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param("plain <b>", "plain &lt;b&gt;", id="plain"),
        pytest.param(f"a {RED}b{OFF} c", 'a <span class="pk-a-red">b</span> c', id="colour"),
        pytest.param("\x1b[1;91mb\x1b[m", '<span class="pk-a-bright-red pk-a-bold">b</span>', id="bright and bold"),
        pytest.param("\x1b[38;5;196mb", '<span class="pk-a-red">b</span>', id="256"),
        pytest.param("\x1b[38;2;0;120;0mb", '<span class="pk-a-green">b</span>', id="24 bits"),
        pytest.param("\x1b[38:2:0:120:0mb", '<span class="pk-a-green">b</span>', id="24 bits with colons"),
        pytest.param("\x1b[41mb", '<span class="pk-ab-red">b</span>', id="ground"),
        pytest.param("\x1b[33;41mb", '<span class="pk-ab-red">b</span>', id="on a ground text is ink"),
        pytest.param("\x1b[31;7mb", '<span class="pk-ab-red">b</span>', id="inverse"),
        pytest.param("\x1b[31m\x1b[39mb", "b", id="colour taken back"),
        pytest.param("\x1b[2J\x1b[1;1Hb\x1b[K", "b", id="cursor and screen"),
        pytest.param("\x1b]0;title\x07b", "b", id="title"),
        pytest.param("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link", id="hyperlink"),
        pytest.param("\x1b[5mb", "b", id="blink is ignored"),
        pytest.param("10 %\r50 %\rdone", "done", id="progress bar"),
        pytest.param("a\x1b[31", "a", id="cut off in the middle"),
        pytest.param("", "", id="empty"),
    ],
)
def test_a_line_is_shown_as_a_terminal_would(text: str, html: str) -> None:
    assert shown(text) == html


def test_a_colour_goes_on_in_the_next_line_until_it_is_taken_back() -> None:
    first, style = ansi.line(f"{RED}a")
    second, style = ansi.line(f"b{OFF}", style)
    assert first == '<span class="pk-a-red">a</span>'
    assert second == '<span class="pk-a-red">b</span>'
    assert style == ansi.PLAIN


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (1, "red"),
        (9, "bright-red"),
        (16, "black"),
        (21, "blue"),
        (46, "green"),
        (226, "yellow"),
        (231, "bright-white"),
        (244, "bright-black"),
    ],
)
def test_the_256_colours_become_the_nearest_of_the_16(number: int, name: str) -> None:
    assert ansi.of_256(number) == name


def test_every_colour_becomes_one_of_the_16() -> None:
    known = {*ansi.NAMES, *(f"bright-{name}" for name in ansi.NAMES)}
    assert {ansi.of_256(number) for number in range(256)} <= known
    assert {ansi.nearest(r, g, b) for r in (0, 90, 255) for g in (0, 90, 255) for b in (0, 90, 255)} <= known


def test_plain_text_has_no_escapes() -> None:
    assert ansi.plain(f"a {RED}b{OFF}\x1b[K\n") == "a b"


@pytest.mark.parametrize("text", [HOSTILE, f"{RED}{HOSTILE}{OFF}", f"\x1b]8;;javascript:alert(1)\x07{HOSTILE}\x1b]8;;\x07"])
def test_escapes_and_markup_never_reach_the_page(text: str) -> None:
    html = shown(text)
    assert_harmless(html)
    assert "\x1b" not in html
    assert "javascript" not in html
    assert parse(html).text.startswith("<script>")
