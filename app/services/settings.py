"""The community's settings are changed here, and nowhere else."""

import json
from typing import Any

from sqlalchemy import select

from app.extensions import after_commit, db
from app.models import Setting, User
from app.services import activity
from app.services.activity import Verb
from app.site import FIELDS, fitting, fixed, forget_site

LONGEST = 120
NOT_LOGGED = frozenset({"call_list", "crisis_banner"})
"""Of these the log keeps no words: telephone numbers, and what is for the members of a group."""


class FixedByEnvironment(Exception):
    """The environment decides this setting."""


def change(values: dict[str, Any], actor: User | None) -> int:
    """Store settings by their names, and log each one that changes; return how many did.

    Raises FixedByEnvironment, and KeyError for a setting that there is not.
    """
    stored = {
        row.key: row
        for row in db.session.scalars(
            select(Setting).where(Setting.key.in_(values)).with_for_update()
        )
    }
    changed = 0
    for key, value in values.items():
        first = FIELDS[key].default
        old = fitting(stored[key].value) if key in stored else first
        new = tuple(value) if isinstance(first, tuple) else value
        if old == new:
            continue
        if key in fixed():
            raise FixedByEnvironment(key)
        setting = stored.get(key) or Setting(key=key)
        setting.value = list(new) if isinstance(new, tuple) else new
        db.session.add(setting)
        result = "" if key in NOT_LOGGED else f"{in_short(old)} → {in_short(new)}"
        activity.log(Verb.SETTING_CHANGED, setting, actor, result=result)
        changed += 1
    if changed:
        forget_site()
        after_commit(forget_site)
    return changed


def in_short(value: Any) -> str:
    """Return a value as the log shows it: a long one is cut, so that old and new both fit."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
