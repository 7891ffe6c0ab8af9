"""/account/profile and /people/<ref>/photo: a photo is kept, shown to its audience, and removed."""

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from app.extensions import db
from app.lib.clock import now
from app.models import Audience, User
from app.services import attachments, profiles
from tests.blueprints.account.test_profile import FILLED
from tests.cast import Cast
from tests.checking import CheckingClient
from tests.filemaking import image
from tests.lib.test_images import bomb_of

ClientOf = Callable[[User | None], CheckingClient]
GPS = 0x8825


def photo(kind: str = "JPEG") -> bytes:
    """Return a photo that tells where it was made."""
    exif = Image.Exif()
    exif.get_ifd(GPS)[2] = (52.0, 5.0, 1.0)
    exif[0x010E] = "Dorpsstraat 1"
    return image(kind, (800, 600), exif=exif.tobytes())


def send(client: CheckingClient, content: bytes, name: str = "ik.jpg", **more: str) -> TestResponse:
    file = (BytesIO(content), name)
    return client.post("/account/profile", data={**FILLED, **more, "photo": file})


def path_of(user: User) -> str:
    return f"/people/{user.id}-{user.handle}/photo"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_kept_small_and_without_metadata(
    client: CheckingClient, cast: Cast, client_of: ClientOf, kind: str
) -> None:
    assert b"Dorpsstraat" in photo(kind)
    assert send(client, photo(kind), "naam.die.er.niet.toe.doet").status_code == 303
    answer = client_of(cast.other).get(path_of(cast.member))
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert b"Dorpsstraat" not in answer.data
    with Image.open(BytesIO(answer.data)) as picture:
        assert picture.size == (512, 512)
        assert not picture.getexif() and not picture.getexif().get_ifd(GPS)
    assert answer.headers["Cache-Control"] == "private, max-age=3600"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_photo_takes_the_place_of_initials(client: CheckingClient, cast: Cast) -> None:
    assert 'aria-hidden="true">LL</span>' in client.get("/people?q=lotte").text
    send(client, photo())
    address = f'src="{path_of(cast.member)}?v={(cast.member.photo_sha256 or "")[:12]}" alt=""'
    for page in ("/people?q=lotte", path_of(cast.member).removesuffix("/photo"), "/account"):
        answer = client.get(page).text
        assert address in answer and ">LL</span>" not in answer


@pytest.mark.parametrize(
    "content, name, advice",
    [(b"geen beeld", "ik.jpg", "Dit is geen foto"), (b"", "ik.jpg", "Dit is geen foto"),
     (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "ik.svg", "Dit is geen foto"),
     (image("GIF"), "ik.png", "Dit is geen foto"), (photo()[:3000], "ik.jpg", "beschadigd"),
     (bomb_of(20_000), "ik.png", "te veel pixels")],
)  # fmt: skip
def test_what_is_no_good_is_refused_at_its_field_and_the_rest_kept(
    client: CheckingClient, cast: Cast, content: bytes, name: str, advice: str
) -> None:
    answer = send(client, content, name, about="Bewaar mij", photo_audience="groups")
    assert answer.status_code == 422
    assert 'id="photo-error"' in answer.text and advice in answer.text
    assert "Bewaar mij" in answer.text
    db.session.refresh(cast.member)
    assert (cast.member.photo_sha256, cast.member.about) == (None, "")
    assert not list(attachments.storage().names())


def test_a_large_file_is_refused_unread(
    client: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profiles, "LARGEST_PHOTO", 4000)
    answer = send(client, photo() + bytes(4000))
    assert answer.status_code == 422 and "groter dan 4 kB" in answer.text


def test_a_moving_image_is_refused(client: CheckingClient) -> None:
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    file = BytesIO()
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:])
    answer = send(client, file.getvalue())
    assert answer.status_code == 422 and "beweegt" in answer.text


def test_a_full_disk_is_told(
    client: CheckingClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.lib.storage.Folder.save", full)
    answer = send(client, photo(), about="Bewaar mij")
    assert answer.status_code == 503
    assert "Probeer het later" in answer.text and "Bewaar mij" in answer.text
    db.session.refresh(cast.member)
    assert cast.member.about == ""


def test_other_changes_leave_the_photo(client: CheckingClient, cast: Cast) -> None:
    send(client, photo())
    kept = cast.member.photo_sha256
    assert kept
    client.post("/account/profile", data=FILLED)
    db.session.refresh(cast.member)
    assert cast.member.photo_sha256 == kept


def test_a_photo_is_removed_at_once_and_its_file_at_night(
    client: CheckingClient, cast: Cast
) -> None:
    send(client, photo())
    assert cast.member.photo_sha256 in attachments.named()
    assert client.post("/account/profile", data=FILLED | {"remove_photo": "y"}).status_code == 303
    assert client.get(path_of(cast.member)).status_code == 404
    assert len(attachments.unclaimed()) == 1
    assert 'name="remove_photo"' not in client.get("/account/profile").text


@pytest.mark.parametrize(
    "audience, readers",
    [("members", {"member", "other", "insider", "manager"}), ("groups", {"member", "manager"}),
     ("manager", {"member", "manager"})],
)  # fmt: skip
def test_only_its_audience_gets_a_photo(
    client: CheckingClient, cast: Cast, client_of: ClientOf, audience: str, readers: set[str]
) -> None:
    send(client, photo(), photo_audience=audience)
    assert cast.member.photo_audience is Audience(audience)
    for reader in ("member", "other", "insider", "manager"):
        own = client if reader == "member" else client_of(getattr(cast, reader))
        answer = own.get(path_of(cast.member))
        assert answer.status_code == (200 if reader in readers else 404), reader


def test_the_photo_of_who_left_is_not_shown(
    client: CheckingClient, cast: Cast, client_of: ClientOf
) -> None:
    send(client, photo())
    cast.member.deactivated_at = now()
    db.session.commit()
    reader = client_of(cast.other)
    assert reader.get(path_of(cast.member)).status_code == 404
    page = reader.get(path_of(cast.member).removesuffix("/photo")).text
    assert "/photo?v=" not in page


def test_nobody_else_gets_it(client: CheckingClient, cast: Cast, client_of: ClientOf) -> None:
    send(client, photo())
    assert client_of(None).get(path_of(cast.member)).status_code == 303
    assert client.get(path_of(cast.other)).status_code == 404, "who has none"


def test_a_lost_file_is_not_found(client: CheckingClient, cast: Cast) -> None:
    send(client, photo())
    attachments.storage().delete(cast.member.photo_sha256 or "")
    assert client.get(path_of(cast.member)).status_code == 404


def test_no_other_request_waits_while_a_photo_is_made_smaller(
    client: CheckingClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The transaction has ended when the work begins: SQLite has one writer."""
    busy: list[bool] = []
    real = profiles.portrait

    def watch(stream: BytesIO) -> object:
        busy.append(db.session().in_transaction())
        return real(stream)

    monkeypatch.setattr("app.services.profiles.portrait", watch)
    assert send(client, photo()).status_code == 303
    assert busy == [False]
