"""/proposals/…/decline and /withdraw: a proposal does not come into the wiki."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import now
from app.models import LogEntry, Notification, OutgoingMail, Proposal, ProposalState, User
from app.services import activity
from app.services.activity import Verb
from tests.cast import Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
REASON = {"reason": "Dit staat al bij Loket.\nKijk daar eens."}


def url(made: Proposal, deed: str = "decline") -> str:
    return f"/proposals/{made.id}/{deed}"


@pytest.mark.parametrize("htmx", [False, True])
def test_the_proposer_hears_why(
    cast: Cast, client_of: ClientOf, fresh: Proposal, *, htmx: bool
) -> None:
    client = client_of(cast.specialist)
    assert 'name="reason"' in client.get(url(fresh)).text
    answer = client.post(url(fresh), data=REASON, htmx=htmx)
    assert answer.status_code == (204 if htmx else 303)
    assert (fresh.state, fresh.reason) == (ProposalState.DECLINED, REASON["reason"])
    (mail,) = db.session.scalars(select(OutgoingMail))
    assert mail.recipient == cast.member.email
    assert "> Dit staat al bij Loket.\n> Kijk daar eens." in mail.body
    member = client_of(cast.member)
    assert "Dit staat al bij Loket." in member.get("/notifications").text
    shown = member.get(f"/proposals/{fresh.id}").text
    assert "Dit staat al bij Loket." in shown and "Zo <strong>moet</strong> het." in shown
    (entry,) = db.session.scalars(select(LogEntry).where(LogEntry.action == "proposal_declined"))
    assert (entry.subject_id, entry.reason) == (fresh.id, REASON["reason"])


def test_the_log_keeps_the_proposal_to_itself(
    cast: Cast, client_of: ClientOf, fresh: Proposal
) -> None:
    client_of(cast.specialist).post(url(fresh), data=REASON)
    page = client_of(cast.moderator).get("/moderation/log").text
    assert "Voorstel voor de wiki afgewezen" in page or "afgewezen" in page
    assert "Uitstel" not in page


@pytest.mark.parametrize("text", ["", "  \n ", "a" * 1001])
def test_a_reason_is_needed(cast: Cast, client_of: ClientOf, fresh: Proposal, text: str) -> None:
    answer = client_of(cast.specialist).post(url(fresh), data={"reason": text})
    assert answer.status_code == 422 and 'id="reason-error"' in answer.text
    assert fresh.state is ProposalState.OPEN


def test_who_left_gets_no_mail(cast: Cast, client_of: ClientOf, fresh: Proposal) -> None:
    cast.member.deactivated_at = now()
    db.session.commit()
    assert client_of(cast.specialist).post(url(fresh), data=REASON).status_code == 303
    assert not db.session.scalars(select(OutgoingMail)).all()


def test_nobody_has_to_look_at_it_any_more(
    cast: Cast, client_of: ClientOf, fresh: Proposal
) -> None:
    activity.notify(cast.specialist.id, Verb.PROPOSED, fresh, cast.member)
    db.session.commit()
    client_of(cast.specialist).post(url(fresh), data=REASON)
    news = select(Notification).where(Notification.user_id == cast.specialist.id)
    assert db.session.scalars(news).one().read_at is not None


@pytest.mark.parametrize("htmx", [False, True])
def test_one_takes_ones_own_back(
    cast: Cast, client_of: ClientOf, fresh: Proposal, *, htmx: bool
) -> None:
    client = client_of(cast.member)
    assert url(fresh, "withdraw") in client.get(f"/proposals/{fresh.id}").text
    answer = client.post(url(fresh, "withdraw"), htmx=htmx)
    assert answer.status_code == (204 if htmx else 303)
    assert fresh.state is ProposalState.WITHDRAWN
    assert "Ingetrokken" in client.get("/proposals").text
    late = client_of(cast.specialist).post(url(fresh), data=REASON)
    assert late.status_code == 409 and "indiener heeft dit ingetrokken" in late.text


def test_what_was_decided_is_not_taken_back(
    cast: Cast, client_of: ClientOf, fresh: Proposal
) -> None:
    client_of(cast.specialist).post(url(fresh), data=REASON)
    answer = client_of(cast.member).post(url(fresh, "withdraw"))
    assert answer.status_code == 409 and "Dit staat al bij Loket." in answer.text
    assert fresh.state is ProposalState.DECLINED


def test_others_take_nothing_back(cast: Cast, client_of: ClientOf, fresh: Proposal) -> None:
    assert client_of(cast.specialist).post(url(fresh, "withdraw")).status_code == 403
    assert client_of(cast.other).post(url(fresh, "withdraw")).status_code == 404
    assert client_of(None).post(url(fresh, "withdraw")).status_code == 401
    assert fresh.state is ProposalState.OPEN
