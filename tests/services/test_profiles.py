"""What people tell about themselves."""

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Expertise, User
from app.services.profiles import is_expertise, set_expertise, split_expertise
from tests.cast import Cast


def known(user: User) -> list[tuple[str, str]]:
    found = select(Expertise.slug, Expertise.name).where(Expertise.user_id == user.id)
    return [(slug, name) for slug, name in db.session.execute(found.order_by(Expertise.slug))]


def test_exactly_these_subjects_are_kept(cast: Cast) -> None:
    set_expertise(cast.member, ["Wmo", "Turks"])
    set_expertise(cast.other, ["Turks"])
    set_expertise(cast.member, ["WMO", "Schuld hulp"])
    assert known(cast.member) == [("schuld-hulp", "Schuld hulp"), ("wmo", "WMO")]
    assert known(cast.other) == [("turks", "Turks")]
    set_expertise(cast.member, [])
    assert known(cast.member) == []


def test_a_text_is_split_at_its_commas_and_each_counts_once() -> None:
    assert split_expertise(" Wmo,, Schuld  hulp ,wmo, schuld-hulp") == ["Wmo", "Schuld hulp"]


@pytest.mark.parametrize(
    "name, possible",
    [("Wmo", True), ("x", False), ("ab", True), ("x" * 60, True), ("x" * 61, False), ("!!", False)],
)
def test_a_subject_has_letters_and_is_not_too_long(name: str, possible: bool) -> None:
    assert is_expertise(name) == possible
