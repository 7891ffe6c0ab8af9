"""The versions of a discussion."""

from collections.abc import Callable

import pytest

from app.extensions import db
from app.lib.clock import now
from app.models import Discussion, Revision, User
from bench.statements import statements
from tests.cast import Cast, comment, discussion
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]


@pytest.fixture
def asked(cast: Cast) -> Discussion:
    """Return a discussion with three versions."""
    made = discussion(cast.member, "Eerste titel", "Regel een\nRegel twee")
    for number, body in (
        (2, "Regel een\nRegel **anders**"),
        (3, "Regel een\nRegel **anders**\nErbij"),
    ):
        db.session.add(Revision(
            content_id=made.id, number=number, title="Latere titel", body=body,
            author_id=cast.moderator.id, note=f"Reden {number}",
        ))  # fmt: skip
    made.version, made.body = 3, "Regel een\nRegel **anders**\nErbij"
    db.session.commit()
    return made


def path(piece: Discussion, rest: str) -> str:
    return f"/discussions/{piece.id}-{piece.slug}/{rest}"


ADDRESSES = ("history", "revisions/2", "diff/1/3", "diff/1/3?view=inline")


def test_history_lists_all_versions(client: CheckingClient, asked: Discussion) -> None:
    page = client.get(path(asked, "history")).text
    assert page.index("Versie 3") < page.index("Versie 2") < page.index("Versie 1")
    for expected in ("Reden 2", "Reden 3", "Mo Moderator", "Lotte Lid", path(asked, "diff/2/3")):
        assert expected in page


def test_a_version_shows_the_text_as_it_was(client: CheckingClient, asked: Discussion) -> None:
    page = client.get(path(asked, "revisions/2")).text
    assert "<strong>anders</strong>" in page
    assert "Erbij" not in page
    assert path(asked, "diff/2/3") in page


@pytest.mark.parametrize("view", ["side", "inline"])
def test_differences_are_marked(client: CheckingClient, asked: Discussion, view: str) -> None:
    page = client.get(path(asked, f"diff/1/3?view={view}")).text
    assert "<del>twee</del>" in page
    assert "<ins>**anders**</ins>" in page
    assert "<ins>Erbij</ins>" in page
    assert "<del>Eerste titel</del>" in page


def test_two_chosen_versions_are_compared(client: CheckingClient, asked: Discussion) -> None:
    response = client.get(path(asked, "compare?old=3&new=1"))
    assert response.location == path(asked, "diff/1/3")
    assert client.get(path(asked, "compare?old=x")).status_code == 404


@pytest.mark.parametrize(
    "rest", ["revisions/4", "revisions/0", "revisions/x", "diff/1/9", "diff/0/1", "diff/1/3?view=x"]
)
def test_unknown_is_not_found(client: CheckingClient, asked: Discussion, rest: str) -> None:
    assert client.get(path(asked, rest)).status_code == 404


def test_another_piece_has_other_versions(
    cast: Cast, client: CheckingClient, asked: Discussion
) -> None:
    assert client.get(path(discussion(cast.other), "revisions/2")).status_code == 404


def test_withdrawn_texts_are_for_their_writer(
    cast: Cast, client_of: Clients, asked: Discussion
) -> None:
    comment(asked, cast.other)
    asked.withdrawn_at = now()
    other, author = client_of(cast.other), client_of(cast.member)
    for rest in ADDRESSES:
        response = other.get(path(asked, rest))
        assert response.status_code == 403
        assert "Regel" not in response.text
        assert author.get(path(asked, rest)).status_code == 200


def test_not_visible(cast: Cast, client_of: Clients) -> None:
    secret = discussion(cast.insider, "Geheimwoord", group=cast.closed)
    moderator = client_of(cast.moderator)
    for rest in ("history", "revisions/1", "diff/1/1"):
        assert moderator.get(path(secret, rest)).status_code == 404


def test_nobody_signed_in(client_of: Clients, asked: Discussion) -> None:
    visitor = client_of(None)
    for rest in ADDRESSES:
        assert visitor.get(path(asked, rest)).status_code == 303


def test_a_fixed_number_of_statements(
    cast: Cast, client: CheckingClient, asked: Discussion
) -> None:
    one = path(discussion(cast.member), "history")
    three = path(asked, "history")
    client.get(one)
    counts = []
    for address in (one, three):
        with statements() as sent:
            client.get(address)
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 6
