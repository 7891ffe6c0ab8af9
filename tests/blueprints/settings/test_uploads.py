"""/settings/uploads: how large documents can be, and of which kinds."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import Kring, db
from app.lib.file_types import TYPES
from app.models import LogEntry, Setting, User
from app.site import fixed_by
from tests.cast import Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
URL = "/settings/uploads"


@pytest.fixture
def administrator(cast: Cast, client_of: ClientOf) -> CheckingClient:
    """Return a client of the administrator."""
    return client_of(cast.administrator)


def stored() -> dict[str, object]:
    rows = db.session.execute(select(Setting.key, Setting.value))
    return {key: value for key, value in rows if key.startswith("upload")}


def filled_in(*kinds: str, most: str = "25") -> dict[str, object]:
    return {"upload_megabytes": most, "upload_types": list(kinds)}


@pytest.mark.parametrize("htmx", [False, True])
def test_the_choice_is_kept_and_logged(administrator: CheckingClient, *, htmx: bool) -> None:
    assert administrator.get(URL).text.count(" checked") == len(TYPES), "all of them, at first"
    answer = administrator.post(URL, data=filled_in("pdf", "jpg"), htmx=htmx)
    assert answer.status_code == (204 if htmx else 303)
    assert stored() == {
        "upload_megabytes": 25,
        "upload_types": ["application/pdf", "image/jpeg"],
    }
    page = administrator.get(URL).text
    assert page.count(" checked") == 2 and 'value="25"' in page
    assert {entry.subject_label for entry in db.session.scalars(select(LogEntry))} == set(stored())


def test_all_of_them_means_also_what_comes_later(administrator: CheckingClient) -> None:
    administrator.post(URL, data=filled_in("pdf"))
    assert administrator.post(URL, data=filled_in(*TYPES)).status_code == 303
    assert stored()["upload_types"] == []


@pytest.mark.parametrize("most", ["0", "101", "", "veel", "2.5"])
def test_a_size_that_does_not_do_is_refused(administrator: CheckingClient, most: str) -> None:
    answer = administrator.post(URL, data=filled_in("pdf", most=most))
    assert answer.status_code == 422
    assert 'id="upload_megabytes-error"' in answer.text
    assert answer.text.count(" checked") == 1, "what was chosen is kept"
    assert not stored()


@pytest.mark.parametrize("kinds", [(), ("exe",), ("pdf", "svg")])
def test_kinds_that_do_not_do_are_refused(
    administrator: CheckingClient, kinds: tuple[str, ...]
) -> None:
    answer = administrator.post(URL, data=filled_in(*kinds))
    assert answer.status_code == 422
    assert 'id="upload_types-error"' in answer.text and 'value="25"' in answer.text
    assert not stored()


def test_the_environment_wins(app: Kring, administrator: CheckingClient) -> None:
    found = fixed_by({"KRING_SITE_UPLOAD_TYPES": "application/pdf"})
    app.extensions["kring_site_fixed"] = found
    page = administrator.get(URL).text
    assert "KRING_SITE_UPLOAD_TYPES" in page and page.count(" checked") == 1
    assert administrator.post(URL, data=filled_in("pdf", "png")).status_code == 303
    assert "upload_types" not in stored() and stored()["upload_megabytes"] == 25
    with pytest.raises(ValueError, match="not one of"):
        fixed_by({"KRING_SITE_UPLOAD_TYPES": "pdf"})


@pytest.mark.parametrize("name", ["member", "manager", "moderator"])
def test_it_is_the_administrator_s(cast: Cast, client_of: ClientOf, name: str) -> None:
    client = client_of(getattr(cast, name))
    assert client.get(URL).status_code == client.post(URL, data=filled_in("pdf")).status_code == 403
    assert not stored()


def test_visitors_sign_in_first(cast: Cast, client_of: ClientOf) -> None:
    assert client_of(None).get(URL).location.startswith("/login")
