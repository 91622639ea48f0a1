import pytest

from pipelinekit.books.clean import clean, clean_tree


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><th>test</th><td>3 of 41</td></tr></table>",
        '<details open=""><summary>more</summary><p>text</p></details>',
        '<img src="data:image/png;base64,iVBORw0KGgo=" alt="a chart">',
        '<a href="https://example.com/run/1">run 1</a>',
        '<span style="color:#c0282d;width:40%">slow</span>',
        "a &lt; b &amp;&amp; c",
        '<h3 id="Run-7.2">Run 7.2</h3>',
    ],
)
def test_what_only_shows_something_stays(html: str) -> None:
    assert clean(html) == html


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ("<script>alert(1)</script>ok", "ok"),
        ("<script src=//evil.example/x.js></script>ok", "ok"),
        ("<scr<script>ipt>alert(1)</script>ok", "ipt&gt;alert(1)ok"),
        ("<svg onload=alert(1)><script>alert(1)</script></svg>ok", "ok"),
        ("<math><style><img src=x onerror=alert(1)></style></math>ok", "ok"),
        ("<iframe srcdoc='<script>alert(1)</script>'>x</iframe>ok", "ok"),
        ('<img src="x" onerror="alert(1)">', "<img>"),
        ('<p id="log">x</p>', "<p>x</p>"),
        ('<img src="https://evil.example/pixel.png">', "<img>"),
        ('<img src="data:text/html,<script>alert(1)</script>">', "<img>"),
        ('<a href="javascript:alert(1)">x</a>', "<a>x</a>"),
        ('<a href="  JaVaScRiPt:alert(1)">x</a>', "<a>x</a>"),
        ('<a href="data:text/html,x">x</a>', "<a>x</a>"),
        ('<p style="background:url(//evil.example/x)">x</p>', "<p>x</p>"),
        ('<p style="background:u\\72l(//evil.example/x)">x</p>', "<p>x</p>"),
        ("<style>@import '//evil.example';</style>ok", "ok"),
        ("<form action=//evil.example><input name=a>text</form>", "text"),
        ("<base href=//evil.example><link rel=stylesheet href=//evil.example><meta http-equiv=refresh>ok", "ok"),
        ("<object data=x>x</object><embed src=x>ok", "ok"),
        ("<div><b>left open", "<div><b>left open</b></div>"),
        ("</div></article>ok", "ok"),
        ("<!-- <script>alert(1)</script> -->ok", "ok"),
        ("<script>alert(1)", ""),
    ],
)
def test_what_runs_or_asks_another_host_goes(html: str, left: str) -> None:
    assert clean(html) == left


@pytest.mark.parametrize("name", ["id", "onclick", "onmouseover", "formaction", "srcset", "ping", "xlink:href"])
def test_attributes_that_are_not_on_the_list_go(name: str) -> None:
    assert clean(f'<b {name}="x">y</b>') == "<b>y</b>"


@pytest.mark.parametrize(
    ("tree", "left"),
    [
        (["p", {"class": "pk-meta"}, "a < b", ["b", {}, 1]], ["p", {"class": "pk-meta"}, "a < b", ["b", {}, 1]]),
        (["button", {"data-do": "at:0:1", "tabindex": 0}, "x"], ["button", {"data-do": "at:0:1", "tabindex": 0}, "x"]),
        (["icon", {"state": "failure"}], ["icon", {"state": "failure"}]),
        (["a", {"href": "javascript:alert(1)", "onclick": "alert(1)"}, "x"], ["a", {}, "x"]),
        (["p", {}, ["iframe", {"src": "https://evil.example"}]], ["p", {}, ""]),
        (["div", {"html": "<b>1</b><script>alert(1)</script>"}], ["div", {"html": "<b>1</b>"}]),
        ({"rows": [[1, "script", None]]}, {"rows": [[1, "script", None]]}),
    ],
    ids=["text", "button", "icon", "handler", "frame", "markup", "no-tree"],
)
def test_a_tree_keeps_what_only_shows_something(tree: object, left: object) -> None:
    assert clean_tree(tree) == left
