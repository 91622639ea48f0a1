"""Tells of links in dist/index.html that lead nowhere."""

import hashlib
import re
import sys
from pathlib import Path

file = Path("dist/index.html")
if not file.exists():
    sys.exit("there is no page: dist/index.html")
page = file.read_text()
lost = sorted(set(re.findall(r'href="#(\w+)"', page)) - set(re.findall(r'id="(\w+)"', page)))
for name in lost:
    print(f"::error title=link::#{name} leads nowhere")
print(f"::notice title=leaflet::checked {hashlib.sha256(page.encode()).hexdigest()[:12]}")
print(f"{page.count('href=')} links, {len(lost)} of them lead nowhere")
sys.exit(bool(lost))
