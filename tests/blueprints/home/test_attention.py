"""The home page of who keeps the community going: what needs their attention, and nothing else."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from app.extensions import Kring, db
from app.lib.clock import now
from app.lib.working_days import subtract_working_days
from app.models import (
    Case,
    Group,
    Invitation,
    OutgoingMail,
    ProposalState,
    Registration,
    Report,
    User,
)
from app.queries.attention import Matter, attention
from app.services import security_txt, settings
from app.site import site
from bench.statements import statements
from tests.cast import Cast, case, comment, discussion, help_request, person, proposal
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
KEEPERS = ("ambassador", "moderator", "manager", "administrator", "group_moderator", "group_owner")


def block(page: str) -> str:
    """Return the block with what needs attention, without tags; empty when it is not there."""
    found = page.partition('aria-labelledby="errands-title"')[2].partition("</section>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", found).partition(">")[2].split())


def long_ago(days: int = 4) -> object:
    return subtract_working_days(now(), days) - timedelta(minutes=5)


def report(cast: Cast, reporter: User, group: Group | None = None) -> Case:
    """Report a discussion of the other member, or of who is in the group."""
    about = discussion(cast.insider if group else cast.other, group=group)
    return case(about, reporter)


def add(*rows: object) -> None:
    db.session.add_all(rows)
    db.session.commit()


def invitation(email: str, **values: object) -> Invitation:
    in_time = {"expires_at": now() + timedelta(days=3)}
    return Invitation(email=email, token_hash=email, **{**in_time, **values})


def everything(cast: Cast) -> None:
    """Let one of everything wait, in the community."""
    report(cast, cast.member)
    discussion(cast.other, published_at=long_ago())
    help_request(cast.member)
    help_request(cast.other, created_at=long_ago())
    imported = person("Ingelezen Persoon")
    imported.password_hash, imported.welcomed_at = None, None
    comment(discussion(cast.blogger, locked_at=now()), cast.other)
    for user in (cast.member, cast.insider, cast.blogger, cast.other):
        user.created_at = now() - timedelta(days=200)
    first = person("Nieuw Lid")
    add(
        Registration(email="wil@elders.example", name="Wil Erbij"),
        invitation("laat@voorbeeldstad.example", expires_at=now() - timedelta(days=1)),
        invitation("loopt@voorbeeldstad.example"),
        OutgoingMail(message_id="1", recipient="x@y.example", subject="S", failed_at=now()),
        OutgoingMail(
            message_id="2", recipient="x@y.example", subject="S",
            failed_at=now() - timedelta(days=30),
        ),
    )  # fmt: skip
    discussion(first, "Mijn eerste")
    until = (security_txt.today() + timedelta(days=5)).isoformat()
    settings.change({"security_contact": "a@b.example", "security_expires": until}, None)
    db.session.commit()


WAITS = {
    Matter.REPORTS: "1 melding wacht op een besluit",
    Matter.HELP: "2 vragen aan de communitymanager (1 wacht te lang)",
    Matter.REQUESTS: "1 aanvraag om mee te doen",
    Matter.OVERDUE: "1 discussie wacht te lang op een antwoord",
    Matter.NEWCOMERS: "1 eerste bericht van een nieuw lid heeft nog geen antwoord",
    Matter.NOT_INVITED: "1 account is nog niet uitgenodigd",
    Matter.EXPIRED: "1 uitnodiging is verlopen",
    Matter.MAIL: "1 mail kon niet weg",
}
GUARDS = (Matter.REPORTS, Matter.OVERDUE)
SEEN = {
    "ambassador": (*GUARDS, Matter.NEWCOMERS),
    "moderator": GUARDS,
    "manager": tuple(WAITS)[:-1],
    "administrator": (Matter.REQUESTS, Matter.NOT_INVITED, Matter.EXPIRED, Matter.MAIL),
}


@pytest.mark.parametrize("name", SEEN)
def test_each_sees_what_is_theirs(cast: Cast, client_of: ClientOf, name: str) -> None:
    everything(cast)
    shown = block(client_of(getattr(cast, name)).get("/").text)
    for matter, text in WAITS.items():
        assert (text in shown) == (matter in SEEN[name]), text
    assert ("security.txt geldt nog 5 dagen" in shown) == (name == "administrator")


@pytest.mark.parametrize("name", ["member", "blogger", "insider"])
def test_others_have_no_such_block(cast: Cast, client_of: ClientOf, name: str) -> None:
    everything(cast)
    page = client_of(getattr(cast, name)).get("/").text
    assert "Vraagt aandacht" not in page
    with statements() as asked:
        assert attention(getattr(cast, name)) == {}
    assert not [text for text in asked if "reports" in text]


def test_specialists_hear_what_they_can_decide(cast: Cast, client_of: ClientOf) -> None:
    everything(cast)
    proposal(cast.member, cast.theme)
    proposal(cast.specialist, cast.theme)
    proposal(cast.member, cast.theme, state=ProposalState.DECLINED)
    proposal(cast.member, cast.other_theme)
    assert attention(cast.specialist)[Matter.PROPOSALS] == 2
    page = client_of(cast.specialist).get("/").text
    assert 'href="/proposals"' in page and "voorstellen voor de wiki" in page
    cast.theme.four_eyes = True
    db.session.commit()
    assert attention(cast.specialist)[Matter.PROPOSALS] == 1


@pytest.mark.parametrize("name", KEEPERS)
def test_who_has_nothing_to_do_hears_so(cast: Cast, client_of: ClientOf, name: str) -> None:
    discussion(cast.member)
    for user in (cast.member, cast.other):
        user.created_at = now() - timedelta(days=200)
    shown = block(client_of(getattr(cast, name)).get("/").text)
    assert shown == "Vraagt aandacht Er wacht nu niets op je."


def test_each_line_leads_somewhere(cast: Cast, client_of: ClientOf) -> None:
    everything(cast)
    for name in ("manager", "administrator"):
        client = client_of(getattr(cast, name))
        page = client.get("/").text
        part = page.partition('aria-labelledby="errands-title"')[2].partition("</section>")[0]
        links = re.findall(r'href="([^"]+)"', part)
        assert len(links) >= 5
        for link in links:
            assert client.get(link.replace("&amp;", "&")).status_code == 200, link


def test_closed_groups_count_for_those_inside_only(cast: Cast) -> None:
    report(cast, cast.group_moderator, cast.closed)
    discussion(cast.insider, group=cast.closed, published_at=long_ago())
    for name in ("moderator", "manager", "ambassador"):
        counts = attention(getattr(cast, name))
        assert (counts[Matter.REPORTS], counts[Matter.OVERDUE]) == (0, 0), name
    for name in ("group_moderator", "group_owner"):
        counts = attention(getattr(cast, name))
        assert (counts[Matter.REPORTS], counts[Matter.OVERDUE]) == (1, 1), name


def test_who_leads_a_group_minds_that_group_only(cast: Cast) -> None:
    report(cast, cast.member)
    discussion(cast.other, published_at=long_ago())
    counts = attention(cast.group_owner)
    assert (counts[Matter.REPORTS], counts[Matter.OVERDUE]) == (0, 0)


def test_reports_of_one_piece_are_one_case(cast: Cast) -> None:
    first = report(cast, cast.member)
    add(Report(case_id=first.id, reporter_id=cast.insider.id, reason="other", note=""))
    assert attention(cast.moderator)[Matter.REPORTS] == 1


def test_it_tells_how_many_reports_wait_too_long(cast: Cast, client_of: ClientOf) -> None:
    report(cast, cast.member)
    late = case(discussion(cast.other), cast.member)
    late.due_at = now() - timedelta(minutes=1)
    db.session.commit()
    assert attention(cast.moderator)[Matter.REPORTS_LATE] == 1
    said = block(client_of(cast.moderator).get("/").text)
    assert "2 meldingen wachten op een besluit (1 wacht te lang)" in said


def test_nobody_handles_reports_of_their_own_work(cast: Cast) -> None:
    own = discussion(cast.moderator)
    case(own, cast.member)
    assert attention(cast.moderator)[Matter.REPORTS] == 0
    assert attention(cast.manager)[Matter.REPORTS] == 1


def test_how_long_is_too_long_is_a_setting(cast: Cast, app: Kring) -> None:
    discussion(cast.other, published_at=long_ago(4))
    assert attention(cast.manager)[Matter.OVERDUE] == 1
    settings.change({"unanswered_days": 10}, None)
    db.session.commit()
    assert attention(cast.manager)[Matter.OVERDUE] == 0


def test_very_many_are_not_counted_out(cast: Cast, client_of: ClientOf) -> None:
    for number in range(105):
        db.session.add(invitation(f"{number}@oud.example", expires_at=now() - timedelta(days=1)))
    discussion(cast.member)
    assert "99+ uitnodigingen zijn verlopen" in block(client_of(cast.administrator).get("/").text)


def test_one_statement_for_all_of_it(cast: Cast) -> None:
    assert cast.manager.roles
    assert cast.manager.memberships == []
    site()
    with statements() as few:
        attention(cast.manager)
    everything(cast)
    assert cast.manager.roles
    assert cast.manager.memberships == []
    site()
    with statements() as many:
        attention(cast.manager)
    assert len(few) == len(many) == 1
