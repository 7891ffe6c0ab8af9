"""A full disk stops writing only: pages are read, texts are kept, and room is enough to go on.

Linux refuses the running server every larger file, which is what a full disk does.
"""

import resource
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from app.extensions import Kring, db
from app.models import Comment, User
from tests.cast import Cast, discussion
from tests.checking import CheckingClient
from tests.cli.test_kill import server
from tests.cli.test_serve import PATIENCE, children, free_port

TEXT = "Een lange tekst over de aanvraag"


@pytest.mark.sqlite
def test_a_full_disk_stops_writing_only(
    app: Kring, cast: Cast, client_of: Callable[[User | None], CheckingClient], tmp_path: Path
) -> None:
    asked = discussion(cast.other)
    page, comments = f"/discussions/{asked.id}-{asked.slug}", f"/content/{asked.id}/comments"
    client = client_of(cast.member)
    token, cookie = client.csrf_token(), client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    headers = {
        "Cookie": f"{cookie.key}={cookie.value}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    form = urlencode({"csrf_token": token, "body": TEXT})
    db.session.commit()
    db.engine.dispose()

    def ask(method: str, path: str, body: str = "") -> tuple[int, str]:
        with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    with server(port := free_port(), tmp_path / "log") as process:
        assert ask("GET", page)[0] == 200
        its_own = {process.pid, *children(process.pid, count=3)}
        limit_files(its_own, 4096)
        for _time in range(2):
            assert ask("GET", page)[0] == 200
            status, answer = ask("POST", comments, form)
            assert status == 503
            assert TEXT in answer
        limit_files(its_own, resource.RLIM_INFINITY)
        assert ask("POST", comments, form)[0] == 303
        assert TEXT in ask("GET", page)[1]
    assert list(db.session.scalars(select(Comment.body))) == [TEXT]


def limit_files(processes: set[int], size: int) -> None:
    """Let processes write nothing beyond so many bytes of a file."""
    for pid in processes:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
