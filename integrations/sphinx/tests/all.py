"""Runs the tests of this folder; the last lines are the counts, as `cargo xtask test` reads them."""

import sys
import unittest
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

result = unittest.TextTestRunner(verbosity=1).run(unittest.defaultTestLoader.discover(str(HERE)))
# A test of many cases fails once, however many of them do.
n_bad = len({getattr(test, "test_case", test).id() for test, _ in result.failures + result.errors})
print(f"# pass {result.testsRun - n_bad}\n# fail {n_bad}")
sys.exit(n_bad > 0)
