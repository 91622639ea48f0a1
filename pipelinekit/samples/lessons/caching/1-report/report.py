"""Reports the weather, where everything that it needs is there."""

import sys
from pathlib import Path

missing = [name for name in Path("requirements.txt").read_text().split() if not Path("deps", name, "package.txt").exists()]
if missing:
    sys.exit(f"not installed: {', '.join(missing)}")
print("wind from the west, rain by noon")
