"""Keywords from what people type."""

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.models import Tag, TagAlias
from app.services import tags


@pytest.mark.parametrize(
    "text, names",
    [
        ("", []),
        (" , ,", []),
        ("Jeugd", ["Jeugd"]),
        (" jeugd  zorg , Wmo", ["jeugd zorg", "Wmo"]),
        ("Wmo,wmo, WMO ,jeugd", ["Wmo", "jeugd"]),
        ("Zorg & welzijn", ["Zorg & welzijn"]),
    ],
)
def test_split(text: str, names: list[str]) -> None:
    assert tags.split(text) == names


@pytest.mark.parametrize(
    "name, possible",
    [
        ("Wmo", True),
        ("a", False),
        ("??", False),
        ("x" * 60, True),
        ("x" * 61, False),
        ("2026", True),
        ("日本", True),
    ],
)
def test_is_possible(name: str, possible: bool) -> None:
    assert tags.is_possible(name) is possible


@pytest.mark.usefixtures("app_context")
def test_named_uses_what_is_there() -> None:
    db.session.add(Tag(name="Wmo", slug="wmo"))
    db.session.commit()
    found = tags.named(["WMO", "Jeugd zorg", "jeugd-zorg"])
    assert [tag.name for tag in found] == ["Wmo", "jeugd-zorg"]
    db.session.commit()
    assert db.session.scalar(select(func.count(Tag.id))) == 2


@pytest.mark.usefixtures("app_context")
def test_who_types_an_old_name_gets_the_keyword_of_now() -> None:
    tag = Tag(name="Wmo", slug="wmo")
    db.session.add(tag)
    db.session.flush()
    db.session.add(TagAlias(slug="maatschappelijke-ondersteuning", tag_id=tag.id))
    db.session.commit()
    assert tags.named(["Maatschappelijke ondersteuning", "Jeugd", "wmo"])[0] is tag
    assert len(tags.named(["Maatschappelijke ondersteuning", "wmo"])) == 1


@pytest.mark.usefixtures("app_context")
def test_a_keyword_that_came_meanwhile_is_used() -> None:
    db.session.add(Tag(name="Wmo", slug="wmo"))
    db.session.commit()
    assert tags.make("wmo", "WMO").name == "Wmo"
    db.session.commit()
    assert db.session.scalar(select(func.count(Tag.id))) == 1
