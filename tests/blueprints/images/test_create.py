"""Adding an image."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from PIL import Image as Picture
from sqlalchemy import select

from app.extensions import db
from app.models import Image, User
from app.services import attachments
from tests import settings
from tests.cast import Cast
from tests.checking import CheckingClient
from tests.filemaking import image as file_of
from tests.lib.test_images import SECRET, told

Clients = Callable[[User | None], CheckingClient]
AS_JSON = {"Accept": "application/json"}


def send(
    client: CheckingClient, content: bytes, name: str = "Foto van de markt.png", **more: Any
) -> Any:
    fields = {"file": (BytesIO(content), name), "alt": more.pop("alt", "De markt")}
    answer = client.post("/images", data=fields, **more)
    answer.request.environ["wsgi.input"].close()  # a file, when there is much to send
    return answer


def kept() -> list[Image]:
    return list(db.session.scalars(select(Image).order_by(Image.id)))


@pytest.mark.parametrize("htmx, status", [(False, 303), (True, 204)])
def test_an_image_is_added(client: CheckingClient, htmx: bool, status: int) -> None:
    assert 'enctype="multipart/form-data"' in client.get("/images/new").text
    answer = send(client, file_of("PNG", (2000, 1000)), htmx=htmx)
    assert answer.status_code == status
    (found,) = kept()
    leads_to = answer.location or answer.headers["HX-Redirect"]
    assert leads_to == f"/images/{found.id}-foto-van-de-markt.png/place"
    assert (found.width, found.height, found.media_type) == (2000, 1000, "image/png")
    assert [one["width"] for one in found.sizes] == [480, 960, 1600]
    page = client.get(leads_to).text
    assert f"![De markt](/images/{found.id}-foto-van-de-markt.png)" in page
    assert f'src="/images/{found.id}-foto-van-de-markt.png/960"' in page


def test_the_editor_gets_what_to_write(client: CheckingClient) -> None:
    answer = send(client, file_of("JPEG"), "x.jpeg", headers=AS_JSON, alt="Een [kop] \\ staart")
    assert answer.status_code == 201
    (found,) = kept()
    assert answer.json == {
        "markdown": f"![Een \\[kop\\] \\\\ staart](/images/{found.id}-x.jpg)",
        "url": f"/images/{found.id}-x.jpg",
        "alt": "Een [kop] \\ staart",
    }


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_but_the_picture_is_kept(client: CheckingClient, kind: str) -> None:
    assert send(client, told(kind)).status_code == 303
    (found,) = kept()
    with attachments.storage().open(found.sha256) as file:
        content = file.read()
    assert SECRET not in content and b"<script" not in content
    assert (found.width, found.height) == (3, 4) and found.sizes == []
    assert found.media_type == f"image/{kind.lower()}"


def moving(kind: str) -> bytes:
    file = BytesIO()
    frames = [Picture.new("RGB", (2, 2), colour) for colour in ("red", "blue")]
    frames[0].save(file, kind, save_all=True, append_images=frames[1:])
    return file.getvalue()


def test_a_still_gif_becomes_a_png(client: CheckingClient) -> None:
    assert send(client, file_of("GIF"), "tekening.gif").status_code == 303
    (found,) = kept()
    assert (found.media_type, found.filename) == ("image/png", "tekening.png")


@pytest.mark.parametrize(
    "content, said",
    [
        (moving("GIF"), "beweegt"),
        (moving("PNG"), "beweegt"),
        (moving("WEBP"), "beweegt"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "JPEG, PNG of WebP"),
        (b"<html><script>alert(1)</script>", "JPEG, PNG of WebP"),
        (file_of("BMP"), "JPEG, PNG of WebP"),
        (file_of("PNG")[:40], "JPEG, PNG of WebP|beschadigd"),
        (file_of("JPEG")[:100], "JPEG, PNG of WebP|beschadigd"),
        (b"", "JPEG, PNG of WebP"),
        (b"x" * 1_000_001, "groter dan 1 MB"),
    ],
)  # fmt: skip
def test_what_is_no_image_is_refused_and_the_words_kept(
    client: CheckingClient, content: bytes, said: str
) -> None:
    settings.change(upload_megabytes=1)
    answer = send(client, content, alt="Mijn woorden")
    assert answer.status_code == 422 and 'value="Mijn woorden"' in answer.text
    assert any(each in answer.text for each in said.split("|"))
    told_editor = send(client, content, headers=AS_JSON)
    assert told_editor.status_code == 422
    assert any(each in told_editor.json["message"] for each in said.split("|"))
    assert not kept() and not list(attachments.storage().names())


def test_words_and_a_file_are_needed(client: CheckingClient) -> None:
    answer = send(client, file_of("PNG"), alt="  ")
    assert answer.status_code == 422 and 'id="alt-error"' in answer.text
    assert client.post("/images", data={"alt": "Iets"}).status_code == 422
    assert send(client, file_of("PNG"), alt="x" * 301).status_code == 422
    assert not kept()


def test_visitors_sign_in_first(cast: Cast, client_of: Clients) -> None:
    assert client_of(None).get("/images/new").status_code == 303
    assert send(client_of(None), file_of("PNG")).status_code == 401


def test_kinds_of_documents_do_not_matter(client: CheckingClient) -> None:
    settings.change(upload_types=("application/pdf",))
    assert send(client, file_of("PNG")).status_code == 303


def test_only_its_uploader_sees_it_before_it_stands_in_a_text(
    cast: Cast, client_of: Clients
) -> None:
    author = client_of(cast.member)
    path = send(author, file_of("PNG")).location.removesuffix("/place")
    assert author.get(path).status_code == 200
    for other in (cast.other, cast.moderator, cast.administrator):
        client = client_of(other)
        assert {
            client.get(path + end).status_code for end in ("", "/480", "/place", "/remove")
        } == {404}
    assert client_of(None).get(path).status_code == 303


def test_it_is_handed_out_with_care(client: CheckingClient) -> None:
    path = send(client, file_of("PNG", (1000, 500)), "É één.png").location.removesuffix("/place")
    answer = client.get(path)
    assert answer.content_type == "image/png" and answer.data[:4] == b"\x89PNG"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Content-Disposition"].startswith("inline; filename=")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert client.head(path).content_length == len(answer.data)
    for asked, width in ((1, 480), (480, 480), (481, 960), (999_999, 1000)):
        with Picture.open(BytesIO(client.get(f"{path}/{asked}").data)) as picture:
            assert picture.size == (width, width // 2)
