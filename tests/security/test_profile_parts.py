"""What someone keeps to themselves stands nowhere, and finds them for nobody."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.extensions import db
from app.lib.clock import now
from app.models import Audience, Department, GroupRole, Membership, User
from app.policy import PARTS, part_visible_to, shows
from app.services import profiles, reactions
from app.services.following import follow_person
from tests.cast import Cast, comment, discussion
from tests.checking import CheckingClient
from tests.test_policy import ACTORS

ClientOf = Callable[[User | None], CheckingClient]
CANARY = {
    "photo": "c0ffee",
    "job_title": "Kanarievogelaar",
    "department": "Kanarievleugel",
    "expertise": "kanariezang",
    "about": "Kanarieverhaal",
    "phone": "06-7227437",
    "email": "kanarie@voorbeeldstad.example",
}
SHARED = "Samen in de besloten groep"


@contextmanager
def kept_for(person: User, audience: Audience) -> Iterator[None]:
    """Keep all parts of a profile for this audience."""
    for part in PARTS:
        setattr(person, f"{part}_audience", audience)
    db.session.commit()
    yield


def with_canaries(cast: Cast) -> User:
    """Return someone whose parts all stand out, who is in a group with some of the cast."""
    person = cast.other
    person.photo_sha256 = CANARY["photo"].ljust(64, "0")
    person.job_title, person.about = CANARY["job_title"], CANARY["about"]
    person.phone, person.email = CANARY["phone"], CANARY["email"]
    person.department = Department(name=CANARY["department"])
    profiles.set_expertise(person, [CANARY["expertise"]])
    db.session.add(Membership(user=person, group=cast.closed, role=GroupRole.MEMBER))
    db.session.commit()
    return person


def test_the_rule_and_its_twin_agree(cast: Cast) -> None:
    """`shows` equals membership of `part_visible_to`: part x audience x reader x state."""
    person = with_canaries(cast)
    for audience, left in product(Audience, (None, now())):
        person.deactivated_at = left
        with kept_for(person, audience):
            for reader, part in product([None, *(getattr(cast, a) for a in ACTORS)], PARTS):
                twin = select(User.id).where(User.id == person.id, part_visible_to(part, reader))
                found = db.session.scalar(twin) is not None
                said = (
                    f"{part} for {audience}, left={bool(left)}, by {getattr(reader, 'name', '-')}"
                )
                assert shows(person, part, reader) == found, said


def test_every_part_has_a_canary() -> None:
    assert set(CANARY) == set(PARTS)


@pytest.mark.parametrize(
    "audience, readers",
    [
        (Audience.MEMBERS, set(ACTORS)),
        (Audience.GROUPS, {"other", "manager", "insider", "group_moderator", "group_owner"}),
        (Audience.MANAGER, {"other", "manager"}),
    ],
)
def test_each_audience_is_what_it_says(cast: Cast, audience: Audience, readers: set[str]) -> None:
    """The twins could agree and both be wrong: here is what must come out."""
    person = with_canaries(cast)
    with kept_for(person, audience):
        for part in PARTS:
            seen = {actor for actor in ACTORS if shows(person, part, getattr(cast, actor))}
            assert seen == readers, part


def test_of_who_left_only_the_manager_sees_parts(cast: Cast) -> None:
    person = with_canaries(cast)
    person.deactivated_at = now()
    with kept_for(person, Audience.MEMBERS):
        seen = {actor for actor in ACTORS if shows(person, "photo", getattr(cast, actor))}
        assert seen == {"manager"}


def pages(person: User, cast: Cast) -> list[str]:
    """Return the addresses where parts of a profile could turn up."""
    asked = discussion(person, "Wie weet dit?", theme=cast.theme)
    comment(asked, person, "Ik ook niet.")
    reply = comment(asked, cast.insider, "Ik wel.")
    reactions.like(asked, cast.insider, wanted=True)
    reactions.like(reply, person, wanted=True)
    for reader in (cast.member, cast.insider, cast.manager):
        follow_person(reader, person)
    db.session.commit()
    return [
        f"/people/{person.id}-{person.handle}", "/people", "/people?q=otto",
        f"/people?q={CANARY['job_title']}", f"/people?q={CANARY['expertise'][:6]}",
        f"/people?expertise={CANARY['expertise']}",
        f"/people?department={person.department_id}", "/people?q=kanarie", "/account/following",
        f"/discussions/{asked.id}-{asked.slug}", f"/comments/{reply.id}/likes",
        f"/discussions/new?mention={person.handle}",
    ]  # fmt: skip


def words_in(client: CheckingClient, addresses: list[str]) -> set[str]:
    """Return the parts whose canary stands in an answer, apart from what the address itself says."""
    found = set()
    for address in addresses:
        for htmx in (False, True):
            answer = client.get(address, htmx=htmx, follow_redirects=not htmx)
            assert answer.status_code < 400
            for part, word in CANARY.items():
                # A word in the address stands in the form again; the department in its own list.
                asked = word in address or (part == "department" and address.startswith("/people?"))
                if word in answer.text and not asked and not is_choice(part, answer.text):
                    found.add(part)
    return found


def is_choice(part: str, text: str) -> bool:
    """Tell whether a department stands there only as one of the choices of the filter."""
    word = CANARY["department"]
    return part == "department" and text.count(word) == text.count(f">{word}</option>")


@pytest.mark.parametrize(
    "audience, stranger, fellow",
    [(Audience.MEMBERS, True, True), (Audience.GROUPS, False, True), (Audience.MANAGER, False, False)],
)  # fmt: skip
def test_what_is_hidden_stands_nowhere(
    cast: Cast, client_of: ClientOf, audience: Audience, stranger: bool, fellow: bool
) -> None:
    person = with_canaries(cast)
    addresses = pages(person, cast)
    with kept_for(person, audience):
        for reader, sees in ((cast.member, stranger), (cast.insider, fellow), (cast.manager, True)):
            seen = words_in(client_of(reader), addresses)
            assert seen == (set(PARTS) if sees else set()), reader.name


@pytest.mark.parametrize(
    "query", ["q=Kanarievogelaar", "q=kanariezang", "expertise=kanariezang", "department"]
)
@pytest.mark.parametrize("audience", Audience)
def test_what_is_hidden_finds_nobody(
    cast: Cast, client_of: ClientOf, audience: Audience, query: str
) -> None:
    person = with_canaries(cast)
    query = (
        query.replace("department", f"department={person.department_id}")
        if "=" not in query
        else query
    )
    with kept_for(person, audience):
        for reader in (cast.member, cast.insider, cast.manager):
            answer = client_of(reader).get(f"/people?{query}")
            found = f">{person.name}</a>" in answer.text
            assert found == shows(fresh(person), "expertise", reader)


def fresh(person: User) -> User:
    """Return someone with what groups need, as the database has it."""
    found = select(User).where(User.id == person.id).options(selectinload(User.memberships))
    return db.session.scalars(found.execution_options(populate_existing=True)).one()
