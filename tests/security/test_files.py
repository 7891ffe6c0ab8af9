"""Files of texts that one may not read: not by their address, however it is asked for (T6)."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import product
from typing import Any

from PIL import Image as Picture
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from app.extensions import db
from app.lib.clock import now
from app.models import (
    Attachment,
    Comment,
    Content,
    Image,
    ImageUse,
    Membership,
    Status,
    User,
)
from app.policy import Ability, attachments_visible_to, can, images_visible_to
from app.services import attachments, images
from tests.cast import Cast, comment, discussion, wiki_page
from tests.checking import CheckingClient
from tests.test_policy import ACTORS

Clients = Callable[[User | None], CheckingClient]
Text = Content | Comment
SIDE = (490, 4)
"""Just wider than the narrowest size in which an image is kept as well."""
LENGTH = 24
EVERYONE = set(ACTORS)
GUARDS = {"ambassador", "moderator", "manager"}
IN_CLOSED = {"insider", "group_moderator", "group_owner"}


@dataclass(frozen=True)
class Case:
    """A text in some state with an image and a document in it, and who reads it."""

    state: str
    uploader: str
    readers: set[str]
    image: Image
    document: Attachment | None
    text: Text | None

    def who_sees_image(self) -> set[str]:
        """Return who may see the image: its uploader wherever it stands, while it is there."""
        own = set() if self.image.removed_at else {self.uploader}
        return self.readers | own


def noise(seed: str) -> bytes:
    """Return an image like no other: any part of its file is a canary."""
    pixels = random.Random(seed).randbytes(SIDE[0] * SIDE[1] * 3)  # noqa: S311  # the same each time
    file = BytesIO()
    Picture.frombytes("RGB", SIDE, pixels).save(file, "PNG")
    return file.getvalue()


def texts(cast: Cast) -> Iterator[tuple[str, str, set[str], Text | None]]:
    """Yield each state, who adds the files, who may read them then, and the text."""
    when = now()
    asked = discussion(cast.member)

    def page(**state: Any) -> Content:
        return wiki_page(cast.specialist, cast.theme, **state)

    def inside(**state: Any) -> Content:
        return discussion(cast.insider, **state)

    def reply(**state: Any) -> Comment:
        return comment(asked, cast.other, **state)

    guarded = {"member"} | GUARDS
    unseen = discussion(cast.member, hidden_at=when)
    yield "open", "member", EVERYONE, asked
    yield "draft", "member", {"member"}, discussion(cast.member, status=Status.DRAFT)
    yield "hidden", "member", guarded, unseen
    yield "withdrawn", "member", {"member"}, discussion(cast.member, withdrawn_at=when)
    answered = discussion(cast.member, withdrawn_at=when)
    comment(answered, cast.other)
    yield "withdrawn, with replies", "member", {"member"}, answered
    yield "reply", "other", EVERYONE, reply()
    yield "hidden reply", "other", {"other"} | GUARDS, reply(hidden_at=when)
    yield "withdrawn reply", "other", {"other"}, reply(withdrawn_at=when)
    yield "reply to what is hidden", "other", guarded, comment(unseen, cast.other)
    yield "open group", "insider", EVERYONE, inside(group=cast.open)
    yield "closed group", "insider", IN_CLOSED, inside(group=cast.closed)
    yield (
        "hidden in the closed group", "insider", IN_CLOSED,
        inside(group=cast.closed, hidden_at=when),
    )  # fmt: skip
    yield "hidden group", "insider", {"insider"}, inside(group=cast.hidden)
    yield "wiki", "specialist", EVERYONE, page()
    yield "hidden wiki", "specialist", {"specialist"} | GUARDS, page(hidden_at=when)
    yield "pending wiki", "specialist", {"specialist"}, page(status=Status.PENDING)
    yield "bin", "specialist", {"specialist"}, page(status=Status.ARCHIVED)
    yield "removed", "member", set(), asked
    yield "no text yet", "member", {"member"}, None


def case(cast: Cast, state: str, uploader: str, readers: set[str], text: Text | None) -> Case:
    """Add an image and a document, both with their files, to a text."""
    user = getattr(cast, uploader)
    image = images.add(BytesIO(noise(f"image {state}")), "Kanarie.png", "Ruis", user)
    document = None
    if text is not None:
        reply = text if isinstance(text, Comment) else None
        piece = reply.content if reply else text
        db.session.add(
            ImageUse(image_id=image.id, content_id=piece.id, comment_id=reply and reply.id)
        )
        content = BytesIO(noise(f"document {state}"))
        document = attachments.add(text, user, content, "Kanarie.png", "")
    if state == "removed" and document is not None:
        image.removed_at = document.removed_at = now()
    return Case(state, uploader, readers, image, document, text)


def scene(cast: Cast) -> list[Case]:
    """Return a case for each state."""
    db.session().expire_on_commit = False  # what the tests change, they know
    cases = [case(cast, *known) for known in texts(cast)]
    db.session.commit()
    return cases


def addresses(found: Image | Attachment, slug: str = "") -> tuple[str, str]:
    """Return where a file is handed out, and the small one."""
    slug = slug or found.slug
    if isinstance(found, Image):
        return f"/images/{found.id}-{slug}", f"/images/{found.id}-{slug}/480"
    return f"/attachments/{found.id}-{slug}", f"/attachments/{found.id}-{slug}/preview"


def files(found: Image | Attachment) -> tuple[bytes, bytes]:
    """Return what is in the file, and in the small one."""
    with attachments.storage().open(found.sha256) as file:
        large = file.read()
    if isinstance(found, Attachment):
        return large, attachments.preview(attachments.storage(), found.sha256)
    with attachments.storage().open(found.sizes[0]["sha256"]) as file:
        return large, file.read()


def etags(found: Image | Attachment) -> tuple[str, str]:
    """Return by which marks a browser knows the two."""
    small = found.sizes[0]["sha256"] if isinstance(found, Image) else found.sha256
    return f'"{found.sha256}"', f'"{small}"'


def canaries(found: Image | Attachment) -> list[bytes]:
    """Return parts from the middle of both files."""
    return [one[len(one) // 2 :][:LENGTH] for one in files(found)]


WAYS: tuple[tuple[str, bool, dict[str, str]], ...] = (
    ("GET", False, {}),
    ("HEAD", False, {}),
    ("GET", False, {"Range": "bytes=0-99"}),
    ("GET", False, {"If-None-Match": "known"}),
    ("GET", True, {}),
    ("HEAD", True, {"If-None-Match": "*"}),
)
"""Method, whether by the address of an earlier name, and headers; `known` stands for the ETag."""


def check_refused(answer: TestResponse, marks: list[bytes], status: int, said: str) -> None:
    """Assert that an answer tells nothing of a file, not even that a browser's copy still holds."""
    assert answer.status_code == status, said
    told = answer.data + str(answer.headers).encode()
    assert not any(mark in told for mark in marks), said
    assert "ETag" not in answer.headers and "Content-Disposition" not in answer.headers, said
    assert not (answer.mimetype or "").startswith("image/"), said


