"""Pictures that stand alone."""

import re
from base64 import b64decode
from xml.etree import ElementTree as ET

import pytest

from pipelinekit.books.clean import clean
from pipelinekit.views.graph import Node, drawn
from pipelinekit.views.icons import ICONS
from pipelinekit.views.markup import Html
from pipelinekit.views.pictures import EDGE, picture
from tests.views.parsed import HOSTILE, assert_harmless, parse
from tests.views.test_graph import NODES

SVG = "{http://www.w3.org/2000/svg}"


def inside(image: str) -> str:
    data = parse(image).one("img").attributes["src"] or ""
    return b64decode(data.removeprefix("data:image/svg+xml;base64,")).decode()


def tree(image: str) -> ET.Element:
    return ET.fromstring(inside(image))  # noqa: S314 - we made it ourselves


def test_a_picture_is_an_image_with_its_words() -> None:
    image = parse(picture(drawn(NODES), "job graph: lint, test, deploy")).one("img")
    assert image.attributes["alt"] == "job graph: lint, test, deploy"
    assert "max-width:100%" in (image.attributes["style"] or "")


def test_it_is_a_whole_document_on_a_white_ground() -> None:
    root = tree(picture(drawn(NODES), ""))
    x, y, wide, high = map(float, root.attrib["viewBox"].split())
    ground = root.find(f"{SVG}rect")
    assert ground is not None
    assert ground.attrib["fill"] == "#ffffff"
    assert (float(root.attrib["width"]), float(root.attrib["height"])) == (wide, high)
    assert (x, y) == (-EDGE, -EDGE)


def test_it_brings_the_icons_that_it_shows_and_no_others() -> None:
    root = tree(picture(drawn(NODES), ""))
    assert [s.attrib["id"] for s in root.iter(f"{SVG}symbol")] == ["pk-success", "pk-failure", "pk-skipped"]


@pytest.mark.parametrize("state", sorted({*ICONS} - {"better", "worse", "fixed", "deploy", "quarantined", "note"}))
def test_every_state_has_its_colour_in_it(state: str) -> None:
    text = inside(picture(drawn([Node("a", (), state, "1s")]), ""))
    assert re.search(rf"\.pk-{state}{{color:#[0-9a-f]{{6}}}}", text)


def test_nothing_in_it_waits_for_a_stylesheet_or_another_host() -> None:
    text = inside(picture(drawn(NODES), ""))
    assert "var(" not in re.sub(r'style="max-width[^"]*"', "", text)
    assert re.findall(r"https?://[^\"]*", text) == ["http://www.w3.org/2000/svg"]


def test_it_comes_through_the_cleaning_of_a_page() -> None:
    image = picture(drawn(NODES), "graph")
    assert clean(image) == image


def test_names_do_no_harm() -> None:
    image = picture(drawn([Node(HOSTILE, (), "success", HOSTILE, HOSTILE)]), HOSTILE)
    assert [element.name for element in parse(image).all()] == ["img"]
    assert_harmless(inside(image))
    tree(image)


def test_what_is_no_drawing_is_refused() -> None:
    with pytest.raises(ValueError, match="one <svg>"):
        picture(Html("<p>no</p>"), "")
