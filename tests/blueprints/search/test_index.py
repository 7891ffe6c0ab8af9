"""The search page."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import Audience, ContentView, SearchTerm, Tag, User
from app.services import search_index, searches
from bench.statements import statements
from tests.cast import Cast, comment, discussion, document, wiki_page
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]
TITLE = re.compile(r'class="k-row__title"><a href="([^"]*)">(.*?)</a>')


def indexed(*subjects: object) -> None:
    """Let these be found: the cast makes them without the services that do this."""
    search_index.index(*subjects)  # type: ignore[arg-type]  # any of them
    db.session.commit()


def path(q: str, **filters: object) -> str:
    return f"/search?{urlencode({'q': q, **filters})}"


def titles(client: CheckingClient, q: str, *, htmx: bool = False, **filters: object) -> list[str]:
    """Return what was found, in its order."""
    answer = client.get(path(q, **filters), htmx=htmx)
    assert answer.status_code == 200
    return [re.sub("<[^>]*>", "", unescape(title)) for _url, title in TITLE.findall(answer.text)]


def test_without_a_question_it_helps_to_begin(cast: Cast, client: CheckingClient) -> None:
    discussion(cast.other, tags=[Tag(name="Wmo", slug="wmo")])
    discussion(cast.insider, group=cast.closed, tags=[Tag(name="Geheim", slug="geheim")])
    page = client.get("/search").text
    assert 'href="/tags/wmo"' in page and "Geheim" not in page
    assert f'href="/themes/{cast.theme.slug}"' in page
    assert page.count('role="search"') == 1


@pytest.mark.parametrize("htmx", [False, True])
def test_finds_pieces_and_marks_the_words(cast: Cast, client: CheckingClient, htmx: bool) -> None:
    asked = discussion(cast.other, "Uitstel vragen", "Hoe vraag je kwijtschelding aan?")
    page = wiki_page(cast.specialist, cast.theme, "Kwijtschelding")
    indexed(asked, page, discussion(cast.other, "Iets anders"))
    answer = client.get(path("kwijtschelding"), htmx=htmx).text
    assert f'href="/discussions/{asked.id}-uitstel-vragen"' in answer
    assert f'href="/wikis/{page.id}-kwijtschelding"' in answer
    assert "<mark>kwijtschelding</mark>" in answer and "<mark>Kwijtschelding</mark>" in answer
    assert "Iets anders" not in answer
    assert ("<title>Zoeken: kwijtschelding" in answer) is not htmx
    assert ('data-announce="2 resultaten"' in answer) is htmx
    assert 'value="kwijtschelding"' in answer or htmx


def test_a_reply_is_found_at_its_place(cast: Cast, client: CheckingClient) -> None:
    asked = discussion(cast.other, "Vraag")
    reply = comment(asked, cast.specialist, "Bel de kredietbank.")
    indexed(asked, reply)
    answer = client.get(path("kredietbank")).text
    assert f'href="/comments/{reply.id}"' in answer and "<mark>kredietbank</mark>" in answer
    assert client.get(f"/comments/{reply.id}").location.endswith(f"#comment-{reply.id}")


def test_people_keywords_and_documents_by_name(cast: Cast, client: CheckingClient) -> None:
    tag = Tag(name="Zonnepanelen", slug="zonnepanelen")
    asked = discussion(cast.other, "Vraag", tags=[tag])
    file = document(asked, cast.other, "tekst", "zonnepanelen.txt", "Zonnepanelen op daken")
    cast.other.name, cast.other.job_title = "Zonnepanelen Ander", "Adviseur daken"
    indexed(asked, tag, file, cast.other)
    answer = client.get(path("zonnepanelen")).text
    assert 'href="/tags/zonnepanelen"' in answer
    assert f'href="/attachments/{file.id}-' in answer
    assert f'href="/people/{cast.other.id}-otto-ander"' in answer and "Adviseur daken" in answer


def test_a_job_title_that_is_kept_to_oneself(cast: Cast, client: CheckingClient) -> None:
    cast.other.name, cast.other.job_title = "Zonnepanelen Ander", "Adviseur daken"
    cast.other.job_title_audience = Audience.MANAGER
    indexed(cast.other)
    answer = client.get(path("zonnepanelen")).text
    assert f'href="/people/{cast.other.id}-otto-ander"' in answer
    assert "Adviseur daken" not in answer


@pytest.mark.parametrize(
    "filters, expected",
    [
        ({}, {"Gezocht", "Nieuw", "Pagina", "Groep"}),
        ({"type": "wiki"}, {"Pagina"}),
        ({"type": "discussion"}, {"Gezocht", "Nieuw", "Groep"}),
        ({"theme": "schuldhulp"}, {"Gezocht", "Pagina"}),
        ({"group": "groep-open"}, {"Groep"}),
        ({"author": "otto-ander"}, {"Gezocht", "Nieuw"}),
        ({"author": "Otto"}, {"Gezocht", "Nieuw"}),
        ({"since": "week"}, {"Nieuw", "Pagina", "Groep"}),
        ({"since": "2026-01-01", "type": "wiki"}, {"Pagina"}),
        ({"tag": "wmo"}, {"Nieuw"}),
        ({"seen": "yes"}, {"Gezocht"}),
        ({"seen": "no"}, {"Nieuw", "Pagina", "Groep"}),
        ({"type": "verzonnen", "theme": "%00", "group": "x", "since": "gisteren", "seen": "9"},
         {"Gezocht", "Nieuw", "Pagina", "Groep"}),
    ],
)  # fmt: skip
def test_filters(
    cast: Cast, client: CheckingClient, filters: dict[str, Any], expected: set[str]
) -> None:
    word = "kwijtschelding"
    long_ago = now() - timedelta(days=200)
    old = discussion(cast.other, "Gezocht", word, theme=cast.theme, published_at=long_ago)
    tag = Tag(name="Wmo", slug="wmo")
    new = discussion(cast.other, "Nieuw", word, tags=[tag])
    page = wiki_page(cast.specialist, cast.theme, "Pagina", word)
    inside = discussion(cast.insider, "Groep", word, group=cast.open)
    db.session.add(ContentView(content_id=old.id, user_id=cast.member.id, day="2026-01-01"))
    indexed(old, new, page, inside)
    assert set(titles(client, word, **filters)) == expected


def test_a_filter_is_a_chip_that_takes_it_away(cast: Cast, client: CheckingClient) -> None:
    indexed(discussion(cast.other, "Kwijtschelding", theme=cast.theme))
    answer = client.get(path("kwijtschelding", theme="schuldhulp", since="week")).text
    chips = answer.partition('class="k-chips"')[2].partition("</ul>")[0]
    assert "Thema: Schuldhulp" in chips and "De laatste week" in chips
    assert 'href="/search?q=kwijtschelding&amp;since=week"' in chips
    assert 'href="/search?q=kwijtschelding&amp;theme=schuldhulp"' in chips


def test_only_readable_groups_are_offered(cast: Cast, client_of: Clients) -> None:
    page = client_of(cast.member).get("/search").text
    assert "Groep open" in page and "Groep closed" not in page and "Groep hidden" not in page
    assert "Groep hidden" in client_of(cast.insider).get("/search").text


@pytest.mark.parametrize("htmx", [False, True])
def test_someone_who_is_not_there(cast: Cast, client: CheckingClient, htmx: bool) -> None:
    answer = client.get(path("kwijtschelding", author="Nergens Bekend"), htmx=htmx)
    assert answer.status_code == 422
    if not htmx:
        assert "Er is hier niemand met de naam “Nergens Bekend”." in answer.text
        assert 'value="Nergens Bekend"' in answer.text and 'value="kwijtschelding"' in answer.text


def test_best_or_newest_first(cast: Cast, client: CheckingClient) -> None:
    old = now() - timedelta(days=40)
    best = discussion(cast.other, "Kwijtschelding", published_at=old, last_active_at=old)
    new = discussion(cast.other, "Nieuw", "Iets over kwijtschelding en nog veel meer woorden.")
    indexed(best, new)
    assert titles(client, "kwijtschelding") == ["Kwijtschelding", "Nieuw"]
    assert titles(client, "kwijtschelding", order="new") == ["Nieuw", "Kwijtschelding"]


def test_pages(cast: Cast, client: CheckingClient) -> None:
    indexed(*(discussion(cast.other, f"Kwijtschelding {n}") for n in range(25)))
    first, second = titles(client, "kwijtschelding"), titles(client, "kwijtschelding", page=2)
    assert (len(first), len(second), len({*first, *second})) == (20, 5, 25)
    page = client.get(path("kwijtschelding")).text
    assert "25 resultaten" in page and "q=kwijtschelding&amp;page=2" in page
    for odd in ("0", "-1", "x", "99999999999999999999", "9999"):
        assert client.get(path("kwijtschelding", page=odd)).status_code == 200


@pytest.mark.parametrize("htmx", [False, True])
def test_it_says_when_there_is_more(
    cast: Cast, client: CheckingClient, htmx: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    indexed(*(discussion(cast.other, f"Kwijtschelding {n}") for n in range(4)))
    more = "Er is meer dan we hebben doorgekeken"
    answer = client.get(path("kwijtschelding"), htmx=htmx).text
    assert "4 resultaten" in answer and "Meer dan" not in answer and more not in answer
    monkeypatch.setattr("app.queries.search.LOOKED_AT", 3)
    answer = client.get(path("kwijtschelding"), htmx=htmx).text
    assert "Meer dan 3 resultaten" in answer and more in answer
    indexed(*(discussion(cast.insider, "Geheim", group=cast.closed) for _n in range(3)))
    indexed(discussion(cast.other, "Geheim", published_at=now() - timedelta(days=9)))
    answer = client.get(path("geheim"), htmx=htmx).text
    assert "Niets gevonden" in answer and more in answer


def test_nothing_found_helps_on(cast: Cast, client: CheckingClient) -> None:
    answer = client.get(path("zonnepaneel & dak", theme="wonen")).text
    assert "Niets gevonden voor “zonnepaneel &amp; dak”" in answer
    ask = re.search(r'href="(/discussions/new[^"]*)"', answer)
    assert ask and "/proposals/new?title=zonnepaneel" in answer
    assert 'href="/search?q=zonnepaneel+%26+dak"' in answer  # without the filter
    form = client.get(unescape(ask[1])).text
    assert 'value="zonnepaneel &amp; dak"' in form


def test_a_misspelt_word_is_understood(cast: Cast, client: CheckingClient, app: Flask) -> None:
    indexed(discussion(cast.other, "Kwijtschelding"))
    app.extensions[searches.WORDS].flush_now()
    answer = client.get(path("kwijtscheldign")).text
    assert "Bedoelde je" in answer and 'href="/search?q=kwijtschelding"' in answer


def test_too_long_is_cut_and_says_so(cast: Cast, client: CheckingClient) -> None:
    long = "kwijtschelding " * 700
    answer = client.get(path(long))
    assert answer.status_code == 200
    assert "Je vraag is langer dan 300 tekens" in answer.text and long.strip() in answer.text


@pytest.mark.parametrize("q", ['"', '""""""', "***", "-", "- -", "!?.", "'; --", "%"])
def test_a_question_without_words(cast: Cast, client: CheckingClient, q: str) -> None:
    answer = client.get(path(q))
    assert answer.status_code == 200
    assert "Hier staat geen woord in om op te zoeken" in answer.text
    assert client.get(path(q), htmx=True).status_code == 200


def test_only_what_to_leave_out(cast: Cast, client: CheckingClient) -> None:
    answer = client.get(path("-plastic"))
    assert answer.status_code == 200
    assert "Je zegt alleen wat we moeten weglaten" in answer.text


def terms() -> dict[str, int]:
    return {term.term: term.times for term in db.session.scalars(select(SearchTerm))}


def test_a_question_is_counted_once(cast: Cast, client: CheckingClient, app: Flask) -> None:
    client.get(path("huisbezoek"))
    client.get(path("huisbez"), htmx=True)
    for more in (path("huisbezoek", page=2), path("huisbezoek", type="wiki")):
        client.get(more, headers={"Referer": f"http://localhost{path('huisbezoek')}"})
    app.extensions[searches.TERMS].flush_now()
    assert terms() == {"huisbezoek": 1}


def test_another_question_from_the_page_counts_too(
    cast: Cast, client: CheckingClient, app: Flask
) -> None:
    client.get(path("loket"), headers={"Referer": f"http://localhost{path('huisbezoek')}"})
    app.extensions[searches.TERMS].flush_now()
    assert terms() == {"loket": 1}


def test_visitors_sign_in_first(cast: Cast, client_of: Clients) -> None:
    assert client_of(None).get("/search?q=wmo").status_code == 303


@pytest.mark.parametrize("htmx", [False, True])
def test_a_fixed_number_of_statements(cast: Cast, client: CheckingClient, htmx: bool) -> None:
    tag = Tag(name="Kwijtschelding", slug="kwijtschelding")
    indexed(discussion(cast.other, "Kwijtschelding", tags=[tag]), tag)
    filters = {"theme": "", "author": "", "since": "year"}
    for address in ("/search", path("kwijtschelding", **filters), path("onvindbaar")):
        client.get(address, htmx=htmx)
        with statements() as few:
            client.get(address, htmx=htmx)
        assert len(few) <= 5, address
    for n in range(12):
        cast.other.name = "Kwijtschelding Ander"
        made = discussion(cast.other, theme=cast.theme, group=cast.open, body="Kwijtschelding")
        indexed(made, comment(made, cast.other, f"kwijtschelding {n}"), cast.other)
    client.get(path("kwijtschelding", **filters), htmx=htmx)
    with statements() as many:
        client.get(path("kwijtschelding", **filters), htmx=htmx)
    assert len(many) <= 5
