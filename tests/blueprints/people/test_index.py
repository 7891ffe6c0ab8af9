"""/people: members by name."""

from collections.abc import Callable

import pytest

from app.extensions import db
from app.lib.clock import now
from app.models import Department, Role, User
from app.services import profiles
from bench.statements import statements
from tests.cast import Cast, person
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]


def test_visitors_sign_in_first(client_of: ClientOf, cast: Cast) -> None:
    assert client_of(None).get("/people").location == "/login?next=/people"


def test_members_stand_by_name_with_roles_and_department(
    client: CheckingClient, cast: Cast
) -> None:
    cast.other.department = Department(name="Burgerzaken")
    cast.other.job_title = "Adviseur"
    page = client.get("/people").text
    assert page.index("Anna Ambassadeur") < page.index("Bram Beheer") < page.index("Wim Woon")
    for text in (
        "Burgerzaken",
        "Adviseur",
        "Themaspecialist: Schuldhulp",
        "Communitymanager",
        "12 mensen",
    ):
        assert text in page
    assert "@voorbeeldstad.example" not in page


@pytest.mark.parametrize(
    "q, found",
    [("lotte", True), ("LID lot", True), ("  otte  ", True), ("lotte ander", False), ("%", False),
     ("L_tte", False), ("zoe", False), ("\x00", True), ("' OR 1=1 --", False)],
)  # fmt: skip
def test_search_is_by_parts_of_the_name(client: CheckingClient, q: str, found: bool) -> None:
    answer = client.get("/people", query_string={"q": q})
    assert answer.status_code == 200
    assert (">Lotte Lid</a>" in answer.text) == found
    assert found or "Niemand gevonden" in answer.text or "Zoë" in answer.text


def test_search_does_not_mind_accents(client: CheckingClient, cast: Cast) -> None:
    person("Zoë Çelik")
    for q in ("zoe", "ZOË", "celik"):
        assert ">Zoë Çelik</a>" in client.get("/people", query_string={"q": q}).text


def test_one_role_can_be_asked_for(client: CheckingClient) -> None:
    page = client.get("/people?role=manager").text
    assert "Mina Manager" in page and ">Otto Ander<" not in page
    assert client.get("/people?role=koning").status_code == 200


@pytest.fixture
def experts(cast: Cast) -> Department:
    """Let two people tell what they know; return the department of one of them."""
    profiles.set_expertise(cast.other, ["Schuldhulp aan jongeren", "Turks"])
    profiles.set_expertise(cast.blogger, ["Wmo"])
    unit = Department(name="Burgerzaken")
    cast.other.job_title, cast.other.department = "Consulent", unit
    db.session.commit()
    return unit


@pytest.mark.parametrize(
    "query, found",
    [("expertise=schuldhulp", True), ("expertise=TURKS", True), ("expertise=Schuldhulp aan jongeren", True),
     ("expertise=wmo", False), ("expertise=!!", False), ("expertise=%25", False),
     ("q=turks", True), ("q=consulent otto", True), ("q=consulent turks jongeren", True), ("q=consulent wmo", False),
     ("department={unit}", True), ("department={unit}&q=bea", False), ("department=99999", True),
     ("department=x", True), ("theme=schuldhulp", False), ("theme=bestaat-niet", True),
     ("expertise=turks&department={unit}&q=otto", True), ("expertise=turks&role=manager", False)],
)  # fmt: skip
def test_people_are_found_by_what_they_tell(
    client: CheckingClient, experts: Department, query: str, found: bool
) -> None:
    answer = client.get("/people?" + query.format(unit=experts.id))
    assert answer.status_code == 200
    assert (">Otto Ander</a>" in answer.text) == found


def test_the_specialists_of_a_theme_can_be_asked_for(client: CheckingClient) -> None:
    page = client.get("/people?theme=schuldhulp").text
    assert ">Sam Specialist</a>" in page and ">Wim Woonspecialist</a>" not in page


def test_what_was_asked_stays_chosen_on_every_page(
    client: CheckingClient, cast: Cast, experts: Department
) -> None:
    for n in range(40):
        extra = person(f"Persoon {n:02}")
        extra.department = experts
        db.session.flush()
        profiles.set_expertise(extra, ["Turks"])
    db.session.commit()
    page = client.get(f"/people?expertise=turks&department={experts.id}").text
    assert f'value="{experts.id}" selected' in page and 'name="expertise" value="turks"' in page
    assert f"/people?expertise=turks&amp;department={experts.id}&amp;page=2" in page


def test_htmx_gets_the_list_only(client: CheckingClient, experts: Department) -> None:
    answer = client.get("/people?expertise=turks", htmx=True)
    assert "<html" not in answer.text and "<form" not in answer.text
    assert ">Otto Ander</a>" in answer.text
    assert 'data-announce="1 persoon gevonden"' in answer.text


def test_subjects_are_suggested_the_most_named_first(
    client: CheckingClient, cast: Cast, experts: Department
) -> None:
    profiles.set_expertise(cast.insider, ["wmo"])
    db.session.commit()
    page = client.get("/people").text
    assert page.index('<option value="Wmo">') < page.index('<option value="Turks">')


def test_nobody_found_says_what_to_do(client: CheckingClient) -> None:
    page = client.get("/people?expertise=sterrenkunde").text
    assert "Niemand gevonden" in page and 'href="/people"' in page


def test_who_left_is_not_listed(client: CheckingClient, cast: Cast) -> None:
    cast.other.deactivated_at = now()
    assert "Otto Ander" not in client.get("/people").text


def test_the_list_has_pages(client: CheckingClient, cast: Cast) -> None:
    for n in range(40):
        person(f"Persoon {n:02}")
    first, second = client.get("/people").text, client.get("/people?page=2").text
    assert "/people?page=2" in first and "Persoon 39" not in first
    assert "Persoon 39" in second and "Anna Ambassadeur" not in second
    assert "q=persoon" in client.get("/people?q=persoon").text
    for number in ("0", "3", "-1", "99999999999999999999"):
        assert client.get(f"/people?page={number}").status_code == 404


def test_a_page_takes_a_fixed_number_of_statements(client: CheckingClient, cast: Cast) -> None:
    for n in range(20):
        made = person(f"Persoon {n:02}", Role.BLOGGER, Role.SPECIALIST, theme=cast.theme)
        made.department = Department(name=f"Afdeling {n}")
    db.session.commit()
    client.get("/people")
    with statements() as asked:
        client.get("/people")
    # Who is signed in; departments and themes to choose; the number of people; a page of them with
    # their roles, expertise and groups; what people know about.
    assert len(asked) == 9, "\n\n".join(asked)
