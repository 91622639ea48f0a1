"""A job's summary as markup."""

import pytest

from pipelinekit.views.summary import summary
from tests.views.parsed import HOSTILE, assert_harmless, parse


def inside(text: str) -> str:
    return summary(text).removeprefix('<div class="pk-summary">').removesuffix("</div>")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param("### Delivered `1e6f`\n", "<h4>Delivered <code>1e6f</code></h4>", id="heading"),
        pytest.param("one\ntwo\n\nthree", "<p>one\ntwo</p><p>three</p>", id="paragraphs"),
        pytest.param("- a\n- **b**\n", "<ul><li>a</li><li><b>b</b></li></ul>", id="list"),
        pytest.param("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>", id="numbered list"),
        pytest.param("```sh\nls | wc\n```\nx", "<pre>ls | wc</pre><p>x</p>", id="code"),
        pytest.param("```\nnever closed", "<pre>never closed</pre>", id="code that never ends"),
        pytest.param("*a* and _b_ and snake_case_name", "<p><em>a</em> and <em>b</em> and snake_case_name</p>", id="emphasis"),
        pytest.param("[docs](https://x.test/y)", "<p>docs (https://x.test/y)</p>", id="a link is text"),
        pytest.param("![alt](https://x.test/y.png)", "<p>alt (https://x.test/y.png)</p>", id="a picture is not loaded"),
        pytest.param("<details>\n<b>x</b>", "<p>&lt;details&gt;\n&lt;b&gt;x&lt;/b&gt;</p>", id="HTML is text"),
        pytest.param("a\n---\nb", "<p>a\n---\nb</p>", id="rule after text"),
        pytest.param("---\nb", "<p>b</p>", id="rule"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_summary_is_shown_as_it_was_meant(text: str, html: str) -> None:
    assert inside(text) == html


def test_a_table_is_a_table() -> None:
    tree = parse(summary("| file | bytes |\n|---|--:|\n| a \\| b | 2619 |\n| c | `1` |\n\nafter"))
    assert [th.text for th in tree.all("th")] == ["file", "bytes"]
    assert [td.text for td in tree.all("td")] == ["a | b", "2619", "c", "1"]
    assert tree.one("p").text == "after"


@pytest.mark.parametrize("template", ["{}", "# {}", "- {}", "| {} |\n|---|\n| {} |", "`{}`", "**{}**", "[{}]({})", "```\n{}\n```"])
def test_texts_do_no_harm(template: str) -> None:
    assert_harmless(summary(template.replace("{}", HOSTILE)))
    assert_harmless(summary(template.replace("{}", "javascript:alert(1)")))


def test_hostile_nesting_ends_soon() -> None:
    parse(summary("**" * 2000 + "_*" * 2000 + "`" * 999 + "[" * 2000))
