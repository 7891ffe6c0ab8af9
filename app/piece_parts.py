"""The parts of a piece's page that readers share: the piece itself, its replies, the form below.

What is rare (a hidden reply, a locked discussion, documents) is rendered anew each time, from the
same templates.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, lru_cache, partial
from typing import Any
from uuid import uuid4

from flask import Flask
from flask_babel import get_locale, ngettext
from markupsafe import Markup

from app.drafting import Sheet
from app.extensions import reader
from app.forms import CommentForm
from app.fragments import Seen, fragment, slot
from app.lib.clock import now
from app.models import Content
from app.models.unattached import Part
from app.policy import Ability
from app.queries.comments import Conversation, Reply
from app.queries.reading import Reading
from app.queries.reviews import is_overdue
from app.site import site
from app.templating import agos, photo_of, rights

AT_REPLY = frozenset({Ability.LIKE, Ability.SAY_HELPED})
AT_PLACE = frozenset({Ability.COMMENT})
AT_REPLY_AND_PLACE = AT_REPLY | AT_PLACE
AT_PIECE = frozenset(
    {
        Ability.LIKE, Ability.SAY_HELPED, Ability.FOLLOW, Ability.BOOKMARK, Ability.EDIT,
        Ability.ATTACH, Ability.WITHDRAW, Ability.SEE_REVISIONS, Ability.PROPOSE, Ability.REPORT, Ability.HIDE,
        Ability.LOCK, Ability.PIN, Ability.FEATURE, Ability.REDACT, Ability.MOVE, Ability.MERGE,
    }
)  # fmt: skip
WORDS_KEPT = 1000
ANYWHERE = frozenset({Ability.START_DISCUSSION})
PLACE = ("kind", "id", "slug", "answer_id", "summary_comment_id")
RARE = (
    "hidden_at", "held_at", "withdrawn_at", "locked_at", "slow_minutes", "pinned_until",
    "attachment_count",
)  # fmt: skip
"""With one of these a piece is not kept: what its page says depends on the moment or the reader."""


def article_of(reading: Reading, talk: Conversation, render: Callable[..., Markup]) -> Markup:
    """Return a discussion without its replies."""
    content, reactions = reading.content, reading.reactions
    own = content.author_id == reader().id
    given = {
        "content": content, "author_roles": reading.roles, "own": own, "reactions": reactions
    }  # fmt: skip
    views = views_in(get_locale().language, reading.views) if site().show_views else ""
    rare = reactions.transfers or reactions.led_to or any(getattr(content, name) for name in RARE)
    if rare:
        return render(**given, views=views, documents=talk.documents)
    seen = Seen(
        AT_PIECE | ANYWHERE,
        rights(AT_PIECE, content) | rights(ANYWHERE),
        agos(
            content.published_at or content.created_at, content.edited_at, content.last_comment_at
        ),
        ((content.author_id, photo_of(content.author)),),
    )
    return fragment(
        "discussions/_article.html",
        {**given, "counts_views": bool(views)},
        seen=seen,
        slots={"views": views},
        make=lambda: {"views": slot("views") if views else "", "documents": ()},
    )


@lru_cache(WORDS_KEPT)
def views_in(_language: str, number: int) -> str:
    """Return how often a piece was read, in the words of the reader's language."""
    return str(ngettext("%(num)d view", "%(num)d views", number))


AT_PAGE = AT_PIECE | {
    Ability.WRITE_WIKI, Ability.ADOPT_WIKI, Ability.REVIEW_WIKI, Ability.DOUBT
}  # fmt: skip
WRITES = frozenset({Ability.WRITE_WIKI})


def page_article_of(
    reading: Reading, documents: Sequence[Any], render: Callable[..., Markup]
) -> Markup:
    """Return a wiki page itself."""
    content = reading.content
    given = {
        "content": content, "reactions": reading.reactions, "late": is_overdue(content),
        "writes_somewhere": bool(rights(WRITES)),
    }  # fmt: skip
    if any(getattr(content, name) for name in RARE):
        return render(**given, documents=documents)
    changed = content.edited_at or content.published_at or content.created_at
    return fragment(
        "wikis/_article.html",
        given,
        seen=Seen(AT_PAGE, rights(AT_PAGE, content), agos(changed, content.offered_at)),
        make=lambda: {"documents": ()},
    )


