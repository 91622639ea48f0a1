"""What comes from outside is escaped where it meets markup."""

import json

import pytest

from pipelinekit.views.markup import Html, escape, fill, join, json_script, tag
from tests.views.parsed import HOSTILE, assert_harmless, parse


def test_plain_text_is_escaped_and_markup_is_not() -> None:
    assert tag("b", "<i>") == "<b>&lt;i&gt;</b>"
    assert tag("b", Html("<i></i>")) == "<b><i></i></b>"


def test_text_added_to_markup_is_escaped_too() -> None:
    assert Html("<b></b>") + "<i>" == "<b></b>&lt;i&gt;"
    assert isinstance(Html("a") + "b", Html)


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(tag("p", HOSTILE), id="child"),
        pytest.param(tag("p", title=HOSTILE), id="attribute"),
        pytest.param(fill("<p>{}</p>", HOSTILE), id="template"),
        pytest.param(fill("<p>{name}</p>", name=HOSTILE), id="named template"),
        pytest.param(tag("p", join([HOSTILE, HOSTILE], HOSTILE)), id="join"),
        pytest.param(json_script(json.dumps(HOSTILE)), id="json"),
    ],
)
def test_nothing_hostile_becomes_markup(html: str) -> None:
    assert_harmless(html)


def test_json_in_a_page_is_still_the_same_json() -> None:
    value = {"text": "</script><!-- & <b>"}
    script = parse(json_script(json.dumps(value))).one("script")
    assert json.loads(script.text) == value


def test_controls_are_dropped_and_turned_text_is_shown_as_what_it_is() -> None:
    assert escape("a\x00\x1bb\tc\n") == "ab\tc\n"
    assert escape("user\u202etxt.exe") == "user\ufffdtxt.exe"
    assert escape("\ud800") == "\ufffd"


def test_attributes_are_named_as_in_html() -> None:
    drawn = tag("input", class_="a", aria_label="b", data_filter="#c", open=True, hidden=False, title=None)
    assert drawn == '<input class="a" aria-label="b" data-filter="#c" open>'


def test_joining_one_text_is_an_error_and_not_its_letters() -> None:
    with pytest.raises(TypeError, match="several pieces"):
        join("abc")


def test_nothing_is_left_out() -> None:
    assert tag("p", None, "a", None) == "<p>a</p>"
    assert join(["a", None, "b"], ", ") == "a, b"
