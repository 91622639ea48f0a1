"""What a page may load."""

from pipelinekit.report.policy import add_policy, hashes

PAGE = (
    "<html><head><title>x</title></head><body><script>ours()</script><script src='a.js'></script>"
    "<article class='md-content'><script>theirs()</script><script type=\"application/json\">{}</script></article></body></html>"
)


def test_the_policy_stands_first_in_the_head() -> None:
    assert add_policy(PAGE).startswith('<html><head><meta http-equiv="Content-Security-Policy" content="default-src \'self\';')


def test_only_inline_scripts_of_the_theme_are_allowed() -> None:
    policy = add_policy(PAGE).split('content="', 1)[1].split('"', 1)[0]
    assert hashes("<script>ours()</script>")[0] in policy
    assert hashes("<script>theirs()</script>")[0] not in policy
    assert policy.count("sha256-") == 1
    assert "unsafe-eval" not in policy


def test_a_hash_is_that_of_the_text_between_the_tags() -> None:
    # printf 'alert(1)' | openssl dgst -sha256 -binary | base64
    assert hashes("<script>alert(1)</script>") == ["'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"]
