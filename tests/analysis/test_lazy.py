"""Importing the room costs nothing until something is asked."""

import subprocess
import sys
from pathlib import Path

import pipelinekit.analysis

HEAVY = ("duckdb", "pyarrow", "numpy", "scipy", "pandas")


def test_no_heavy_package_is_imported_before_a_question() -> None:
    folder = Path(pipelinekit.analysis.__file__).parent
    names = sorted(f"pipelinekit.analysis.{path.stem}" for path in folder.glob("[!_]*.py"))
    asked = f"import sys, {', '.join(names)}, pipelinekit.commands.stats; print([n for n in {HEAVY} if n in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert len(names) >= 15
    assert answer.stdout.strip() == "[]"
