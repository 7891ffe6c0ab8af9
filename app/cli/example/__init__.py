"""The example community: what it consists of stands in app/cli/demo_data, in Dutch."""

from app.cli.example.attention import add_attention
from app.cli.example.community import ACCOUNTS, Example, make_community
from app.cli.example.decisions import add_decisions
from app.cli.example.discussions import add_discussions
from app.cli.example.documents import add_documents
from app.cli.example.help import add_help
from app.cli.example.moderation import add_moderation
from app.cli.example.news import add_news
from app.cli.example.proposals import add_proposals
from app.cli.example.reviews import add_reviews
from app.cli.example.wikis import add_wikis

__all__ = ["ACCOUNTS", "Example", "make_example"]


def make_example(password_hash: str) -> Example:
    """Fill an empty database; nothing is committed. Takes a few seconds."""
    example = make_community(password_hash)
    add_wikis(example)
    add_discussions(example)
    add_documents(example)
    add_moderation(example)
    add_decisions(example)
    add_news(example)
    add_help(example)
    add_reviews(example)
    add_proposals(example)
    add_attention(example)
    return example
