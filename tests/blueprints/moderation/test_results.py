"""Results in the log are told in words, not in the codes in which they are stored."""

from collections.abc import Callable

import pytest

from app.extensions import db
from app.models import LogEntry, User
from tests.cast import Cast
from tests.checking import CheckingClient


@pytest.mark.parametrize(
    "action, stored, told",
    [
        ("role_granted", "specialist: Wonen", "Themaspecialist: Wonen"),
        ("role_withdrawn", "moderator", "Moderator"),
        ("group_made", "hidden", "Verborgen groep"),
        ("group_changed", "open → closed", "Open groep → Gesloten groep"),
        ("group_role_changed", "Jan: de Wit: member → owner", "Jan: de Wit: Lid → Eigenaar"),
        ("group_member_added", "Otto (Ander) (member)", "Otto (Ander) (Lid)"),
        ("group_member_removed", "Otto Ander", "Otto Ander"),
        ("pinned", "→ 2026-12-05", "tot en met 5 december 2026"),
        ("slowed", "15 → 2026-12-05 10:00", "15 minuten, tot 5 december 2026, 10:00"),
        ("slowed", "60", "1 uur"),
        ("moved", "Wonen → open", "Wonen → open"),
        ("group_made", "something of later", "something of later"),
    ],
)
def test_a_result_in_words(
    action: str,
    stored: str,
    told: str,
    cast: Cast,
    client_of: Callable[[User | None], CheckingClient],
) -> None:
    db.session.add(
        LogEntry(
            action=action, actor_name="Mo", subject_kind="group", subject_id=1,
            subject_label="Kring", reason="", result=stored,
        )
    )  # fmt: skip
    db.session.commit()
    client = client_of(cast.manager)
    for path in ("/moderation/log", "/moderation/log.csv"):
        assert told in client.get(path).get_data(as_text=True)
