"""People at the door: invitations and requests in every state, for the pages that show them."""

from datetime import timedelta

from app.extensions import db
from app.lib.clock import now
from app.models import Invitation, Registration, RequestState
from app.services import people, sessions, settings
from tests.cast import Cast


def make_entry(cast: Cast) -> None:
    """Open the ways in; the link of the invitation that waits ends in `geldig`."""
    settings.change(
        {"entry_domains": ("voorbeeldstad.example",), "entry_requests": True}, cast.administrator
    )
    people.add("Iris Import", "iris@voorbeeldstad.example")
    moment = now()
    term, over = moment + timedelta(days=9), moment - timedelta(days=9)
    for name, expires, accepted, withdrawn in (
        ("geldig", term, None, None),
        ("heel.lange.naam.van.iemand.met.veel.voornamen.en.een.achternaam", term, None, None),
        ("over", over, None, None),
        ("binnen", term, moment, None),
        ("ingetrokken", term, None, moment),
    ):
        db.session.add(
            Invitation(
                email=f"{name}@voorbeeldstad.example", name=name.title() if accepted else "",
                invited_by=cast.manager, expires_at=expires, accepted_at=accepted,
                withdrawn_at=withdrawn, user_id=cast.insider.id if accepted else None,
                token_hash=sessions.hash_token(name),
            )
        )  # fmt: skip
    for name, state in (("Jan", RequestState.OPEN), ("Piet", RequestState.DECLINED)):
        done = state is not RequestState.OPEN
        db.session.add(
            Registration(
                email=f"{name}@elders.example".lower(), name=f"{name} van Elders", state=state,
                message="Ik werk bij de GGD.\nIk wil graag meepraten.",
                answer="We kennen je niet." if done else "",
                decided_at=moment if done else None, decided_by=cast.manager if done else None,
            )
        )  # fmt: skip
