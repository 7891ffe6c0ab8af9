"""What templates may call."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import date as plain_date
from datetime import datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from flask import Flask, g, has_request_context, request, url_for
from flask_babel import format_date, format_datetime, format_decimal, format_timedelta, get_locale
from flask_babel import gettext as _
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket
from markupsafe import Markup
from sqlalchemy import Row

from app.extensions import TOKEN, csrf_token, reader
from app.fragments import NO_RIGHTS, Seen, fragment
from app.lib.clock import local, now
from app.lib.file_types import LABELS as FILE_LABELS
from app.lib.markdown import summary
from app.models import Audience, Comment, Content, CrisisMode, Role, User, folder_of
from app.policy import Ability, can, held, reads_in, shows, stopped_by_crisis
from app.services.welcome import has_agreed
from app.site import site

WORDS_KEPT = 500
STATIC = Path(__file__).parent / "static"


class Reader(NamedTuple):
    """What the header shows of who reads."""

    name: str
    initials: str
    url: str
    photo: str | None


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
    return shows(person, part, reader())


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
    return date_words_at(get_locale().language, value)


@lru_cache(WORDS_KEPT)
def date_words_at(language: str, value: datetime) -> str:
    """Return the date of a moment, on a Dutch clock, in the words of the reader's language."""
    return date_words(language, local(value).date())


@lru_cache(WORDS_KEPT)
def date_words(_language: str, value: plain_date) -> str:
    """Return a date in the words of the reader's language."""
    return str(format_date(value, "d MMMM y", rebase=False))


def day(value: plain_date) -> str:
    """Return a date that has no time, in words."""
    return str(format_date(value, "d MMMM y"))


def date_time(value: datetime) -> str:
    """Return a date and a time, on a Dutch clock."""
    return str(format_datetime(local(value), "d MMMM y, HH:mm", rebase=False))


def ago(value: datetime) -> str:
    """Return how long ago a moment is: "3 uur geleden"; a date when that is over a month."""
    return ago_at(value, now(), get_locale().language)


def ago_at(value: datetime, moment: datetime, language: str) -> str:
    """Return how long before a moment another is, in the words of the reader's language."""
    passed = moment - value
    if passed.days > 30:
        return date_words_at(language, value)
    if passed.total_seconds() < 60:
        return str(_("just now"))
    return passed_words(language, round(passed.total_seconds() / 60))


def agos(
    *values: datetime | None, at: datetime | None = None, language: str = ""
) -> tuple[tuple[datetime, str], ...]:
    """Return how long ago each of these was, for a part of a page that is kept."""
    at, language = at or now(), language or get_locale().language
    return tuple((value, ago_at(value, at, language)) for value in values if value is not None)


@lru_cache(WORDS_KEPT)
def passed_words(_language: str, minutes: int) -> str:
    """Return how long ago that is in the words of the reader's language."""
    return str(format_timedelta(timedelta(minutes=-minutes), add_direction=True))


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


IN_HEADER = frozenset(
    {
        Ability.HANDLE_REPORTS, Ability.ANSWER_HELP, Ability.SEE_ATTENTION, Ability.SEE_HELPED,
        Ability.INVITE, Ability.RUN_CRISIS, Ability.OPEN_SETTINGS,
    }
)  # fmt: skip


def frame_header(*, searches: bool = True) -> Markup:
    """Return the top of a page; nothing is open before the house rules."""
    person, shown_as, inside = reader(), None, False
    if person.is_authenticated:
        shown_as = Reader(person.name, person.initials, url_of(person), photo_of(person))
        inside = has_agreed(person)
    given = {
        "site": site(), "reader": shown_as, "inside": inside, "searches": searches,
        "unread_count": g.get("unread_count", 0) if inside else 0,
        # By the address: what lies under /people is about people, whichever room answers.
        "here": request.path.split("/")[1],
    }  # fmt: skip
    return fragment(
        "layouts/_header.html", given, seen=seen_with(IN_HEADER if inside else NO_RIGHTS)
    )


def frame_footer(path: str = "") -> Markup:
    """Return the end of a page; its link to help says where one came from.

    An address with a token opens something by itself: it is not passed on.
    """
    told = path and not (request.view_args or {}).get("token")
    slots = {"came_from": f"?from={quote(path)}" if told else ""}
    return fragment("layouts/_footer.html", {"site": site()}, slots=slots)


def seen_with(asked: frozenset[Ability]) -> Seen:
    """Return these rights of the reader, for a part of a page that asks for them."""
    return Seen(asked, rights(asked))


def rights(asked: frozenset[Ability], subject: object = None) -> frozenset[Ability]:
    """Return which of these rights the reader has."""
    return held(reader(), asked, subject)


def line(value: str) -> str:
    """Return text as one line: what people call themselves must not add lines to a mail."""
    return " ".join(value.split())


def quoted(value: str) -> str:
    """Return text as a quotation: what people write in a mail is told apart from what we say."""
    return "\n".join(f"> {line(one)}".rstrip() for one in value.strip().splitlines())


def may(ability: Ability, subject: object = None) -> bool:
    """Tell whether the reader may do this."""
    return can(reader(), ability, subject)


@dataclass(frozen=True)
class CrisisNotice:
    """What stands on top of every page during a crisis."""

    text: str
    mode: CrisisMode
    everywhere: bool


def crisis_notice() -> CrisisNotice | None:
    """Return what the reader is told of the present crisis; of one in a group, its members only."""
    if g.get("bare") or not (now_set := site()).crisis_mode or not reader().is_authenticated:
        return None
    group_id = now_set.crisis_group
    if group_id and not reads_in(reader(), group_id):
        return None
    everywhere = not group_id and not now_set.crisis_theme
    return CrisisNotice(now_set.crisis_banner, CrisisMode(now_set.crisis_mode), everywhere)


def crisis_stops(piece: Content) -> bool:
    """Tell whether it is a crisis that keeps the reader from writing at a piece."""
    return stopped_by_crisis(reader(), piece.group_id, piece.theme_id)


def context() -> dict[str, Any]:
    """Return what every template knows; the bare pages must do without user and database."""
    if g.get("bare"):
        return {"bare": True, "lang": "nl"}
    if not has_request_context():
        return {"site": site(), "lang": str(get_locale() or "nl")}
    locale = get_locale()
    g.language = locale.language  # every kept part of this page asks for it
    return {
        "site": site(), "unread_count": g.get("unread_count", 0), "lang": str(locale),
        TOKEN: csrf_token,
    }  # fmt: skip


class Compiled(FileSystemBytecodeCache):
    """Templates as Jinja made them at an earlier start; a full disk only means to make them again."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was made of a template, if there is room."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def init_app(app: Flask) -> None:
    """Hand these to Jinja, which keeps what it made of the templates for the next start."""
    if not app.testing:
        compiled = app.config["INSTANCE"] / "templates"
        compiled.mkdir(exist_ok=True)
        app.jinja_env.bytecode_cache = Compiled(str(compiled))
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(line=line, quoted=quoted, zip=zip)
    app.jinja_env.globals.update(
        Ability=Ability, Role=Role, ago=ago, badges_of=badges_of, can=may, crisis_notice=crisis_notice, crisis_stops=crisis_stops, date=date, date_time=date_time, day=day,
        frame_footer=frame_footer, frame_header=frame_header, excerpt_of=excerpt_of, file_label=file_label, file_size=file_size, kind_label=kind_label, now=now, photo_of=photo_of,
        rendered=rendered, role_label=role_label, shown=shown, static=static, url_of=url_of,
    )  # fmt: skip
    app.context_processor(context)
