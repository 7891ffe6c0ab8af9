"""Discussions: started, edited with every version kept, withdrawn and put back."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.lib.clock import now
from app.lib.slugs import slugify
from app.models import Discussion, Group, Revision, User
from app.services import first_steps, holding, mentions, reactions, tags
from app.services.activity import Verb, record, tell_followers
from app.services.text import render_content


@dataclass(frozen=True)
class Words:
    """What a discussion says: its title, its opening in Markdown, what it is and is about."""

    title: str
    body: str
    is_question: bool
    theme_id: int | None
    keywords: Sequence[str] = ()


class EditedMeanwhileError(Exception):
    """Someone else saved this discussion since the editor opened it."""


def start(author: User, words: Words, group: Group | None, submission_key: str) -> Discussion:
    """Publish a discussion; the same key and text again give the discussion made before.

    Another text with that key is a discussion of its own: someone went back in the browser and
    wrote on. The author follows it, and who is mentioned and may read it hears so; when it must wait
    for a moderator, once that lets it through.
    Raises app.lib.markdown.MarkdownRefused for a text that cannot be rendered.
    """
    key = str(uuid5(NAMESPACE_OID, f"{submission_key}\n{words.title}\n{words.body}"))
    before = db.session.scalars(submitted(author, key)).one_or_none()
    if before is not None:
        return before
    moment = now()
    discussion = Discussion(
        author=author, group=group, submission_key=key,
        created_at=moment, published_at=moment, last_active_at=moment,
    )  # fmt: skip
    if holding.must_wait(author, group, words.theme_id):
        discussion.hidden_at = discussion.held_at = moment
    write(discussion, words)
    try:
        with db.session.begin_nested():
            db.session.add(discussion)
    except IntegrityError:
        return db.session.scalars(submitted(author, key)).one()
    keep_revision(discussion, author, "")
    if discussion.held_at is None:
        appear(discussion, words.keywords)
    else:
        render(discussion, author)
    return discussion


def appear(discussion: Discussion, keywords: Sequence[str] | None = None) -> None:
    """Let all that should follow from a discussion happen, when it is there for others.

    Without `keywords` as they were typed, its own count. Its `author` is needed.
    """
    author = discussion.author
    reactions.follow(discussion, author)
    render(discussion, author)
    record(Verb.STARTED, discussion, author)
    typed = [tag.name for tag in discussion.tags] if keywords is None else keywords
    first_steps.started(author, typed)


def edit(
    discussion: Discussion,
    editor: User,
    words: Words,
    *,
    version: int,
    note: str = "",
    reason: str = "",
) -> None:
    """Change a discussion of which `version` was opened; a new text makes a new revision.

    Another's edit is recorded with its `reason`, and told to the author.
    Raises EditedMeanwhileError when a newer version exists, and MarkdownRefused as `start` does.
    """
    newest = select(Discussion.version).where(Discussion.id == discussion.id)
    if db.session.scalar(newest.with_for_update()) != version:
        raise EditedMeanwhileError
    new_text = (words.title, words.body) != (discussion.title, discussion.body)
    write(discussion, words)
    if new_text:
        discussion.edited_at, discussion.edited_by = now(), editor
        render(discussion, editor)
        keep_revision(discussion, editor, note or reason)
    if new_text and editor.id == discussion.author_id:
        tell_followers(Verb.EDITED, discussion, editor)
    if editor.id != discussion.author_id:
        record(Verb.EDITED, discussion, editor, reason=reason)


def withdraw(discussion: Discussion) -> None:
    """Take the opening back; replies of others stay, and so does the title above them."""
    discussion.withdrawn_at = discussion.withdrawn_at or now()


def undo_withdraw(discussion: Discussion) -> None:
    """Show the opening again."""
    discussion.withdrawn_at = None


def submitted(author: User, key: str) -> Select[Discussion]:
    """Select what this submission made, when it came before."""
    return select(Discussion).where(
        Discussion.author_id == author.id, Discussion.submission_key == key
    )


def write(discussion: Discussion, words: Words) -> None:
    """Put the words into the discussion."""
    discussion.title, discussion.slug = words.title, slugify(words.title)
    discussion.body = words.body
    discussion.is_question = words.is_question
    discussion.theme_id = words.theme_id
    before = list(discussion.tags)
    discussion.tags = tags.named(words.keywords)
    if discussion.group_id is not None:
        tags.forget(set(before) - set(discussion.tags))


def render(discussion: Discussion, actor: User) -> None:
    """Render the opening and tell who is mentioned in it."""
    rendered = render_content(discussion, writer=actor)
    mentions.tell(discussion, discussion, rendered.mentions, actor)


def keep_revision(discussion: Discussion, author: User, note: str) -> None:
    """Keep the present text as the next version."""
    discussion.version += 1
    db.session.add(
        Revision(
            content_id=discussion.id,
            number=discussion.version,
            title=discussion.title,
            body=discussion.body,
            author_id=author.id,
            note=note[:300],
        )
    )
