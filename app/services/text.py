"""Text from people: rendered when it is written, with its links and mentions looked up at once."""

from collections.abc import Iterable, Mapping

from flask import url_for
from sqlalchemy import func, or_, select

from app.extensions import db
from app.lib.markdown import RENDERER_VERSION, Rendered, render
from app.models import Comment, Content, User, WikiLink, WikiPage
from app.models.content import Status


def render_content(content: Content) -> Rendered:
    """Render a piece into its `body_html`; wiki links are looked up in its own theme first.

    Raises app.lib.markdown.MarkdownRefused when the text cannot be rendered in reasonable time.
    """
    found = render(
        content.body,
        links=lambda targets: resolve_links(content, targets),
        mentions=resolve_mentions,
        breaks=not isinstance(content, WikiPage),
        id_prefix=f"c{content.id}-",
    )
    content.body_html, content.renderer = found.html, RENDERER_VERSION
    return found


def render_comment(comment: Comment, content: Content) -> Rendered:
    """Render a reply into its `body_html`; raises as `render_content` does."""
    found = render(
        comment.body,
        links=lambda targets: resolve_links(content, targets),
        mentions=resolve_mentions,
        breaks=True,
        id_prefix=f"r{comment.id}-",
    )
    comment.body_html, comment.renderer = found.html, RENDERER_VERSION
    return found


def resolve_mentions(handles: Iterable[str]) -> Mapping[str, tuple[str, str]]:
    """Return address and name of the people behind these handles."""
    people = db.session.scalars(select(User).where(User.handle.in_(set(handles))))
    return {person.handle: (url_for("people.show", ref=person), person.name) for person in people}
