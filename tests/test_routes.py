"""Every route as every actor, with htmx and without, against the table of rights.

In each piece that someone cannot read stands a secret word; it must turn up in no answer to them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import url_for
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.access import DECLARED
from app.extensions import Kring, db
from app.lib.clock import now
from app.models import (
    Attachment,
    Case,
    Comment,
    Content,
    Crisis,
    CrisisMode,
    Decision,
    Draft,
    Group,
    GroupRequest,
    HelpRequest,
    Image,
    Proposal,
    Standing,
    Status,
    Theme,
    User,
)
from app.policy import Ability, can, images_visible_to
from app.queries.cases import with_subjects
from tests.cast import (
    Cast,
    case,
    comment,
    decision,
    discussion,
    document,
    draft,
    help_request,
    image,
    proposal,
    wiki_page,
)
from tests.checking import CheckingClient, words_of
from tests.marks import both_or_sqlite
from tests.test_policy import ACTORS

# What the addresses of rooms without an ability of their own ask: being signed in, or less.
SIGNED_IN = {"read", "see_people"}
ALLOWED = {200, 201, 204, 301, 303, 400, 404, 409, 410, 422}
OTHER_VALUES = {"name": "help", "token": "no-such-token", "number": 1, "n": 1, "a": 1, "b": 1,
                "template_key": "protocol"}  # fmt: skip
SUBJECT_NAMES = (
    "content_id",
    "case_id",
    "crisis_id",
    "comment_id",
    "draft_id",
    "help_id",
    "proposal_id",
    "request_id",
    "invitation_id",
    "ref",
    "decision_id",
    "slug",
)
# What each part of an address names, in every room.
KINDS: dict[str, type] = {
    "content_id": Content, "comment_id": Comment, "draft_id": Draft, "help_id": HelpRequest,
    "proposal_id": Proposal, "decision_id": Decision, "case_id": Case, "crisis_id": Crisis, "request_id": GroupRequest, "invitation_id": GroupRequest,
}  # fmt: skip
# What is between a few people is known to who holds this ability for it.
KNOWN_BY: dict[type, Ability] = {
    Case: Ability.HANDLE_REPORTS, Decision: Ability.SEE_DECISION, HelpRequest: Ability.READ_HELP,
    Proposal: Ability.READ_PROPOSAL,
}  # fmt: skip
# Rights are Python's: PostgreSQL is asked by those whose rights lead to other statements.
ON_BOTH = {"member", "insider", "moderator"}
# The reader must not be signed out, or their session ended, in the middle of the walk.
LEFT_OUT = {"account.sign_out"}


@dataclass(frozen=True)
class Secret:
    """A subject with the word that only its readers may see."""

    word: str
    subject: (
        Attachment
        | Case
        | Content
        | Comment
        | Crisis
        | Decision
        | Draft
        | Group
        | GroupRequest
        | HelpRequest
        | Image
        | Proposal
        | Theme
        | User
    )
    told_to: int | None = None
    """The id of who knows the word besides those who may read the subject, such as who is invited."""

    def known_to(self, user: User | None) -> bool:
        """Tell whether this person may see the word."""
        return (user is not None and user.id == self.told_to) or self.read_by(user)

    def read_by(self, user: User | None) -> bool:
        """Tell whether the table of rights lets this person read the subject."""
        if isinstance(self.subject, Comment) and self.subject.hidden_at is not None:
            return can(user, Ability.SEE_HIDDEN, self.subject)
        if isinstance(self.subject, Case):
            return can(user, Ability.HANDLE_REPORTS, self.subject)
        if isinstance(self.subject, Crisis):
            return can(user, Ability.RUN_CRISIS, self.subject)
        if isinstance(self.subject, Decision):
            return can(user, Ability.SEE_DECISION, self.subject)
        if isinstance(self.subject, Draft):
            return user is not None and user.id == self.subject.user_id
        if isinstance(self.subject, GroupRequest):
            return user is not None and may_know(user, self.subject)
        if isinstance(self.subject, Image):
            return sees_image(user, self.subject)
        return can(user, Ability.READ, self.subject)


def may_know(user: User, asked: GroupRequest) -> bool:
    """Tell whether a request or an invitation is there for this person: their own, or their group."""
    return asked.user_id == user.id or can(user, Ability.MANAGE_MEMBERS, asked)


def sees_image(user: User | None, one: Image) -> bool:
    """Tell whether an image stands in a text that this person reads."""
    found = select(Image.id).where(Image.id == one.id, images_visible_to(user))
    return db.session.scalar(found) is not None


def scene(cast: Cast) -> list[Secret]:
    """Return subjects in every state that shuts people out, and some that do not."""
    when = now()
    secrets: list[Secret] = []

    def keep(word: str, make: Callable[[str], Content | Comment]) -> Content | Comment:
        subject = make(f"geheim{word}woord")
        secrets.append(Secret(f"geheim{word}woord", subject))
        return subject

    asked = keep("open", lambda w: discussion(cast.other, f"Vraag {w}", w, theme=cast.theme))
    assert isinstance(asked, Content)
    keep(
        "gestopt",
        lambda w: discussion(cast.other, f"Vraag {w}", w, hidden_at=when, hidden_reason=w),
    )
    keep("concept", lambda w: discussion(cast.other, f"Vraag {w}", w, status=Status.DRAFT))
    keep("teruggetrokken", lambda w: discussion(cast.other, f"Vraag {w}", w, withdrawn_at=when))
    inside = keep(
        "besloten", lambda w: discussion(cast.insider, f"Vraag {w}", w, group=cast.closed)
    )
    assert isinstance(inside, Content)
    keep("onzichtbaar", lambda w: discussion(cast.insider, f"Vraag {w}", w, group=cast.hidden))
    keep("wiki", lambda w: wiki_page(cast.specialist, cast.theme, f"Pagina {w}", w))
    keep(
        "prullenbak",
        lambda w: wiki_page(cast.specialist, cast.theme, f"Pagina {w}", w, status=Status.ARCHIVED),
    )
    keep(
        "wachtend",
        lambda w: wiki_page(
            cast.specialist, cast.theme, f"Pagina {w}", w, status=Status.PENDING,
            standing=Standing.OFFERED,
        ),
    )  # fmt: skip
    keep("reactie", lambda w: comment(asked, cast.insider, w))
    keep("weggehaald", lambda w: comment(asked, cast.other, w, hidden_at=when, hidden_reason=w))
    held = {"hidden_at": when, "held_at": when}
    keep("opgehouden", lambda w: discussion(cast.other, f"Vraag {w}", w, **held))
    keep("opgehoudenreactie", lambda w: comment(asked, cast.other, w, **held))
    keep("binnen", lambda w: comment(inside, cast.insider, w))
    for number, piece in enumerate([s.subject for s in secrets if isinstance(s.subject, Content)]):
        word = f"geheimbestand{number}woord"
        secrets.append(Secret(word, document(piece, piece.author, word, f"{word}.txt")))
    for number, text in enumerate([s.subject for s in secrets]):
        if isinstance(text, Content | Comment):
            word = f"geheimbeeld{number}woord"
            secrets.append(Secret(word, image(text.author, text, alt=word)))
    secrets.append(Secret("geheimconceptwoord", draft(cast.other, "geheimconceptwoord")))
    asked_manager = help_request(cast.other, "geheimhulpvraagwoord")
    secrets.append(Secret("geheimhulpvraagwoord", asked_manager))
    word = "geheimvoorstelwoord"
    proposed = proposal(cast.other, cast.theme, word, body=word, note=word, source=asked)
    secrets.append(Secret(word, proposed))
    for word, group, inviter in (
        ("geheimverzoekwoord", cast.closed, None),
        ("geheimuitnodigingwoord", cast.hidden, cast.insider),
    ):
        made = GroupRequest(group=group, user=cast.other, message=word, invited_by=inviter)
        db.session.add(made)
        db.session.commit()
        secrets.append(Secret(word, made))
    cast.hidden.description = "geheimeinleidingwoord"
    db.session.commit()
    secrets.append(Secret(cast.hidden.description, cast.hidden, told_to=cast.other.id))
    word = "geheimbesluitwoord"
    decided = decision(cast.insider, cast.group_owner, inside, reason=word, label=word)
    secrets.append(Secret(word, with_group(decided)))
    word = "geheimmeldingwoord"
    secrets.append(Secret(word, with_subject(case(inside, cast.group_owner, word))))
    secrets += [crisis("geheimcrisiswoord", None), crisis("geheimgroepscrisiswoord", cast.closed)]
    others = (cast.open, cast.closed, cast.hidden, cast.theme, cast.other)
    return [*secrets, *(Secret("", subject) for subject in others)]


def crisis(word: str, group: Group | None) -> Secret:
    """Return a crisis that is over, in a group or everywhere."""
    made = Crisis(
        mode=CrisisMode.BANNER, banner=word, reason=word, report=word, group=group, ended_at=now()
    )
    db.session.add(made)
    db.session.commit()
    db.session.refresh(made, ["group"])
    return Secret(word, made)


def with_subject(reported: Case) -> Case:
    """Load what the table of rights asks of a case of reports."""
    found = with_subjects(select(Case).where(Case.id == reported.id))
    return db.session.scalars(found).unique().one()


def with_group(decided: Decision) -> Decision:
    """Load what the table of rights asks of a decision."""
    db.session.refresh(decided, ["group", "appeal"])
    return decided


def subjects_of(rule: Rule, secrets: list[Secret]) -> Iterator[tuple[dict[str, Any], object]]:
    """Yield values for a rule's address with the subject that they name, None for no subject."""
    rest = {name: OTHER_VALUES.get(name, 1) for name in rule.arguments}
    key = next((name for name in SUBJECT_NAMES if name in rest), None)
    if key is None:
        yield rest, None
        return
    for subject in (secret.subject for secret in secrets):
        if fits(rule.endpoint.split(".")[0], key, subject):
            yield {**rest, key: getattr(subject, "slug", "") if key == "slug" else subject}, subject


