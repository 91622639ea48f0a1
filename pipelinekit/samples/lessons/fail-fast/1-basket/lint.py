"""Finds imports that are never used, without running anything; writes what it found to test-results/lint.xml."""

import ast
import sys
from pathlib import Path

found, cases = [], []
for file in sorted(Path().glob("*.py")):
    tree = ast.parse(file.read_text())
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    unused = [
        (node.lineno, alias.name)
        for node in tree.body if isinstance(node, ast.Import)
        for alias in node.names if alias.name.split(".")[0] not in used
    ]
    found += [(file, line, name) for line, name in unused]
    failure = "".join(f'<failure message="{name} is imported, and never used"/>' for _, name in unused)
    cases.append(f'<testcase classname="lint" name="{file}" time="0.001">{failure}</testcase>')
for file, line, name in found:
    print(f"::error file={file},line={line}::{name} is imported, and never used")
Path("test-results").mkdir(exist_ok=True)
Path("test-results/lint.xml").write_text('<testsuite name="lint">\n' + "\n".join(cases) + "\n</testsuite>\n")
sys.exit(bool(found))
