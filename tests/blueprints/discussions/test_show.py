"""The page of a discussion."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.extensions import Kring, db
from app.lib.clock import now
from app.models import Setting, Tag, User
from app.site import forget_site, site
from bench.statements import statements
from tests.cast import Cast, comment, discussion
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]


def path(piece: object) -> str:
    return f"/discussions/{piece.id}-{piece.slug}"  # type: ignore[attr-defined]  # a piece


def test_it_shows_what_a_reader_wants_to_know(cast: Cast, client: CheckingClient) -> None:
    tag = Tag(name="Schuldhulp vooraf", slug="schuldhulp-vooraf")
    asked = discussion(cast.other, "Hoe regel je dit?", theme=cast.theme, tags=[tag])
    comment(asked, cast.member, "Zo doe ik het.")
    page = client.get(path(asked)).get_data(as_text=True)
    for expected in (
        "Hoe regel je dit?", "Otto Ander", "Wie weet dit?", "Zo doe ik het.", "iedereen in de community",
        "/themes/schuldhulp", "/tags/schuldhulp-vooraf", "1 reactie", "0 keer gelezen",
        f'id="state-{asked.id}"', f'action="/content/{asked.id}/follow"',
    ):  # fmt: skip
        assert expected in page, expected


def test_the_role_of_the_author_stands_beside_the_name(cast: Cast, client: CheckingClient) -> None:
    asked = discussion(cast.moderator)
    assert '<span class="k-badge k-badge--role">Moderator</span>' in client.get(path(asked)).text
    assert "k-badge--role" not in client.get(path(discussion(cast.other))).text


def test_an_old_slug_leads_on(cast: Cast, client: CheckingClient) -> None:
    asked = discussion(cast.member, "Nieuwe titel")
    response = client.get(f"/discussions/{asked.id}-oude-titel")
    assert response.status_code == 301
    assert response.location == path(asked)


@pytest.mark.parametrize("address", ["/discussions/999999", "/discussions/x", "/discussions/1%00"])
def test_unknown_is_not_found(client: CheckingClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_visitors_sign_in_first(cast: Cast, client_of: Clients) -> None:
    response = client_of(None).get(path(discussion(cast.member)))
    assert response.status_code == 303
    assert response.location.startswith("/login?next=/discussions/")


def test_a_closed_group_keeps_its_secret(cast: Cast, client_of: Clients) -> None:
    secret = discussion(cast.insider, "Geheimwoord", group=cast.closed)
    for outsider in (cast.member, cast.moderator, cast.manager, cast.administrator):
        response = client_of(outsider).get(path(secret))
        assert response.status_code == 404
        assert "Geheimwoord" not in response.text
    inside = client_of(cast.insider).get(path(secret)).text
    assert "alleen leden van" in inside
    assert "Groep closed" in inside


def test_who_changed_it_is_told_and_leads_to_the_history(
    cast: Cast, client: CheckingClient
) -> None:
    asked = discussion(cast.other)
    asked.edited_at, asked.edited_by = now() - timedelta(hours=2), cast.moderator
    page = client.get(path(asked)).text
    assert f'<a href="{path(asked)}/history">Aangepast' in page
    assert "Mo Moderator" in page


def test_withdrawn_with_replies_keeps_its_title_only(cast: Cast, client_of: Clients) -> None:
    tag = Tag(name="Ingetrokkentag", slug="ingetrokkentag")
    asked = discussion(cast.member, "Een titel", "Ingetrokkenwoord", withdrawn_at=now(), tags=[tag])
    comment(asked, cast.other)
    for reader in (cast.other, cast.moderator):
        page = client_of(reader).get(path(asked)).text
        assert "Een titel" in page
        assert "Ingetrokken door de schrijver" in page
        assert "Ingetrokken" + "woord" not in page
        assert "Ingetrokkentag" not in page
    own = client_of(cast.member).get(path(asked)).text
    assert "Ingetrokken" + "woord" in own
    assert f'action="{path(asked)}/withdraw/undo"' in own


def test_withdrawn_without_replies_is_gone_for_others(cast: Cast, client_of: Clients) -> None:
    asked = discussion(cast.member, withdrawn_at=now())
    assert client_of(cast.other).get(path(asked)).status_code == 404
    assert client_of(cast.member).get(path(asked)).status_code == 200


def test_fifty_replies_a_page(cast: Cast, client: CheckingClient) -> None:
    asked = discussion(cast.member)
    made = [comment(asked, cast.other, f"Reactie nummer {n}.") for n in range(1, 53)]
    first, second = client.get(path(asked)).text, client.get(path(asked) + "?page=2").text
    assert f'id="comment-{made[49].id}"' in first
    assert f'id="comment-{made[50].id}"' not in first
    assert f'id="comment-{made[50].id}"' in second


def test_a_reader_counts_once_a_day(app: Kring, cast: Cast, client_of: Clients) -> None:
    asked = discussion(cast.member)
    for reader in (cast.member, cast.other):
        client = client_of(reader)
        client.get(path(asked))
        client.get(path(asked))
    db.session.commit()
    assert app.extensions["kring_views"].flush_now()
    assert "2 keer gelezen" in client_of(cast.insider).get(path(asked)).text


def test_views_can_be_switched_off(app: Kring, cast: Cast, client: CheckingClient) -> None:
    asked = discussion(cast.member)
    db.session.add(Setting(key="show_views", value=False))
    db.session.commit()
    forget_site()
    assert not site().show_views
    assert "keer gelezen" not in client.get(path(asked)).text
    db.session.commit()
    app.extensions["kring_views"].flush_now()
    db.session.refresh(asked)
    assert asked.view_count == 0


def test_seven_statements_whatever_the_number_of_replies(cast: Cast, client_of: Clients) -> None:
    tags = [Tag(name=f"Trefwoord {n}", slug=f"trefwoord-{n}") for n in range(3)]
    few = discussion(cast.member, theme=cast.theme)
    many = discussion(cast.moderator, group=cast.open, tags=tags)
    comment(few, cast.other)
    people = (cast.other, cast.moderator, cast.specialist, cast.manager, cast.insider)
    for n in range(40):
        comment(many, people[n % 5])
    many.summary_comment_id = comment(many, cast.ambassador).id
    client = client_of(cast.specialist)
    client.get(path(few))
    counts = []
    for piece in (few, many):
        address = path(piece)
        with statements() as sent:
            assert client.get(address).status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 7
