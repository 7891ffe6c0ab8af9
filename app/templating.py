"""What templates may call."""

import hashlib
from dataclasses import dataclass
from datetime import date as plain_date
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, g, has_request_context, request, url_for
from flask_babel import format_date, format_datetime, format_decimal, format_timedelta, get_locale
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import Row

from app.lib.clock import local, now
from app.lib.file_types import LABELS as FILE_LABELS
from app.lib.markdown import summary
from app.models import Audience, Comment, Content, CrisisMode, Role, User, folder_of
from app.policy import Ability, can, reads_in, shows, stopped_by_crisis
from app.services.welcome import has_agreed
from app.site import site

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True)
class NavItem:
    """A link in the navigation."""

    label: str
    url: str
    current: bool


@cache
def fingerprint(path: str) -> str:
    """Return a short hash of a static file, so that browsers can keep it for ever."""
    return hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:12]


def static(path: str) -> str:
    """Return the address of a file under `app/static`."""
    return f"/static/{path}?v={fingerprint(path)}"


def rendered(html: str) -> Markup:
    """Mark HTML that our sanitizer wrote as ready for the page; nothing else may come here."""
    return Markup(html)  # noqa: S704  # body_html is what nh3 let through


def url_of(subject: Content | Comment | User | Row[Any]) -> str:
    """Return the address of a piece (or a list's row of it), of a reply in its piece, of a person."""
    match subject:
        case Comment():
            return url_for("comments.show", comment_id=subject.id)
        case User():
            return url_for("people.show", ref=subject)
    return url_for(f"{folder_of(subject.kind)}.show", ref=subject)


def shown(person: User, part: str) -> bool:
    """Tell whether the reader may see a part of a profile; asks the database nothing.

    What is for who shares a group is left out in lists that did not load the person's groups.
    """
    loaded = "memberships" in person.__dict__
    if getattr(person, f"{part}_audience") is Audience.GROUPS and not loaded:
        return False
    return shows(person, part, current_user)


def photo_of(person: User) -> str | None:
    """Return the address of someone's photo; None without one that the reader may see."""
    if not person.photo_sha256 or not shown(person, "photo"):
        return None
    return url_for("people.photo", ref=person, v=person.photo_sha256[:12])


def badges_of(piece: Any) -> list[str]:
    """Return the states of a piece, or of a list's row of it, as names for `state_badge`."""
    moment = now()
    locked = piece.locked_at and (piece.locked_until is None or piece.locked_until > moment)
    states = {
        "held": piece.held_at,
        "hidden": piece.hidden_at and not piece.held_at,
        "withdrawn": piece.withdrawn_at,
        "pinned": piece.pinned_until and piece.pinned_until > moment,
        "locked": locked,
        "answered": getattr(piece, "answer_id", None),
    }
    return [name for name, holds in states.items() if holds]


def excerpt_of(subject: Content | Comment) -> str:
    """Return the first words of a piece or a reply as plain text."""
    return summary(subject.body_html)


def date(value: datetime) -> str:
    """Return a date in words, on a Dutch clock."""
    return str(format_date(local(value), "d MMMM y", rebase=False))


def day(value: plain_date) -> str:
    """Return a date that has no time, in words."""
    return str(format_date(value, "d MMMM y"))


def date_time(value: datetime) -> str:
    """Return a date and a time, on a Dutch clock."""
    return str(format_datetime(local(value), "d MMMM y, HH:mm", rebase=False))


def ago(value: datetime) -> str:
    """Return how long ago a moment is: "3 uur geleden"; a date when that is over a month."""
    passed = now() - value
    if passed.days > 30:
        return date(value)
    if passed.total_seconds() < 60:
        return str(_("just now"))
    return str(format_timedelta(-passed, add_direction=True))


def file_size(size: int) -> str:
    """Return a number of bytes as people say it: "240 kB", "1,2 MB"."""
    if size < 1000**2:
        return f"{max(1, round(size / 1000))} kB"
    return f"{format_decimal(round(size / 1000**2, 1))} MB"


def file_label(media_type: str) -> str:
    """Return the short name of a kind of file: "PDF"."""
    return FILE_LABELS.get(media_type, media_type)


ROLE_LABELS = {
    Role.MEMBER: lambda: _("Member"),
    Role.BLOGGER: lambda: _("Blogger"),
    Role.SPECIALIST: lambda: _("Theme specialist"),
    Role.AMBASSADOR: lambda: _("Ambassador"),
    Role.MODERATOR: lambda: _("Moderator"),
    Role.MANAGER: lambda: _("Community manager"),
    Role.ADMINISTRATOR: lambda: _("Administrator"),
}


