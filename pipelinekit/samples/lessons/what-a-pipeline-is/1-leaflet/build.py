"""Makes dist/index.html of leaflet.txt. A line `# Title` begins a part, `#Title` within a line is a link to it."""

import hashlib
import re
import time
from pathlib import Path


def line(text):
    if text.startswith("# "):
        return f'<h2 id="{text[2:]}">{text[2:]}</h2>'
    return "<p>" + re.sub(r"#(\w+)", r'<a href="#\1">\1</a>', text) + "</p>"


time.sleep(0.5)  # stands for a build that takes its time
lines = Path("leaflet.txt").read_text().splitlines()
# Two builds of the same text are not the same page: this line tells when it was made.
page = "\n".join([*(line(text) for text in lines if text), f"<!-- built {time.time_ns()} -->", ""])
Path("dist").mkdir(exist_ok=True)
Path("dist/index.html").write_text(page)
print(f"::notice title=leaflet::built {hashlib.sha256(page.encode()).hexdigest()[:12]}")
