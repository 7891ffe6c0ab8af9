"""What the community set for itself, read at most once in ten seconds by each process.

A variable KRING_SITE_<NAME> in the environment wins over what the settings page says.
"""

import os
import time
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from functools import cached_property
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select

from app.extensions import db
from app.lib.file_types import LABELS
from app.models import Setting

SECONDS_KEPT = 10
PREFIX = "KRING_SITE_"
FIXED = "kring_site_fixed"
KEPT = "kring_site"


@dataclass(frozen=True)
class Site:
    """The settings with their first values."""

    name: str = "Kring"
    municipality: str = ""
    tagline: str = ""
    locale: str = "nl"
    logo_sha256: str = ""
    logo_type: str = ""
    style: str = ""
    """The first characters of the hash of the community's own style sheet; nothing: our own."""
    brand_colour: str = ""
    entry_domains: tuple[str, ...] = ()
    """Who has an address in one of these domains can make an account."""
    entry_requests: bool = False
    """Whether others can ask to be let in."""
    invitation_days: int = 14
    mail_host: str = ""
    mail_port: int = 587
    mail_security: str = "starttls"
    mail_username: str = ""
    mail_from: str = ""
    keep_mail_days: int = 90
    keep_notifications_days: int = 365
    keep_attempts_days: int = 14
    keep_bin_days: int = 365
    upload_megabytes: int = 10
    upload_types: tuple[str, ...] = ()
    """The media types that can be added; empty: all that Kring knows."""
    show_views: bool = True
    modules_off: tuple[str, ...] = ()
    """The names of the rooms that are closed."""
    unanswered_days: int = 3
    ambassador_cap: int = 30
    help_days: int = 2
    """Working days within which a question to the community manager gets an answer."""
    own_edit_days: int = 0
    """Days within which members can change and withdraw what they wrote; 0: always."""
    case_hours: int = 48
    """Hours after which moderators are reminded of a report that nobody settled."""
    hide_after_reports: int = 0
    """The number of members whose report hides something at once; 0: never."""
    watched_words: tuple[str, ...] = ()
    """Words with which a text comes before the moderators by itself."""
    premoderated_posts: int = 0
    """How many first pieces and replies of a new member wait until a moderator has seen them."""
    appeal_days: int = 14
    """Days within which someone can object to a decision."""
    call_list: str = ""
    """Who to call in a crisis, one line each."""
    crisis_mode: str = ""
    """What the present crisis changes (app.models.CrisisMode); nothing: there is none."""
    crisis_banner: str = ""
    crisis_theme: int = 0
    crisis_group: int = 0
    """The id of the only theme or group in which it counts; 0: everywhere."""
    moderation_review_on: str = ""
    """The day, as YYYY-MM-DD, on which the way of moderating is looked at again."""
    rules_version: int = 1
    """The version of the house rules that every member must have accepted."""
    security_contact: str = ""
    security_expires: str = ""
    """The day, as YYYY-MM-DD, until which security.txt holds."""

    def __hash__(self) -> int:
        """Return a number that is worked out once: parts of pages are kept by it."""
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(astuple(self))


FIELDS = {field.name: field for field in fields(Site)}
# What the product keeps for itself, or makes when it is saved: no variable sets these.
OWN = frozenset(
    {
        "logo_sha256", "logo_type", "style", "brand_colour", "rules_version", "call_list",
        "crisis_mode", "crisis_banner", "crisis_theme", "crisis_group", "moderation_review_on",
    }
)  # fmt: skip
CLOSABLE = ("wikis", "groups")
"""The rooms that a community can do without."""
BOUNDS = {
    "invitation_days": (1, 90), "mail_port": (1, 65535), "keep_mail_days": (7, 365),
    "keep_notifications_days": (30, 1095), "keep_attempts_days": (1, 90), "keep_bin_days": (30, 3650),
    "upload_megabytes": (1, 100), "unanswered_days": (1, 30), "ambassador_cap": (0, 500),
    "help_days": (1, 30), "own_edit_days": (0, 3650), "case_hours": (1, 720),
    "hide_after_reports": (0, 20), "premoderated_posts": (0, 20), "appeal_days": (1, 90),
}  # fmt: skip
"""The least and the most that a number can be."""
KNOWN = {
    "locale": ("nl", "en"),
    "mail_security": ("starttls", "tls", "none"),
    "modules_off": CLOSABLE,
    "upload_types": tuple(LABELS),
}
"""The words that a setting can have, where not all will do."""


def init_app(app: Flask) -> None:
    """Read which settings the environment fixes. Raises ValueError for one that makes no sense."""
    app.extensions[FIXED] = fixed_by(os.environ)


def fixed_by(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the settings that the environment fixes, by their names."""
    found = {}
    for variable in sorted(environ):
        if not variable.startswith(PREFIX):
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name not in FIELDS or name in OWN:
            raise ValueError(f"{variable}: there is no such setting")
        try:
            found[name] = parsed(environ[variable], type(FIELDS[name].default))
            check(name, found[name])
        except ValueError as error:
            raise ValueError(f"{variable}: {error}") from None
    return found


def check(name: str, value: Any) -> None:
    """Raise ValueError for what the settings page would not take either."""
    if name == "name" and not value:
        raise ValueError("a community has a name")
    least, most = BOUNDS.get(name, (value, value))
    if not least <= value <= most:
        raise ValueError(f"{value} is not between {least} and {most}")
    known = KNOWN.get(name)
    for word in value if isinstance(value, tuple) else (value,):
        if known and word not in known:
            raise ValueError(f"{word!r} is not one of {', '.join(known)}")


def parsed(text: str, kind: type) -> Any:
    """Return a value of this kind from text; tuples are separated by commas."""
    if kind is bool:
        known = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
        if text.lower() not in known:
            raise ValueError(f"{text!r} is neither 1 nor 0")
        return known[text.lower()]
    if kind is tuple:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if kind is int and not text.strip().isdecimal():
        raise ValueError(f"{text!r} is no number")
    return kind(text.strip())


def fixed() -> frozenset[str]:
    """Return the names of the settings that the environment fixes."""
    return frozenset(current_app.extensions.get(FIXED, ()))


def site() -> Site:
    """Return the settings of this community."""
    kept = current_app.extensions.get(KEPT)
    if kept is None or kept[1] < time.monotonic() - SECONDS_KEPT:
        rows = db.session.execute(select(Setting.key, Setting.value))
        chosen = {key: fitting(value) for key, value in rows if key in FIELDS}
        kept = Site(**chosen | current_app.extensions.get(FIXED, {})), time.monotonic()
        current_app.extensions[KEPT] = kept
    found: Site = kept[0]
    return found


def fitting(value: Any) -> Any:
    """Return a value as the settings have it: JSON knows no tuples."""
    return tuple(value) if isinstance(value, list) else value


def forget_site() -> None:
    """Read the settings anew at their next use."""
    current_app.extensions.pop(KEPT, None)
