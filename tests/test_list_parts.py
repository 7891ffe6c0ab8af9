"""Parts that readers share: what is changed shows at once, and nobody sees what is another's."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Select, select

from app.extensions import db
from app.lib.clock import now
from app.models import BlockLevel, Comment, Content, Discussion, Like, Standing, Tag, User
from app.policy import Sight, reader_of, sight_of, visible_to
from app.queries.prepared import prepared
from app.services.blocks import keep_away
from tests.cast import Cast, discussion, wiki_page
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]
Change = Callable[[Cast, Content], object]


def sets(**values: object) -> Change:
    """Return what gives a piece other values."""

    def change(_cast: Cast, piece: Content) -> None:
        for name, value in values.items():
            setattr(piece, name, value)

    return change


def answer(cast: Cast, piece: Content) -> None:
    """Mark a reply as the answer."""
    reply = Comment(
        content=piece, author=cast.member, body="Zo.", body_html="<p>Zo.</p>", position=1
    )
    db.session.add(reply)
    db.session.flush()
    assert isinstance(piece, Discussion)
    piece.answer_id = reply.id


IN_LISTS: dict[str, tuple[Change, str]] = {
    "title": (sets(title="Een nieuwe titel"), "Een nieuwe titel"),
    "address": (sets(slug="anders"), "-anders"),
    "summary": (sets(summary="Kort gezegd"), "Kort gezegd"),
    "is no question": (sets(is_question=False), "Onderwerp"),
    "replies": (sets(comment_count=17, other_comment_count=17), "<b>17</b>"),
    "last reply": (sets(last_comment_at=now() - timedelta(days=3)), "laatste reactie"),
    "author": (lambda cast, _piece: setattr(cast.other, "name", "Noa Nieuw"), "Noa Nieuw"),
    "theme": (
        lambda cast, _piece: setattr(cast.theme, "name", "Themanaam"),
        "Themanaam</a></span>",
    ),
    "group": (lambda cast, piece: setattr(piece, "group", cast.open), "Groep open"),
    "locked": (sets(locked_at=now()), "Op slot"),
    "pinned": (sets(pinned_until=now() + timedelta(days=1)), "Vastgezet"),
    "answered": (answer, "k-badge--positive"),
}


@pytest.mark.parametrize("path", ["/", "/discussions"])
@pytest.mark.parametrize("name", IN_LISTS)
def test_what_changes_shows_in_lists_at_once(
    cast: Cast, client: CheckingClient, name: str, path: str
) -> None:
    change, expected = IN_LISTS[name]
    piece = discussion(
        cast.other, "Waar het om gaat", theme=cast.theme, comment_count=1, other_comment_count=1
    )
    for _visit in range(2):
        shown = client.get(path).text
        assert "Waar het om gaat" in shown and expected not in shown
    change(cast, piece)
    db.session.commit()
    assert expected in client.get(path).text


ON_PAGES: dict[str, tuple[Change, str]] = {
    "title": (sets(title="Een nieuwe titel"), "Een nieuwe titel"),
    "text": (sets(body_html="<p>Anders dan eerst</p>"), "Anders dan eerst"),
    "contents": (sets(toc_html="<ul><li>Inhoud hier</li></ul>"), "Inhoud hier"),
    "version": (sets(version=12), "Versie 12"),
    "standing": (sets(standing=Standing.EXPIRED), "Verlopen"),
    "keyword": (lambda _cast, piece: piece.tags.append(Tag(name="Woord", slug="woord")), "/tags/woord"),
    "likes": (sets(like_count=7), "7 waarderingen"),
    "writer": (lambda cast, _piece: setattr(cast.specialist, "name", "Noa Nieuw"), "Noa Nieuw"),
    "owner": (lambda cast, piece: setattr(piece, "owner", cast.manager), "Mina Manager"),
    "reviewed by": (
        lambda cast, piece: sets(reviewed_at=now(), reviewed_by=cast.moderator)(cast, piece),
        "Mo Moderator",
    ),
    "theme": (lambda cast, _piece: setattr(cast.theme, "name", "Themanaam"), "Themanaam"),
    "group": (lambda cast, piece: setattr(piece, "group", cast.open), "Groep open"),
    "late": (sets(review_on=(now() - timedelta(days=3)).date()), "niet op tijd"),
    "pinned": (sets(pinned_until=now() + timedelta(days=1)), "Vastgezet tot"),
    "locked": (sets(locked_at=now()), "Op slot"),
}  # fmt: skip


@pytest.mark.parametrize("name", ON_PAGES)
def test_what_changes_shows_on_a_wiki_page_at_once(
    cast: Cast, client: CheckingClient, name: str
) -> None:
    change, expected = ON_PAGES[name]
    page = wiki_page(cast.specialist, cast.theme, "Zo doen wij het")
    path = f"/wikis/{page.id}-{page.slug}"
    for _visit in range(2):
        assert expected not in client.get(path).text
    db.session.refresh(page, ["tags"])
    change(cast, page)
    db.session.commit()
    assert expected in client.get(path).text


def test_the_tree_beside_a_page_follows_its_pages(cast: Cast, client: CheckingClient) -> None:
    page, beside = (wiki_page(cast.specialist, cast.theme, title) for title in ("Een", "Twee"))
    path = f"/wikis/{page.id}-{page.slug}"
    assert "Twee" in client.get(path).text
    beside.title = "Omgedoopt"
    db.session.commit()
    shown = client.get(path).text
    assert "Omgedoopt" in shown and "Twee" not in shown
    assert "Omgedoopt" in client.get("/wikis").text


def test_marks_and_rights_are_the_readers_own(cast: Cast, client_of: Clients) -> None:
    page = wiki_page(cast.specialist, cast.theme)
    path = f"/wikis/{page.id}-{page.slug}"
    member, other, writer = (client_of(one) for one in (cast.member, cast.other, cast.specialist))
    button = f'id="like-button-content-{page.id}" aria-pressed="true"'
    db.session.add(Like(content_id=page.id, user_id=cast.member.id))
    db.session.commit()
    for _visit in range(2):
        assert button in member.get(path).text
        assert button not in other.get(path).text
        assert f"{path}/edit" in writer.get(path).text
        assert f"{path}/edit" not in member.get(path).text


def test_whom_one_mutes_is_seen_by_others(cast: Cast, client_of: Clients) -> None:
    discussion(cast.other, "Hoort erbij", is_question=False)
    member, blogger = client_of(cast.member), client_of(cast.blogger)
    assert "Hoort erbij" in member.get("/").text
    keep_away(cast.member, cast.other, BlockLevel.MUTE)
    db.session.commit()
    for path in ("/", "/discussions"):
        assert "Hoort erbij" not in member.get(path).text
        assert "Hoort erbij" in blogger.get(path).text


def test_a_form_in_a_kept_part_has_the_readers_own_token(cast: Cast, client_of: Clients) -> None:
    """The first steps and what stands in them are kept; their form works for each reader."""
    for user in (cast.member, cast.other):
        client = client_of(user)
        card = client.get("/").text.split('id="first-steps-title"')[1]
        found = re.search(r'name="csrf_token" value="([^"]+)"', card)
        assert found
        closed = client.post("/welcome/steps/close", data={"csrf_token": found[1]}, csrf=False)
        assert closed.status_code == 303


def test_what_a_made_statement_selects_equals_its_sql_twin(cast: Cast) -> None:
    """`prepared` fills in what `visible_to` knows of a reader, and makes one statement for a kind."""
    for author in (cast.member, cast.specialist, cast.insider):
        for group in (None, cast.open, cast.closed, cast.hidden):
            discussion(author, group=group)
            discussion(author, group=group, hidden_at=now())
            wiki_page(author, cast.theme, group=group, status="pending")
    everyone = db.session.scalars(select(User)).all()
    for user in everyone:
        expected = set(db.session.scalars(readable(user)))
        assert {row.id for row in prepared(readable, user).rows()} == expected
    assert sight_of(cast.member).kind == sight_of(cast.other).kind
    assert reader_of(sight_of(cast.member).kind) is reader_of(sight_of(cast.other).kind)
    assert isinstance(sight_of(None), Sight)


def readable(user: object) -> Select[int]:
    """Select the ids of what someone can read."""
    return select(Content.id).where(visible_to(user))
