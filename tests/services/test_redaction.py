"""Personal data is gone after a redaction: from every version, from the index, from the file."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select, text

from app.extensions import Kring, commit, db
from app.models import (
    Comment,
    Content,
    Draft,
    Helped,
    LogEntry,
    Notification,
    OutgoingMail,
    Proposal,
    Report,
    Revision,
    User,
    WikiPage,
)
from app.services import comments, discussions, redaction, wikis
from app.services.activity import Verb
from app.services.discussions import EditedMeanwhileError
from app.services.wikis import Conflict, Version
from tests.cast import Cast, case, comment, discussion, proposal
from tests.checking import CheckingClient
from tests.databases import KIND

CANARY = "987654329"
DOTTED = "9876.54.329"


def page_of_ten_versions(cast: Cast) -> WikiPage:
    """Return a page that holds the canary in its third version only."""
    page = wikis.create(cast.theme, Version("Beslag", "Versie 1.", cast.specialist))
    commit()
    for number in range(2, 11):
        body = f"Versie {number}." + (f" BSN {DOTTED}." if number == 3 else "")
        version = Version("Beslag", body, cast.specialist, f"stap {number}")
        wikis.save(page, version, expected_version=page.version)
        commit()
    return page


def everything_in_the_database() -> str:
    """Return all text that the database gives back, whatever the table."""
    tables = reversed(db.metadata.sorted_tables)
    rows = [str(row) for table in tables for row in db.session.execute(table.select())]
    return "\n".join(rows)


def test_an_old_version_is_cleared_and_stays_a_version(cast: Cast, app: Kring) -> None:
    page = page_of_ten_versions(cast)
    assert redaction.find(page, CANARY) == {"versions": 1}
    assert redaction.redact(page, CANARY, cast.specialist, "Een BSN") == 1
    commit()
    third = select(Revision).where(Revision.content_id == page.id, Revision.number == 3)
    assert db.session.scalars(third).one().body == "Versie 3. BSN [onleesbaar gemaakt]."
    assert page.version == 10 and page.body == "Versie 10."
    assert DOTTED not in everything_in_the_database()
    [entry] = db.session.scalars(select(LogEntry).where(LogEntry.action == Verb.REDACTED))
    assert (entry.reason, entry.result) == ("Een BSN", "1")


@pytest.mark.sqlite
def test_nothing_is_left_in_the_file(cast: Cast, app: Kring) -> None:
    page = page_of_ten_versions(cast)
    folder = Path(app.config["INSTANCE"]).parent
    database = Path(str(db.engine.url.database))
    assert any(DOTTED.encode() in file.read_bytes() for file in beside(database))
    redaction.redact(page, CANARY, cast.specialist, "Een BSN")
    commit()
    assert not any(DOTTED.encode() in file.read_bytes() for file in beside(database))
    assert not any(DOTTED.encode() in f.read_bytes() for f in folder.rglob("*") if f.is_file())


def beside(database: Path) -> list[Path]:
    """Return the file of the database with those that SQLite keeps beside it."""
    return [file for file in database.parent.glob(f"{database.name}*") if file.is_file()]


def test_the_newest_text_gets_a_version_so_that_nobody_brings_it_back(cast: Cast) -> None:
    page = wikis.create(cast.theme, Version("Beslag", f"Bel {CANARY}.", cast.specialist))
    commit()
    opened = page.version
    redaction.redact(page, CANARY, cast.specialist, "Een BSN")
    commit()
    assert page.version == opened + 1 and CANARY not in page.body_html + page.summary
    again = Version("Beslag", f"Bel {CANARY} nu.", cast.other_specialist)
    with pytest.raises(Conflict):
        wikis.save(page, again, expected_version=opened)


def test_a_discussion_goes_with_its_replies_and_what_was_made_of_it(cast: Cast) -> None:
    words = discussions.Words(f"Over {CANARY}", f"Wie kent {DOTTED}?", True, None, [])
    asked = discussions.start(cast.member, words, None, "eerste")
    commit()
    reply = comments.add(asked, cast.other, f"Ik ken {CANARY}.", "tweede")
    commit()
    comments.edit(reply, cast.other, "Ik ken die.", reply.version)
    kept(cast, asked, reply)
    commit()
    found = redaction.find(asked, CANARY)
    assert found == {
        "text": 2, "versions": 3, "remarks": 2, "messages": 1, "proposals": 2, "drafts": 1,
        "mails": 2,
    }  # fmt: skip
    assert redaction.redact(asked, CANARY, cast.moderator, "Een BSN") == sum(found.values())
    commit()
    assert CANARY not in everything_in_the_database()
    assert DOTTED not in everything_in_the_database()
    assert asked.slug == "over-onleesbaar-gemaakt" and reply.body == "Ik ken die."
    with pytest.raises(EditedMeanwhileError):
        discussions.edit(asked, cast.member, words, version=1)


def kept(cast: Cast, asked: Content, reply: Comment) -> None:
    """Add what else can hold the canary of a discussion."""
    db.session.add_all(
        [
            Helped(user_id=cast.blogger.id, comment_id=reply.id, line=f"met {CANARY}"),
            Report(
                case_id=case(asked, cast.insider).id, reporter_id=cast.other.id,
                note=f"Er staat {CANARY}", reason="private_data",
            ),
            Notification(
                user_id=cast.member.id, verb=Verb.EDITED, content_id=asked.id, message=CANARY
            ),
            Draft(
                user_id=cast.other.id, place="x", path="/", content_id=asked.id,
                fields={"body": f"Over {CANARY} gesproken", "page": 1},
            ),
            OutgoingMail(message_id="m", recipient="a@b", subject=CANARY, body=f"Zie {CANARY}"),
        ]
    )  # fmt: skip
    proposal(cast.member, cast.theme, f"Over {CANARY}", body=f"Bel {CANARY}", source=asked)


def test_a_reply_alone(cast: Cast) -> None:
    asked = discussion(cast.member, body=f"Is {CANARY} bekend?")
    reply = comment(asked, cast.other, f"Ja, {CANARY} is bekend.")
    redaction.redact(reply, CANARY, cast.moderator, "Een BSN")
    commit()
    assert reply.body == "Ja, [onleesbaar gemaakt] is bekend." and CANARY not in reply.body_html
    assert CANARY in asked.body
    told = select(Notification).where(Notification.verb == Verb.REDACTED)
    assert db.session.scalars(told).one().user_id == cast.other.id


def test_a_withdrawn_text_is_cleared_as_well(cast: Cast) -> None:
    asked = discussion(cast.member, body=f"Is {CANARY} bekend?")
    discussions.withdraw(asked)
    redaction.redact(asked, CANARY, cast.moderator, "Een BSN")
    commit()
    assert CANARY not in everything_in_the_database()


def test_the_database_is_whole_afterwards(
    cast: Cast, client_of: Callable[[User | None], CheckingClient]
) -> None:
    asked = discussion(cast.member, body=f"Is {CANARY} bekend?")
    path = f"/content/{asked.id}/redact"
    data = {"words": CANARY, "reason": "Een BSN", "sure": "1"}
    client = client_of(cast.moderator)
    assert client.post(path, data=data).status_code == 303
    assert "[onleesbaar gemaakt]" in client.get(f"/discussions/{asked.id}-{asked.slug}").text
    assert db.session.scalar(select(Proposal.id)) is None
    if KIND == "sqlite":
        assert db.session.scalar(text("PRAGMA integrity_check")) == "ok"
