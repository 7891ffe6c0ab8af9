"""What becomes of files, and what `flask doctor` says of them."""

import os
from io import BytesIO

from app.extensions import Kring, db
from app.lib.storage import Folder
from app.services import attachments
from tests.cast import Cast, discussion, document


def age(sha256: str) -> None:
    """Let a file be from long ago."""
    files = attachments.storage()
    assert isinstance(files, Folder)
    os.utime(files.path(sha256), (0, 0))


def doctor(app: Kring) -> tuple[int, str]:
    db.session.commit()
    result = app.test_cli_runner().invoke(args=["doctor"])
    return result.exit_code, result.output


def test_a_file_goes_when_no_document_needs_it(app: Kring, cast: Cast) -> None:
    asked, another = discussion(cast.member), discussion(cast.member)
    first, second = document(asked, cast.member, "Gelijk"), document(another, cast.member, "Gelijk")
    kept = document(asked, cast.member, "Anders")
    sha256 = first.sha256
    assert sha256 == second.sha256
    age(sha256)
    age(kept.sha256)
    attachments.remove(first, cast.member)
    assert attachments.sweep() == 0
    attachments.remove(second, cast.member)
    assert attachments.unclaimed() == {sha256}
    assert "1 bestanden horen nergens bij" in doctor(app)[1]
    assert attachments.sweep() == 1
    assert set(attachments.storage().names()) == {kept.sha256}
    assert doctor(app)[0] == 0


def test_a_file_of_a_request_that_goes_on_is_left_alone(cast: Cast) -> None:
    stored = attachments.storage().save(BytesIO(b"net binnen"), 100)
    assert attachments.sweep() == 0
    age(stored.sha256)
    attachments.storage().save(BytesIO(b"net binnen"), 100)
    assert attachments.sweep() == 0
    age(stored.sha256)
    assert attachments.sweep() == 1


def test_a_lost_file_is_found(app: Kring, cast: Cast) -> None:
    found = document(discussion(cast.member), cast.member)
    assert "Alle documenten, afbeeldingen" in doctor(app)[1]
    attachments.storage().delete(found.sha256)
    code, said = doctor(app)
    assert code == 1 and "Van 1 documenten is het bestand weg" in said


def test_a_removed_document_can_be_added_again(cast: Cast) -> None:
    asked = discussion(cast.member)
    attachments.remove(document(asked, cast.member, "Gelijk"), cast.member)
    document(asked, cast.member, "Gelijk")
    db.session.refresh(asked)
    assert asked.attachment_count == 1


def test_downloads_of_what_is_gone_do_not_hold_up_the_rest(app: Kring, cast: Cast) -> None:
    found = document(discussion(cast.member), cast.member)
    downloads = [999_999, found.id, found.id]
    db.session.commit()
    attachments.write(app, downloads)
    db.session.refresh(found)
    assert found.download_count == 2
