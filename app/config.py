"""Configuration from the environment: every variable is optional."""

import os
import secrets
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

from app.lib import turns

ROOT = Path(__file__).resolve().parent.parent


def from_environment(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Return the Flask configuration that the KRING_* variables ask for.

    Creates the instance folder and, once, the secret key (mode 600).
    Raises OSError when the instance folder cannot be written.
    """
    instance = Path(environ.get("KRING_INSTANCE", ROOT / "instance")).resolve()
    instance.mkdir(parents=True, exist_ok=True)
    tempfile.TemporaryFile(dir=instance).close()
    base_url = environ.get("KRING_BASE_URL", f"http://127.0.0.1:{environ.get('PORT', '8000')}")
    database = environ.get("KRING_DATABASE_URL") or f"sqlite:///{instance / 'kring.db'}"
    return {
        "INSTANCE": instance,
        "BASE_URL": base_url.rstrip("/"),
        "SECRET_KEY": environ.get("KRING_SECRET_KEY") or secret_key(instance / "secret_key"),
        "SQLALCHEMY_DATABASE_URI": database_url(database),
        "REDIS_URL": environ.get("KRING_REDIS_URL", ""),
        "FILES_URL": environ.get("KRING_FILES_URL", ""),
        "MAIL_URL": environ.get("KRING_MAIL_URL", ""),
        "MAIL_FOLDER": instance / "outbox",
        "PROXIES": int(environ.get("KRING_PROXIES", "0")),
        **cookies(base_url),
    }


def database_url(url: str) -> str:
    """Name the psycopg driver in a PostgreSQL address; other addresses stay as they are."""
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def cookies(base_url: str) -> dict[str, Any]:
    """Return the cookie settings: the `__Host-` prefix and Secure wherever HTTPS is used."""
    secure = base_url.startswith("https://")
    return {
        "SESSION_COOKIE_NAME": "__Host-kring" if secure else "kring",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": secure,
    }


# PostgreSQL compiles what it thinks will take long, which here takes longer than the work, and fears
# reading here and there as on a disk that turns: it read all pieces where an index gave the few.
POSTGRES = "-c jit=off -c random_page_cost=1.1"


def engine_options(url: str, patience: float) -> dict[str, Any]:
    """Return how to connect: nobody waits longer than `patience` seconds for another's lock.

    After that time the answer is 503, with what the person wrote.
    """
    if url.startswith("sqlite"):
        row = partial(turns.Connection, row=Lock(), patience=patience)
        waiting: dict[str, Any] = {"timeout": patience, "factory": row}
    else:
        options = f"{POSTGRES} -c lock_timeout={int(patience * 1000)}"
        waiting = {"connect_timeout": max(2, round(patience)), "options": options}
    return {
        "pool_pre_ping": not url.startswith("sqlite"),
        "connect_args": waiting,
        "pool_use_lifo": True,
    }


def secret_key(path: Path) -> str:
    """Return the key kept in `path`, made at first use and readable by its owner only."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
        return path.read_text().strip()
