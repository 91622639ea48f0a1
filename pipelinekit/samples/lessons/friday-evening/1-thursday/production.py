"""The shop's production: the folder production/, in which `current` names the release that customers get.

    production.py deploy    make the files of this folder the release `friday`, and let customers have it
    production.py look      let twenty customers order, and say how many could
    production.py back      let customers have the release before

PAY_1=off in the environment: the payment service pay-1.example has been switched off.
"""

import importlib.util
import os
import shutil
import sys
from pathlib import Path

PRODUCTION = Path("production")
CURRENT, BEFORE = PRODUCTION / "current", PRODUCTION / "before"


def deploy():
    release = PRODUCTION / "friday"
    release.mkdir(exist_ok=True)
    for name in ("shop.py", "settings.txt"):
        shutil.copy(name, release / name)
    shutil.copy(CURRENT, BEFORE)
    CURRENT.write_text("friday\n")
    say("notice", "deployed friday")


def back():
    if not BEFORE.exists():
        print("nothing was deployed, so there is nothing to go back to")
        return
    before = BEFORE.read_text()
    CURRENT.write_text(before)
    say("notice", f"went back to {before.strip()}")


def look():
    name = CURRENT.read_text().strip()
    release = PRODUCTION / name
    spec = importlib.util.spec_from_file_location("shop", release / "shop.py")
    shop = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(shop)
    service = (release / "settings.txt").read_text().strip()
    went = 0
    for number, pieces in enumerate([1, 2, 1, 6, 3, 1, 12, 2, 1, 5, 1, 4, 1, 8, 2, 1, 7, 1, 3, 10], 1):
        try:
            if service == "pay-1.example" and os.environ.get("PAY_1") == "off":
                raise ConnectionError(f"{service} does not answer")
            shop.total_cents(pieces, 250)
            went += 1
        except Exception as error:
            print(f"order {number}: {type(error).__name__}: {error}")
    say("notice" if went == 20 else "error", f"{name}: {went} of 20 orders went through")
    return went < 20


def say(kind, what):
    print(f"::{kind} title=production::{what}")


sys.dont_write_bytecode = True
sys.exit({"deploy": deploy, "look": look, "back": back}[sys.argv[1]]())
