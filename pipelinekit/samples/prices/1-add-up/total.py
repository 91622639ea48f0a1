"""What all goods cost together, in cents. PRICES names the list: a name and a price a line."""

import os
import sys
from pathlib import Path

prices = Path(os.environ.get("PRICES", "nowhere"))
if not prices.is_file():
    sys.exit(f"error: there is no price list at {prices}")
print("total:", sum(int(line.split()[1]) for line in prices.read_text().splitlines()))
