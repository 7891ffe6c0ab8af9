"""Nothing that an author writes runs, styles, submits or fetches from elsewhere."""

import random
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.lib.markdown import MarkdownRefused, Target, render
from app.lib.markdown.cleaning import ATTRIBUTES, CLASSES, TAGS, clean

SCHEMES = ("http:", "https:", "mailto:", "tel:")
NAMES = frozenset(name for names in ATTRIBUTES.values() for name in names)

JS = "javascript:alert(1)"
ATTACKS = [
    # Script by itself, in any spelling
    "<script>alert(1)</script>",
    "<ScRiPt src=//a.nl/x.js></sCrIpT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\n>alert(1)</script\n>",
    "<script/x>alert(1)</script>",
    "<div><script>alert(1)</script></div>",
    "<<script>alert(1)//<</script>",
    "\x00<script>alert(1)</script>",
    "<scr\x00ipt>alert(1)</script>",
    "<s\x02cript>alert(1)</s\x03cript>",
    # Events on what is allowed
    "a <b onclick=alert(1)>b</b>",
    "a <b/onclick=alert(1)>b</b>",
    'a <a href="/" onfocus="alert(1)" autofocus>b</a>',
    '<div onmouseover="alert(1)">a</div>',
    '<p title="a" ONCLICK="alert(1)">a</p>',
    "<p\x0bonclick=alert(1)>a</p>",
    "<details open ontoggle=alert(1)>a</details>",
    "a <img src=/files/1 onerror=alert(1)>",
    "<div><img src=x onerror=alert(1)//",
    'a <img src="/x" alt="\\"><script>alert(1)</script>">',
    "a <img src='/x\" onerror=\"alert(1)'>",
    # Foreign elements and what changes the parser's state
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text>a</text></a></svg>",
    "<svg><animate attributeName=href values=javascript:alert(1) /></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x onload=alert(1)>#x'/></svg>",
    "<math><maction actiontype=statusline xlink:href=javascript:alert(1)>a</maction></math>",
    "<math><mi><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mi></math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<div><noembed><p title='</noembed><img src=x onerror=alert(1)>'></div>",
    "<title><p title='</title><img src=x onerror=alert(1)>'>",
    "<textarea><p title='</textarea><img src=x onerror=alert(1)>'>",
    "<div><xmp><p title='</xmp><img src=x onerror=alert(1)>'></div>",
    "<plaintext><script>alert(1)</script>",
    "<div><select><template><style><!--</style><a rel='--></style><img src=x onerror=alert(1)>'></div>",
    "<table><td><form action=javascript:alert(1)><input type=submit></table>",
    "<div><!--><img src=x onerror=alert(1)>--></div>",
    "<div><!--!><img src=x onerror=alert(1)>--></div>",
    "<div><![CDATA[><img src=x onerror=alert(1)>]]></div>",
    "<?php <img src=x onerror=alert(1)> ?>",
    "<!DOCTYPE a [<!ENTITY b '<script>'>]>&b;",
    # Frames, forms, the page itself
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<base href=https://a.nl/>",
    "<meta http-equiv=refresh content='0;url=https://a.nl'>",
    "<link rel=stylesheet href=https://a.nl/x.css>",
    "<style>*{background:url(https://a.nl)}</style>",
    "<div style='background:url(https://a.nl)'>a</div>",
    "<form action=https://a.nl><input name=password><button>a</button></form>",
    "<div><input type=password name=p autofocus onfocus=alert(1)></div>",
    "<div><button formaction=javascript:alert(1)>a</button></div>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=https://a.nl/x autoplay onplay=alert(1)>",
    "<marquee onstart=alert(1)>a</marquee>",
    "<dialog open onclose=alert(1)>a</dialog>",
    # htmx and other attributes that do something
    '<div hx-get="/logout" hx-trigger="load">a</div>',
    'a <span hx-on:click="alert(1)">b</span>',
    '<div data-hx-post="/x" data-x="1">a</div>',
    '<p hx-vals="js:{a:alert(1)}">a</p>',
    'a <a href="/" target="_blank" ping="https://a.nl" download>b</a>',
    '<div class="utrecht-button modal" id="main" role="alert" contenteditable>a</div>',
    # Addresses
    f"[a]({JS})",
    "[a](JaVaScRiPt:alert(1))",
    "[a](java\nscript:alert(1))",
    "[a](java\tscript:alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](&#x6A;avascript&colon;alert(1))",
    "[a](javascript&#58;alert(1))",
    "[a](<javascript:alert(1)>)",
    "[a](\\javascript:alert(1))",
    "[a](\x01javascript:alert(1))",
    "[a]( javascript:alert`1`)",
    "[a](javascript:123)",
    "[a](vbscript:msgbox(1))",
    "[a](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[a](cid:x) [b](blob:x) [c](file:///etc/passwd) [d](view-source:x)",
    '[a](/b "onclick=alert(1)")',
    '[a](/b "\\" onclick=\\"alert(1)")',
    "[a](/b '\"><script>alert(1)</script>')",
    '[a](/b" onclick="alert(1))',
    "[<script>alert(1)</script>](/b)",
    "[a [b](javascript:alert(1))](javascript:alert(1))",
    f"[a][b]\n\n[b]: {JS}",
    f"[a]\n\n[a]: <{JS}> 'b\" onclick=\"alert(1)'",
    f"<{JS}>",
    "<javascript://a.nl/%0aalert(1)>",
    '<https://a.nl/"onclick=alert(1)>',
    "<a@b.nl?onclick=alert(1)>",
    f"a <a href={JS}>b</a>",
    "a <a href='&#1;javascript:alert(1)'>b</a>",
    "a <a href='java&Tab;script:alert(1)'>b</a>",
    'https://a.nl/"onclick="alert(1)',
    "https://a.nl/<script>alert(1)</script>",
    "www.a.nl'onclick='alert(1)",
    "javascript://www.a.nl/%0aalert(1)",
    f"![a]({JS})",
    "![a](data:image/svg+xml,<svg/onload=alert(1)>)",
    '![a"onerror="alert(1)](/x)',
    '![a](/x"onerror="alert(1))',
    "![<img src=x onerror=alert(1)>](https://a.nl/x)",
    "![a](https://a.nl/x.png) ![b](//a.nl/x) ![c](/\\a.nl)",
    # Our own extensions
    "[[<script>alert(1)</script>]]",
    "[[a|<img src=x onerror=alert(1)>]]",
    '[[a"onclick="alert(1)#b"c]]',
    f"[[{JS}]]",
    '@jan<script>alert(1)</script> @jan"onclick=alert(1)',
    '!!! tip "<script>alert(1)</script>"\n    a',
    '!!! tip" onclick="alert(1)\n    a',
    '??? a "<img src=x onerror=alert(1)>"\n    <script>alert(1)</script>',
    '```"><script>alert(1)</script>\na\n```',
    '```a" onclick="alert(1)\na\n```',
    "```\n</code></pre><script>alert(1)</script>\n```",
    "    </code></pre><script>alert(1)</script>",
    "`<script>alert(1)</script>`",
    "a[^1]\n\n[^1]: <script>alert(1)</script>",
    'a[^"onclick="alert(1)]\n\n[^"onclick="alert(1)]: b',
    "a[^<b>]\n\n[^<b>]: b",
    "# <script>alert(1)</script>",
    "# a {onclick=alert(1)}",
    '# a" onmouseover="alert(1)',
    "# [a](javascript:alert(1)) <b onclick=alert(1)>c</b>",
    "a|b\n-|-\n<script>alert(1)</script>|<b onclick=alert(1)>c</b>",
    "- [x] <script>alert(1)</script>",
    "~~<script>alert(1)</script>~~ **<svg/onload=alert(1)>** _<b onclick=x>_",
    # The marks that the renderer uses within itself
    "\x02wzxhzdk:0\x03 <b>a</b>",
    "\x02klzzwxh:0000\x03 `a`",
    "wzxhzdk:0 klzzwxh:0000 \ue000 https://a.nl \ue000",
    "\x0260\x03script\x0262\x03alert(1)",
    "&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt;script&amp;gt;",
    "https://a.nl\ue000<script>alert(1)</script>",
]


