"""The house style: one colour, a token file, or as Kring comes."""

from collections.abc import Callable
from io import BytesIO

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.extensions import db
from app.models import LogEntry, Setting, User
from app.services.style import SHEET
from app.site import site
from tests.cast import Cast
from tests.checking import CheckingClient
from tests.lib.test_tokens import MUNICIPAL

Clients = Callable[[User | None], CheckingClient]


def colour(client: CheckingClient, text: str, htmx: bool = False, **more: str) -> TestResponse:
    return client.post("/settings/style", data={"colour": text, **more}, htmx=htmx)


def tokens(client: CheckingClient, css: str | bytes, *, htmx: bool = False) -> TestResponse:
    content = css.encode() if isinstance(css, str) else css
    return client.post(
        "/settings/style/tokens", data={"file": (BytesIO(content), "theme.css")}, htmx=htmx
    )


def sheet() -> str:
    return f"/style/{site().style}.css"


def logged() -> list[tuple[str, str]]:
    rows = db.session.scalars(select(LogEntry).order_by(LogEntry.id))
    return [(row.subject_label, row.result) for row in rows]


@pytest.mark.parametrize("htmx, status", [(False, 303), (True, 204)])
def test_a_colour_is_used_on_every_page(
    cast: Cast, client_of: Clients, htmx: bool, status: int
) -> None:
    client = client_of(cast.administrator)
    assert colour(client, "#154273", htmx=htmx).status_code == status
    assert site().brand_colour == "#154273"
    visitor = client_of(None)
    page = visitor.get("/login").text
    assert page.index("/static/css/kring.css") < page.index(f'href="{sheet()}"')
    answer = visitor.get(sheet())
    assert answer.status_code == 200 and answer.mimetype == "text/css"
    assert "--k-brand: #154273;" in answer.text
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    mark = site().style
    assert logged() == [("style", f" → {mark}"), ("brand_colour", " → #154273")]


@pytest.mark.parametrize("text", ["#ABC", "aabbcc", " #aabbcc "])
def test_a_colour_can_be_written_in_several_ways(cast: Cast, client_of: Clients, text: str) -> None:
    assert colour(client_of(cast.administrator), text).status_code == 303
    assert site().brand_colour == "#aabbcc"


def test_a_colour_can_be_picked_without_script(cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.administrator)
    colour(client, "", picked="#154273")
    assert site().brand_colour == "#154273"
    colour(client, "#154273", picked="#a01010")
    assert site().brand_colour == "#a01010"
    colour(client, "#0b6b3a", picked="#a01010")
    assert site().brand_colour == "#0b6b3a", "what was typed anew is meant"


@pytest.mark.parametrize(
    "text", ["", "rood", "#12345", "#fff;} * {x:y", "url(x)", "</style>", "#" + "f" * 5000]
)
def test_what_is_no_colour_is_refused(cast: Cast, client_of: Clients, text: str) -> None:
    client = client_of(cast.administrator)
    answer = colour(client, text)
    assert answer.status_code == 422
    assert "Dat is geen kleur" in answer.text and 'aria-invalid="true"' in answer.text
    assert not site().style and not logged()


def test_a_light_colour_is_darkened_and_the_page_says_so(cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.administrator)
    page = colour(client, "#ffd700", preview="1")
    assert page.status_code == 200 and "nog niets opgeslagen" in page.text
    assert "Je kleur is te licht" in page.text and "4,5 op 1" in page.text
    assert not site().style
    sample = client.get("/settings/style/try/ffd700.css")
    assert sample.mimetype == "text/css" and ".k-sample--dark" in sample.text
    colour(client, "#ffd700")
    assert "Je kleur is te licht" in client.get("/settings/style").text
    assert "#ffd700" not in client.get(sheet()).text.split("prefers-color-scheme: dark")[0]
    colour(client, "#154273")
    assert "Je kleur is te licht" not in client.get("/settings/style").text


