"""What the server keeps in memory: not what a sign-in takes."""

import subprocess
import sys

from app.config import ROOT

SIGN_IN_AT_ONCE = """
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from app.cli.serve import give_memory_back
from app.lib.passwords import verify

def weight():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))

give_memory_back()
before = weight()
with ThreadPoolExecutor(4) as threads:
    list(threads.map(verify, [None] * 12, ["a password"] * 12))
    print(weight() - before)
"""
ONE_SIGN_IN = 19 * 1024  # kilobytes


def test_what_signing_in_took_is_given_back() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SIGN_IN_AT_ONCE], cwd=ROOT, capture_output=True, text=True, check=False
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < ONE_SIGN_IN


WHAT_IS_LOADED = "import sys, app; print(*sys.modules)"
SELDOM = {"alembic", "holidays.countries", "zxcvbn.matching", "tqdm", "faker"}


def test_a_server_does_not_load_what_it_seldom_needs() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WHAT_IS_LOADED], cwd=ROOT, capture_output=True, text=True, check=True
    )  # fmt: skip

    assert not SELDOM & set(done.stdout.split())
    assert "sqlalchemy" in done.stdout.split()
