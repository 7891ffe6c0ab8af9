"""Run the test suite on SQLite in full, then on PostgreSQL without the browser tests.

Arguments are handed to pytest. The last line counts both runs together. Under CI=true a test
that was skipped, and a run that could not be made, count as failures.
"""

import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

from tools import postgres

# One more than there are cores: some tests wait, for a browser or for patience to run out.
ALL_CORES = ("-n", str((os.cpu_count() or 1) + 1), "--dist", "worksteal")
NOTHING_COLLECTED = 5  # pytest's exit code when the arguments name tests of the other run only


def run(
    database: str, arguments: list[str], environment: dict[str, str]
) -> tuple[int, Counter[str]]:
    """Run pytest on one database; return its exit code and what it counted."""
    print(f"== {database} ==", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *ALL_CORES, f"--junitxml={report}", *arguments],
            env={**os.environ, **environment, "KRING_TEST_DATABASE": database},
            stdin=subprocess.DEVNULL,
            check=False,
        )
        counts = count(report) if report.exists() else Counter({"failed": 1})
    return (0 if done.returncode == NOTHING_COLLECTED else done.returncode), counts


def count(report: Path) -> Counter[str]:
    """Count the outcomes in a JUnit report that pytest wrote a moment ago."""
    counts: Counter[str] = Counter()
    for suite in ET.parse(report).iter("testsuite"):  # noqa: S314  # our own file
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped = int(suite.get("skipped", 0))
        passed = int(suite.get("tests", 0)) - failed - skipped
        counts.update(passed=passed, failed=failed, skipped=skipped)
    return counts


def main(arguments: list[str]) -> int:
    """Run both; return 0 when all is well."""
    strict = os.environ.get("CI") == "true"
    failure, counts = run("sqlite", arguments, {})
    with postgres.server() as url:
        if url:
            code, more = run("postgres", arguments, {"KRING_TEST_POSTGRES_URL": url})
            failure = failure or code
            counts += more
        else:
            print("*** No PostgreSQL: the suite ran on SQLite only. ***")
            failure = failure or int(strict)
    if strict and counts["skipped"]:
        print("*** Under CI nothing may be skipped. ***")
        failure = failure or 1
    print("{passed} passed, {failed} failed, {skipped} skipped".format_map(Counter(counts)))
    return failure


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
