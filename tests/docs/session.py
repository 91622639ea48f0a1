"""The recorded session of the guide: what someone types at a real terminal, and what stands there then.

A change of what is said is accepted with `python -m tests.docs.record_session`.
"""

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.docs.pages import TOP
from tests.repositories import IDENTITY, repository
from tests.terminals import Typist

PAGE = TOP / "docs" / "guide" / "stepping-session.md"
COLUMNS = 100

WORKFLOW = """\
name: CI
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - name: Unpack
        run: tr ';' '\\n' <goods.txt >prices.txt
      - name: Add up
        env:
          PRICE_LIST: prices.txt
        run: ./total.sh
      - name: Pack
        run: tar -cf shop.tar prices.txt total.sh && echo "packed"
"""
TOTAL = """\
#!/bin/sh
# What all goods cost together, in cents.
if [ ! -f "$PRICES" ]; then echo "error: there is no price list \\"$PRICES\\""; exit 1; fi
while read -r name price; do total=$((total + price)); done <"$PRICES"
echo "total: $total"
"""

SHELL = re.compile(r"~/shop\$ ")
PROMPT = re.compile(r"\(pipelinekit\) ")
INSIDE = re.compile(r"bash-[\d.]+[#$] ")


@dataclass(frozen=True)
class Part:
    """keys: what is typed at which prompt, a line each."""

    title: str
    about: str
    keys: tuple[tuple[re.Pattern[str], str], ...]


PARTS = (
    Part("It fails", "The run is to stop where something fails.", (
        (SHELL, "pipelinekit run --executor host --break on-failure"),
    )),
    Part("It is looked into", (
        "`e` opens a shell with the environment and in the folder of the step that failed. The script asks for `PRICES`, and the "
        "step sets `PRICE_LIST`; with the right name it works."
    ), (
        (PROMPT, "e"),
        (INSIDE, "env | grep PRICE; ls"),
        (INSIDE, "PRICES=prices.txt ./total.sh"),
        (INSIDE, "exit"),
        (PROMPT, "q"),
        (SHELL, "pipelinekit runs"),
    )),
    Part("It is mended", "The mistake is in the workflow, and is mended there while the run is paused.", (
        (SHELL, "sed -i 's/PRICE_LIST:/PRICES:/' .github/workflows/ci.yml"),
    )),
    Part("It goes on", (
        "Another process goes on with the run, step by step: what was done stays done, and the step that was edited is the next one."
    ), (
        (SHELL, "pipelinekit resume 1 --step"),
        (PROMPT, "s"),
        (PROMPT, "s"),
        (PROMPT, "c"),
        (SHELL, "pipelinekit runs"),
    )),
)  # fmt: skip


def record(folder: Path) -> str:
    """The page, from a session in an empty folder that takes place now."""
    return "".join(_page(folder))


def _page(folder: Path) -> Iterator[str]:
    yield "# A recorded session\n\n"
    yield "<!-- Made by `python -m tests.docs.record_session` from a real terminal; a test compares. -->\n\n"
    yield "A pipeline fails, is looked into, mended and finished, without a step that was done being run again. This is its workflow:\n\n"
    yield f"```yaml\n{WORKFLOW}```\n"
    typist = _someone(folder)
    for part in PARTS:
        yield f"\n## {part.title}\n\n{part.about}\n\n```console\n{scrubbed(_shown(typist, part))}```\n"
    typist.types("exit")
    typist.close()


def _shown(typist: Typist, part: Part) -> str:
    """What stood at the terminal from the part's first prompt to the one of the next part."""
    text = ""
    for prompt, line in part.keys:
        text += typist.sees(prompt)
        typist.types(line)
    after = next((p.keys[0][0] for p in PARTS[PARTS.index(part) + 1 :]), SHELL)
    return text + typist.sees(after, keep=True)


def _someone(folder: Path) -> Typist:
    """At a shell in a new repository, with nothing of this machine's habits."""
    shop = repository(folder / "home" / "shop", WORKFLOW, **{"total.sh": TOTAL, "goods.txt": "apple 120;pear 95;plum 30\n"})
    (shop / "total.sh").chmod(0o755)
    programs = folder / "programs"
    programs.mkdir()
    (programs / "pipelinekit").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pipelinekit "$@"\n', encoding="utf-8")
    (programs / "pipelinekit").chmod(0o755)
    (folder / "rc").write_text("PS1='\\w$ '\n", encoding="utf-8")  # not exported: the steps have none of it
    environment = {
        **IDENTITY, "PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(folder / "home"), "PYTHONPATH": str(TOP), "TERM": "dumb",
        "LC_ALL": "C.UTF-8", "TZ": "UTC",
    }  # fmt: skip
    typist = Typist(rows=50, columns=COLUMNS)
    typist.starts(["bash", "--rcfile", str(folder / "rc")], shop, environment)
    return typist


# What is another one each time, and what stands for it.
SCRUBBED = (
    (r"\r\n", "\n"),
    (r"bash-[\d.]+[#$] ", "bash$ "),
    (r"\S+/home/shop/", "~/shop/"),
    (r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "01a2b3c4"),
    (r"\b[0-9a-f]{7}\b", "75cd570"),
    (r"until \d+ \w{3} \d\d:\d\d", "until 25 Nov 09:00"),
    (r" \d+ \w{3} \d\d:\d\d  ", " 24 Nov 09:00  "),
    (r"(?:\d+m\xa0)?(?:\d+\.)?\d+s\b", "0.8s"),
    (r"commit +took", "commit   took"),
    (r"75cd570 +0.8s", "75cd570  0.8s"),
    (r"(success|failure|paused) +0.8s", r"\1     0.8s"),
)


def scrubbed(text: str) -> str:
    """Without times, ids, folders and versions."""
    for pattern, stands in SCRUBBED:
        text = re.sub(pattern, stands, text)
    return text
