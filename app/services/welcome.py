"""The first day: house rules accepted, profile filled in, themes chosen."""

from collections.abc import Collection
from enum import StrEnum

from app.extensions import db
from app.lib.clock import now
from app.models import Agreement, Theme, User
from app.queries import pages
from app.queries.following import themes_followed
from app.queries.pages import RULES, PageText
from app.services import following
from app.services.reactions import add_once
from app.site import site


class Stage(StrEnum):
    """How far someone came on their first day: what comes next."""

    RULES = "rules"
    PROFILE = "profile"
    THEMES = "themes"
    DONE = "done"


class RulesChanged(Exception):
    """There are newer house rules than the version that someone wanted to accept."""


def has_agreed(user: User) -> bool:
    """Tell whether `user` accepted house rules that still hold; nothing is open to them before."""
    return user.accepted_rules >= site().rules_version


def stage_of(user: User) -> Stage:
    """Return what comes next on someone's first day; who gave a job title filled in the profile."""
    if not has_agreed(user):
        return Stage.RULES
    if user.welcomed_at is not None:
        return Stage.DONE
    return Stage.THEMES if user.job_title else Stage.PROFILE


def agree(user: User, version: int) -> None:
    """Record that `user` accepts this version of the house rules; twice is once.

    Raises RulesChanged for a version that holds no longer, or that there is not.
    """
    if not site().rules_version <= version <= pages.current(RULES).number:
        raise RulesChanged
    add_once(Agreement, user_id=user.id, version=version)
    user.accepted_rules = max(user.accepted_rules, version)


def changes_since(version: int, newest: PageText) -> list[PageText]:
    """Return what members had to accept after `version`, newest first; nothing on a first day."""
    if not version:
        return []
    return [
        text for text in pages.versions(newest.name) if version < text.number and not text.minor
    ]


def choose_themes(user: User, offered: Collection[Theme], chosen: Collection[int]) -> None:
    """Let `user` follow the chosen ones among the themes that were offered, and not the others."""
    before = set(db.session.scalars(themes_followed(user)))
    for theme in offered:
        if theme.id in chosen and theme not in before:
            following.follow_theme(user, theme)
        elif theme in before and theme.id not in chosen:
            following.unfollow_theme(user, theme)


def finish(user: User) -> None:
    """End the first day of `user`."""
    user.welcomed_at = user.welcomed_at or now()
