"""What attackers type, and a community in which it stands in every field that takes text."""

from collections.abc import Callable

from app.models import User
from tests.cast import Cast, discussion
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
RUNS = "window.__pwned=1"
# Short enough for a name, so that each stands in every field.
ATTACKS = {
    "markup": f'"><script>{RUNS}</script><img src=x onerror={RUNS}>',
    "quotes": f"'\"><svg onload={RUNS}> autofocus onfocus={RUNS} x='",
    "way out": f"</textarea></title></script><script>{RUNS}</script>",
    "braces": "{{7*7777}}{% if 1 %}${7*7777}<%=7*7777%>#{7*7777}{0.__class__}%(x)s%s",
    "sql": "'); DROP TABLE users;-- ' OR '1'='1' /*",
    "headers": "Jan\r\nBcc: x@evil.example\r\n\r\n<html>",
    "formula": '=HYPERLINK("https://evil.example";"x")',
    "direction": "a\u202egnp.exe\u202d \u2066x\u2069 b",
    "invisible": "Jan\u200b\u200d\ufeff\x0b\x0c\x00 Bos",
    "address": f"[x](javascript:{RUNS}) <a href=javascript:{RUNS}>x</a>",
    "htmx": "<b hx-get=/gehackt hx-trigger=load data-hx-get=/gehackt hx-on::load=alert(1)>x</b>",
    "elsewhere": "![x](https://evil.example/x.png)<img src=//evil.example/x>",
}  # fmt: skip
COMPUTED = str(7 * 7777)


def spread(cast: Cast, client_of: ClientOf, attack: str) -> list[int]:
    """Write the attack into every field, as those who may; return the statuses of the answers.

    What a form refuses, such as such keywords, is left out there.
    """
    statuses: list[int] = []

    def post(user: User, path: str, **fields: str) -> str:
        client = client_of(user)
        answer = client.post(path, data=fields)
        if answer.status_code == 422 and "tags" in fields:
            answer = client.post(path, data=fields | {"tags": "trefwoord"})
        statuses.append(answer.status_code)
        return (answer.location or "").partition("?")[0].partition("#")[0]

    theme = str(cast.theme.id)
    post(cast.member, "/account/profile", name=attack, job_title=attack, about=attack, locale="nl")
    made = {"title": attack, "body": f"Regel\n\n{attack}\n\n- {attack}", "tags": attack}
    asked = post(cast.member, "/discussions/new", **made, is_question="1", theme_id=theme)
    number = asked.rpartition("/")[2].partition("-")[0]
    changed = {**made, "body": attack, "note": attack, "version": "1", "is_question": "1"}
    post(cast.member, f"{asked}/edit", **changed, theme_id=theme)
    post(cast.member, f"/content/{number}/comments", body=attack)
    post(cast.other, f"/content/{number}/comments", body=f"> {attack}\n\n```\n{attack}\n```")
    post(cast.member, "/comments/1/edit", body=f"{attack} {attack}", version="1")
    for subject in (f"/content/{number}", "/comments/1"):
        post(cast.other, f"{subject}/report", reason="other", note=attack)
    post(
        cast.moderator, "/moderation/cases/2/close", decision="hide", outcome=attack, reason=attack,
    )  # fmt: skip
    post(cast.moderator, f"/content/{number}/lock", reason=attack)
    post(cast.moderator, f"/content/{number}/feature", reason=attack)
    post(cast.moderator, "/comments/2/hide", reason=attack)
    page = post(
        cast.specialist, "/wikis/new", **made, note=attack, theme_id=theme, standing="concept"
    )
    again = {**made, "note": attack, "version": "1", "standing": "in_force"}
    post(cast.specialist, f"{page}/edit", **(again | {"body": f"{attack}\n\n[[{attack}]]"}))
    binned = post(cast.specialist, "/wikis/new", **made, theme_id=theme, standing="concept")
    post(cast.specialist, f"{binned}/archive", reason=attack)
    post(cast.manager, f"/people/{cast.other.id}-x/roles", role="blogger", reason=attack)
    owner = cast.moderator.email
    post(
        cast.manager, "/groups/new", name=attack, description=attack, kind="open", owner=owner,
        second_owner=cast.specialist.email,
    )  # fmt: skip
    discussion(cast.other, "Gewoon", "Een gewone vraag.")
    return statuses
