"""A list of people waits on disk, between its preview and its import, for who brought it."""

import re
import secrets
import time
from pathlib import Path

from flask import current_app

from app.lib.storage import make_folder
from app.models import User

SECONDS_KEPT = 3600
TOKEN = re.compile(r"[0-9a-f]{32}")


def folder() -> Path:
    """Return where lists wait; every process on this machine sees the same."""
    return Path(current_app.config["INSTANCE"]) / "imports"


def keep(content: bytes, user: User) -> str:
    """Keep a list for an hour, for this person alone; return by what it is found.

    Raises OSError when the disk does not take it.
    """
    sweep()
    make_folder(folder())
    token = secrets.token_hex(16)
    path = place(token, user)
    path.touch(mode=0o600)
    path.write_bytes(content)
    return token


def kept(token: str, user: User) -> bytes | None:
    """Return a list that this person brought; None when there is none, or not any more."""
    if not TOKEN.fullmatch(token):
        return None
    path = place(token, user)
    try:
        return None if is_over(path) else path.read_bytes()
    except FileNotFoundError:
        return None


def sweep() -> None:
    """Delete the lists whose hour is over."""
    for path in folder().glob("*.csv"):
        try:
            if is_over(path):
                path.unlink()
        except FileNotFoundError:
            continue  # another process was first


def place(token: str, user: User) -> Path:
    """Return where a list lies; whose it is stands in its name."""
    return folder() / f"{user.id}-{token}.csv"


def is_over(path: Path) -> bool:
    """Tell whether the hour of a list is over. Raises FileNotFoundError."""
    return path.stat().st_mtime < time.time() - SECONDS_KEPT
