"""Images that wait, that went, and whose files are swept or lost."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from sqlalchemy import select

from app.extensions import Kring, db
from app.lib.clock import now
from app.models import Draft, Image
from app.services import attachments, images
from tests.cast import Cast, discussion, document, image, proposal
from tests.filemaking import image as file_of

WEEK = timedelta(days=7, minutes=1)


def left() -> set[int]:
    return set(db.session.scalars(select(Image.id)))


def test_what_came_to_stand_in_no_text_goes_after_a_week(cast: Cast) -> None:
    placed = image(cast.member, discussion(cast.member))
    image(cast.member)
    drafted, proposed = image(cast.member), image(cast.member)
    fields = {"body": f"Kijk: ![x](/images/{drafted.id}-x.png)"}
    db.session.add(Draft(user_id=cast.member.id, place="discussions", path="/", fields=fields))
    proposal(cast.member, cast.theme, body=f"![x](/images/{proposed.id})")
    db.session.commit()
    assert images.forget() == 0
    with time_machine.travel(now() + WEEK):
        assert images.forget() == 1
    db.session.commit()
    assert left() == {placed.id, drafted.id, proposed.id}


def test_files_of_all_sizes_stay_while_they_are_needed(cast: Cast) -> None:
    made = images.add(BytesIO(file_of("PNG", (1700, 20))), "Lint.png", "Een lint", cast.member)
    document(discussion(cast.member), cast.member)
    db.session.commit()
    assert len(list(attachments.storage().names())) == 5
    with time_machine.travel(now() + timedelta(hours=2)):
        assert attachments.sweep() == 0
        images.remove(made, cast.member)
        db.session.commit()
        assert attachments.sweep() == 4
    assert len(list(attachments.storage().names())) == 1


def test_the_same_picture_twice_is_stored_once(cast: Cast) -> None:
    for name in ("een.png", "twee.png"):
        images.add(BytesIO(file_of("PNG")), name, "Vlak", cast.member)
    db.session.commit()
    assert len(left()) == 2 and len(list(attachments.storage().names())) == 1


@pytest.mark.parametrize(
    "name, kept",
    [
        ("../../etc/passwd", "passwd.png"),
        ("C:\\Foto's\\markt.JPEG", "markt.png"),
        ("a\x00b\u202egnp.exe", "a b gnp.png"),
        ("<script>alert(1)</script>.png", "script.png"),
        ("", "x.png"),
        ("x" * 500 + ".png", "x" * 100 + ".png"),
        ("…".join("ab") + '"; filename="x.html', "a…b ; filename= x.png"),
    ],
)
def test_hostile_names_become_plain_ones(cast: Cast, name: str, kept: str) -> None:
    made = images.add(BytesIO(file_of("PNG")), name, "Vlak", cast.member)
    assert made.filename == kept
    assert made.slug.endswith(".png") and "/" not in made.slug


def test_doctor_tells_what_is_lost_and_what_is_left(app: Kring, cast: Cast) -> None:
    made = images.add(BytesIO(file_of("PNG", (1000, 10))), "Lint.png", "Een lint", cast.member)
    cast.member.photo_sha256 = "a" * 64
    paper = document(discussion(cast.member), cast.member)
    attachments.storage().save(BytesIO(b"van niemand"), 100)
    db.session.commit()
    for sha256 in (made.sizes[0]["sha256"], paper.sha256):
        attachments.storage().delete(sha256)
    result = app.test_cli_runner().invoke(args=["doctor"])
    assert result.exit_code == 1
    for said in (
        "Van 1 documenten",
        "1 bestanden van afbeeldingen",
        "Van 1 mensen",
        "1 bestanden horen nergens",
    ):
        assert said in result.output, result.output
