"""/desk/attention: what waits for an answer, for those who see to it."""

from collections.abc import Callable
from typing import Any

import pytest

from app.extensions import db
from app.lib.clock import now
from app.models import Discussion, User
from bench.statements import statements
from tests.cast import Cast, discussion, help_request, person, proposal
from tests.cast import case as reported
from tests.checking import CheckingClient
from tests.waiting import ago, asked, held_by, replied

ClientOf = Callable[[User | None], CheckingClient]


def test_visitors_sign_in_first(client_of: ClientOf, cast: Cast) -> None:
    assert client_of(None).get("/desk/attention").location == "/login?next=/desk/attention"


@pytest.mark.parametrize("reader", ["member", "specialist", "administrator", "group_owner"])
def test_it_is_not_for_everyone(client_of: ClientOf, cast: Cast, reader: str) -> None:
    client = client_of(getattr(cast, reader))
    assert client.get("/desk/attention").status_code == 403
    assert "/desk/attention" not in client.get("/").text


@pytest.mark.parametrize("reader", ["ambassador", "moderator", "manager"])
def test_it_is_easily_found(client_of: ClientOf, settled: Cast, reader: str) -> None:
    asked(settled.member, "Wie weet dit?")
    client = client_of(getattr(settled, reader))
    home = client.get("/").text
    assert 'href="/desk/attention"' in home and "/desk/attention?view=late" in home
    assert 'href="/desk/attention"' in client.get("/moderation").text
    assert client.get("/desk/attention").status_code == 200


def test_what_waits_stands_there_with_writer_and_place(desk: CheckingClient, settled: Cast) -> None:
    asked(settled.member, "Tweede vraag", 4, theme=settled.theme)
    asked(settled.other, "Eerste vraag", 6)
    asked(settled.member, "Verse vraag", 1)
    page = desk.get("/desk/attention").text
    assert page.index("Eerste vraag") < page.index("Tweede vraag")
    assert "Verse vraag" not in page
    assert "Lotte Lid" in page and "Schuldhulp" in page
    assert "wacht 6 werkdagen" in page and "wacht 4 werkdagen" in page
    assert "Nog niemand zorgt hiervoor" in page


def test_the_starters_own_words_are_no_answer(desk: CheckingClient, settled: Cast) -> None:
    replied(asked(settled.member, "Niemand?"), settled.member)
    assert "Niemand?" in desk.get("/desk/attention").text


@pytest.mark.parametrize("values", [
    {"hidden_at": now()}, {"withdrawn_at": now()}, {"locked_at": now()}, {"status": "draft"},
])  # fmt: skip
def test_what_nobody_can_answer_does_not_wait(
    desk: CheckingClient, settled: Cast, values: dict[str, Any]
) -> None:
    asked(settled.other, "Weg ermee", **values)
    assert "Weg ermee" not in desk.get("/desk/attention").text


def test_it_leaves_by_itself(desk: CheckingClient, settled: Cast) -> None:
    answered, summarised, merged, archived, answer_marked = (
        asked(settled.other, f"Vraag {number}", group=group)
        for number, group in enumerate((None, None, None, settled.open, None))
    )
    assert desk.get("/desk/attention").text.count("Nog niemand zorgt hiervoor") == 5
    replied(answered, settled.member)
    own = replied(summarised, settled.other)
    db.session.get_one(Discussion, summarised.id).summary_comment_id = own.id
    db.session.get_one(Discussion, merged.id).merged_into_id = answered.id
    own = replied(answer_marked, settled.other)
    db.session.get_one(Discussion, answer_marked.id).answer_id = own.id
    settled.open.archived_at = now()
    db.session.commit()
    assert archived.group_id
    assert "Nog niemand zorgt hiervoor" not in desk.get("/desk/attention").text


def test_closed_groups_are_for_their_members(
    client_of: ClientOf, desk: CheckingClient, settled: Cast
) -> None:
    for group in (settled.closed, settled.hidden):
        waiting = asked(settled.insider, "Alleen voor ons", group=group)
        held_by(waiting, settled.moderator)
        rising = asked(settled.insider, "Alleen voor ons", 1, group=group)
        for _ in range(4):
            replied(rising, settled.insider)
    db.session.commit()
    manager = client_of(settled.manager)
    for view in ("all", "late", "new", "stalled", "soon", "rising", "mine"):
        for client in (desk, manager):
            page = client.get(f"/desk/attention?view={view}").text
            assert "Alleen voor ons" not in page and 'k-count">1' not in page
    for url in (f"/desk/attention/{waiting.id}", f"/desk/attention/{waiting.id}/ask"):
        assert desk.get(url).status_code == 404


def test_what_comes_due_soon(desk: CheckingClient, settled: Cast) -> None:
    asked(settled.member, "Gisteren al", 2)
    asked(settled.member, "Net pas", 0)
    asked(settled.member, "Allang te laat", 3)
    page = desk.get("/desk/attention?view=soon").text
    assert "Gisteren al" in page and "Net pas" not in page and "Allang te laat" not in page


def test_questions_that_came_to_a_stop(desk: CheckingClient, settled: Cast) -> None:
    quiet, busy, topic, done = (
        asked(settled.member, title, 20, is_question=title != "Praatje")
        for title in ("Stil", "Levend", "Praatje", "Klaar")
    )
    for each in (quiet, topic, done):
        last = replied(each, settled.other, 11)
    done = db.session.get_one(Discussion, done.id)
    done.answer_id = last.id
    db.session.commit()
    replied(busy, settled.other, 9)
    page = desk.get("/desk/attention?view=stalled").text
    assert "Stil" in page and "al 11 werkdagen niets nieuws" in page
    for title in ("Levend", "Praatje", "Klaar"):
        assert title not in page


