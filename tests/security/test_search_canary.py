"""Looking for what is not for someone tells them no more than looking for what does not exist."""

import re
from collections.abc import Callable
from itertools import product

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.extensions import Kring, db
from app.models import (
    Attachment,
    Audience,
    Comment,
    Content,
    Group,
    Tag,
    Theme,
    User,
    content_tags,
)
from app.policy import PARTS, Ability, can
from app.services import search_index, searches
from tests.cast import Cast, discussion, document
from tests.checking import CheckingClient
from tests.security.test_canary import Canary, everything
from tests.security.test_profile_parts import CANARY, with_canaries

ClientOf = Callable[[User | None], CheckingClient]
NOBODY_KNOWS = "kanarienergensx"
FILTERS = (
    "", "type=discussion", "type=comment", "type=wiki", "type=file", "type=tag", "type=group",
    "theme=schuldhulp", "group=groep-closed", "author=ineke-insider", "since=week", "seen=no",
    "archived=1", "order=new", "page=2",
)  # fmt: skip
WAYS = [*product(FILTERS, (False, True))]
TOKENS = re.compile(r'(csrf_token"[^>]*value=|X-CSRFToken": )"[^"]*"')


def filled(app: Kring, cast: Cast) -> list[Canary]:
    """Return all canaries, and one of a document at each piece, when search knows of them."""
    canaries = everything(cast)
    for number, piece in enumerate(db.session.scalars(select(Content).order_by(Content.id)).all()):
        author = db.session.get_one(User, piece.author_id)
        word = f"kanariebestand{number}x"
        made = document(piece, author, "tekst", f"{word}.txt", word)
        canaries.append(Canary(word, reads_document(made)))
    index_all()
    app.extensions[searches.WORDS].flush_now()
    return canaries


def index_all() -> None:
    """Let everything be found by what it says now."""
    replies = select(Comment).options(joinedload(Comment.content))
    rest = (select(model) for model in (Content, Attachment, User, Tag, Theme, Group))
    for found in (replies, *rest):
        search_index.index(*db.session.scalars(found).all())  # type: ignore[arg-type]  # any model
    db.session.commit()


def reads_document(made: Attachment) -> Callable[[User], bool]:
    return lambda user: can(user, Ability.READ, made)


def said(client: CheckingClient, word: str, rest: str = "", *, htmx: bool = False) -> str:
    """Return what search says to a word, with the word itself taken out."""
    answer = client.get(f"/search?q={word}&{rest}", htmx=htmx)
    assert answer.status_code in {200, 422}
    plain = TOKENS.sub("", answer.text) + answer.headers.get("HX-Replace-Url", "")
    return plain.replace(word, "…")


@pytest.mark.parametrize("actor", ["other", "specialist", "moderator", "insider"])
def test_a_search_for_it_is_a_search_for_nothing(
    app: Kring, cast: Cast, client_of: ClientOf, actor: str
) -> None:
    user = getattr(cast, actor)
    canaries = filled(app, cast)
    client = client_of(user)
    client.reads = False
    nothing = {way: said(client, NOBODY_KNOWS, way[0], htmx=way[1]) for way in WAYS}
    found = 0
    for number, canary in enumerate(canaries):
        if canary.knows(user):
            found += canary.word in client.get(f"/search?q={canary.word}").text.split("found", 1)[1]
            continue
        # Every word plainly and while typing; with each of the filters in turn.
        some = FILTERS[number % len(FILTERS)]
        for way in {("", False), ("", True), (some, False)}:
            assert said(client, canary.word, way[0], htmx=way[1]) == nothing[way], (
                canary.word,
                way,
            )
    assert found, "what one may know is found, or this proves nothing"


@pytest.mark.parametrize("actor", ["other", "manager"])
def test_nor_its_beginning_nor_nearly_it(
    app: Kring, cast: Cast, client_of: ClientOf, actor: str
) -> None:
    """As-you-type and “did you mean” complete nothing that is not for someone."""
    user = getattr(cast, actor)
    canaries = filled(app, cast)
    client = client_of(user)
    client.reads = False
    secret = [canary.word for canary in canaries if not canary.knows(user)]
    assert secret
    for word in secret:
        near = f"{word[:-3]}{word[-2]}{word[-3]}{word[-1]}"
        for typed in (word[:9], word[:-2], near):
            for htmx in (False, True):
                page = client.get(f"/search?q={typed}", htmx=htmx).text
                told = [each for each in secret if each in page and each != typed]
                assert not told, f"{actor} is told {told} for {typed}"


@pytest.mark.parametrize("actor", ["other", "moderator", "insider"])
def test_related_pieces_and_keywords_tell_nothing(
    app: Kring, cast: Cast, client_of: ClientOf, actor: str
) -> None:
    """A public piece has all keywords of the secret ones, their words in its title, their theme."""
    user = getattr(cast, actor)
    canaries = filled(app, cast)
    shared = Tag(name="Samen", slug="samen")
    pieces = db.session.scalars(select(Content)).all()
    here = discussion(cast.member, "Besloten verborgen", theme=cast.theme, tags=[shared])
    for piece in pieces:
        row = {"content_id": piece.id, "tag_id": shared.id}
        db.session.execute(content_tags.insert().values(row))
    db.session.commit()
    client = client_of(user)
    for path in (f"/content/{here.id}/related", "/tags/samen", "/tags"):
        for htmx in (False, True):
            page = client.get(path, htmx=htmx).text
            told = {canary.word for canary in canaries if canary.word in page}
            secret = {canary.word for canary in canaries if not canary.knows(user)}
            assert not told & secret, f"{actor} reads {sorted(told & secret)} at {path}"


@pytest.mark.parametrize("actor", ["member", "insider", "administrator"])
def test_parts_of_people_are_found_by_who_may_see_them(
    cast: Cast, client_of: ClientOf, actor: str
) -> None:
    person = with_canaries(cast)
    client = client_of(getattr(cast, actor))
    link = f"/people/{person.id}-"
    shows_all = {"member": False, "insider": True, "administrator": False}[actor]
    for audience, open_to_actor in (
        (Audience.MEMBERS, True), (Audience.GROUPS, shows_all), (Audience.MANAGER, False),
    ):  # fmt: skip
        for part in PARTS:
            setattr(person, f"{part}_audience", audience)
        index_all()
        for part, word in CANARY.items():
            if part == "photo":
                continue
            page = client.get("/search", query_string={"q": f'"{word}"', "type": "person"}).text
            assert (link in page.partition('id="found"')[2]) == open_to_actor, (part, audience)
        by_name = client.get("/search?q=otto+ander").text.partition('id="found"')[2]
        assert link in by_name
        told = [word for word in CANARY.values() if word in by_name]
        assert bool(told) == open_to_actor, (audience, told)
