"""/account/decisions and /decisions/of/…: what was decided about oneself."""

from collections.abc import Callable

from app.models import User
from bench.statements import statements
from tests.cast import Cast, comment, decision, discussion
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
URL = "/account/decisions"


def test_one_reads_all_about_oneself_and_nothing_about_others(
    cast: Cast, client_of: ClientOf
) -> None:
    decision(cast.member, cast.manager, reason="Let op je toon.")
    decision(cast.other, cast.manager, reason="Iets anders.")
    client = client_of(cast.member)
    page = client.get(URL).text
    assert "Let op je toon." in page and "Iets anders." not in page
    assert f'href="{URL}"' in client.get("/account").text
    assert "Let op je toon." in client.get(URL, htmx=True).text


def test_without_decisions_it_says_so(client: CheckingClient) -> None:
    assert "Geen besluiten" in client.get(URL).text


def test_a_visitor_signs_in_first(cast: Cast, client_of: ClientOf) -> None:
    assert client_of(None).get(URL).status_code == 303


def test_it_goes_on_from_a_cursor(cast: Cast, client: CheckingClient) -> None:
    for number in range(21):
        decision(cast.member, cast.manager, reason=f"Reden {number:02}.")
    page = client.get(URL).text
    assert "Reden 20." in page and "Reden 00." not in page
    further = page.partition('rel="next" href="')[2].partition('"')[0]
    assert "Reden 00." in client.get(further).text
    assert client.get(f"{URL}?after=onzin").status_code == 404


def test_the_number_of_statements_does_not_grow(cast: Cast, client: CheckingClient) -> None:
    decision(cast.member, cast.manager)
    client.get(URL)
    with statements() as few:
        client.get(URL)
    for _ in range(8):
        decision(cast.member, cast.manager, discussion(cast.member))
    with statements() as many:
        client.get(URL)
    assert len(few) == len(many) <= 4


def test_a_text_leads_to_its_newest_decision(cast: Cast, client_of: ClientOf) -> None:
    asked = discussion(cast.member)
    reply = comment(asked, cast.member)
    decision(cast.member, cast.moderator, asked)
    newest = decision(cast.member, cast.moderator, asked, measure="locked")
    about_reply = decision(cast.member, cast.moderator, reply)
    client = client_of(cast.member)
    assert client.get(f"/decisions/of/content/{asked.id}").location == f"/decisions/{newest.id}"
    answer = client.get(f"/decisions/of/comments/{reply.id}")
    assert answer.location == f"/decisions/{about_reply.id}"
    other = client_of(cast.other)
    for url in (f"/decisions/of/content/{asked.id}", f"/decisions/of/comments/{reply.id}"):
        assert other.get(url).status_code == 404
        assert client_of(None).get(url).status_code == 303
