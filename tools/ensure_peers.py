"""Install what the tests need beyond Python: a browser, PostgreSQL and Redis, from Debian's packages.

Runs with nothing but Python's standard library. Exits 1 when something is missing under CI=true.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

APT = ["apt-get", "-q", "-y", "-o", "Dpkg::Use-Pty=0"]


@dataclass(frozen=True)
class Peer:
    """A program that tests talk to."""

    packages: tuple[str, ...]
    present: Callable[[], bool]
    without: str
    needed: bool = True
    """Whether its absence is an error under CI; else it makes things faster, no more."""


def has_venv() -> bool:
    """Tell whether this Python can make virtual environments: Debian ships that part apart."""
    check = [sys.executable, "-c", "import ensurepip, venv"]
    return subprocess.run(check, capture_output=True, check=False).returncode == 0


def has_chromium() -> bool:
    return Path("/usr/bin/chromium").exists()


def has_headless_shell() -> bool:
    return Path("/usr/lib/chromium/chromium-headless-shell").exists()


def has_redis() -> bool:
    return shutil.which("redis-server") is not None


def has_postgres() -> bool:
    """Tell whether tests can have a PostgreSQL: one that is named, or programs to start one."""
    programs = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return bool(os.environ.get("KRING_TEST_POSTGRES_URL")) or any(programs)


def has_wrk() -> bool:
    return shutil.which("wrk") is not None


PEERS = {
    "venv": Peer(("python3-venv",), has_venv, "there is no virtual environment"),
    "chromium": Peer(
        ("chromium", "fonts-liberation"), has_chromium, "the browser tests are left out"
    ),
    "headless": Peer(
        ("chromium-headless-shell",),
        has_headless_shell,
        "the browser tests take longer",
        needed=False,
    ),
    "redis": Peer(
        ("redis-server",), has_redis, "the tests of jobs on several machines are left out"
    ),
    "postgresql": Peer(
        ("postgresql",), has_postgres, "the suite does not run on PostgreSQL, only on SQLite"
    ),
    "wrk": Peer(("wrk",), has_wrk, "the bench cannot run"),
}
# What is installed only when it is asked for by name.
APART = frozenset({"wrk"})


def as_root() -> list[str] | None:
    """Return what goes before a command to run it as root, or None when we may not."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        allowed = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
        return ["sudo", "-n"] if allowed.returncode == 0 else None
    return None


def install(packages: list[str]) -> None:
    """Install Debian packages without questions; print what apt-get said only when it fails."""
    prefix = as_root()
    if prefix is None or not shutil.which("apt-get"):
        return
    print(f"Installing Debian packages: {' '.join(packages)}", flush=True)
    for command in (["update"], ["install", "--no-remove", "--no-install-recommends", *packages]):
        done = subprocess.run(
            [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", *APT, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            print(done.stdout)


def main(names: list[str]) -> int:
    """Install the named peers that are absent; say loudly what will be left out without them."""
    wanted = [PEERS[name] for name in names or PEERS.keys() - APART]
    absent = [peer for peer in wanted if not peer.present()]
    for needed in (True, False):
        if packages := [name for peer in absent if peer.needed is needed for name in peer.packages]:
            install(packages)
    absent = [peer for peer in absent if not peer.present()]
    for peer in absent:
        print(f"*** {' '.join(peer.packages)} is not installed: {peer.without}. ***", flush=True)
    return 1 if any(peer.needed for peer in absent) and os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
