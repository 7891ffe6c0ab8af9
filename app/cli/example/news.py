"""Notifications of the example community: what its members have not seen yet, and what they have."""

import re
from datetime import timedelta

from app.cli.example.community import Example
from app.extensions import db
from app.models import Comment, Notification, User
from app.services.activity import Verb

MENTION = re.compile(r"(?<!\w)@([a-z]+(?:-[a-z]+)+)")
SEEN_AFTER = timedelta(days=4)
"""What is older has been read."""
OLDEST = timedelta(days=25)


def add_news(example: Example) -> None:
    """Tell followers of replies, those mentioned of that, and authors of marked answers."""
    handles = {person.handle: person for person in example.people.values()}
    for title, discussion in example.pieces.items():
        replies = [reply for reply in example.replies[title] if reply.hidden_at is None]
        for person in {discussion.author, *(reply.author for reply in replies)}:
            tell_of_replies(example, replies, person)
        for reply in replies:
            named = (handles.get(handle) for handle in MENTION.findall(reply.body))
            for person in filter(None, named):
                tell(example, person, Verb.MENTIONED, reply, reply.author)
            if reply.id == discussion.answer_id:
                tell(example, reply.author, Verb.ANSWER_MARKED, reply, discussion.author)


def tell_of_replies(example: Example, replies: list[Comment], person: User) -> None:
    """Tell a follower once of all replies since their own last one."""
    own = [reply.position for reply in replies if reply.author_id == person.id]
    after = max(own, default=0)
    news = [reply for reply in replies if reply.position > after and reply.author_id != person.id]
    if news:
        tell(example, person, Verb.REPLIED, news[0], news[-1].author, bundled=news)


def tell(
    example: Example, person: User, verb: Verb, reply: Comment, actor: User,
    *, bundled: list[Comment] | None = None,
) -> None:  # fmt: skip
    """Add a notification, read when it is old."""
    moment = (bundled[-1] if bundled else reply).created_at
    age = example.start - moment
    if person.id == actor.id or age > OLDEST:
        return
    db.session.add(
        Notification(
            user_id=person.id, verb=verb.value, content_id=reply.content_id, comment_id=reply.id,
            actor_id=actor.id, count=len(bundled or [reply]), created_at=moment,
            read_at=moment + timedelta(hours=20) if age > SEEN_AFTER else None,
        )
    )  # fmt: skip
