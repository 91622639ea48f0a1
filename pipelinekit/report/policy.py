"""What a page may load: itself and its neighbours, nothing from another host, and no script that came in with data.

MkDocs' theme has inline scripts that depend on the page; they are allowed one by one, by their hash. A script within the
content is not allowed: the content is made from data.
Source: CSP level 3, https://www.w3.org/TR/CSP3/.
"""

import base64
import hashlib
import re

_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<text>.*?)</script>", re.DOTALL)
_CONTENT = re.compile(r"<article\b.*?</article>", re.DOTALL)
_HEAD = re.compile(r"<head[^>]*>")


def add_policy(html: str) -> str:
    """The page with a Content-Security-Policy in its head."""
    allowed = " ".join(hashes(_CONTENT.sub("", html)))
    policy = (
        f"default-src 'self'; script-src 'self' {allowed}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'none'"
    )
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return _HEAD.sub(lambda found: found[0] + meta, html, count=1)


def hashes(html: str) -> list[str]:
    """`'sha256-...'` of each inline script that a browser would run, each once."""
    found = (m for m in _SCRIPT.finditer(html) if "src=" not in m["attributes"] and "json" not in m["attributes"])
    return list(dict.fromkeys(f"'sha256-{_hash(m['text'])}'" for m in found))


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
