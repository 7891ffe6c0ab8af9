"""/settings/import: a list is looked through, shown, and imported when that looks right."""

import csv
import os
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.extensions import Kring, db
from app.models import LogEntry, OutgoingMail, Role, User
from app.services import people
from app.services.import_files import SECONDS_KEPT
from bench.statements import statements
from tests.cast import Cast, person
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
HEADER = "email;name;department;job_title;roles\n"
GOOD = "a@b.nl;Anna <b>Bos</b>;Zorg;Consulent;\nlotte-lid@voorbeeldstad.example;Lotte Nieuw;;;\n"


@pytest.fixture
def administrator(cast: Cast, client_of: ClientOf) -> CheckingClient:
    """Return a client of the administrator."""
    return client_of(cast.administrator)


def upload(client: CheckingClient, content: str | bytes, *, htmx: bool = False) -> TestResponse:
    """Send a list as a browser does; written out here, for the test client spills large files."""
    body = content.encode() if isinstance(content, str) else content
    parts = (
        ("csrf_token", client.csrf_token().encode()),
        ('file"; filename="mensen.csv', body),
    )
    lines = [
        line
        for name, value in parts
        for line in (f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n'.encode(), value)
    ]
    return client.post(
        "/settings/import", data=b"\r\n".join((*lines, b"--x--\r\n")), htmx=htmx, csrf=False,
        content_type="multipart/form-data; boundary=x",
    )  # fmt: skip


def kept(client: CheckingClient, content: str | bytes) -> str:
    """Bring a list; return the address of its preview."""
    answer = upload(client, content)
    assert answer.status_code == 303
    return answer.location


def rows() -> tuple[int, int]:
    """Count accounts and rows of the log."""
    counts = [db.session.scalar(select(func.count()).select_from(m)) for m in (User, LogEntry)]
    return counts[0] or 0, counts[1] or 0


def test_a_list_is_shown_before_anything_is_written(administrator: CheckingClient) -> None:
    before = rows()
    page = administrator.get(kept(administrator, HEADER + GOOD + "fout;x;;;\n")).text
    assert "Importeer 2 mensen" in page and "Er is nog niets opgeslagen" in page
    assert "Anna &lt;b&gt;Bos&lt;/b&gt;" in page
    assert "Naam: Lotte Lid → Lotte Nieuw" in page
    assert "Dit is geen e-mailadres." in page and "<td>4</td>" in page
    assert "Deze afdelingen worden gemaakt: Zorg" in page
    assert rows() == before


def test_then_it_is_imported_and_told_line_by_line(administrator: CheckingClient) -> None:
    url = kept(administrator, HEADER + GOOD + "fout;x;;;\n")
    answer = administrator.post(url)
    assert answer.status_code == 200
    assert "1 persoon toegevoegd" in answer.text and "1 persoon bijgewerkt" in answer.text
    assert "1 regel geweigerd" in answer.text and 'href="/people/invitations"' in answer.text
    db.session.expire_all()
    assert db.session.scalars(select(User.name).where(User.email == "a@b.nl")).one()
    assert db.session.scalar(select(User.name).where(User.name == "Lotte Nieuw"))
    assert not db.session.scalars(select(OutgoingMail.id)).all()
    actors = set(db.session.scalars(select(LogEntry.actor_name)))
    assert actors == {"Bram Beheer"}
    again = administrator.post(url)
    assert again.status_code == 200 and "toegevoegd</h2>" not in again.text
    assert "Nodig ze nu uit" not in again.text


def test_with_htmx(administrator: CheckingClient) -> None:
    answer = upload(administrator, HEADER + GOOD, htmx=True)
    assert answer.status_code == 204
    assert administrator.get(answer.headers["HX-Redirect"]).status_code == 200


def test_a_long_list_is_shown_in_part_and_its_faults_in_full(administrator: CheckingClient) -> None:
    many = "".join(f"p{n}@b.nl;Persoon nr{n};;;\n" for n in range(60))
    bad = "".join(f"fout{n};Persoon;;;\n" for n in range(60))
    page = administrator.get(kept(administrator, HEADER + many + bad)).text
    assert "Persoon nr49<" in page and "Persoon nr50<" not in page and "en nog 10" in page
    assert "fout59" in page


def test_refused_lines_can_be_kept_and_hold_no_formula(administrator: CheckingClient) -> None:
    url = kept(administrator, HEADER + "=1+1;Anna;;;\nfout;Bo;;;\n")
    answer = administrator.get(f"{url}/refused.csv")
    assert answer.mimetype == "text/csv" and "attachment" in answer.headers["Content-Disposition"]
    table = list(csv.reader(StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    assert table[0] == ["Regel", "E-mailadres", "Reden"]
    assert [row[:2] for row in table[1:]] == [["2", "'=1+1"], ["3", "fout"]]


def test_the_example_can_be_imported(administrator: CheckingClient) -> None:
    answer = administrator.get("/settings/import/voorbeeld.csv")
    assert answer.data.startswith(b"\xef\xbb\xbfemail;name;department;job_title;roles\r\n")
    assert administrator.get(kept(administrator, answer.data)).text.count("@voorbeeldstad") == 3


@pytest.mark.parametrize(
    "content, said",
    [
        ("", "Dit bestand is leeg."),
        ("naam;afdeling\nAnna;x\n", "Deze ontbreken: email."),
        (b"PK\x03\x04\x00\x00", "Dit is geen CSV-bestand."),
        ("email;name\n" + "a@b.nl;A\n" * 20_001, "meer dan 20000 regels"),
        (b"x" * 5_000_001, "groter dan 5 MB"),
    ],
)
def test_a_file_of_which_nothing_can_be_used(
    administrator: CheckingClient, content: str | bytes, said: str
) -> None:
    answer = upload(administrator, content)
    assert answer.status_code == 422 and said in answer.text
    assert 'aria-describedby="file-hint file-error"' in answer.text


def test_no_file(administrator: CheckingClient) -> None:
    answer = administrator.post("/settings/import", data={})
    assert answer.status_code == 422 and "Kies een bestand." in answer.text


def test_fifty_megabytes(administrator: CheckingClient) -> None:
    answer = upload(administrator, b"x" * 50_000_000)
    assert answer.status_code == 413 and "te veel" in answer.text


def test_a_list_is_its_bringers_alone(
    administrator: CheckingClient, client_of: ClientOf, cast: Cast
) -> None:
    other = person("Andere Beheerder", Role.ADMINISTRATOR)
    db.session.commit()
    url = kept(administrator, HEADER + GOOD)
    client = client_of(other)
    assert client.get(url).status_code == client.post(url).status_code == 404
    assert client.get(f"{url}/refused.csv").status_code == 404
    assert db.session.scalar(select(User.id).where(User.email == "a@b.nl")) is None
    assert cast.member.name == "Lotte Lid"


def test_a_list_is_kept_for_an_hour_by_its_owner_only(
    app: Kring, administrator: CheckingClient
) -> None:
    url = kept(administrator, HEADER + GOOD)
    (file,) = Path(app.config["INSTANCE"], "imports").glob("*")
    assert file.stat().st_mode & 0o077 == 0
    long_ago = time.time() - SECONDS_KEPT - 1
    os.utime(file, (long_ago, long_ago))
    assert administrator.get(url).status_code == administrator.post(url).status_code == 404
    kept(administrator, HEADER + GOOD)
    assert not file.exists()


@pytest.mark.parametrize("token", ["0" * 32, "..", "%2e%2e%2fkring.db", "x" * 500])
def test_no_such_list(administrator: CheckingClient, token: str) -> None:
    assert administrator.get(f"/settings/import/{token}").status_code == 404


def test_an_account_made_meanwhile_is_updated(administrator: CheckingClient) -> None:
    url = kept(administrator, HEADER + GOOD)
    people.add("Anna Eerder", "a@b.nl")
    db.session.commit()
    assert "2 mensen bijgewerkt" in administrator.post(url).text
    assert db.session.scalar(select(func.count()).where(User.email == "a@b.nl")) == 1


def test_rights_count_of_who_imports(
    administrator: CheckingClient, client_of: ClientOf, cast: Cast
) -> None:
    lines = (
        "lotte-lid@voorbeeldstad.example;Lotte;;;communitymanager\n"
        f"{cast.administrator.email};Bram;;;communitymanager\n"
        "b@b.nl;Bo;;;beheerder\nc@b.nl;Carla;;;\n"
    )
    page = administrator.post(kept(administrator, HEADER + lines)).text
    assert "3 regels geweigerd" in page and "1 persoon toegevoegd" in page
    db.session.expire_all()
    assert cast.member.roles == {Role.MEMBER}
    assert cast.administrator.roles == {Role.MEMBER, Role.ADMINISTRATOR}
    both = person("Beide", Role.ADMINISTRATOR, Role.MANAGER)
    db.session.commit()
    client = client_of(both)
    client.post(kept(client, HEADER + lines))
    db.session.expire_all()
    assert Role.MANAGER in cast.member.roles


@pytest.mark.parametrize("path", ["/settings/import", "/settings/import/voorbeeld.csv"])
@pytest.mark.parametrize("name", ["member", "moderator", "manager"])
def test_not_for_others(cast: Cast, client_of: ClientOf, path: str, name: str) -> None:
    client = client_of(getattr(cast, name))
    assert client.get(path).status_code == 403
    assert upload(client, HEADER + GOOD).status_code == 403


def test_nobody_signed_in(cast: Cast, client_of: ClientOf) -> None:
    assert cast.member.id
    assert client_of(None).get("/settings/import").status_code == 303
    assert upload(client_of(None), HEADER + GOOD).status_code == 401


def test_the_preview_asks_as_much_for_many_as_for_a_few(administrator: CheckingClient) -> None:
    few = kept(administrator, HEADER + GOOD)
    many = kept(administrator, HEADER + "".join(f"p{n}@b.nl;P;Afd {n};;\n" for n in range(400)))
    administrator.get(few)
    with statements() as small:
        administrator.get(few)
    with statements() as large:
        administrator.get(many)
    assert len(large) <= len(small)
