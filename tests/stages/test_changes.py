"""What a cell says that defined a stage."""

import pytest

from pipelinekit.stages.changes import Change


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (Change("test", "", "a\n", "ubuntu-latest, needs build"), "test: ubuntu-latest, needs build"),
        (Change("step 2 of test", "", "a\n"), "step 2 of test is defined"),
        (Change("test", "a\n", "a\n"), "test is as it was"),
        (Change("test", "a\nb\n", "a\nc\n"), "test changed\n   a\n  -b\n  +c"),
        (Change("test", "a\n", "b\n", stale=("test", "ship")), "test changed; stale until the next run: test and ship\n  -a\n  +b"),
    ],
    ids=["new", "new part", "same", "changed", "stale"],
)
def test_it_says_what_happened_and_shows_the_difference(change: Change, text: str) -> None:
    assert change._repr_mimebundle_()["text/plain"] == text


def test_markup_in_a_script_is_text() -> None:
    html = Change("test", "<b>a</b>\n", "<script>b</script>\n")._repr_mimebundle_()["text/html"]
    assert "<script" not in html
    assert ">-&lt;b&gt;a&lt;/b&gt;</div>" in html
    assert ">+&lt;script&gt;b&lt;/script&gt;</div>" in html
