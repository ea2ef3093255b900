"""`python -m tests.rules`: which tests hold which numbered rule.

A test carries its rule as a marker, `@pytest.mark.rule("CON-09", "accepts")` or
"refuses". Every rule listed here needs one of each; a listed rule without ends
the command with an error, and so does a marker that names no listed rule.
"""

import io
import sys
from collections import defaultdict
from contextlib import redirect_stdout

import pytest

LISTED = (
    [f"CON-{n:02}" for n in range(8, 12)]
    + ["GDPR-02", "GDPR-03", "GDPR-04", "GDPR-05", "GDPR-09", "GDPR-11"]
    + [f"EQ-{n:02}" for n in range(1, 5)]
    + ["NET-01", "NET-02", "NET-04", "NET-05"]
    + ["REM-01", "REM-03", "REM-04", "REM-05"]
    + ["ACC-01", "ACC-03", "ACC-04", "ACC-05"]
    + ["LVL-01", "WASWYD-01", "WASWYD-04"]
)
SIDES = ("accepts", "refuses")


class Collector:
    """A pytest plugin that keeps the rule markers of what is collected."""

    def __init__(self):
        self.tests = defaultdict(lambda: defaultdict(set))
        self.wrong = []

    def pytest_collection_modifyitems(self, items):
        for item in items:
            name = item.nodeid.split("[")[0]
            for marker in item.iter_markers("rule"):
                rule, side = (*marker.args, "", "")[:2]
                if side in SIDES:
                    self.tests[rule][side].add(name)
                else:
                    self.wrong.append(f"{name}: {marker.args} says no side")


def main():
    collector = Collector()
    # What pytest prints of collecting is of no interest, unless it fails.
    with redirect_stdout(io.StringIO()) as printed:
        status = pytest.main(["--collect-only", "-q", "tests"], plugins=[collector])
    if status:
        sys.stdout.write(printed.getvalue()[-3000:])
        return 1
    missing = []
    for rule in LISTED:
        for side in SIDES:
            names = sorted(collector.tests[rule][side])
            if not names:
                missing.append(f"{rule} has no test that {side}")
            for name in names:
                sys.stdout.write(f"{rule:10} {side:8} {name}\n")
    unknown = sorted(set(collector.tests) - set(LISTED))
    problems = missing + collector.wrong
    for rule in unknown:
        sys.stdout.write(f"{rule:10} also tested\n")
    for problem in problems:
        sys.stdout.write(f"{problem}\n")
    sys.stdout.write(f"{len(LISTED)} rules, {len(missing)} gaps\n")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
