"""Every state has a drawing and a word."""

import pytest

from pipelinekit.model.outcome import State
from pipelinekit.views import icons
from tests.views.parsed import HOSTILE, assert_harmless, parse


def test_the_sprite_holds_every_icon_once() -> None:
    symbols = parse(icons.sprite()).all("symbol")
    assert [symbol.attributes["id"] for symbol in symbols] == [f"pk-{name}" for name in icons.ICONS]


@pytest.mark.parametrize("word", [*State, "flaky", "suspect", "broken", "remembered", "error", "warning", "note", "unheard-of"])
def test_a_state_is_drawn_by_an_icon_of_the_sprite_and_said_in_its_word(word: str) -> None:
    shown = parse(icons.state(word))
    assert shown.one("use").attributes["href"].removeprefix("#pk-") in icons.ICONS
    assert shown.text == word


def test_a_broken_test_looks_failed_and_not_flaky() -> None:
    assert icons.drawing("broken") == "failure"


def test_a_state_nobody_knows_does_no_harm() -> None:
    assert_harmless(icons.state(HOSTILE, HOSTILE))


def test_no_two_states_share_an_outline() -> None:
    outlines = [parts[0][1:] if len(parts) == 1 else parts for parts in icons.ICONS.values()]
    assert len({str(outline) for outline in outlines}) == len(icons.ICONS)
