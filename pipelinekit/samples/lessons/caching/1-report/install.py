"""Lays what requirements.txt names into deps/, and fetches what is not there yet. A pause for each stands for the download."""

import hashlib
import shutil
import time
from pathlib import Path

wanted = Path("requirements.txt").read_text().split()
deps = Path("deps")
deps.mkdir(exist_ok=True)
there = {folder.name for folder in deps.iterdir()}
for name in sorted(there - set(wanted)):
    shutil.rmtree(deps / name)
missing = [name for name in wanted if name not in there]
for name in missing:
    print(f"fetching {name}")
    time.sleep(0.5)
    (deps / name).mkdir()
    (deps / name / "package.txt").write_text(f"{name}\n" * 100)
digest = hashlib.sha256("\n".join(wanted).encode()).hexdigest()[:8]
print(f"::notice title=install::requirements {digest}: fetched {len(missing)} of {len(wanted)}")
