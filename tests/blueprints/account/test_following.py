"""/account/following: whom and what one follows."""

from collections.abc import Callable

from app.extensions import db
from app.lib.clock import now
from app.models import User
from app.services.following import follow_person, follow_theme
from bench.statements import statements
from tests.cast import Cast, person
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
PATH = "/account/following"


def test_visitors_sign_in_first(client_of: ClientOf, cast: Cast) -> None:
    assert client_of(None).get(PATH).location == f"/login?next={PATH}"


def test_without_follows_it_says_how(client: CheckingClient) -> None:
    assert "Je volgt nog niemand" in client.get(PATH).text
    assert PATH in client.get("/account").text


def test_it_lists_what_one_follows_oneself(client: CheckingClient, cast: Cast) -> None:
    follow_person(cast.member, cast.other)
    follow_person(cast.member, cast.blogger)
    follow_person(cast.other, cast.specialist)
    follow_theme(cast.member, cast.theme)
    follow_theme(cast.other, cast.other_theme)
    cast.blogger.deactivated_at = now()
    cast.other_theme.archived_at = now()
    db.session.commit()
    page = client.get(PATH).text
    assert "Otto Ander" in page and ">Schuldhulp</a>" in page
    for absent in ("Bea Blogger", "Sam Specialist", ">Wonen</a>"):
        assert absent not in page


def test_one_stops_from_the_list(client: CheckingClient, cast: Cast) -> None:
    follow_person(cast.member, cast.other)
    follow_theme(cast.member, cast.theme)
    db.session.commit()
    stop = {"following": "0", "list": "1"}
    for path in (f"/people/{cast.other.id}-{cast.other.handle}", "/themes/schuldhulp"):
        assert f'action="{path}/follow"' in client.get(PATH).text
        assert client.post(f"{path}/follow", data=stop).location == PATH
    assert "Je volgt nog niemand" in client.get(PATH).text


def test_a_page_takes_a_fixed_number_of_statements(client: CheckingClient, cast: Cast) -> None:
    for n in range(9):
        made = person(f"Persoon {n}")
        db.session.flush()
        follow_person(cast.member, made)
    db.session.commit()
    client.get(PATH)
    with statements() as asked:
        client.get(PATH)
    assert len(asked) == 4, "\n\n".join(asked)
