"""/settings/moderation: what moderators see first, and how long things may take."""

from collections.abc import Callable

import pytest

from app.models import User
from app.site import forget_site, site
from tests.cast import Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
PATH = "/settings/moderation"
GOOD = {
    "case_hours": "24", "appeal_days": "21", "own_edit_days": "30", "premoderated_posts": "2",
    "hide_after_reports": "5", "watched_words": " Stomme  Ezel \r\n\r\noplichter\r\nOplichter",
}  # fmt: skip


@pytest.mark.parametrize("htmx, status", [(False, 303), (True, 204)])
def test_it_is_kept(cast: Cast, client_of: ClientOf, htmx: bool, status: int) -> None:
    client = client_of(cast.administrator)
    before = client.get(PATH).text
    assert 'value="48"' in before and "0: er wacht niets" in before
    assert client.post(PATH, data=GOOD, htmx=htmx).status_code == status
    forget_site()
    now_set = site()
    assert (now_set.case_hours, now_set.appeal_days, now_set.own_edit_days) == (24, 21, 30)
    assert (now_set.premoderated_posts, now_set.hide_after_reports) == (2, 5)
    assert now_set.watched_words == ("stomme ezel", "oplichter")
    page = client.get(PATH).text
    assert "stomme ezel\noplichter" in page and 'value="21"' in page


@pytest.mark.parametrize(
    "wrong",
    [{"case_hours": "0"}, {"case_hours": "721"}, {"appeal_days": "0"}, {"appeal_days": "91"},
     {"own_edit_days": "-1"}, {"own_edit_days": ""}, {"premoderated_posts": "21"},
     {"hide_after_reports": "veel"}, {"hide_after_reports": "21"}, {"watched_words": "de"},
     {"watched_words": "x" * 61}, {"watched_words": "\n".join(f"woord{n}" for n in range(201))}],
)  # fmt: skip
def test_a_wrong_value_changes_nothing(
    cast: Cast, client_of: ClientOf, wrong: dict[str, str]
) -> None:
    typed = GOOD | {"watched_words": "oplichter"} | wrong
    answer = client_of(cast.administrator).post(PATH, data=typed)
    assert answer.status_code == 422 and 'aria-invalid="true"' in answer.text
    assert typed["watched_words"].splitlines()[0] in answer.text
    assert f'value="{typed["own_edit_days"]}"' in answer.text
    forget_site()
    assert site().case_hours == 48 and site().watched_words == ()


@pytest.mark.parametrize("way", ["GET", "POST"])
def test_it_is_for_administrators(cast: Cast, client_of: ClientOf, way: str) -> None:
    for user in (cast.member, cast.moderator, cast.manager):
        assert client_of(user).open(PATH, method=way).status_code == 403
    assert client_of(None).open(PATH, method=way).status_code == (303 if way == "GET" else 401)
