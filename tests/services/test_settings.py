"""Settings are changed in one place: all or nothing, and each change is logged."""

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import LogEntry, Setting
from app.services import settings
from app.services.settings import FixedByEnvironment
from app.site import site
from tests.cast import Cast


def logged() -> list[tuple[str, str, str]]:
    """Return setting, change and actor of each row of the log."""
    rows = db.session.scalars(
        select(LogEntry).where(LogEntry.subject_kind == "setting").order_by(LogEntry.id)
    )
    return [(row.subject_label, row.result, row.actor_name) for row in rows]


def test_each_change_is_logged_with_what_it_was(cast: Cast) -> None:
    changed = settings.change(
        {"name": "Kring Zorg", "help_days": 3, "show_views": False, "modules_off": ["groups"],
         "locale": "nl"}, cast.administrator,
    )  # fmt: skip
    db.session.commit()
    assert changed == 4
    assert logged() == [
        ("name", "Kring → Kring Zorg", "Bram Beheer"),
        ("help_days", "2 → 3", "Bram Beheer"),
        ("show_views", "true → false", "Bram Beheer"),
        ("modules_off", '[] → ["groups"]', "Bram Beheer"),
    ]
    assert (site().name, site().help_days, site().modules_off) == ("Kring Zorg", 3, ("groups",))


def test_what_stays_the_same_is_no_change(cast: Cast) -> None:
    assert settings.change({"name": "Kring", "modules_off": []}, cast.administrator) == 0
    assert not logged()
    assert db.session.scalar(select(Setting.key)) is None


def test_a_command_changes_settings_too(cast: Cast) -> None:
    settings.change({"name": "Kring Zorg"}, None)
    assert logged() == [("name", "Kring → Kring Zorg", "flask")]


def test_a_setting_that_there_is_not_changes_nothing(cast: Cast) -> None:
    with pytest.raises(KeyError):
        settings.change({"name": "Kring Zorg", "nonsense": 1}, cast.administrator)
    db.session.rollback()
    assert site().name == "Kring" and not logged()


def test_what_the_environment_decides_is_refused(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.settings.fixed", lambda: frozenset({"name"}))
    with pytest.raises(FixedByEnvironment):
        settings.change({"tagline": "Samen", "name": "Kring Zorg"}, cast.administrator)
    db.session.rollback()
    assert site().tagline == "" and not logged()
    # A form that says the same again is no attempt to change it.
    assert settings.change({"name": "Kring"}, cast.administrator) == 0


def test_old_and_new_are_both_in_the_log_however_long(cast: Cast) -> None:
    settings.change({"tagline": "a" * 160}, cast.administrator)
    settings.change({"tagline": "b" * 160}, cast.administrator)
    db.session.commit()
    old, _arrow, new = logged()[-1][1].partition(" → ")
    assert old.startswith("aaa") and new.startswith("bbb")
    assert old.endswith("…") and new.endswith("…")
