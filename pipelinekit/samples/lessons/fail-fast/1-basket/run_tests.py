"""Runs the tests of a folder and writes what came of each to test-results/FOLDER.xml, which the run keeps: `run_tests.py tests`."""

import sys
import time
import unittest
from pathlib import Path
from xml.sax.saxutils import quoteattr


class Results(unittest.TextTestResult):
    def startTest(self, test):
        super().startTest(test)
        self.began = time.monotonic()

    def stopTest(self, test):
        super().stopTest(test)
        bad = {str(one): text for one, text in self.failures + self.errors}
        said = bad.get(str(test), "").strip().rpartition("\n")[2]
        left_out = [str(one) for one, _ in self.skipped + self.expectedFailures]
        inside = f"<failure message={quoteattr(said)}/>" if str(test) in bad else "<skipped/>" if str(test) in left_out else ""
        name, case = test._testMethodName, type(test).__name__
        rows.append(f'<testcase classname="{case}" name="{name}" time="{time.monotonic() - self.began:.3f}">{inside}</testcase>')


rows = []
folder = sys.argv[1]
tests = unittest.defaultTestLoader.discover(folder, top_level_dir=".")
done = unittest.TextTestRunner(sys.stdout, verbosity=2, resultclass=Results).run(tests)
Path("test-results").mkdir(exist_ok=True)
Path(f"test-results/{folder}.xml").write_text(f'<testsuite name="{folder}">\n' + "\n".join(rows) + "\n</testsuite>\n")
sys.exit(not done.wasSuccessful())