def test_discussions_on_the_rise(desk: CheckingClient, settled: Cast) -> None:
    for number, title in ((2, "Rustig"), (3, "Druk"), (5, "Drukst")):
        made = asked(settled.member, title, 8)
        for _ in range(number):
            replied(made, settled.other)
    page = desk.get("/desk/attention?view=rising").text
    assert page.index("Drukst") < page.index("Druk<") and "Rustig" not in page
    assert "5 reacties in drie dagen" in page


def test_first_posts_of_new_members(desk: CheckingClient, settled: Cast) -> None:
    new = person("Nieske Nieuw")
    db.session.commit()
    busy = asked(settled.member, "Lang gesprek", 3)
    replied(busy, settled.other)
    first = replied(busy, new)
    page = desk.get("/desk/attention?view=new").text
    assert "Eerste bijdrage van een nieuw lid" in page and "reactie van Nieske Nieuw" in page
    assert f"/comments/{first.id}" in page
    replied(busy, settled.other)
    assert "Nieske Nieuw" not in desk.get("/desk/attention?view=new").text


def test_one_piece_is_one_row(desk: CheckingClient, settled: Cast) -> None:
    first, second = person("Nieske Nieuw"), person("Nol Nieuw")
    db.session.commit()
    busy = asked(settled.member, "Lang gesprek", 3)
    replied(busy, first)
    asked(second, "Eerste vraag", 5)
    replied(busy, first)
    page = desk.get("/desk/attention").text
    assert page.count("Lang gesprek</a>") == 1 and page.count("Eerste vraag</a>") == 1


def test_who_sees_to_it_and_how_long(
    client_of: ClientOf, desk: CheckingClient, settled: Cast
) -> None:
    waiting = asked(settled.member, "Wie weet dit?", 5)
    held_by(waiting, settled.moderator, 2).escalated_at = now()
    db.session.commit()
    page = desk.get("/desk/attention").text
    assert "Mo Moderator zorgt hiervoor" in page and "al 2 werkdagen" in page
    assert "Bij de communitymanager" in page and "Ik zorg hiervoor" not in page
    assert "Wie weet dit?" not in desk.get("/desk/attention?view=mine").text
    mine = client_of(settled.moderator).get("/desk/attention?view=mine").text
    assert "Wie weet dit?" in mine and "Jij zorgt hiervoor" in mine


def test_who_no_longer_does_this_work_holds_nothing(desk: CheckingClient, settled: Cast) -> None:
    waiting = asked(settled.member, "Wie weet dit?", 5)
    held_by(waiting, settled.other)
    page = desk.get("/desk/attention").text
    assert "Otto Ander" not in page and "Nog niemand zorgt hiervoor" in page


def test_other_queues_are_one_click_away(client_of: ClientOf, settled: Cast) -> None:
    text = asked(settled.other, "Gemeld", 1)
    reported(text, settled.member)
    help_request(settled.member, created_at=ago(5))
    proposal(settled.member, settled.theme, created_at=ago(5))
    page = client_of(settled.manager).get("/desk/attention").text
    assert '<a href="/moderation"><b>1</b> open melding</a>' in page
    assert "/help-requests?state=open" in page and "1 wacht te lang" in page
    assert "<b>1</b> voorstel voor de wiki wacht te lang op een specialist" in page
    other = client_of(settled.ambassador).get("/desk/attention").text
    assert "vraag aan de communitymanager" not in other


def test_texts_to_begin_with_when_it_is_quiet(desk: CheckingClient, settled: Cast) -> None:
    page = desk.get("/desk/attention").text
    assert "Startvragen" in page and "/discussions/new?template=vraag-met-context" in page
    assert "Startvragen" not in desk.get("/desk/attention?view=mine").text
    discussion(settled.member)
    assert "Startvragen" not in desk.get("/desk/attention").text


def test_a_long_queue_goes_on(desk: CheckingClient, settled: Cast) -> None:
    for number in range(23):
        asked(settled.member, f"Vraag nummer {number:02}", 30 - number)
    page = desk.get("/desk/attention?view=late")
    assert "nummer 00" in page.text and "nummer 20" not in page.text
    more = page.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "nummer 20" in desk.get(more).text


@pytest.mark.parametrize("wrong", ["view=x", "after=x", "before=e30", "view=late&after=WyJhIiwxXQ"])
def test_what_there_is_not(desk: CheckingClient, wrong: str) -> None:
    assert desk.get(f"/desk/attention?{wrong}").status_code == 404


def test_a_fixed_number_of_statements(desk: CheckingClient, settled: Cast) -> None:
    for number in range(12):
        waiting = asked(person(f"Persoon {number}"), f"Vraag {number}", 4, theme=settled.theme)
        held_by(waiting, settled.moderator)
    db.session.commit()
    desk.get("/desk/attention")
    with statements() as found:
        desk.get("/desk/attention")
    # Who is signed in, how much there is, a part of it, who were asked.
    assert len(found) == 4, "\n\n".join(found)


def test_one_piece(desk: CheckingClient, settled: Cast) -> None:
    waiting = asked(settled.member, "Wie weet dit?")
    assert "Ik zorg hiervoor" in desk.get(f"/desk/attention/{waiting.id}").text
    part = desk.get(f"/desk/attention/{waiting.id}", htmx=True)
    assert part.text.strip().startswith("<li")
    replied(waiting, settled.other)
    assert "Dit wacht niet meer" in desk.get(f"/desk/attention/{waiting.id}").text
    assert desk.get("/desk/attention/999999").status_code == 404
