import re
from base64 import b64decode
from xml.etree import ElementTree as ET

import pytest

from pipelinekit.views.icons import ICONS
from pipelinekit.views.marks import LETTERS
from pipelinekit.views.markup import Html
from pipelinekit.views.small_pictures import icon, state, strip
from pipelinekit.views.tokens import colours

SVG = "{http://www.w3.org/2000/svg}"


def drawn(image: Html) -> ET.Element:
    """The SVG within an `<img>`."""
    found = re.fullmatch(r'<img src="data:image/svg\+xml;base64,([^"]+)"[^>]*>', image)
    assert found is not None
    return ET.fromstring(b64decode(found[1]).decode())  # noqa: S314 - our own


def test_marks_are_an_image_that_says_what_it_shows() -> None:
    image = strip("ppFk")
    assert 'alt="last 4 runs: 2 passed, 1 failed, 1 flaky"' in image
    svg = drawn(image)
    assert (svg.get("width"), svg.get("height")) == ("28", "18")
    assert {path.get("class") for path in svg.iter(f"{SVG}path")} == {"pk-quiet", "pk-failure pk-f", "pk-flaky pk-f"}


@pytest.mark.parametrize("letter", [letter for letter in LETTERS if letter != "."])
def test_every_mark_has_its_colour_on_light_and_on_dark(letter: str) -> None:
    style = drawn(strip(letter)).findtext(f"{SVG}style") or ""
    light, dark = style.split("@media(prefers-color-scheme:dark)")
    found = [re.findall(r"color:(#[0-9a-f]{6})", part) for part in (light, dark)]
    assert found[0]
    assert set(found[0]) <= set(colours("light").values())
    assert set(found[1]) <= set(colours("dark").values())


@pytest.mark.parametrize("name", ICONS)
def test_every_icon_stands_alone_without_a_text_of_its_own(name: str) -> None:
    image = icon(name)
    assert 'alt=""' in image
    svg = drawn(image)
    assert svg.get("viewBox") == "0 0 16 16"
    style = svg.findtext(f"{SVG}style") or ""
    kinds = {path.get("class", "") for path in svg.iter(f"{SVG}path")}
    assert all(f".{kind}{{" in style for kind in kinds)


def test_a_state_is_its_icon_and_its_word() -> None:
    assert state("broken").endswith("broken</span>")
    assert state("success", "<b>").endswith("&lt;b&gt;</span>")
    assert 'class="pk-state pk-failure"' in state("broken")


def test_an_empty_history_is_an_empty_image() -> None:
    assert "nothing yet" in strip("")
