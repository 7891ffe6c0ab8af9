"""Whether a page still holds: said in one click, planned in its form, doubted by readers."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.clock import local, now
from app.lib.months import months_later
from app.models import Doubt, Notification, Review, Standing, User
from app.services import wikis
from app.services.activity import Verb
from app.services.wikis import Version
from app.site import site
from bench.statements import statements
from tests.blueprints.wikis.conftest import Tree
from tests.cast import Cast
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]
HTMX = pytest.mark.parametrize("htmx", [False, True])
OVERDUE = "Deze pagina is niet op tijd nagelopen"
BUTTON = "Nog juist, ongewijzigd"
ASKED = "Iemand vraagt zich af of dit nog klopt"


def path(tree: Tree, rest: str = "") -> str:
    return f"/wikis/{tree.top.id}-{tree.top.slug}{rest}"


def today() -> date:
    return local(now()).date()


def late(tree: Tree) -> None:
    tree.top.review_on = today()
    db.session.commit()


def news(verb: Verb) -> list[tuple[int, str]]:
    found = select(Notification.user_id, Notification.message).where(
        Notification.verb == verb.value
    )
    rows = [(user_id, message) for user_id, message in db.session.execute(found)]
    db.session.rollback()
    return rows


# Reviews --------------------------------------------------------------------------------------


@HTMX
def test_one_click_confirms_that_a_page_holds(
    cast: Cast, tree: Tree, client_of: Clients, *, htmx: bool
) -> None:
    late(tree)
    client = client_of(cast.specialist)
    shown = client.get(path(tree)).text
    assert OVERDUE in shown and BUTTON in shown
    answer = client.post(path(tree, "/reviews"), data={"version": 1}, htmx=htmx)
    assert answer.status_code == (200 if htmx else 303)
    if htmx:
        assert "<!doctype" not in answer.text and "Sam Specialist" in answer.text
        assert OVERDUE not in answer.text and "data-announce" in answer.text
    shown = client.get(path(tree)).text
    assert OVERDUE not in shown and "Nagelopen op" in shown and "Opnieuw vóór" in shown
    review = db.session.scalars(select(Review)).one()
    assert (review.version, review.reviewer_id) == (1, cast.specialist.id)
    db.session.refresh(tree.top)
    assert tree.top.review_on == review.next_on == months_later(today(), 12)
    listed = client.get(path(tree, "/reviews")).text
    assert "Sam Specialist" in listed and f"{path(tree)}/revisions/1" in listed


def test_twice_is_once_and_another_version_is_not_what_was_read(
    cast: Cast, tree: Tree, client_of: Clients
) -> None:
    client = client_of(cast.specialist)
    for _time in range(2):
        assert client.post(path(tree, "/reviews"), data={"version": 1}).status_code == 303
    assert len(db.session.scalars(select(Review)).all()) == 1
    wikis.save(tree.top, Version(tree.top.title, "Nieuw.", cast.specialist), expected_version=1)
    db.session.commit()
    for version in ("1", "", "x"):
        assert client.post(path(tree, "/reviews"), data={"version": version}).status_code == 303
    assert "Iemand heeft deze pagina net gewijzigd" in client.get(path(tree)).text
    assert len(db.session.scalars(select(Review)).all()) == 1


def test_readers_are_told_whom_to_ask(cast: Cast, tree: Tree, client_of: Clients) -> None:
    late(tree)
    tree.top.owner = cast.other
    db.session.commit()
    client = client_of(cast.member)
    shown = client.get(path(tree)).text
    assert OVERDUE in shown and "Otto Ander" in shown and BUTTON not in shown
    cast.other.deactivated_at = now()
    db.session.commit()
    assert "bij een specialist van dit thema" in client.get(path(tree)).text
    for standing in (Standing.CONCEPT, Standing.EXPIRED):
        tree.top.standing = standing
        db.session.commit()
        assert OVERDUE not in client.get(path(tree)).text


def test_owners_confirm_and_others_do_not(cast: Cast, tree: Tree, client_of: Clients) -> None:
    tree.top.owner = cast.other
    db.session.commit()
    data = {"version": 1}
    for person in (cast.member, cast.other_specialist, cast.manager):
        client = client_of(person)
        assert client.post(path(tree, "/reviews"), data=data).status_code == 403
        assert client.get(path(tree, "/doubts")).status_code == 403
        assert client.get(path(tree, "/reviews")).status_code == 200
    owner = client_of(cast.other)
    assert owner.post(path(tree, "/reviews"), data=data).status_code == 303
    assert client_of(None).post(path(tree, "/reviews"), data=data).status_code == 401
    tree.top.hidden_at = now()
    db.session.commit()
    for rest in ("/reviews", "/doubts"):
        assert owner.post(path(tree, rest), data=data).status_code == 404
    assert owner.get(path(tree, "/reviews")).status_code == 404


def test_the_form_plans_and_confirms(cast: Cast, tree: Tree, client_of: Clients) -> None:
    client = client_of(cast.specialist)
    soon = today() + timedelta(days=30)
    form = {
        "title": tree.top.title, "body": "Nieuw.", "version": 1, "standing": "in_force",
        "owner_id": "", "tags": "", "review_on": soon.isoformat(), "reviewed": "y",
    }  # fmt: skip
    for wrong in ("gisteren", today().isoformat(), months_later(today(), 121).isoformat()):
        answer = client.post(path(tree, "/edit"), data={**form, "review_on": wrong})
        assert answer.status_code == 422 and 'id="review_on-error"' in answer.text, wrong
    assert client.post(path(tree, "/edit"), data=form).status_code == 303
    db.session.refresh(tree.top)
    review = db.session.scalars(select(Review)).one()
    assert (tree.top.review_on, review.next_on, review.version) == (soon, soon, 2)
    late(tree)
    same = {**form, "version": 2, "reviewed": "", "review_on": today().isoformat()}
    assert client.post(path(tree, "/edit"), data=same).status_code == 303, "it stood there already"


def test_a_page_in_force_gets_a_day_and_a_theme_can_do_without(
    cast: Cast, tree: Tree, client_of: Clients
) -> None:
    assert tree.top.review_on == months_later(today(), 12)
    cast.theme.review_months = 0
    db.session.commit()
    client = client_of(cast.specialist)
    assert client.post(path(tree, "/reviews"), data={"version": 1}).status_code == 303
    db.session.refresh(tree.top)
    assert tree.top.review_on is None


# Doubts ---------------------------------------------------------------------------------------


@HTMX
def test_a_reader_doubts_and_the_owner_answers(
    cast: Cast, tree: Tree, client_of: Clients, *, htmx: bool
) -> None:
    tree.top.owner = cast.other
    db.session.commit()
    reader, owner = client_of(cast.member), client_of(cast.other)
    assert path(tree, "/doubts/new") in reader.get(path(tree)).text
    assert reader.get(path(tree, "/doubts/new"), htmx=htmx).status_code == 200
    sent = {"line": "Het bedrag is oud.", "version": 1}
    for _time in range(2):
        answer = reader.post(path(tree, "/doubts"), data=sent, htmx=htmx)
        assert answer.status_code == (200 if htmx else 303)
    assert news(Verb.DOUBTED) == [(cast.other.id, "Het bedrag is oud.")]
    shown = reader.get(path(tree)).text
    assert ASKED in shown and "Het bedrag is oud." not in shown
    assert "Een lezer zegt dat dit niet meer klopt" in owner.get(path(tree)).text
    doubt = db.session.scalars(select(Doubt)).one()
    listed = owner.get(path(tree, "/doubts"), htmx=htmx).text
    assert "Het bedrag is oud." in listed and "Lotte Lid" in listed
    url = path(tree, f"/doubts/{doubt.id}/settle")
    wrong = owner.post(url, data={"answer": "x" * 301}, htmx=htmx)
    assert wrong.status_code == 422 and "x" * 301 in wrong.text
    answer = owner.post(url, data={"answer": "Aangepast, dank je."}, htmx=htmx)
    assert answer.status_code == (200 if htmx else 303)
    assert "Het bedrag is oud." not in owner.get(path(tree, "/doubts")).text
    assert news(Verb.DOUBT_SETTLED) == [(cast.member.id, "Aangepast, dank je.")]
    assert ASKED not in reader.get(path(tree)).text
    assert "Aangepast, dank je." in reader.get("/notifications").text
    assert owner.post(url, data={"answer": "Nog eens"}).status_code == 303
    assert len(news(Verb.DOUBT_SETTLED)) == 1


@HTMX
@pytest.mark.parametrize(
    "wrong",
    [{"line": "  "}, {"line": "x" * 301}, {"version": "0"}, {"version": "2"}, {"version": "x"}],
)
def test_a_doubt_that_says_nothing_is_refused(
    tree: Tree, client: CheckingClient, wrong: dict[str, str], *, htmx: bool
) -> None:
    sent = {"line": "Blijft staan.", "version": "1", **wrong}
    answer = client.post(path(tree, "/doubts"), data=sent, htmx=htmx)
    assert answer.status_code == 422
    assert sent["line"].strip() in answer.text
    assert db.session.scalars(select(Doubt)).all() == []


def test_without_an_owner_the_specialists_hear_and_see_which_version_was_read(
    cast: Cast, tree: Tree, client_of: Clients
) -> None:
    client = client_of(cast.member)
    wikis.save(tree.top, Version(tree.top.title, "Nieuw.", cast.specialist), expected_version=1)
    db.session.commit()
    client.post(path(tree, "/doubts"), data={"line": "Oud bedrag.", "version": 1})
    assert news(Verb.DOUBTED) == [(cast.specialist.id, "Oud bedrag.")]
    listed = client_of(cast.specialist).get(path(tree, "/doubts")).text
    assert "Las versie 1." in listed and path(tree, "/diff/1/2") in listed


def test_a_doubt_about_another_page_is_not_found(
    cast: Cast, tree: Tree, client_of: Clients
) -> None:
    doubt = Doubt(page_id=tree.other.id, version=1, doubter_id=cast.member.id, line="Nee")
    db.session.add(doubt)
    db.session.commit()
    client = client_of(cast.specialist)
    url = path(tree, f"/doubts/{doubt.id}/settle")
    assert client.post(url, data={"answer": "Ja"}).status_code == 404
    theirs = f"/wikis/{tree.other.id}-{tree.other.slug}/doubts/{doubt.id}/settle"
    assert client.post(theirs, data={"answer": "Ja"}).status_code == 403


def test_a_page_with_all_of_it_asks_no_more(cast: Cast, tree: Tree, client: CheckingClient) -> None:
    url = path(tree)
    client.get(url)
    site()
    with statements() as few:
        client.get(url)
    tree.top.owner = tree.top.reviewed_by = tree.top.adopted_by = cast.other
    tree.top.reviewed_at = now()
    for number in range(20):
        db.session.add(
            Doubt(page_id=tree.top.id, version=1, doubter_id=cast.other.id, line=f"{number}")
        )
    late(tree)
    with statements() as many:
        client.get(url)
    assert len(many) == len(few) <= 6