def fits(room: str, key: str, subject: object) -> bool:
    """Tell whether a part of an address in this room names such a subject."""
    if isinstance(subject, Attachment):
        return room == "attachments" and key == "ref"
    if isinstance(subject, Image):
        return room == "images" and key == "ref"
    if key in KINDS:
        return isinstance(subject, KINDS[key])
    if key == "slug":
        return isinstance(subject, Group if room == "groups" else Theme)
    if isinstance(subject, User):
        return room in {"blocks", "decisions", "people", "settings"}
    return getattr(subject, "folder", None) == room


def is_kept_from(user: User, subject: object) -> bool:
    """Tell whether an image, or what is between a few people, is not there for this person."""
    if isinstance(subject, Image):
        return not sees_image(user, subject)
    if isinstance(subject, Case):
        return not can(user, Ability.HANDLE_REPORTS, subject)
    if isinstance(subject, Decision):
        return not can(user, Ability.SEE_DECISION, subject)
    if isinstance(subject, Proposal):
        return not can(user, Ability.READ_PROPOSAL, subject)
    return isinstance(subject, HelpRequest) and not can(user, Ability.READ_HELP, subject)


def expected(user: User | None, access: str, subject: object, htmx: bool, method: str) -> set[int]:
    """Return the statuses that the table of rights allows for this request."""
    if access == "public":
        return ALLOWED | {405}
    if user is None:
        return {303} if method == "GET" and not htmx else {204, 401}
    if isinstance(subject, Attachment | Content | Comment | Group) and not can(
        user, Ability.READ, subject
    ):
        return {404}
    if isinstance(subject, Draft) and subject.user_id != user.id:
        return {404}
    if is_kept_from(user, subject):
        return {404}
    if access in SIGNED_IN:
        return ALLOWED
    return ALLOWED if can(user, Ability(access), subject) else {403, 404}


