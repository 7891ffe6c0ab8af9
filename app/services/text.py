"""Text from people: rendered when it is written, with its links and mentions looked up at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from html import escape

from flask import current_app, has_request_context
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from app.extensions import after_commit, db
from app.lib.markdown import (
    ID_PREFIX,
    RENDERER_VERSION,
    Labels,
    MarkdownRefused,
    Rendered,
    Target,
    TocEntry,
    render,
    summary,
)
from app.models import Comment, Content, User, WikiPage
from app.services import alarms, links, search_index
from app.services.links import Links
from app.services.pictures import Pictures

AT_ONCE = 20
"""How many pages are rendered within a request because another one changed; the rest follows."""
FEWEST_HEADINGS = 2


def render_content(
    content: Content, also: Collection[int] = (), writer: User | None = None
) -> Rendered:
    """Render a piece into its `body_html`, with its summary, its contents and its kept links.

    It can be found by this text from then on.

    `also` are the ids of pages to which links lead although they are not in sight yet. `writer` is
    who wrote this text: images that they may see stand in it from now on.
    Raises app.lib.markdown.MarkdownRefused when the text cannot be rendered in reasonable time.
    """
    found_links = Links(content, content.theme_id, also)
    pictures = Pictures(content, writer)
    found = render(
        content.body,
        links=found_links,
        mentions=resolve_mentions,
        pictures=pictures,
        breaks=not isinstance(content, WikiPage),
        id_prefix=ID_PREFIX,
        labels=labels(),
    )
    content.body_html, content.renderer = found.html, RENDERER_VERSION
    content.summary = summary(found.html)
    if isinstance(content, WikiPage):
        content.toc_html = contents(found.toc)
    found_links.keep()
    pictures.keep(found.html)
    search_index.index(content)
    if writer is not None:
        alarms.watch(content)
    return found


def render_comment(comment: Comment, content: Content, writer: User | None = None) -> Rendered:
    """Render a reply into its `body_html`; `writer`, and what it raises, as `render_content`."""
    pictures = Pictures(comment, writer)
    found = rendered_reply(comment.body, content, pictures, f"r{comment.id}-")
    comment.body_html, comment.renderer = found.html, RENDERER_VERSION
    pictures.keep(found.html)
    search_index.index(comment)
    if writer is not None:
        alarms.watch(comment)
    return found


def rendered_reply(body: str, content: Content, pictures: Pictures, prefix: str) -> Rendered:
    """Render what is or will be a reply to a piece; nothing is kept. Raises as `render_content`."""
    return render(
        body,
        links=Links(None, content.theme_id),
        mentions=resolve_mentions,
        pictures=pictures,
        breaks=True,
        id_prefix=prefix,
        labels=labels(),
    )


def preview(body: str, *, theme_id: int | None = None, breaks: bool = True) -> Rendered:
    """Render a text that is not stored, with the images that who asks may see.

    Raises as `render_content` does.
    """
    return render(
        body,
        links=Links(None, theme_id),
        mentions=resolve_mentions,
        pictures=Pictures(None, current_user if has_request_context() else None),
        breaks=breaks,
        id_prefix="preview-",
        labels=labels(),
    )


def labels() -> Labels:
    """Return the names for screen readers, in the language of the community."""
    return labels_in(current_app.config["BABEL_DEFAULT_LOCALE"])


@cache
def labels_in(locale: str) -> Labels:
    """Return these names in a language: they do not change while we run."""
    with force_locale(locale):
        return Labels(
            heading=_("Link to {title}"),
            footnote=_("Back to the text of note {number}"),
            image_gone=_("Image removed"),
        )


def resolve_mentions(handles: Sequence[str]) -> Mapping[str, Target]:
    """Return address and name of the people behind these handles."""
    people = db.session.scalars(select(User).where(User.handle.in_(set(handles))))
    return {
        person.handle: Target(links.address("people.show", ref=person), person.name)
        for person in people
    }


def contents(toc: Iterable[TocEntry]) -> str:
    """Return the table of contents as nested lists; nothing for less than two headings."""
    entries = list(toc)
    if len(entries) < FEWEST_HEADINGS:
        return ""
    parts: list[str] = []
    depth = 1
    for entry in entries:
        deeper = entry.level - depth
        parts.append("<ul>" * deeper if deeper > 0 else "</li>" + "</ul></li>" * -deeper)
        parts.append(f'<li><a href="#{escape(entry.id)}">{escape(entry.text)}</a>')
        depth = entry.level
    parts.append("</li></ul>" * (depth - 1))
    return "".join(parts)


def page_changed(*pages: WikiPage) -> None:
    """Keep links right after pages got or lost their name or their place in sight.

    A few sources are rendered at once, the others by a job after this transaction.
    """
    db.session.flush()
    sources = links.mark_stale(pages)
    for key in sources[:AT_ONCE]:
        render_again(key)
    if len(sources) > AT_ONCE:
        after_commit(current_app.extensions["render_stale"])


def render_stale() -> int:
    """Render all pieces of which a link changed, each in a transaction; return how many were."""
    stale = select(Content.id).where(Content.renderer == 0).order_by(Content.id)
    keys = db.session.scalars(stale).all()
    for key in keys:
        render_again(key)
        db.session.commit()
    return len(keys)


def render_again(key: int) -> None:
    """Render a piece anew; what older limits let through keeps the HTML that it has."""
    piece = db.session.get(Content, key)
    if piece is None:
        return
    try:
        render_content(piece)
    except MarkdownRefused:
        piece.renderer = RENDERER_VERSION
