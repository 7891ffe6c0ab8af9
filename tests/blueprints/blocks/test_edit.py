"""/people/<ref>/block: mute or block a member, who never notices."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Block, BlockLevel, User
from app.services.blocks import keep_away
from tests.cast import Cast, comment, discussion
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]


def path_of(user: User) -> str:
    return f"/people/{user.id}-{user.handle}"


def kept() -> list[tuple[int, int, BlockLevel]]:
    found = db.session.execute(select(Block.user_id, Block.person_id, Block.level))
    return [(user, person, level) for user, person, level in found]


def test_one_mutes_blocks_and_stops(client: CheckingClient, cast: Cast) -> None:
    path = path_of(cast.other)
    assert f'href="{path}/block"' in client.get(path).text
    me, other = cast.member.id, cast.other.id
    steps = {
        "mute": ([(me, other, BlockLevel.MUTE)], "Je hebt Otto Ander gedempt."),
        "block": ([(me, other, BlockLevel.BLOCK)], "Je hebt Otto Ander geblokkeerd."),
        "not": ([], "weer zoals eerst"),
    }
    for level, (expected, said) in steps.items():
        for _time in range(2):
            answer = client.post(f"{path}/block", data={"level": level})
            assert answer.status_code == 303 and answer.location == path
        assert kept() == expected
        assert said in client.get(path).text
        page = client.get(f"{path}/block").text
        assert re.search(rf'checked[^>]*value="{level}"', page)


@pytest.mark.parametrize("data", [{}, {"level": ""}, {"level": "none"}, {"level": "MUTE"}])
def test_a_choice_is_needed(client: CheckingClient, cast: Cast, data: dict[str, str]) -> None:
    answer = client.post(f"{path_of(cast.other)}/block", data=data)
    assert answer.status_code == 422 and kept() == []


def test_nobody_blocks_themselves(client: CheckingClient, cast: Cast) -> None:
    for deed in ("block", "unblock"):
        path = f"{path_of(cast.member)}/{deed}"
        assert client.post(path, data={"level": "mute"}).status_code == 403
        assert client.post(f"/people/99999/{deed}", data={"level": "mute"}).status_code == 404
    assert "/block" not in client.get(path_of(cast.member)).text


def test_visitors_cannot(cast: Cast, client_of: ClientOf) -> None:
    path = f"{path_of(cast.other)}/block"
    assert client_of(None).get(path).status_code == 303
    assert client_of(None).post(path, data={"level": "mute"}).status_code == 401


@pytest.mark.parametrize("level", list(BlockLevel))
def test_the_other_never_notices(cast: Cast, client_of: ClientOf, level: BlockLevel) -> None:
    asked = discussion(cast.member, "Over de balie")
    comment(asked, cast.other, "Mijn reactie")
    client = client_of(cast.other)
    paths = (
        path_of(cast.member), f"{path_of(cast.member)}/block", "/", "/discussions", "/people",
        f"/discussions/{asked.id}-{asked.slug}", "/account/blocks", "/notifications",
        f"/suggest/people?q={cast.member.name}", "/search?q=balie", "/account/following",
    )  # fmt: skip
    before = {path: without_tokens(client.get(path).text) for path in paths}
    assert "Lotte Lid" in before["/people"]
    keep_away(cast.member, cast.other, level)
    db.session.commit()
    for path in paths:
        assert without_tokens(client.get(path).text) == before[path], path


def without_tokens(html: str) -> str:
    """Return a page without what is new each time."""
    html = re.sub(r'(name="csrf_token"[^>]*value=|X-CSRFToken": )"[^"]*"', "", html)
    return re.sub(r"\b[0-9a-f]{8}-[0-9a-f-]{27}\b", "", html)
