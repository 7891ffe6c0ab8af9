"""Following people and themes: their new pieces stand on one's home page. Each once."""

from app.models import PersonFollow, Theme, ThemeFollow, ThemeLevel, User
from app.services import first_steps
from app.services.reactions import add_once, put, take_away


def follow_person(user: User, person: User) -> None:
    """Let `user` see what `person` makes; asking twice changes nothing more."""
    if add_once(PersonFollow, user_id=user.id, person_id=person.id):
        first_steps.followed(user)


def unfollow_person(user: User, person: User) -> None:
    """Let `user` follow `person` no longer."""
    take_away(PersonFollow, user_id=user.id, person_id=person.id)


def follow_theme(user: User, theme: Theme, level: ThemeLevel | None = None) -> None:
    """Let `user` see what is new in `theme`, and with a `level` hear of it or not.

    Asking twice changes nothing more; without a level what was chosen before stays.
    """
    if add_once(ThemeFollow, user_id=user.id, theme_id=theme.id):
        first_steps.followed(user)
    if level is not None:
        put(ThemeFollow, {"level": level}, user_id=user.id, theme_id=theme.id)


def unfollow_theme(user: User, theme: Theme) -> None:
    """Let `user` follow `theme` no longer."""
    take_away(ThemeFollow, user_id=user.id, theme_id=theme.id)
