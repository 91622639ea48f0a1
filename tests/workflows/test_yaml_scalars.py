import math

import pytest

from pipelinekit.model.node import Plain
from pipelinekit.workflows.yaml_scalars import TAG, plain_value, tagged_value

PLAIN: list[tuple[str, Plain]] = [
    ("", None), ("~", None), ("null", None), ("Null", None), ("NULL", None), ("nULL", "nULL"),
    ("true", True), ("True", True), ("TRUE", True), ("false", False), ("tRUE", "tRUE"),
    ("on", "on"), ("yes", "yes"), ("no", "no"), ("off", "off"), ("y", "y"),
    ("0", 0), ("-12", -12), ("+3", 3), ("007", 7), ("1.10", 1.1), ("1.", 1.0), (".5", 0.5), ("-.5e3", -500.0), ("1e3", 1000.0),
    ("0x1F", 31), ("0o17", 15), ("0xFFFFFFFF", -1), ("0X1F", "0X1F"), ("0b11", "0b11"),
    (".inf", math.inf), ("-.INF", -math.inf), ("+.Inf", math.inf), ("inf", "inf"), ("Infinity", "Infinity"), ("NaN", "NaN"),
    ("12_345", "12_345"), ("1:30", "1:30"), ("2001-12-14", "2001-12-14"), (".", "."), ("-", "-"), ("1.2.3", "1.2.3"), ("=", "="),
    ("9007199254740993", 9007199254740992.0), ("9" * 400, math.inf), ("-" + "9" * 5000, -math.inf),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), PLAIN, ids=[repr(text[:20]) for text, _ in PLAIN])
def test_plain_text_has_the_value_of_yaml_1_2(text: str, value: Plain) -> None:
    found = plain_value(text)
    assert found == value
    assert isinstance(found, bool) == isinstance(value, bool)


@pytest.mark.parametrize("text", [".nan", ".NaN", ".NAN"])
def test_nan_has_three_spellings(text: str) -> None:
    found = plain_value(text)
    assert isinstance(found, float)
    assert math.isnan(found)


@pytest.mark.parametrize("text", ["0x100000000", "0o777777777777"])
def test_a_number_beyond_32_bits_in_another_base_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        plain_value(text)


@pytest.mark.parametrize(
    ("tag", "text", "value"),
    [("str", "1", "1"), ("str", "", ""), ("null", "", None), ("bool", "true", True), ("int", "12", 12), ("float", "12", 12)],
)
def test_a_tag_says_what_a_value_is(tag: str, text: str, value: Plain) -> None:
    assert tagged_value(text, TAG + tag, quoted=False) == value


@pytest.mark.parametrize(("tag", "text"), [("int", "test"), ("int", "1.5"), ("float", "x"), ("bool", "yes"), ("null", "0")])
def test_a_value_that_is_not_of_its_tag_is_refused(tag: str, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        tagged_value(text, TAG + tag, quoted=False)


def test_only_text_may_be_tagged_in_quotes() -> None:
    assert tagged_value("1", TAG + "str", quoted=True) == "1"
    with pytest.raises(ValueError, match="1"):
        tagged_value("1", TAG + "int", quoted=True)
