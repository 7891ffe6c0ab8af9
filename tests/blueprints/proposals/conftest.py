"""Proposals to decide about."""

from collections.abc import Callable

import pytest

from app.extensions import db
from app.models import Proposal, WikiPage
from app.services import wikis
from app.services.wikis import Version
from tests.cast import Cast, proposal

BODY = "Eerst bel je.\n\nDan schrijf je.\n\nKlaar."
Later = Callable[[str], None]


@pytest.fixture
def fresh(cast: Cast) -> Proposal:
    """Return a proposal for a new page."""
    return proposal(cast.member, cast.theme, "Uitstel", body="Zo **moet** het.", note="Mist nog.")


@pytest.fixture
def page(cast: Cast) -> WikiPage:
    """Return a page with one version."""
    made = wikis.create(cast.theme, Version("Loket", BODY, cast.specialist))
    db.session.commit()
    return made


@pytest.fixture
def edit(cast: Cast, page: WikiPage) -> Proposal:
    """Return a proposal that changes the first line of the page."""
    body = BODY.replace("Eerst bel je.", "Eerst mail je.")
    return proposal(cast.member, cast.theme, "Loket", body=body, page=page, base_version=1)


@pytest.fixture
def later(cast: Cast, page: WikiPage) -> Later:
    """Return what lets the specialist save another text of the page."""

    def save(body: str) -> None:
        version = Version("Loket", body, cast.specialist)
        wikis.save(page, version, expected_version=page.version)
        db.session.commit()

    return save