def test_every_view_declares_who_may_call_it(app: Kring) -> None:
    undeclared = [name for name, view in app.view_functions.items() if not hasattr(view, DECLARED)]
    assert not undeclared


def test_a_view_that_declares_nothing_is_refused(app: Kring) -> None:
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    answer = app.test_client().get("/forgotten")
    assert answer.status_code == 500
    assert b"secret" not in answer.data


@pytest.mark.parametrize("actor", [None, *both_or_sqlite(ACTORS, ON_BOTH)])
def test_every_route(
    app: Kring,
    cast: Cast,
    client_of: Callable[[User | None], CheckingClient],
    monkeypatch: pytest.MonkeyPatch,
    actor: str | None,
) -> None:
    """Walk all routes as one actor; writes are rolled back, so that each request meets the same."""
    user = getattr(cast, actor) if actor else None
    db.session().expire_on_commit = False  # nothing changes, and rights are asked all the time
    secrets = scene(cast)
    client = client_of(user)
    client.reads = False
    monkeypatch.setattr("app.extensions.commit", db.session.rollback)
    for rule, method, htmx, values, subject in requests(app, secrets):
        with app.test_request_context():
            url = url_for(rule.endpoint, **values)
        access = getattr(app.view_functions[rule.endpoint], DECLARED)
        answer = client.open(url, method=method, htmx=htmx)
        allowed = expected(user, access, subject, htmx, method)
        said = f"{actor} {method} {url} htmx={htmx} ({access}): {answer.status_code}"
        assert answer.status_code in allowed, f"{said}, expected one of {sorted(allowed)}"
        check_secrets(user, secrets, answer, said)


def requests(
    app: Kring, secrets: list[Secret]
) -> Iterator[tuple[Rule, str, bool, dict[str, Any], object]]:
    """Yield every route with every subject, by every method, with htmx and without."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint in LEFT_OUT:
            continue
        for values, subject in subjects_of(rule, secrets):
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                for htmx in (False, True):
                    yield rule, method, htmx, values, subject


def check_secrets(
    user: User | None, secrets: list[Secret], answer: TestResponse, said: str
) -> None:
    """Assert that no secret word stands in an answer to someone who may not know it."""
    if user is None and answer.status_code in {204, 303, 401}:
        return  # a visitor is led to the sign-in page, with the address that they gave themselves
    body = words_of(answer)
    for secret in secrets:
        if secret.word and secret.word in body:
            assert secret.known_to(user), f"{said} tells {secret.word}"