KIND_LABELS = {
    "discussion": (lambda: _("Discussion"), lambda: _("Discussions")),
    "wiki": (lambda: _("Wiki page"), lambda: _("Wiki pages")),
    "comment": (lambda: _("Comment"), lambda: _("Replies")),
    "person": (lambda: _("Person"), lambda: _("People")),
    "tag": (lambda: _("Keyword"), lambda: _("Keywords")),
    "theme": (lambda: _("Theme"), lambda: _("Themes")),
    "group": (lambda: _("Group"), lambda: _("Groups")),
    "file": (lambda: _("Document"), lambda: _("Documents")),
    "page": (lambda: _("Page"), lambda: _("Pages")),
}


def kind_label(kind: str, *, many: bool = False) -> str:
    """Return what a kind of piece, or of hit, is called in the reader's language: one of it or many."""
    return str(KIND_LABELS[kind][many]())


def role_label(role: Role | str) -> str:
    """Return the name of a role in the reader's language."""
    return str(ROLE_LABELS[Role(role)]())


def nav_items() -> list[NavItem]:
    """Return the navigation of the person who reads; nothing is open before the house rules."""
    if not current_user.is_authenticated or not has_agreed(current_user):
        return []
    entries = [
        (_("Discussions"), "discussions.index"),
        (_("Wikis"), "wikis.index"),
        (_("Groups"), "groups.index"),
        (_("People"), "people.index"),
    ]
    if can(current_user, Ability.HANDLE_REPORTS):
        entries.append((_("Moderation"), "moderation.queue"))
    closed = site().modules_off
    # By the address: what lies under /people is about people, whichever room answers.
    here = request.path.split("/")[1]
    return [
        NavItem(label, url_for(endpoint), endpoint.split(".")[0] == here)
        for label, endpoint in entries
        if endpoint.split(".")[0] not in closed
    ]


def line(value: str) -> str:
    """Return text as one line: what people call themselves must not add lines to a mail."""
    return " ".join(value.split())


def quoted(value: str) -> str:
    """Return text as a quotation: what people write in a mail is told apart from what we say."""
    return "\n".join(f"> {line(one)}".rstrip() for one in value.strip().splitlines())


def may(ability: Ability, subject: object = None) -> bool:
    """Tell whether the reader may do this."""
    return can(current_user, ability, subject)


@dataclass(frozen=True)
class CrisisNotice:
    """What stands on top of every page during a crisis."""

    text: str
    mode: CrisisMode
    everywhere: bool


def crisis_notice() -> CrisisNotice | None:
    """Return what the reader is told of the present crisis; of one in a group, its members only."""
    if g.get("bare") or not current_user.is_authenticated or not site().crisis_mode:
        return None
    group_id = site().crisis_group
    if group_id and not reads_in(current_user, group_id):
        return None
    everywhere = not group_id and not site().crisis_theme
    return CrisisNotice(site().crisis_banner, CrisisMode(site().crisis_mode), everywhere)


def crisis_stops(piece: Content) -> bool:
    """Tell whether it is a crisis that keeps the reader from writing at a piece."""
    return stopped_by_crisis(current_user, piece.group_id, piece.theme_id)


def context() -> dict[str, Any]:
    """Return what every template knows; the bare pages must do without user and database."""
    if g.get("bare"):
        return {"bare": True, "lang": "nl"}
    if not has_request_context():
        return {"site": site(), "lang": str(get_locale() or "nl")}
    items = nav_items()
    return {
        "site": site(),
        "nav_items": items,
        "unread_count": g.get("unread_count", 0) if items else 0,
        "lang": str(get_locale() or "nl"),
    }


def init_app(app: Flask) -> None:
    """Hand these to Jinja."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(line=line, quoted=quoted)
    app.jinja_env.globals.update(
        Ability=Ability, Role=Role, ago=ago, badges_of=badges_of, can=may, crisis_notice=crisis_notice, crisis_stops=crisis_stops, date=date, date_time=date_time, day=day,
        excerpt_of=excerpt_of, file_label=file_label, file_size=file_size, kind_label=kind_label, now=now, photo_of=photo_of,
        rendered=rendered, role_label=role_label, shown=shown, static=static, url_of=url_of,
    )  # fmt: skip
    app.context_processor(context)