def elements(text: str) -> Iterator[Element]:
    tree = html5lib.parseFragment(text, namespaceHTMLElements=False)
    yield from (element for element in tree.iter() if element is not tree)


def assert_harmless(text: str, prefix: str = "h-") -> None:
    """Fail when the HTML holds anything that the boundary does not let through."""
    seen: set[str] = set()
    for element in elements(text):
        assert element.tag in TAGS, element.tag
        for name, value in element.items():
            assert name in NAMES, name
            if name == "href":
                scheme = re.match(r"[A-Za-z][\w+.-]*:", re.sub(r"[\x00-\x20]", "", value))
                assert scheme is None or scheme.group().lower() in SCHEMES, value
            if name == "src":
                assert re.match(r"/(?![/\\])", value), value
            if name == "class" and element.tag != "code":
                assert set(value.split()) <= CLASSES, value
            if name == "id":
                assert value.startswith(prefix) and value not in seen, value
                seen.add(value)
        if element.tag == "input":
            assert element.get("type") == "checkbox" and element.get("disabled") is not None


def everyone(names: object) -> dict[str, Target]:
    """Resolve each name to an address that is itself an attack on what takes it over."""
    assert isinstance(names, tuple)
    return {name: Target(f'/x/"><script>{name}', f"<script>{name}</script>") for name in names}


