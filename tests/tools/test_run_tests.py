"""The closing line of the suite tells the truth."""

from pathlib import Path

from tools.run_tests import count

REPORT = """<?xml version="1.0"?>
<testsuites><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="16"/></testsuites>
"""


def test_errors_count_as_failures(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    assert count(report) == {"passed": 10, "failed": 3, "skipped": 3}
