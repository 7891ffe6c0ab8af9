"""Parts of pages that are kept know nothing but what they were given."""

from collections.abc import Iterator

import pytest
from jinja2 import ChoiceLoader, DictLoader

from app.extensions import Kring, db
from app.fragments import Seen, fragment
from app.models import User
from app.models.unattached import Part
from app.policy import Ability
from tests.cast import Cast

TEMPLATES = {
    "plain.html": "{{ word }}{% if more %}{{ more }}{% endif %}",
    "slots.html": "<b>{{ slot('mark') }}</b>{{ word }}<i>{{ slot('mark') }}</i>",
    "reader.html": "{% if word %}{{ current_user.name }}{% endif %}",
    "clock.html": "{{ now() }}",
    "right.html": "{% if can(Ability.LIKE, word) %}ja{% endif %}",
    "other_right.html": "{% if can(Ability.HIDE, word) %}ja{% endif %}",
    "made.html": "{{ made }}",
    "outer.html": "({{ fragment('slots.html', word=word) }})",
    "person.html": "{{ person.name }}{{ person.about }}",
}


@pytest.fixture(autouse=True)
def request_context(app: Kring) -> Iterator[None]:
    app.jinja_loader = ChoiceLoader([app.jinja_loader, DictLoader(TEMPLATES)])  # type: ignore[list-item]  # a cached property that every template has
    with app.test_request_context("/"):
        yield


def test_what_it_is_given_is_its_key() -> None:
    assert fragment("plain.html", {"word": "een"}) == "een"
    assert fragment("plain.html", {"word": "twee"}) == "twee"
    assert fragment("plain.html", {"word": "<b>"}) == "&lt;b&gt;"


def test_it_is_made_once() -> None:
    made = []

    def make() -> dict[str, str]:
        made.append(1)
        return {"made": "werk"}

    assert [fragment("made.html", {"key": key}, make=make) for key in (1, 1, 2)] == ["werk"] * 3
    assert len(made) == 2


def test_slots_are_filled_each_time_and_escaped() -> None:
    for mark, shown in (("een", "een"), ("<x>", "&lt;x&gt;")):
        part = fragment("slots.html", {"word": "w"}, slots={"mark": mark})
        assert part == f"<b>{shown}</b>w<i>{shown}</i>"


def test_a_part_in_a_part_gets_the_slots_of_the_outer_one() -> None:
    for mark in ("een", "twee"):
        part = fragment("outer.html", {"word": "w"}, slots={"mark": mark})
        assert part == f"(<b>{mark}</b>w<i>{mark}</i>)"


@pytest.mark.parametrize("template", ["reader.html", "clock.html"])
def test_reader_and_clock_are_out_of_reach(template: str) -> None:
    with pytest.raises(LookupError, match="a kept part cannot ask for"):
        fragment(template, {"word": "w"})


def test_rights_are_given_and_others_are_refused() -> None:
    like = frozenset({Ability.LIKE})
    assert fragment("right.html", {"word": "w"}, seen=Seen(like, like)) == "ja"
    assert fragment("right.html", {"word": "w"}, seen=Seen(like)) == ""
    with pytest.raises(LookupError, match="hide"):
        fragment("other_right.html", {"word": "w"}, seen=Seen(like, like))


def test_what_can_still_change_is_refused(cast: Cast) -> None:
    with pytest.raises(TypeError, match="person can change"):
        fragment("person.html", {"person": cast.member})


def test_a_person_of_whom_only_some_is_known_gives_no_more(cast: Cast) -> None:
    some = Part(User, "id", "name").make((1, "Mia"))
    with pytest.raises(Exception, match="not bound to a Session"):
        fragment("person.html", {"person": some})
    assert db.session.is_active
