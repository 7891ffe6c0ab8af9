"""/proposals/…/take and /adapt: a proposal comes into the wiki, as it is or in other words."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import (
    Credit,
    LogEntry,
    Notification,
    OutgoingMail,
    PageSource,
    Proposal,
    ProposalState,
    Revision,
    Role,
    Standing,
    Status,
    User,
    WikiPage,
)
from tests.blueprints.proposals.conftest import BODY, Later
from tests.cast import Cast, comment, discussion, image, person, proposal, wiki_page
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]


def url(made: Proposal, deed: str = "") -> str:
    return f"/proposals/{made.id}{deed and '/' + deed}"


def pages() -> list[WikiPage]:
    return list(db.session.scalars(select(WikiPage).order_by(WikiPage.id)))


def latest(page: WikiPage) -> Revision:
    newest = select(Revision).where(Revision.content_id == page.id)
    return db.session.scalars(newest.order_by(Revision.number.desc()).limit(1)).one()


@pytest.mark.parametrize("htmx", [False, True])
def test_a_new_page_is_made(
    cast: Cast, client_of: ClientOf, fresh: Proposal, *, htmx: bool
) -> None:
    above = wiki_page(cast.specialist, cast.theme, "Boven")
    client = client_of(cast.specialist)
    assert ">Boven</option>" in client.get(url(fresh)).text
    answer = client.post(
        url(fresh, "take"), data={"parent_id": str(above.id), "version": "0"}, htmx=htmx
    )
    assert answer.status_code == (204 if htmx else 303)
    page = pages()[-1]
    assert (page.title, page.body, page.parent_id) == ("Uitstel", "Zo **moet** het.", above.id)
    assert (page.standing, page.owner_id) == (Standing.IN_FORCE, cast.specialist.id)
    version = latest(page)
    assert (version.author_id, version.note) == (cast.specialist.id, "Voorstel van Lotte Lid")
    assert (fresh.state, fresh.decided_by_id) == (ProposalState.TAKEN, cast.specialist.id)
    assert (fresh.page_id, fresh.revision_number) == (page.id, 1)


def test_the_proposer_is_thanked_and_hears(
    cast: Cast, client_of: ClientOf, fresh: Proposal
) -> None:
    client_of(cast.specialist).post(url(fresh, "take"), data={"version": "0"})
    (page,) = pages()
    address = f"/wikis/{page.id}-uitstel"
    member = client_of(cast.member)
    shown = member.get(address).text
    assert "Met dank aan" in shown and f'href="/people/{cast.member.id}-' in shown
    (mail,) = db.session.scalars(select(OutgoingMail))
    assert mail.recipient == cast.member.email and address in mail.body
    news = db.session.scalars(
        select(Notification).where(Notification.user_id == cast.member.id)
    ).one()
    assert "in de wiki gezet" in member.get("/notifications").text
    assert member.post(f"/notifications/{news.id}/open").location == url(fresh)
    assert address in member.get(url(fresh)).text
    entry = db.session.scalars(select(LogEntry).where(LogEntry.action == "proposal_taken")).one()
    assert (entry.subject_kind, entry.subject_id) == ("proposal", fresh.id)


def test_a_change_becomes_a_version(
    cast: Cast, client_of: ClientOf, edit: Proposal, page: WikiPage
) -> None:
    client = client_of(cast.specialist)
    shown = client.get(url(edit)).text
    assert "<del>bel</del>" in shown and "<ins>mail</ins>" in shown
    assert client.post(url(edit, "take"), data={"version": "1"}).status_code == 303
    version = latest(page)
    assert (version.number, version.body, version.author_id) == (2, edit.body, cast.specialist.id)
    assert edit.revision_number == 2
    assert db.session.scalars(select(Credit.user_id)).all() == [cast.member.id]


def test_both_changes_are_kept_where_they_do_not_touch(
    cast: Cast, client_of: ClientOf, edit: Proposal, page: WikiPage, later: Later
) -> None:
    later(BODY.replace("Klaar.", "Klaar is kees."))
    client = client_of(cast.specialist)
    shown = client.get(url(edit)).text
    assert "De pagina is intussen veranderd" in shown and "raken elkaar niet" in shown
    assert client.post(url(edit, "take"), data={"version": "2"}).status_code == 303
    assert latest(page).body == "Eerst mail je.\n\nDan schrijf je.\n\nKlaar is kees."


def test_what_touches_is_adapted_and_nothing_is_lost(
    cast: Cast, client_of: ClientOf, edit: Proposal, page: WikiPage, later: Later
) -> None:
    later(BODY.replace("Eerst bel je.", "Eerst app je."))
    client = client_of(cast.specialist)
    shown = client.get(url(edit)).text
    assert "raakt dezelfde regels" in shown and "/take" in shown and ">Overnemen<" not in shown
    refused = client.post(url(edit, "take"), data={"version": "2"})
    assert refused.status_code == 409 and latest(page).number == 2
    form = client.get(url(edit, "adapt")).text
    assert "Eerst mail je." in form and "Eerst app je." in form
    words = {"title": "Loket", "body": "Eerst mail of app je.", "version": "2"}
    assert client.post(url(edit, "adapt"), data=words).status_code == 303
    assert latest(page).body == "Eerst mail of app je."
    assert edit.state is ProposalState.TAKEN


def test_what_changed_under_the_hands_is_shown_first(
    cast: Cast, client_of: ClientOf, edit: Proposal, page: WikiPage, later: Later
) -> None:
    later(BODY + "\n\nMeer.")
    client = client_of(cast.specialist)
    answer = client.post(url(edit, "take"), data={"version": "1"})
    assert answer.status_code == 409 and "net gewijzigd" in answer.text
    words = {"title": "Loket", "body": edit.body, "version": "1"}
    answer = client.post(url(edit, "adapt"), data=words)
    assert answer.status_code == 409 and "terwijl je schreef" in answer.text
    assert "Eerst mail je.\n\nDan schrijf je.\n\nKlaar.\n\nMeer.</textarea>" in answer.text
    assert 'name="version" type="hidden" value="2"' in answer.text
    assert edit.state is ProposalState.OPEN and latest(page).number == 2


def test_it_can_be_adapted(cast: Cast, client_of: ClientOf, fresh: Proposal) -> None:
    client = client_of(cast.specialist)
    assert "Zo **moet** het.</textarea>" in client.get(url(fresh, "adapt")).text
    words = {"title": "Uitstel vragen", "body": "Zo mag het ook.", "version": "0"}
    shown = client.post(url(fresh, "adapt"), data={**words, "preview": "1"}, htmx=True)
    assert "<p>Zo mag het ook.</p>" in shown.text and not pages()
    assert client.post(url(fresh, "adapt"), data=words).status_code == 303
    (page,) = pages()
    assert (page.title, page.body) == ("Uitstel vragen", "Zo mag het ook.")
    assert fresh.body == "Zo **moet** het."


@pytest.mark.parametrize(
    "change, field",
    [
        ({"title": ""}, "title"), ({"title": "a" * 201}, "title"), ({"body": ""}, "body"),
        ({"body": "a" * 200_001}, "body"), ({"parent_id": "999"}, "parent_id"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_pointed_out_and_the_rest_kept(
    cast: Cast, client_of: ClientOf, fresh: Proposal, change: dict[str, str], field: str
) -> None:
    words = {"title": "Uitstel", "body": "Zo mag het ook.", "version": "0", **change}
    answer = client_of(cast.specialist).post(url(fresh, "adapt"), data=words)
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    assert "body" in change or "Zo mag het ook." in answer.text
    assert not pages() and fresh.state is ProposalState.OPEN


@pytest.mark.parametrize("deed", ["take", "adapt"])
def test_a_place_that_went_away_is_pointed_out(
    cast: Cast, client_of: ClientOf, fresh: Proposal, deed: str
) -> None:
    binned = wiki_page(cast.specialist, cast.theme, status=Status.ARCHIVED)
    words = {"title": "Uitstel", "body": "Tekst", "version": "0", "parent_id": str(binned.id)}
    answer = client_of(cast.specialist).post(url(fresh, deed), data=words)
    assert answer.status_code == 422 and 'id="parent_id-error"' in answer.text
    assert fresh.state is ProposalState.OPEN


@pytest.mark.parametrize("deed", ["take", "adapt"])
@pytest.mark.parametrize("how", [{"status": Status.ARCHIVED}, {"hidden_at": now()}])
def test_a_page_that_went_away_changes_nothing(
    cast: Cast, client_of: ClientOf, edit: Proposal, deed: str, how: dict[str, object]
) -> None:
    page = edit.page
    assert page is not None
    for name, value in how.items():
        setattr(page, name, value)
    db.session.commit()
    client = client_of(cast.specialist)
    shown = client.get(url(edit)).text
    assert "verborgen of weggegooid" in shown and "Eerst mail je." in shown
    words = {"title": "Loket", "body": "Nieuw.", "version": "1"}
    answer = client.post(url(edit, deed), data=words)
    assert answer.status_code == 409 and "Er is niets veranderd" in answer.text
    assert deed == "take" or "Nieuw.</textarea>" in answer.text
    assert page.version == 1 and edit.state is ProposalState.OPEN
    assert not db.session.scalars(select(OutgoingMail)).all()


@pytest.mark.parametrize("deed", ["take", "adapt", "decline"])
def test_who_is_too_late_sees_what_happened(
    cast: Cast, client_of: ClientOf, fresh: Proposal, deed: str
) -> None:
    colleague = person("Carla Collega", Role.SPECIALIST, theme=cast.theme)
    db.session.commit()
    client_of(cast.specialist).post(url(fresh, "decline"), data={"reason": "Staat er al."})
    words = {"title": "Uitstel", "body": "Tekst", "version": "0", "reason": "Mag niet."}
    answer = client_of(colleague).post(url(fresh, deed), data=words)
    assert answer.status_code == 409
    assert "te laat" in answer.text and "Sam Specialist" in answer.text
    assert "Staat er al." in answer.text and not pages()
    assert len(db.session.scalars(select(OutgoingMail)).all()) == 1


def test_with_four_eyes_another_specialist_decides(cast: Cast, client_of: ClientOf) -> None:
    cast.theme.four_eyes = True
    colleague = person("Carla Collega", Role.SPECIALIST, theme=cast.theme)
    made = proposal(cast.specialist, cast.theme, "Van Sam")
    own = client_of(cast.specialist)
    assert "een andere specialist" in own.get(url(made)).text
    for deed in ("take", "adapt", "decline"):
        assert own.post(url(made, deed), data={"version": "0"}).status_code == 403
    answer = client_of(colleague).post(url(made, "take"), data={"version": "0"})
    assert answer.status_code == 303
    (page,) = pages()
    assert (page.status, page.standing) == (Status.PUBLISHED, Standing.IN_FORCE)


def test_source_and_page_lead_to_each_other(
    cast: Cast, client_of: ClientOf, fresh: Proposal
) -> None:
    asked = discussion(cast.other, "Hoe vraag ik uitstel?", theme=cast.theme)
    comment(asked, cast.blogger)
    comment(asked, cast.insider, hidden_at=now())
    fresh.source_id = asked.id
    db.session.commit()
    client_of(cast.specialist).post(url(fresh, "take"), data={"version": "0"})
    (page,) = pages()
    reader = client_of(cast.manager)
    shown = reader.get(f"/wikis/{page.id}-uitstel").text
    assert "Dit kwam voort uit" in shown and "Hoe vraag ik uitstel?" in shown
    for name in ("Lotte Lid", "Otto Ander", "Bea Blogger"):
        assert name in shown
    assert "Ineke Insider" not in shown
    place = f"/discussions/{asked.id}-{asked.slug}"
    assert "Dit leidde tot 1 wikipagina" in reader.get(place).text
    for htmx in (False, True):
        assert "Uitstel" in reader.get(f"/content/{asked.id}/led-to", htmx=htmx).text
    asked.hidden_at = now()
    db.session.commit()
    assert "Hoe vraag ik uitstel?" not in reader.get(f"/wikis/{page.id}-uitstel").text
    asked.hidden_at, page.hidden_at = None, now()
    db.session.commit()
    member = client_of(cast.member)
    assert "Dit leidde tot" not in member.get(place).text
    assert "Uitstel<" not in member.get(f"/content/{asked.id}/led-to").text


def test_a_reply_thanks_its_writer_alone(cast: Cast, client_of: ClientOf, fresh: Proposal) -> None:
    asked = discussion(cast.other, theme=cast.theme)
    reply = comment(asked, cast.blogger)
    comment(asked, cast.insider)
    fresh.source_id, fresh.source_comment_id = asked.id, reply.id
    db.session.commit()
    client_of(cast.specialist).post(url(fresh, "take"), data={"version": "0"})
    thanked = db.session.scalars(select(Credit.user_id).order_by(Credit.user_id)).all()
    assert thanked == sorted([cast.member.id, cast.blogger.id])
    assert db.session.scalars(select(PageSource.source_id)).all() == [asked.id]


def test_a_source_that_was_withdrawn_thanks_nobody(
    cast: Cast, client_of: ClientOf, fresh: Proposal
) -> None:
    asked = discussion(cast.other, "Hoe vraag ik uitstel?", withdrawn_at=now())
    fresh.source_id = asked.id
    db.session.commit()
    client = client_of(cast.specialist)
    client.post(url(fresh, "take"), data={"version": "0"})
    assert db.session.scalars(select(Credit.user_id)).all() == [cast.member.id]
    assert "Hoe vraag ik uitstel?" not in client.get(f"/wikis/{pages()[0].id}-uitstel").text


def test_a_source_in_a_group_is_for_its_members(
    cast: Cast, client_of: ClientOf, fresh: Proposal
) -> None:
    """A group that was open when its discussion was recorded, and was closed since."""
    asked = discussion(cast.insider, "Onder ons", group=cast.closed)
    fresh.source_id = asked.id
    db.session.commit()
    specialist = client_of(cast.specialist)
    assert "Onder ons" not in specialist.get(url(fresh)).text
    specialist.post(url(fresh, "take"), data={"version": "0"})
    address = f"/wikis/{pages()[0].id}-uitstel"
    assert "Onder ons" not in specialist.get(address).text
    assert "Onder ons" in client_of(cast.insider).get(address).text
    assert specialist.get(f"/content/{asked.id}/led-to").status_code == 404


@pytest.mark.parametrize("deed", ["take", "adapt", "decline"])
def test_others_may_not_decide(cast: Cast, client_of: ClientOf, fresh: Proposal, deed: str) -> None:
    words = {"title": "Uitstel", "body": "Tekst", "version": "0", "reason": "Mag niet."}
    assert client_of(cast.member).post(url(fresh, deed), data=words).status_code == 403
    for name in ("other", "other_specialist", "moderator", "manager", "administrator"):
        client = client_of(getattr(cast, name))
        assert client.post(url(fresh, deed), data=words).status_code == 404
    assert client_of(None).post(url(fresh, deed), data=words).status_code == 401
    assert fresh.state is ProposalState.OPEN


def test_an_image_of_the_proposer_goes_along(cast: Cast, client_of: ClientOf) -> None:
    """The specialist sees it while deciding, and everyone who reads the page sees it after that."""
    own = image(cast.member)
    secret = image(cast.insider, discussion(cast.insider, group=cast.closed))
    body = "".join(f"![Schema](/images/{one.id}-plaatje.png)" for one in (own, secret))
    made = proposal(cast.member, cast.theme, body=body)
    specialist, reader = client_of(cast.specialist), client_of(cast.other)
    shown = specialist.get(url(made)).text
    assert f'src="/images/{own.id}-' in shown and f'src="/images/{secret.id}-' not in shown
    assert specialist.get(f"/images/{own.id}-plaatje.png/place").status_code == 200
    assert reader.get(f"/images/{own.id}-plaatje.png/place").status_code == 404
    assert specialist.post(url(made, "take"), data={"version": "0"}).status_code == 303
    page = pages()[-1]
    assert f'src="/images/{own.id}-' in page.body_html
    assert f'src="/images/{secret.id}-' not in page.body_html
    assert reader.get(f"/images/{own.id}-plaatje.png/place").status_code == 200
    assert specialist.get(f"/images/{secret.id}-plaatje.png/place").status_code == 404