def check_given(answer: TestResponse, content: bytes, conditional: bool, said: str) -> None:
    """Assert that an answer is the whole file, or that the browser's copy still holds."""
    if conditional and answer.status_code == 304:
        assert not answer.data, said
        return
    assert answer.status_code == 200, said
    assert answer.content_length == len(content), said
    assert answer.data == (content if answer.request.method == "GET" else b""), said
    assert answer.headers["Cache-Control"].startswith("private, no-"), said
    assert "sandbox" in answer.headers["Content-Security-Policy"], said


def check(
    client: CheckingClient,
    found: Image | Attachment,
    allowed: bool,
    ways: tuple[tuple[bool, int], ...],
    status: int = 404,
) -> None:
    """Ask for a file in ways, small or not; who may not see it gets `status`, and nothing else."""
    marks, contents = canaries(found), files(found)
    for small, way in ways:
        method, by_old_name, headers = WAYS[way]
        present = addresses(found)[small]
        url = addresses(found, "oude-naam.png")[small] if by_old_name else present
        sent = {
            name: etags(found)[small] if value == "known" else value
            for name, value in headers.items()
        }
        answer = client.open(url, method=method, headers=sent)
        said = f"{method} {url} {sent}: {answer.status_code}"
        if not allowed:
            check_refused(answer, marks, status, said)
        elif by_old_name:
            assert (answer.status_code, answer.location) == (301, present), said
        else:
            check_given(answer, contents[small], "If-None-Match" in sent, said)


