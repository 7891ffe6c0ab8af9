"""The queue of reports: one card for each case, of what its reader may handle."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import Attachment, Case, CaseState, Comment, Content, Discussion, Report, User
from app.policy import Ability, can
from app.queries import cases as queries
from bench.statements import statements
from tests.cast import Cast, case, comment, discussion, document
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]


@pytest.fixture
def piece(cast: Cast) -> Discussion:
    return discussion(cast.member, "Een scherpe vraag", "Dit is wel erg scherp gesteld.")


def taken_by(user: User) -> dict[str, Any]:
    return {"state": CaseState.TAKEN, "taken_by_id": user.id, "taken_at": now()}


def test_shows_what_its_reader_may_handle(
    cast: Cast, piece: Discussion, client_of: Clients
) -> None:
    case(comment(piece, cast.other, "Een lelijk woord"), cast.member)
    case(piece, cast.other)
    own = discussion(cast.moderator, "Door de moderator zelf")
    case(own, cast.other)
    case(cast.moderator, cast.other)
    case(document(piece, cast.member, title="Een oude lijst"), cast.other)
    case(cast.blogger, cast.other)
    closed = discussion(cast.insider, "Binnen gesloten deuren", group=cast.closed)
    case(closed, cast.group_owner)
    page = client_of(cast.moderator).get("/moderation").text
    assert "Een lelijk woord" in page and piece.title in page
    assert page.index("Een lelijk woord") < page.index("Dit is wel erg scherp"), "oldest first"
    assert "Document ‘Een oude lijst’" in page and f"Profiel van {cast.blogger.name}" in page
    assert own.title not in page and closed.title not in page
    assert f"Profiel van {cast.moderator.name}" not in page
    leader = client_of(cast.group_moderator).get("/moderation").text
    assert closed.title in leader and piece.title not in leader


def test_is_not_for_others(cast: Cast, client_of: Clients) -> None:
    assert client_of(cast.member).get("/moderation").status_code == 403
    assert client_of(None).get("/moderation").status_code == 303


def test_many_reports_are_one_card(cast: Cast, piece: Discussion, client_of: Clients) -> None:
    made = case(piece, cast.other)
    for person in (cast.blogger, cast.insider):
        db.session.add(Report(case_id=made.id, reporter_id=person.id, reason="8. Rond af", note=""))
    db.session.commit()
    page = client_of(cast.moderator).get("/moderation").text
    assert page.count(f'id="case-{made.id}"') == 1 and "3 meldingen" in page
    assert "Het is niet respectvol" in page and page.count("8. Rond af") == 1
    assert cast.blogger.name not in page, "who reported stands on the page of the case"


def test_its_views(cast: Cast, client_of: Clients) -> None:
    made = {
        "free": case(discussion(cast.member), cast.other),
        "mine": case(discussion(cast.member), cast.other, **taken_by(cast.moderator)),
        "late": case(
            discussion(cast.member), cast.other, **taken_by(cast.manager),
            due_at=now() - timedelta(minutes=1),
        ),
        "escalated": case(
            discussion(cast.member), cast.other, **taken_by(cast.manager), escalated_at=now()
        ),
    }  # fmt: skip
    client = client_of(cast.moderator)
    for view, one in made.items():
        page = client.get(f"/moderation?state={view}").text
        shown = {other for other, each in made.items() if f'id="case-{each.id}"' in page}
        assert shown == {view}, view
        assert f'href="/moderation/cases/{one.id}"' in page
    everything = client.get("/moderation?state=verzonnen").text
    assert all(f'id="case-{each.id}"' in everything for each in made.values())
    assert "Te laat" in everything and f"In behandeling bij {cast.manager.name}" in everything


def test_goes_on_from_page_to_page(cast: Cast, client_of: Clients) -> None:
    made = [case(discussion(cast.member), cast.other) for _ in range(queries.CASES_A_PAGE + 1)]
    client = client_of(cast.moderator)
    first = client.get("/moderation")
    assert f'id="case-{made[0].id}"' in first.text
    assert f'id="case-{made[-1].id}"' not in first.text
    more = first.text.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = client.get(more).text
    assert f'id="case-{made[-1].id}"' in second and f'id="case-{made[0].id}"' not in second
    back = second.partition('rel="prev" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert f'id="case-{made[0].id}"' in client.get(back).text
    assert client.get("/moderation?after=onzin").status_code == 404


def test_what_was_closed_is_kept(cast: Cast, piece: Discussion, client_of: Clients) -> None:
    case(
        piece, cast.other, state=CaseState.REJECTED, outcome="Het mag blijven.", closed_at=now(),
        closed_by_id=cast.manager.id,
    )  # fmt: skip
    client = client_of(cast.moderator)
    page = client.get("/moderation?state=closed").text
    assert piece.title in page and "Het mag blijven." in page and cast.manager.name in page
    assert piece.title not in client.get("/moderation").text
    assert client.get("/moderation?state=closed&after=onzin").status_code == 404


def subjects(cast: Cast) -> list[Content | Comment | Attachment | User]:
    """Make something of everyone, everywhere."""
    made: list[Content | Comment | Attachment | User] = [cast.member, cast.moderator, cast.manager]
    for author in (cast.member, cast.insider, cast.moderator, cast.group_moderator):
        for group in (None, cast.open, cast.closed, cast.hidden):
            asked = discussion(author, group=group)
            made += [asked, comment(asked, cast.other), comment(asked, cast.manager)]
            made.append(document(asked, author))
    return made


@pytest.mark.parametrize("escalated", [False, True])
def test_is_the_twin_of_the_policy(escalated: bool, cast: Cast) -> None:
    for subject in subjects(cast):
        case(subject, cast.blogger, escalated_at=now() if escalated else None)
    db.session.commit()
    everything = db.session.scalars(queries.with_subjects(select(Case))).unique().all()
    for name in ("member", "moderator", "manager", "group_moderator", "group_owner", "insider"):
        user = getattr(cast, name)
        found = set(db.session.scalars(queries.waiting(user)))
        allowed = {each for each in everything if can(user, Ability.HANDLE_REPORTS, each)}
        assert found == allowed, name


@pytest.mark.parametrize("path", ["/moderation", "/moderation?state=closed"])
def test_takes_as_many_statements_for_many(path: str, cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.moderator)
    client.get(path)
    few = counted(client, path, 1, cast)
    assert few == counted(client, path, 6, cast) <= 6


def counted(client: CheckingClient, path: str, many: int, cast: Cast) -> int:
    """Count the statements of a page that shows `many` more cases, open and closed."""
    for _each in range(many):
        asked = discussion(cast.member, theme=cast.theme)
        case(asked, cast.other, **taken_by(cast.manager))
        case(comment(asked, cast.other), cast.blogger)
        case(
            comment(asked, cast.member), cast.blogger, state=CaseState.RESOLVED, outcome="Weg.",
            closed_at=now(), closed_by_id=cast.manager.id,
        )  # fmt: skip
    with statements() as made:
        assert client.get(path).status_code == 200
    return len(made)
