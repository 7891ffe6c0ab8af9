"""Two or twenty people who save one page at the same moment: one wins, nobody loses a word."""

from collections.abc import Callable
from threading import Barrier, Thread

from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.extensions import Kring, db
from app.models import Revision, User
from tests.blueprints.wikis.conftest import Tree
from tests.cast import Cast
from tests.checking import CheckingClient

Clients = Callable[[User | None], CheckingClient]
MANY = 20


def form(body: str, version: int, title: str = "Beslagvrije voet") -> dict[str, object]:
    return {"title": title, "body": body, "note": "", "standing": "in_force", "version": version}


def path(tree: Tree) -> str:
    return f"/wikis/{tree.top.id}-{tree.top.slug}/edit"


def test_of_twenty_at_once_one_wins_and_all_texts_are_there(
    app: Kring, cast: Cast, tree: Tree, client_of: Clients
) -> None:
    clients = [client_of(cast.specialist)]
    token = clients[0].csrf_token()
    cookie = clients[0].get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    address, start = path(tree), Barrier(MANY)
    db.session.remove()
    answers: dict[int, tuple[int, str]] = {}

    def save(number: int) -> None:
        client = FlaskClient(app)
        client.set_cookie(cookie.key, cookie.value)
        data = {**form(f"De tekst van nummer {number} is lang.", 1), "csrf_token": token}
        start.wait()
        response = client.post(address, data=data)
        answers[number] = (response.status_code, response.get_data(as_text=True))

    threads = [Thread(target=save, args=(number,)) for number in range(MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    codes = sorted(code for code, _text in answers.values())
    assert codes == [303] + [409] * (MANY - 1)
    for number, (code, text) in answers.items():
        if code == 409:
            assert text.count(f"De tekst van nummer {number} is lang.") >= 2
    winner = next(number for number, (code, _text) in answers.items() if code == 303)
    newest = select(Revision.body).where(Revision.content_id == tree.top.id, Revision.number == 2)
    assert db.session.scalar(newest) == f"De tekst van nummer {winner} is lang."
    assert db.session.scalar(select(func.count(Revision.id))) == 4


def test_changes_apart_are_joined_and_saved_again(
    cast: Cast, tree: Tree, client_of: Clients
) -> None:
    client = client_of(cast.specialist)
    first = "# Wat\n\nEerst, zegt A.\n\n# Hoe\n\nDan."
    second = "# Wat\n\nEerst.\n\n# Hoe\n\nDan, zegt B."
    assert client.post(path(tree), data=form(first, 1)).status_code == 303
    page = client.post(path(tree), data=form(second, 1))
    assert page.status_code == 409
    joined = "# Wat\n\nEerst, zegt A.\n\n# Hoe\n\nDan, zegt B."
    text = page.text.replace("\r\n", "\n")
    assert joined in text and first in text and second in text
    assert 'name="version" type="hidden" value="2"' in text or 'value="2"' in text
    assert "Sam Specialist" in text and "diff-ins" in text
    assert client.post(path(tree), data=form(joined, 2)).status_code == 303
    db.session.refresh(tree.top)
    assert (tree.top.body, tree.top.version) == (joined, 3)


def test_changes_of_the_same_line_leave_the_choice(
    cast: Cast, tree: Tree, client_of: Clients
) -> None:
    client = client_of(cast.specialist)
    client.post(path(tree), data=form("Van A.", 1, title="Titel van A"))
    page = client.post(path(tree), data=form("Van B.", 1, title="Beslagvrije voet"))
    assert page.status_code == 409
    assert "&lt;&lt;&lt;" not in page.text
    assert 'value="Titel van A"' in page.text
    assert page.text.count("Van B.") == 2 and "Van A." in page.text


def test_a_version_that_never_was_is_a_conflict(cast: Cast, tree: Tree, client_of: Clients) -> None:
    client = client_of(cast.specialist)
    for version in (0, 7):
        page = client.post(path(tree), data=form("Iets.", version))
        assert page.status_code == 409 and "Iets." in page.text
    db.session.refresh(tree.top)
    assert tree.top.version == 1


def test_a_double_submit_saves_once(cast: Cast, tree: Tree, client_of: Clients) -> None:
    client = client_of(cast.specialist)
    for _ in range(2):
        assert client.post(path(tree), data=form("Nieuw.", 1)).status_code == 303
    db.session.refresh(tree.top)
    assert tree.top.version == 2