ALL_WAYS = tuple(product((False, True), range(len(WAYS))))
KNOWN = tuple(product((False, True), (0, 3)))
"""Asked for, and asked whether it is still the same."""


def test_the_policy_says_who_sees_which_file(cast: Cast) -> None:
    cases = scene(cast)
    for actor in ACTORS:
        user = getattr(cast, actor)
        seen = set(db.session.scalars(select(Image.id).where(images_visible_to(user))))
        kept = set(
            db.session.scalars(
                select(Attachment.id)
                .join(Attachment.content)
                .where(attachments_visible_to(user))
            )
        )  # fmt: skip
        for each in cases:
            said = f"{actor}: {each.state}"
            assert (each.image.id in seen) == (actor in each.who_sees_image()), said
            if each.document:
                expected = actor in each.readers
                assert (each.document.id in kept) == expected, said
                assert can(user, Ability.READ, each.document) == expected, said


def test_nobody_else_gets_a_file(cast: Cast, client_of: Clients) -> None:
    """Each state for each actor; over the actors each way, large and small."""
    cases = scene(cast)
    for (column, actor), (row, each) in product(enumerate((None, *ACTORS)), enumerate(cases)):
        client = client_of(getattr(cast, actor) if actor else None)
        client.reads = False
        status = 404 if actor else 303
        turn, small = divmod(row + column, 2)
        ways = ((bool(small), turn % len(WAYS)),)
        check(client, each.image, actor in each.who_sees_image(), ways, status)
        if each.document:
            check(client, each.document, actor in each.readers, ways, status)


def leave(cast: Cast, _text: Text) -> None:
    """Take the member out of the closed group."""
    db.session.execute(delete(Membership).where(Membership.user_id == cast.group_owner.id))


def put(**values: Any) -> Callable[[Cast, Text], None]:
    """Return what changes a text so that others can read it no longer."""

    def change(cast: Cast, text: Text) -> None:
        for name, value in values.items():
            setattr(text, name, getattr(cast, value) if name == "group" else value)

    return change


def take_away(_cast: Cast, text: Text) -> None:
    """Remove what stands in a text."""
    uses = select(ImageUse.image_id).where(ImageUse.content_id == text.id)
    for image in db.session.scalars(select(Image).where(Image.id.in_(uses))):
        image.removed_at = now()
    for found in db.session.scalars(select(Attachment).where(Attachment.content_id == text.id)):
        found.removed_at = now()


def test_an_address_that_worked_is_closed_with_its_text(cast: Cast, client_of: Clients) -> None:
    """Also for a browser that has the file already: it never hears that its copy still holds."""
    db.session().expire_on_commit = False
    when = now()
    question = discussion(cast.member)
    changes: list[tuple[str, Text, Callable[[Cast, Text], None]]] = [
        ("hidden", discussion(cast.member), put(hidden_at=when)),
        ("withdrawn", discussion(cast.member), put(withdrawn_at=when)),
        ("moved into a group", discussion(cast.member), put(group="hidden")),
        ("hidden reply", comment(question, cast.member), put(hidden_at=when)),
        ("withdrawn reply", comment(question, cast.member), put(withdrawn_at=when)),
        ("in the bin", wiki_page(cast.member, cast.theme), put(status=Status.ARCHIVED)),
        ("offered anew", wiki_page(cast.member, cast.theme), put(status=Status.PENDING)),
        ("taken away", discussion(cast.member), take_away),
        ("left the group", discussion(cast.insider, group=cast.closed), leave),
    ]
    cases = [
        (case(cast, state, "insider" if "left" in state else "member", set(), text), change)
        for state, text, change in changes
    ]
    db.session.commit()
    reader = client_of(cast.group_owner)
    reader.reads = False
    for each, change in cases:
        assert each.document is not None and each.text is not None
        for found in (each.image, each.document):
            check(reader, found, True, KNOWN)
        taken = each.state == "taken away"
        change(cast, each.text)
        db.session.commit()
        for found in (each.image, each.document):
            check(reader, found, False, ALL_WAYS)
            if taken:
                check(client_of(cast.member), found, False, ALL_WAYS)
