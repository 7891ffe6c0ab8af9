"""The password of the mail server is kept and forgotten here; it is never shown."""

import os
import tempfile
from contextlib import suppress
from functools import partial
from pathlib import Path

from app.extensions import after_commit
from app.models import Setting, User
from app.services import activity
from app.services.activity import Verb
from app.services.mail_server import PASSWORD, password, place

DOTS = "•••"


def change(new: str, actor: User) -> bool:
    """Keep another password once this transaction is stored, or, without one, forget it.

    The log tells that it changed, and nothing of it. Return whether anything changes.
    """
    old = password()
    if new == old:
        return False
    result = f"{DOTS if old else ''} → {DOTS if new else ''}"
    activity.log(Verb.SETTING_CHANGED, Setting(key=PASSWORD), actor, result=result)
    after_commit(partial(write, place(), new))
    return True


def write(path: Path, text: str) -> None:
    """Put a secret into a file for its owner only: whole, or not at all; no text: no file."""
    if not text:
        path.unlink(missing_ok=True)
        return
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".secret-")  # of mode 600
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise
