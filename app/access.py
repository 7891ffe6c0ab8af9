"""Policy to HTTP: each view declares who may call it, and is refused when it declares nothing."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from werkzeug.exceptions import Unauthorized
from werkzeug.routing import BaseConverter

from app.extensions import SAFE_METHODS, db, only_reads, reader, turn_to_writing
from app.models import (
    Attachment,
    Case,
    Comment,
    Content,
    Crisis,
    Decision,
    Draft,
    Group,
    GroupRequest,
    HelpRequest,
    Image,
    Proposal,
    Theme,
    User,
)
from app.policy import (
    Ability,
    attachments_visible_to,
    can,
    groups_visible_to,
    images_visible_to,
    led_by,
    open_to,
    visible_to,
)
from app.queries import replying
from app.queries.cases import one as one_case
from app.queries.content import comment_visible, detail
from app.queries.crises import crises
from app.queries.decisions import one as one_decision
from app.queries.groups import one_request as one_group_request
from app.queries.groups import own_invitation
from app.queries.help import help_requests, with_people
from app.queries.proposals import detail as proposal_detail
from app.queries.themes import by_slug
from app.services import attachments
from app.site import CLOSABLE, site

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
Finder = Callable[[dict[str, Any]], Any]
DECLARED = "_access"
TAKES_FILE = "_takes_file"
AROUND_FILE = 256 * 1024
"""Bytes that a form may have besides its file."""
CLOSED_WITH = {"proposals": "wikis"}
"""Rooms that are nothing without another one, by their names."""
OTHER_FILES = 5_000_000
"""Bytes that a photo, a logo or a list of people may have, however small documents must be."""


class Ref(BaseConverter):
    """The `<id>-<slug>` of an address. The id alone finds; the slug is for people."""

    regex = r"[0-9]{1,9}(?:-[^/]*)?"
    part_isolating = True

    def to_python(self, value: str) -> tuple[int, str]:
        """Return the id and the slug as it was given."""
        key, _, slug = value.partition("-")
        return int(key), slug

    def to_url(self, value: Any) -> str:
        """Write the address of an object with an `id` and a `slug`."""
        return f"{value.id}-{value.slug}"


class Id(BaseConverter):
    """A bare id, small enough for both databases."""

    regex = r"[0-9]{1,9}"

    def to_python(self, value: str) -> int:
        """Return the number."""
        return int(value)

    def to_url(self, value: Any) -> str:
        """Write the id of an object, or the number itself."""
        return str(getattr(value, "id", value))


class Slug(BaseConverter):
    """The readable name of a theme, a keyword or a group: what else is asked for does not exist."""

    regex = r"[a-z0-9-]{1,120}"


def declare(view: View, access: str) -> View:
    """Note what a view declared, for the guard and for the test that walks all routes."""
    setattr(view, DECLARED, access)
    return view


def public(view: View) -> View:
    """Open a view to everyone, signed in or not."""
    return declare(view, "public")


def takes_file(view: View) -> View:
    """Let a form of this view hold a file: others are refused beyond what a long text needs."""
    setattr(view, TAKES_FILE, True)
    return view


def allow_files() -> None:
    """Let a request be as large as its view takes; runs before anything reads its form."""
    view = current_app.view_functions.get(request.endpoint or "")
    if hasattr(view, TAKES_FILE):
        largest = max(attachments.largest(), OTHER_FILES)
        # Nobody has to wait for the database while a large file comes in over a slow line.
        db.session.rollback()
        request.max_content_length = largest + AROUND_FILE


def require_sign_in() -> None:
    """Raise 401 unless someone is signed in; its page offers to sign in and go on."""
    if not reader().is_authenticated:
        raise Unauthorized


def requires(ability: Ability) -> Callable[[View], View]:
    """Open a view to those who hold `ability` in general."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            require_sign_in()
            g.allowed = partial(refuse_unless, ability)
            g.allowed()
            return view(*args, **kwargs)

        return declare(guarded, ability.value)  # type: ignore[return-value]  # wraps keeps the signature

    return decorate


def refuse_unless(ability: Ability) -> None:
    """Raise 403 unless who asks holds an ability in general."""
    if not can(reader(), ability):
        abort(403)


def with_subject(find: Finder, ability: Ability) -> Callable[[View], View]:
    """Hand a view what its address is about, as first argument.

    `find` takes its own part out of the address. 404 when there is nothing that this person can see,
    403 when it is visible but not for this. An old slug leads on to the present address.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**address: Any) -> ResponseReturnValue:
            require_sign_in()
            part = "ref" if "ref" in address else "slug"
            slug = address["ref"][1] if part == "ref" else address.get("slug")
            g.allowed = partial(allowed, find, ability, dict(address))
            subject = allowed(find, ability, address)
            if slug is not None and slug != subject.slug and request.method in SAFE_METHODS:
                return redirect(present_address(subject, part, address), 301)
            return view(subject, **address)

        return declare(guarded, ability.value)  # type: ignore[return-value]  # wraps keeps the signature

    return decorate


def allowed(find: Finder, ability: Ability, address: dict[str, Any]) -> Any:
    """Return what an address is about; 404 for what cannot be seen, 403 for what is not allowed."""
    subject = find(address)
    if subject is None:
        abort(404)
    if not can(reader(), ability, subject):
        abort(403)
    return subject


def let_go() -> None:
    """End the transaction before work that takes long, such as on a large image.

    Nobody waits for the database meanwhile. `look_again` must come before anything is changed.
    """
    db.session.rollback()


def look_again() -> Any:
    """Return what the address is about, once more: who asks may have lost the right meanwhile."""
    db.session.rollback()
    return decided_again()


def decided_again() -> Any:
    """Return what the address is about, after who asks and what they may was looked up anew."""
    g.pop("_login_user", None)
    require_sign_in()
    return g.allowed()


def begin_to_write() -> Any:
    """Begin the transaction of a view that `reads_first`; return what its address is about.

    That, and whether it is allowed, is decided once more: until now others could write.
    """
    turn_to_writing()
    return decided_again()


def present_address(subject: Any, part: str, others: dict[str, Any]) -> str:
    """Return this request's address with the slug that its subject has now."""
    value = subject if part == "ref" else subject.slug
    path = url_for(request.endpoint or "", **{part: value}, **others)
    query = request.query_string.decode("ascii", "replace")
    return f"{path}?{query}" if query else path


def with_content(model: type[Content], ability: Ability) -> Callable[[View], View]:
    """Hand over the piece of the address, given as `ref` (id and slug) or as `content_id`."""

    def find(address: dict[str, Any]) -> Content | None:
        key = address.pop("ref")[0] if "ref" in address else address.pop("content_id")
        return db.session.scalar(detail(model, key).where(visible_to(reader())))

    return with_subject(find, ability)


def with_reading(find: Callable[[User, int], Any]) -> Callable[[View], View]:
    """Hand a view a piece as its page shows it (queries.reading); 404 when one cannot read it."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(ref: tuple[int, str]) -> ResponseReturnValue:
            require_sign_in()
            key, slug = ref
            reading = find(reader(), key)
            if reading is None or not can(reader(), Ability.READ, reading.content):
                abort(404)
            if slug != reading.content.slug and request.method in SAFE_METHODS:
                return redirect(present_address(reading.content, "ref", {}), 301)
            return view(reading)

        return declare(guarded, Ability.READ.value)  # type: ignore[return-value]  # as above

    return decorate


def with_place(ability: Ability) -> Callable[[View], View]:
    """Hand over the piece `content_id` as one who writes under it needs it, in one statement."""

    def find(address: dict[str, Any]) -> Content | None:
        return replying.place(address.pop("content_id"), reader(), hold=not only_reads())

    return with_subject(find, ability)


def with_comment(ability: Ability) -> Callable[[View], View]:
    """Hand over the reply `comment_id` with its piece."""

    def find(address: dict[str, Any]) -> Comment | None:
        found = comment_visible(address.pop("comment_id"))
        return db.session.scalar(found.where(visible_to(reader())))

    return with_subject(find, ability)


def with_attachment(ability: Ability) -> Callable[[View], View]:
    """Hand over the document of the address (`ref`) with its piece."""

    def find(address: dict[str, Any]) -> Attachment | None:
        return db.session.scalar(
            select(Attachment)
            .join(Attachment.content)
            .where(Attachment.id == address.pop("ref")[0], attachments_visible_to(reader()))
            .options(
                contains_eager(Attachment.content).joinedload(Content.group),
                joinedload(Attachment.comment),
            )
        )

    return with_subject(find, ability)


def with_image(ability: Ability) -> Callable[[View], View]:
    """Hand over the image of the address (`ref`), which stands in a text that this person reads."""

    def find(address: dict[str, Any]) -> Image | None:
        key = address.pop("ref")[0]
        return db.session.scalar(select(Image).where(Image.id == key, images_visible_to(reader())))

    return with_subject(find, ability)


def with_group(ability: Ability) -> Callable[[View], View]:
    """Hand over the group `slug`; a hidden one is not there for others."""

    def find(address: dict[str, Any]) -> Group | None:
        visible = groups_visible_to(reader())
        return db.session.scalar(select(Group).where(Group.slug == address.pop("slug"), visible))

    return with_subject(find, ability)


def with_group_request(ability: Ability) -> Callable[[View], View]:
    """Hand over who asks to be let in, or is invited, as `request_id`, in a group that one leads."""

    def find(address: dict[str, Any]) -> GroupRequest | None:
        return db.session.scalar(one_group_request(address.pop("request_id"), led_by(reader())))

    return with_subject(find, ability)


def with_invitation(ability: Ability) -> Callable[[View], View]:
    """Hand over the reader's own invitation to a group, `invitation_id`, whatever became of it."""

    def find(address: dict[str, Any]) -> GroupRequest | None:
        key = address.pop("invitation_id")
        return db.session.scalar(own_invitation(key, reader()))

    return with_subject(find, ability)


def with_theme(ability: Ability) -> Callable[[View], View]:
    """Hand over the theme `slug`; an address of before its last name, or of a merged one, leads on."""

    def find(address: dict[str, Any]) -> Theme | None:
        return db.session.scalar(by_slug(address.pop("slug")))

    return with_subject(find, ability)


def with_person(ability: Ability) -> Callable[[View], View]:
    """Hand over the person of the address (`ref`)."""

    def find(address: dict[str, Any]) -> User | None:
        loading = (joinedload(User.department), selectinload(User.grants))
        # Not session.get: one's own record is there already, without the department.
        return db.session.scalar(
            select(User).where(User.id == address.pop("ref")[0]).options(*loading)
        )

    return with_subject(find, ability)


def with_help_request(ability: Ability) -> Callable[[View], View]:
    """Hand over the question to the manager `help_id`, with who asked and who answered."""

    def find(address: dict[str, Any]) -> HelpRequest | None:
        found = with_people(help_requests(reader()))
        return db.session.scalar(found.where(HelpRequest.id == address.pop("help_id")))

    return with_subject(find, ability)


def with_proposal(ability: Ability) -> Callable[[View], View]:
    """Hand over the proposal for the wiki `proposal_id`, with its people, its page and its source."""

    def find(address: dict[str, Any]) -> Proposal | None:
        return db.session.scalar(proposal_detail(reader(), address.pop("proposal_id")))

    return with_subject(find, ability)


def with_case(ability: Ability) -> Callable[[View], View]:
    """Hand over the case of reports `case_id` with all that its page shows."""

    def find(address: dict[str, Any]) -> Case | None:
        return db.session.scalar(one_case(reader(), address.pop("case_id")))

    return with_subject(find, ability)


def with_decision(ability: Ability) -> Callable[[View], View]:
    """Hand over the decision `decision_id` with its people, its text and the appeal against it."""

    def find(address: dict[str, Any]) -> Decision | None:
        return db.session.scalar(one_decision(reader(), address.pop("decision_id")))

    return with_subject(find, ability)


def with_crisis(ability: Ability) -> Callable[[View], View]:
    """Hand over the crisis `crisis_id`; one in a closed group is not there for who does not read it."""

    def find(address: dict[str, Any]) -> Crisis | None:
        found = crises().where(Crisis.id == address.pop("crisis_id"))
        return db.session.scalar(found.where(open_to(reader(), Crisis.group_id)))

    return with_subject(find, ability)


def with_draft(ability: Ability) -> Callable[[View], View]:
    """Hand over the reader's own draft `draft_id`; those of others are not there."""

    def find(address: dict[str, Any]) -> Draft | None:
        own = Draft.user_id == reader().id
        return db.session.scalar(select(Draft).where(Draft.id == address.pop("draft_id"), own))

    return with_subject(find, ability)


def init_app(app: Flask) -> None:
    """Teach addresses about ids and slugs, and refuse views that declare nothing."""
    app.url_map.converters.update(ref=Ref, id=Id, slug=Slug)

    @app.before_request
    def refuse_closed_rooms() -> None:
        room = CLOSED_WITH.get(request.blueprint or "", request.blueprint)
        if room in CLOSABLE and room in site().modules_off:
            abort(404)

    @app.before_request
    def refuse_undeclared() -> None:
        view = app.view_functions.get(request.endpoint or "")
        if view is not None and not hasattr(view, DECLARED):
            raise RuntimeError(f"{request.endpoint} does not declare who may call it")