@pytest.mark.parametrize("breaks", [False, True])
@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_come_out_inert(attack: str, breaks: bool) -> None:
    frames = ["{}", "a {}", "- a\n    {}", "> {}", "!!! tip\n    {}", "[^1]: {}\n\n[^1]", "**{}**"]
    for frame in [*frames, "<div>\n{}\n</div>", "[{}](/a)", "# {}", "a|b\n-|-\n{}|c", "`a {}"]:
        for resolve in (None, everyone):
            text = frame.replace("{}", attack)
            rendered = render(text, breaks=breaks, links=resolve, mentions=resolve)
            assert_harmless(rendered.html)
            html5lib.HTMLParser(strict=True).parseFragment(rendered.html)


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_boundary_holds_by_itself(attack: str) -> None:
    assert_harmless(clean(attack, {"h-a"}))
    assert_harmless(clean(f'<p id="h-a">a</p><p id="h-a">{attack}</p>', {"h-a"}))


def test_a_resolver_cannot_bring_in_a_bad_address() -> None:
    target = {"a": Target("javascript:alert(1)", "a")}
    assert_harmless(render("[[a]] @a", links=lambda _: target, mentions=lambda _: target).html)


def test_ids_of_the_page_cannot_be_taken() -> None:
    rendered = render('<p id="main">a</p>\n\n<p id="h-kop">b</p>\n\n# Kop')
    assert rendered.html.count(' id="') == 1


PIECES = [
    *"\n\n\n    >#-*_`~[]()!|\\@&<:^\"'={}. a1",
    *(
        "    ",
        "- ",
        "1. ",
        "> ",
        "# ",
        "```",
        "~~~",
        "!!! tip",
        '??? a "b"',
        "[^1]",
        "[^1]: ",
        "[[a]]",
    ),
    *("[a](b)", "![a](/b)", "|-|-|", "a|b", "---", "<!--", "-->", "<div>", "</div>", "<b>", "</p>"),
    *(
        "<a href=x>",
        "<table>",
        "<td>",
        "https://a.nl",
        "@jan",
        "&amp;",
        "{.a}",
        "[ ] ",
        "\x02",
        "\x03",
    ),
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60), st.booleans())
def test_any_text_renders_or_is_refused(pieces: list[str], breaks: bool) -> None:
    try:
        rendered = render("".join(pieces), breaks=breaks, links=everyone, mentions=everyone)
    except MarkdownRefused:
        return
    assert_harmless(rendered.html)
    if "&#" not in "".join(pieces):
        html5lib.HTMLParser(strict=True).parseFragment(rendered.html)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_characters_render(text: str) -> None:
    assert_harmless(render(text).html)


def test_attacks_put_together() -> None:
    chance = random.Random(1)  # noqa: S311 - a fixed mixture
    for _ in range(150):
        text = chance.choice(["", "\n", " "]).join(chance.sample(ATTACKS, 4))
        assert_harmless(render(text[chance.randrange(9) :]).html)
