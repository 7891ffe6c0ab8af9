"""Standing pages get versions, and the house rules ask for consent again."""

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.markdown import MarkdownRefused
from app.models import LogEntry, PageVersion
from app.queries import pages as queries
from app.services import pages
from app.site import site
from bench.statements import statements
from tests.cast import Cast


def test_what_ships_holds_until_it_is_changed(cast: Cast) -> None:
    text = queries.current("help")
    assert (text.number, text.author, text.edited_at) == (1, None, None)
    assert queries.versions("help") == [text] and queries.version("help", 1) == text
    assert queries.version("help", 2) is None
    with pytest.raises(KeyError):
        queries.current("base")


def test_the_first_change_keeps_what_ships_as_version_1(cast: Cast) -> None:
    first = queries.current("help")
    made = pages.edit("help", "Hulp", "Nieuw.", cast.manager, note="Korter", edited=1)
    db.session.commit()
    assert (made.number, made.in_force) == (2, pages.today())
    text = queries.current("help")
    assert (text.title, text.html, text.author) == ("Hulp", "<p>Nieuw.</p>", "Mina Manager")
    assert [version.number for version in queries.versions("help")] == [2, 1]
    old = queries.version("help", 1)
    assert old == first
    logged = db.session.scalars(select(LogEntry)).one()
    assert (logged.action, logged.reason, logged.subject_label) == ("page_edited", "Korter", "Hulp")


def test_only_a_real_change_of_the_house_rules_asks_for_consent_again(cast: Cast) -> None:
    pages.edit("house-rules", "Huisregels", "## Een", cast.manager, minor=True)
    pages.edit("privacy", "Privacy", "Iets anders", cast.manager)
    assert site().rules_version == 1
    made = pages.edit("house-rules", "Huisregels", "## Twee", cast.manager)
    db.session.commit()
    assert (made.number, made.minor, site().rules_version) == (3, False, 3)
    assert "setting_changed" in set(db.session.scalars(select(LogEntry.action)))


def test_of_two_who_change_it_the_second_hears_of_the_first(cast: Cast) -> None:
    pages.edit("help", "Hulp", "Van Mina", cast.manager, edited=1)
    with pytest.raises(pages.Conflict) as conflict:
        pages.edit("help", "Hulp", "Van Bram", cast.administrator, edited=1)
    assert (conflict.value.latest.body, conflict.value.latest.number) == ("Van Mina", 2)
    assert queries.current("help").body == "Van Mina"


def test_sent_twice_it_is_one_version(cast: Cast) -> None:
    for _time in range(2):
        made = pages.edit("help", "Hulp", "Van Mina", cast.manager, edited=1)
        db.session.commit()
        assert made.number == 2
    assert len(db.session.scalars(select(PageVersion)).all()) == 2


def test_a_text_that_cannot_be_rendered_changes_nothing(cast: Cast) -> None:
    with pytest.raises(MarkdownRefused):
        pages.edit("help", "Hulp", ">" * 5000, cast.manager)
    assert queries.current("help").number == 1


def test_the_present_text_takes_one_statement(cast: Cast) -> None:
    pages.edit("help", "Hulp", "Van Mina", cast.manager)
    db.session.commit()
    queries.current("help")
    with statements() as asked:
        queries.current("help")
    assert len(asked) == 1