@pytest.mark.parametrize("htmx, status", [(False, 303), (True, 204)])
def test_a_token_file_is_used(cast: Cast, client_of: Clients, htmx: bool, status: int) -> None:
    client = client_of(cast.administrator)
    assert tokens(client, MUNICIPAL, htmx=htmx).status_code == status
    found = client.get(sheet()).text
    assert "--utrecht-link-hover-color: #063c6d;" in found
    assert "Style Dictionary" not in found and "voorbeeldstad-theme" not in found
    assert not site().brand_colour
    assert "eigen token-bestand" in client.get("/settings/style").text
    assert [key for key, _change in logged()] == ["style"]
    assert "utrecht" not in str(logged()), "the log has the mark of the sheet, not the sheet"


@pytest.mark.parametrize(
    "css, said",
    [
        ("", "Dit bestand is leeg"),
        (" ", "Dit bestand is leeg"),
        ('{"color": {"$value": "#fff"}}', "Upload het css-bestand dat daarvan gemaakt is"),
        (b"\xff\xfe\x00\x01", "geen tekstbestand"),
        (":root { --iets: red }", "geen token van NL Design System"),
        (":root {\n --nl-a: url(x) }", "Regel 2 (--nl-a: url())"),
        ("@import 'https://x.example/';", "Regel 1 (@import)"),
        (":root { --utrecht-link-color: #7ab8ff }", "links op de pagina (1,9 op 1)"),
        (":root { --nl-a: '" + "x" * 400_000, "groter dan 300 kB"),
    ],
)  # fmt: skip
def test_what_is_no_good_token_file_is_refused_with_the_reason(
    cast: Cast, client_of: Clients, css: str | bytes, said: str
) -> None:
    client = client_of(cast.administrator)
    colour(client, "#154273")
    before = site()
    answer = tokens(client, css)
    assert answer.status_code == 422
    assert said in answer.text.replace("&#39;", "'") and 'aria-invalid="true"' in answer.text
    assert site() == before and len(logged()) == 2


def test_what_is_unknown_is_named_and_taken(cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.administrator)
    css = ":root { --utrecht-form-label-color: color-mix(in srgb, red, black) }"
    assert tokens(client, css).status_code == 303
    page = client.get("/settings/style").text
    assert "Kring kan het contrast niet bepalen" in page and "labels in formulieren" in page


@pytest.mark.parametrize("htmx, status", [(False, 303), (True, 204)])
def test_back_to_how_kring_comes(cast: Cast, client_of: Clients, htmx: bool, status: int) -> None:
    client = client_of(cast.administrator)
    colour(client, "#154273")
    old = sheet()
    assert client.post("/settings/style/reset", htmx=htmx).status_code == status
    assert not site().style and not site().brand_colour
    assert db.session.get(Setting, SHEET) is None
    assert client.get(old).status_code == 404
    assert "/style/" not in client.get("/").text.replace("/settings/style", "")
    assert logged()[-1] == ("brand_colour", "#154273 → ")


def test_only_the_sheet_in_use_has_an_address(cast: Cast, client_of: Clients) -> None:
    client = client_of(cast.administrator)
    colour(client, "#154273")
    old = sheet()
    colour(client, "#a01010")
    for path in (old, "/style/x.css", "/style/.css", "/settings/style/try/geen.css"):
        assert client.get(path).status_code == 404, path


@pytest.mark.parametrize(
    "path, way",
    [("/settings/style", "GET"), ("/settings/style", "POST"), ("/settings/style/tokens", "POST"),
     ("/settings/style/reset", "POST"), ("/settings/style/try/fff.css", "GET")],
)  # fmt: skip
def test_it_is_for_administrators(cast: Cast, client_of: Clients, path: str, way: str) -> None:
    for user in (cast.member, cast.manager):
        assert client_of(user).open(path, method=way).status_code == 403
    assert client_of(None).open(path, method=way).status_code == (303 if way == "GET" else 401)
