"""Proposals go where their pages go, and are decided once."""

import pytest
from sqlalchemy import select

from app.extensions import Kring, db
from app.models import Notification, ProposalState
from app.services import proposals, themes, wikis
from tests.cast import Cast, proposal, wiki_page


def test_proposals_go_along_with_their_page(cast: Cast) -> None:
    page = wiki_page(cast.specialist, cast.theme)
    about, apart = proposal(cast.member, cast.theme, page=page), proposal(cast.member, cast.theme)
    wikis.move(page, cast.specialist, theme=cast.other_theme, parent=None)
    db.session.commit()
    db.session.refresh(about, ["theme_id"])
    assert (about.theme_id, apart.theme_id) == (cast.other_theme.id, cast.theme.id)


def test_proposals_go_along_with_their_theme(cast: Cast) -> None:
    made, into = proposal(cast.member, cast.theme), cast.other_theme.id
    themes.merge(cast.theme, cast.other_theme, cast.manager)
    db.session.commit()
    assert made.theme_id == into


def test_the_other_specialists_hear_of_a_proposal_of_one(cast: Cast) -> None:
    proposals.propose(cast.specialist, cast.theme, "Titel", "Tekst")
    proposals.propose(cast.specialist, cast.other_theme, "Titel", "Tekst")
    db.session.commit()
    told = db.session.scalars(select(Notification.user_id)).all()
    assert told == [cast.other_specialist.id]


def test_it_is_decided_once(app: Kring, cast: Cast) -> None:
    made = proposal(cast.member, cast.theme)
    with app.test_request_context():
        proposals.decline(made, cast.specialist, "Staat er al.")
        db.session.commit()
        with pytest.raises(proposals.DecidedMeanwhile):
            proposals.take(made, cast.specialist, proposals.Words("Titel", "Tekst"))
        db.session.rollback()
    db.session.refresh(made)
    assert made.state is ProposalState.DECLINED
