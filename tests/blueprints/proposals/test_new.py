"""/proposals/new: a new page, a change of one, or what was said somewhere."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import Discussion, Notification, Proposal, Status, User, WikiPage
from app.services.proposals import MOST_OPEN
from tests.cast import Cast, comment, discussion, proposal, wiki_page
from tests.checking import CheckingClient
from tests.settings import change

ClientOf = Callable[[User | None], CheckingClient]
URL = "/proposals/new"
KEY = "0f8fad5b-d9cb-469f-a165-70867728950e"
WORDS = {
    "title": "Uitstel van betaling", "body": "Zo vraag je uitstel.", "note": "Vaak gevraagd.",
    "submission_key": KEY,
}  # fmt: skip


def kept() -> list[Proposal]:
    return list(db.session.scalars(select(Proposal).order_by(Proposal.id)))


def new_page(cast: Cast, **changes: str) -> dict[str, str]:
    return {**WORDS, "theme_id": str(cast.theme.id), **changes}


@pytest.fixture
def page(cast: Cast) -> WikiPage:
    """Return a page with one version."""
    return wiki_page(cast.specialist, cast.theme, "Uitstel", "Bel.\n\nSchrijf.")


@pytest.fixture
def asked(cast: Cast) -> Discussion:
    """Return a discussion in the theme."""
    return discussion(cast.other, "Hoe vraag ik uitstel?", "Wie weet het?", theme=cast.theme)


@pytest.mark.parametrize("htmx", [False, True])
def test_a_new_page_reaches_the_specialists(
    cast: Cast, client: CheckingClient, *, htmx: bool
) -> None:
    answer = client.post(URL, data=new_page(cast), htmx=htmx)
    (made,) = kept()
    assert answer.status_code == (204 if htmx else 303)
    assert answer.headers["HX-Redirect" if htmx else "Location"] == f"/proposals/{made.id}"
    assert (made.title, made.note, made.proposer_id) == (
        "Uitstel van betaling", "Vaak gevraagd.", cast.member.id,
    )  # fmt: skip
    assert (made.theme_id, made.page_id, made.source_id) == (cast.theme.id, None, None)
    (news,) = db.session.scalars(select(Notification))
    assert (news.user_id, news.proposal_id) == (cast.specialist.id, made.id)


def test_the_address_chooses_theme_and_title(cast: Cast, client: CheckingClient) -> None:
    page = client.get(f"{URL}?theme=wonen&title=Huur+en+schuld").text
    assert f'<option selected value="{cast.other_theme.id}">' in page
    assert 'value="Huur en schuld"' in page


def test_sent_twice_is_one_proposal(cast: Cast, client: CheckingClient) -> None:
    first, second = (client.post(URL, data=new_page(cast)) for _ in range(2))
    assert first.location == second.location
    assert len(kept()) == 1
    client.post(URL, data=new_page(cast, body="Iets anders."))
    assert len(kept()) == 2


def test_a_change_begins_with_the_present_text(page: WikiPage, client: CheckingClient) -> None:
    url = f"{URL}?page={page.id}"
    shown = client.get(url).text
    assert "Bel.\n\nSchrijf.</textarea>" in shown and 'name="theme_id"' not in shown
    answer = client.post(url, data={**WORDS, "title": "Uitstel", "version": "1"})
    assert answer.status_code == 303
    (made,) = kept()
    assert (made.page_id, made.base_version, made.theme_id) == (page.id, 1, page.theme_id)


@pytest.mark.parametrize("version", ["0", "1", "7"])
def test_a_version_that_never_was_is_not_kept(
    page: WikiPage, client: CheckingClient, version: str
) -> None:
    client.post(f"{URL}?page={page.id}", data={**WORDS, "version": version})
    assert [made.base_version for made in kept()] == [1]


def test_a_change_of_nothing_is_pointed_out(page: WikiPage, client: CheckingClient) -> None:
    same = {**WORDS, "title": "Uitstel", "body": "Bel.\r\n\r\nSchrijf.", "version": "1"}
    answer = client.post(f"{URL}?page={page.id}", data=same)
    assert answer.status_code == 422 and "nog niets veranderd" in answer.text
    assert not kept()


def test_a_discussion_is_recorded_with_its_source(
    cast: Cast, asked: Discussion, client: CheckingClient
) -> None:
    url = f"{URL}?content={asked.id}"
    shown = client.get(url).text
    assert "&gt; **Otto Ander**:\n&gt;\n&gt; Wie weet het?" in shown
    assert f'<option selected value="{cast.theme.id}">' in shown
    assert client.post(url, data=new_page(cast)).status_code == 303
    (made,) = kept()
    assert (made.source_id, made.source_comment_id) == (asked.id, None)


def test_the_summary_is_quoted_first_then_the_answer(
    cast: Cast, asked: Discussion, client: CheckingClient
) -> None:
    url = f"{URL}?content={asked.id}"
    asked.answer_id = comment(asked, cast.blogger, "Dit is het antwoord.").id
    db.session.commit()
    assert "&gt; Dit is het antwoord." in client.get(url).text
    summary = comment(asked, cast.insider, "Dit is de samenvatting.")
    asked.summary_comment_id = summary.id
    db.session.commit()
    shown = client.get(url).text
    assert "&gt; **Ineke Insider**" in shown and "&gt; Dit is de samenvatting." in shown
    summary.hidden_at = now()
    db.session.commit()
    assert "samenvatting" not in client.get(url).text


def test_a_reply_is_recorded_with_its_source(
    cast: Cast, asked: Discussion, client: CheckingClient
) -> None:
    reply = comment(asked, cast.blogger, "Bel eerst.")
    url = f"{URL}?comment={reply.id}"
    assert "&gt; Bel eerst." in client.get(url).text
    client.post(url, data=new_page(cast))
    (made,) = kept()
    assert (made.source_id, made.source_comment_id) == (asked.id, reply.id)


def test_pieces_offer_it_and_closed_groups_do_not(
    cast: Cast, asked: Discussion, page: WikiPage, client_of: ClientOf
) -> None:
    reply = comment(asked, cast.blogger)
    client = client_of(cast.insider)
    shown = client.get(f"/discussions/{asked.id}-{asked.slug}").text
    assert f"{URL}?content={asked.id}" in shown
    assert f"{URL}?comment={reply.id}" in client.get(f"/comments/{reply.id}/menu").text
    assert f"{URL}?page={page.id}" in client.get(f"/wikis/{page.id}-{page.slug}").text
    inside = discussion(cast.insider, group=cast.closed)
    private = comment(inside, cast.group_owner)
    for path in (f"/discussions/{inside.id}-{inside.slug}", f"/comments/{private.id}/menu"):
        assert URL not in client.get(path).text
    own = client_of(cast.specialist).get(f"/wikis/{page.id}-{page.slug}/history").text
    assert f"{URL}?page={page.id}" not in own


def test_what_is_in_a_closed_group_stays_there(cast: Cast, client_of: ClientOf) -> None:
    inside = discussion(cast.insider, group=cast.closed, theme=cast.theme)
    reply = comment(inside, cast.insider)
    member, stranger = client_of(cast.insider), client_of(cast.other)
    for address in (f"{URL}?content={inside.id}", f"{URL}?comment={reply.id}"):
        assert member.get(address).status_code == 403
        assert member.post(address, data=new_page(cast)).status_code == 403
        assert stranger.get(address).status_code == 404
    assert not kept()


@pytest.mark.parametrize("name", ["page", "content", "comment"])
@pytest.mark.parametrize("key", ["999999", "0", "x", "99999999999999"])
def test_what_never_was_is_not_found(client: CheckingClient, name: str, key: str) -> None:
    assert client.get(f"{URL}?{name}={key}").status_code == 404


@pytest.mark.parametrize("how", ["bin", "hidden"])
def test_a_page_that_went_away_meanwhile_costs_no_text(
    cast: Cast, page: WikiPage, client: CheckingClient, how: str
) -> None:
    if how == "bin":
        page.status = Status.ARCHIVED
    else:
        page.hidden_at = now()
    db.session.commit()
    url = f"{URL}?page={page.id}"
    assert client.get(url).status_code == 404
    answer = client.post(url, data={**WORDS, "version": "1"})
    assert answer.status_code == 422
    assert "is er niet meer" in answer.text and "Zo vraag je uitstel." in answer.text
    assert 'action="/proposals/new"' in answer.text and not kept()
    assert client.post(URL, data=new_page(cast)).status_code == 303


@pytest.mark.parametrize("how", ["withdrawn_at", "hidden_at"])
def test_a_source_that_went_away_meanwhile_costs_no_text(
    cast: Cast, asked: Discussion, client: CheckingClient, how: str
) -> None:
    setattr(asked, how, now())
    db.session.commit()
    answer = client.post(f"{URL}?content={asked.id}", data=new_page(cast))
    assert answer.status_code == 422
    assert "Wat je wilde vastleggen" in answer.text and "Zo vraag je uitstel." in answer.text
    assert not kept()


@pytest.mark.parametrize(
    "change, field",
    [
        ({"title": ""}, "title"), ({"title": "a" * 201}, "title"), ({"body": " "}, "body"),
        ({"body": "a" * 200_001}, "body"), ({"note": "a" * 301}, "note"),
        ({"theme_id": ""}, "theme_id"), ({"theme_id": "999"}, "theme_id"),
        ({"theme_id": "x"}, "theme_id"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_pointed_out_and_the_rest_kept(
    cast: Cast, client: CheckingClient, change: dict[str, str], field: str
) -> None:
    answer = client.post(URL, data=new_page(cast, **change))
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    assert "body" in change or "Zo vraag je uitstel." in answer.text
    assert not kept()


def test_a_theme_out_of_use_is_no_choice(cast: Cast, client: CheckingClient) -> None:
    cast.theme.archived_at = now()
    db.session.commit()
    answer = client.post(URL, data=new_page(cast))
    assert answer.status_code == 422 and 'id="theme_id-error"' in answer.text
    assert not kept()


def test_nobody_floods_the_specialists(cast: Cast, client: CheckingClient) -> None:
    for _ in range(MOST_OPEN):
        proposal(cast.member, cast.theme)
    answer = client.post(URL, data=new_page(cast))
    assert answer.status_code == 422 and "Zo vraag je uitstel." in answer.text
    assert len(kept()) == MOST_OPEN


@pytest.mark.parametrize("htmx", [False, True])
def test_a_preview_keeps_nothing(cast: Cast, client: CheckingClient, *, htmx: bool) -> None:
    data = new_page(cast, body="Zo **vraag** je uitstel.", preview="1")
    answer = client.post(URL, data=data, htmx=htmx)
    assert answer.status_code == 200 and "<strong>vraag</strong>" in answer.text
    assert ("<h1" in answer.text) is not htmx
    assert not kept()


def test_without_wikis_there_is_nothing_to_propose(
    cast: Cast, asked: Discussion, client: CheckingClient
) -> None:
    comment(asked, cast.blogger)
    change(modules_off=("wikis",))
    for address in (URL, "/proposals", f"{URL}?content={asked.id}"):
        assert client.get(address).status_code == 404
    assert URL not in client.get(f"/discussions/{asked.id}-{asked.slug}").text


def test_visitors_sign_in_first(cast: Cast, client_of: ClientOf) -> None:
    assert client_of(None).get(URL).location.startswith("/login")


def test_what_was_being_written_comes_back(
    cast: Cast, page: WikiPage, client: CheckingClient
) -> None:
    url = f"{URL}?page={page.id}"
    kept_text = {"title": "Uitstel", "body": "Half af", "version": "1"}
    place = f"proposals:{page.id}:page"
    form = {"draft_place": place, "draft_user": str(cast.member.id), "draft_auto": "1"}
    assert client.post("/drafts", data={**kept_text, **form}).status_code in {200, 204}
    assert "Half af</textarea>" in client.get(url).text
    assert page.title in client.get("/account/drafts").text
    reply = comment(discussion(cast.other, theme=cast.theme), cast.blogger)
    assert f"proposals:{reply.id}:comment" in client.get(f"{URL}?comment={reply.id}").text
