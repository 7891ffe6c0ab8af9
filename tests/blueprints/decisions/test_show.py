"""/decisions/…: what was decided about someone, and why."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.extensions import db
from app.lib.clock import now
from app.models import Appeal, AppealState, User
from bench.statements import statements
from tests.cast import Cast, comment, decision, discussion
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]


def test_who_it_concerns_reads_what_why_and_by_whom(cast: Cast, client_of: ClientOf) -> None:
    asked = discussion(cast.member, "Zomaar")
    made = decision(cast.member, cast.moderator, asked, rule="Blijf respectvol", reason="Te fel.")
    page = client_of(cast.member).get(f"/decisions/{made.id}").text
    for words in ("Verborgen", "Zomaar", "Blijf respectvol", "Te fel.", "Moderator Mo Moderator"):
        assert words in page
    assert f'href="/discussions/{asked.id}-zomaar"' in page and "Van kracht" in page


@pytest.mark.parametrize("htmx", [False, True])
def test_moderators_read_it_and_whom_it_concerns(
    cast: Cast, client_of: ClientOf, *, htmx: bool
) -> None:
    made = decision(cast.member, cast.manager, measure="silenced", until=now() + timedelta(days=3))
    page = client_of(cast.moderator).get(f"/decisions/{made.id}", htmx=htmx).text
    assert "Lotte Lid" in page and "Communitymanager Mina Manager" in page


def test_others_do_not_see_it(cast: Cast, client_of: ClientOf) -> None:
    made = decision(cast.member, cast.manager)
    assert client_of(cast.other).get(f"/decisions/{made.id}").status_code == 404
    assert client_of(cast.administrator).get(f"/decisions/{made.id}").status_code == 404
    assert client_of(None).get(f"/decisions/{made.id}").status_code == 303
    assert client_of(cast.member).get("/decisions/999999").status_code == 404


def test_a_closed_group_keeps_its_decisions(cast: Cast, client_of: ClientOf) -> None:
    inside = discussion(cast.insider, "Binnenskamers", group=cast.closed)
    made = decision(cast.insider, cast.group_owner, inside)
    assert client_of(cast.moderator).get(f"/decisions/{made.id}").status_code == 404
    page = client_of(cast.group_moderator).get(f"/decisions/{made.id}").text
    assert "Groepsmoderator Gerda Groepseigenaar" in page
    assert client_of(cast.manager).get(f"/decisions/{made.id}").status_code == 200


def test_a_text_that_is_out_of_sight_has_no_link(cast: Cast, client_of: ClientOf) -> None:
    inside = discussion(cast.insider, "Binnenskamers", group=cast.closed)
    reply = comment(inside, cast.insider)
    made = decision(cast.insider, cast.group_owner, reply)
    page = client_of(cast.manager).get(f"/decisions/{made.id}").text
    assert "Binnenskamers" in page and f"/comments/{reply.id}" not in page


def test_what_ended_says_so(cast: Cast, client_of: ClientOf) -> None:
    past = now() - timedelta(days=2)
    over = decision(cast.member, cast.manager, measure="silenced", until=past)
    back = decision(cast.member, cast.manager, measure="suspended", ended_at=past,
                    ended_by_id=cast.manager.id)  # fmt: skip
    client = client_of(cast.member)
    assert "Afgelopen" in client.get(f"/decisions/{over.id}").text
    assert "Teruggedraaid" in client.get(f"/decisions/{back.id}").text


def test_an_objection_and_its_outcome_are_shown(cast: Cast, client_of: ClientOf) -> None:
    made = decision(cast.member, cast.moderator)
    db.session.add(
        Appeal(
            decision_id=made.id, body="Dat klopt niet.", due_at=now(), state=AppealState.UPHELD,
            decided_at=now(), decided_by_id=cast.manager.id, reason="Je hebt gelijk.",
        )
    )  # fmt: skip
    db.session.commit()
    page = client_of(cast.member).get(f"/decisions/{made.id}").text
    assert "Dat klopt niet." in page and "Je hebt gelijk." in page and "Mina Manager" in page


def test_the_page_takes_few_statements(cast: Cast, client_of: ClientOf) -> None:
    made = decision(cast.member, cast.moderator, discussion(cast.member))
    client = client_of(cast.member)
    client.get(f"/decisions/{made.id}")
    with statements() as found:
        client.get(f"/decisions/{made.id}")
    assert len(found) <= 4, found
