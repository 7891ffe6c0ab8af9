"""/pages/house-rules/poster, and the way to the house rules from where people write."""

from collections.abc import Callable

from sqlalchemy import select

from app.extensions import db
from app.models import OutgoingMail, User
from app.services import pages
from tests.cast import Cast, comment, discussion, wiki_page
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
RULES = 'href="/pages/house-rules"'


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("<footer")]


def test_everyone_can_print_the_rules(client_of: ClientOf, cast: Cast) -> None:
    pages.edit("house-rules", "Zo doen we het", "## Eerlijk\n\nBij {community}.", cast.manager)
    for reader in (None, cast.member):
        page = client_of(reader).get("/pages/house-rules/poster").text
        for said in (
            "<h1>Zo doen we het</h1>",
            "1. Eerlijk",
            "Bij Kring.",
            "Versie 2",
            "poster.css",
        ):
            assert said in page, said
        assert "/pages/house-rules ·" in page


def test_the_rules_are_one_click_from_every_composer(client_of: ClientOf, cast: Cast) -> None:
    asked = discussion(cast.member)
    reply = comment(asked, cast.member, "Antwoord")
    wiki = wiki_page(cast.specialist, cast.theme)
    member, specialist = client_of(cast.member), client_of(cast.specialist)
    for client, address in (
        (member, "/discussions/new"),
        (member, f"/discussions/{asked.id}-{asked.slug}"),
        (member, f"/discussions/{asked.id}-{asked.slug}/edit"),
        (member, f"/comments/{reply.id}/edit"),
        (specialist, f"/wikis/{wiki.id}-{wiki.slug}/edit"),
        (specialist, "/wikis/new?theme=schuldhulp"),
    ):
        page = main_of(client.get(address).text)
        assert RULES in page and 'href="/pages/what-goes-where"' in page, address


def test_a_measure_is_told_with_a_link_to_the_rules(
    client: CheckingClient, client_of: ClientOf, cast: Cast
) -> None:
    asked = discussion(cast.member)
    url = f"/content/{asked.id}/hide"
    answer = client_of(cast.moderator).post(url, data={"reason": "Er staat een naam in."})
    assert answer.status_code == 303
    assert RULES in main_of(client.get("/notifications").text)
    assert RULES in main_of(client.get(f"/discussions/{asked.id}-{asked.slug}").text)
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert "/pages/house-rules" in mail.body