def replies_of(replies: Sequence[Reply], render: Callable[..., Markup]) -> Markup:
    """Return replies to one piece, one below the other, as the reader of the page sees them.

    Those that stand are kept one by one, and all of a page together.
    """
    if not replies:
        return Markup()
    content, person, language = replies[0].content, reader(), get_locale().language
    if not all(reply.is_plain for reply in replies):
        one_by_one = [
            replies_of((reply,), render) if reply.is_plain else render(reply=reply)
            for reply in replies
        ]
        return Markup().join(one_by_one)
    place, moment = place_of(content), now()
    # Of replies that stand, the reader may do alike with all that others wrote.
    by_own = {reply.author_id == person.id: reply for reply in replies}
    at_place = rights(AT_PLACE, content)
    may = {own: rights(AT_REPLY, reply.comment) | at_place for own, reply in by_own.items()}
    rows = tuple(reply.row for reply in replies)
    seen = tuple(
        (
            may[reply.author_id == person.id],
            agos(reply.created_at, reply.edited_at, at=moment, language=language),
            ((reply.author_id, photo_of(reply.author) if reply.has_photo else None),),
        )
        for reply in replies
    )

    known = partial(stub, type(content), place)

    def parts() -> dict[str, Any]:
        return {"parts": [one(*each) for each in zip(rows, seen, strict=True)]}

    def one(row: tuple[Any, ...], each: tuple[Any, ...]) -> Markup:
        return fragment(
            "comments/_comment.html",
            {"row": row, "place": place},
            seen=Seen(AT_REPLY_AND_PLACE, *each),
            make=lambda: {"reply": Reply(row, known())},
        )

    given = {"rows": rows, "place": place, "seen": seen}
    return fragment("comments/_replies.html", given, make=parts, page=True)


def place_of(content: Content) -> tuple[Any, ...]:
    """Return what a reply's part says of the piece."""
    return tuple(getattr(content, name, None) for name in PLACE)


@cache
def place_part(model: type[Content]) -> Part:
    """Return those columns as far as a type of piece has them."""
    return Part(model, *(name for name in PLACE if hasattr(model, name)))


def stub(model: type[Content], place: tuple[Any, ...]) -> Content:
    """Return a piece of which nothing else is known, so that no part can depend on more."""
    known = dict(zip(PLACE, place, strict=True))
    part = place_part(model)
    made: Content = part.make([known[name] for name in part.names])
    return made


def form_of(
    talk: Conversation, form: CommentForm | None, sheet: Sheet, render: Callable[..., Markup]
) -> Markup:
    """Return the form for a reply; one without a text is the same for all but for its marks."""
    seen = Seen(AT_PLACE, rights(AT_PLACE, talk.content))
    if form is not None or not seen.held:
        return render(talk=talk, reply_form=form, sheet=sheet)
    group = talk.content.group
    watch = talk.watch()
    given = {
        "content_id": talk.content.id, "group": group and (group.slug, bool(group.rules)),
        "after": watch.after, "page": watch.page,
    }  # fmt: skip
    slots = {"key": str(uuid4()), "writer": sheet.writer, "user": sheet.user_id}
    return fragment(
        "comments/_form.html", given, seen=seen, slots=slots, make=lambda: blank(talk, sheet)
    )


def blank(talk: Conversation, sheet: Sheet) -> dict[str, Any]:
    """Return what an empty form is rendered from, with slots for what differs each time."""
    form = CommentForm(formdata=None)
    form.submission_key.data = slot("key")
    form.csrf_token.current_token = slot("csrf_token")
    marked = replace(sheet, user_id=slot("user"), writer=slot("writer"))  # type: ignore[arg-type]  # the number is put in there
    return {"talk": talk, "reply_form": form, "sheet": marked}


def init_app(app: Flask) -> None:
    """Hand these to Jinja."""

    def rendering(name: str) -> Callable[..., Markup]:
        def render(**given: Any) -> Markup:
            template = app.jinja_env.get_template(name)
            context = dict(given)
            app.update_template_context(context)
            return Markup(template.render(context))  # noqa: S704  # autoescaped

        return render

    app.jinja_env.globals.update(
        page_article_of=partial(page_article_of, render=rendering("wikis/_article.html")),
        article_of=partial(article_of, render=rendering("discussions/_article.html")),
        replies_of=partial(replies_of, render=rendering("comments/_comment.html")),
        reply_form_of=partial(form_of, render=rendering("comments/_form.html")),
    )
