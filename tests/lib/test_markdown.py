"""What people type, and the HTML that they get for it."""

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import html5lib
import pytest

from app.lib.markdown import Labels, Target, TocEntry, plain_text, render, summary
from tests.conftest import CORPUS

PAGES = sorted((CORPUS / "kennisbank" / "pages").rglob("*.md"))


def flat(text: str, *, breaks: bool = False) -> str:
    """Return the HTML without line breaks and without links in headings."""
    rendered = render(text, breaks=breaks).html
    rendered = re.sub(r'<a [^>]*class="heading-link"[^>]*>#</a>', "", rendered)
    return re.sub(r"\n *", "", rendered)


def known(**targets: str) -> Callable[[Sequence[str]], Mapping[str, Target]]:
    """Make a resolver that knows these names, at the address of the same name."""
    pages = {name: Target(f"/to/{name}", title) for name, title in targets.items()}
    return lambda names: {name: pages[name] for name in names if name in pages}


@pytest.mark.parametrize(
    "text,expected",
    [
        ("Dus:\n- een\n- twee", "<p>Dus:</p><ul><li>een</li><li>twee</li></ul>"),
        ("Dus:\n1. een\n2. twee", "<p>Dus:</p><ol><li>een</li><li>twee</li></ol>"),
        ("Dus:\n* een", "<p>Dus:</p><ul><li>een</li></ul>"),
        ("• een\n• twee", "<ul><li>een</li><li>twee</li></ul>"),
        ("1) een\n2) twee", "<ol><li>een</li><li>twee</li></ol>"),
        ("3. drie\n4. vier", '<ol start="3"><li>drie</li><li>vier</li></ol>'),
        ("- a\n1. b", "<ul><li>a</li></ul><ol><li>b</li></ol>"),
        ("- a\n\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
        ("- a\nverder\n- b", "<ul><li>averder</li><li>b</li></ul>"),
        ("In het jaar\n1985. Toen", "<p>In het jaar1985. Toen</p>"),
        ("Tekst\n# Kop\nTekst", '<p>Tekst</p><h2 id="h-kop">Kop</h2><p>Tekst</p>'),
        ("##Kop", '<h2 id="h-kop">Kop</h2>'),
        ("#vraag aan allen", "<p>#vraag aan allen</p>"),
        ("Kop\n---\ntekst", '<h2 id="h-kop">Kop</h2><p>tekst</p>'),
        ("a\nb\n---", "<p>ab</p><hr>"),
        ("## Kop { data-search-exclude }", '<h2 id="h-kop">Kop</h2>'),
        ("## Kop {: .groot #x }", '<h2 id="h-kop">Kop</h2>'),
        ("## De set {a, b}", '<h2 id="h-de-set-a-b">De set {a, b}</h2>'),
        ("> vraag\nantwoord", "<blockquote><p>vraag</p></blockquote><p>antwoord</p>"),
        ("~~weg~~ en **vet**", "<p><del>weg</del> en <strong>vet</strong></p>"),
        ("a <!-- b --> c\n<!-- d\n\ne -->\nf", "<p>a  cf</p>"),
        ("<!-- nooit dicht", "<p>&lt;!-- nooit dicht</p>"),
        ("List<String> en <naam>", "<p>List&lt;String&gt; en &lt;naam&gt;</p>"),
        ('<a href="b">a</a> <a href="c">', '<p><a href="b">a</a> &lt;a href="c"&gt;</p>'),
        ("H<sub>2</sub>O", "<p>H<sub>2</sub>O</p>"),
        ("<div>\n<b>vet</b>\n</div>", "<div><b>vet</b></div>"),
        ("[a](b){ .md-button }", '<p><a href="b">a</a></p>'),
        ("[a](met spatie.pdf)", '<p><a href="met%20spatie.pdf">a</a></p>'),
        ("[a](b_(c) 'd')", '<p><a href="b_(c)" title="d">a</a></p>'),
        ("[open [a](b) [[[[[", '<p>[open <a href="b">a</a> [[[[[</p>'),
        ("`een ` twee` drie`", "<p><code>een</code> twee<code>drie</code></p>"),
        ("\\@jan \\*a\\* \\[b]", "<p>@jan *a* [b]</p>"),
        (
            "zie [a][] en [B]\n[a]: /x\n[b]: <https://b.nl> (c)",
            '<p>zie <a href="/x">a</a> en <a href="https://b.nl" rel="nofollow noopener" title="c">B</a></p>',
        ),
        ("a\n      ---\n      > b\n      ???+ c", "<p>a---&gt; b???+ c</p>"),
        ("[Let op]: dit is tekst", "<p>[Let op]: dit is tekst</p>"),
        ("a & b &copy; &lt;b&gt;", "<p>a &amp; b © &lt;b&gt;</p>"),
    ],
)
def test_habits(text: str, expected: str) -> None:
    assert flat(text) == expected


@pytest.mark.parametrize("spaces", [2, 3, 4])
@pytest.mark.parametrize("mark", ["-", "*", "1.", "-  "])
def test_lists_nest_by_any_usual_indentation(mark: str, spaces: int) -> None:
    text = "".join(f"{' ' * spaces * depth}{mark} {depth}\n" for depth in range(4))
    rendered = flat(text + f"{mark} terug")
    kind = "ol" if mark == "1." else "ul"
    nested = "".join(f"<{kind}><li>{depth}" for depth in range(4))
    assert rendered.startswith(nested)
    assert rendered.endswith(f"</li></{kind}></li><li>terug</li></{kind}>")


def test_a_mixture_of_indentations() -> None:
    text = "1. a\n  - b\n    - c\n\n   tekst bij a\n2. d\n      - e\n"
    assert flat(text) == (
        "<ol><li><p>a</p><ul><li>b<ul><li>c</li></ul></li></ul><p>tekst bij a</p></li>"
        "<li><p>d</p><ul><li>e</li></ul></li></ol>"
    )


def test_a_bare_line_break_counts_in_a_reply_only() -> None:
    assert flat("een\ntwee") == "<p>eentwee</p>"
    assert flat("een\ntwee", breaks=True) == "<p>een<br>twee</p>"
    assert flat("een  \ntwee") == "<p>een<br>twee</p>"
    assert flat("- een\n  twee", breaks=True) == "<ul><li>een<br>twee</li></ul>"


def test_a_table_right_under_a_line() -> None:
    rendered = flat("Zie:\n| a | b |\n|:--|--:|\n| `x|y` | 2 |\nen verder")
    assert rendered.startswith(
        '<p>Zie:</p><div class="table-scroll" tabindex="0"><table><thead><tr>'
        '<th class="align-left">a</th><th class="align-right">b</th>'
    )
    assert '<td class="align-left"><code>x|y</code></td>' in rendered
    assert rendered.endswith("</table></div><p>en verder</p>")


@pytest.mark.parametrize("margin", ["", "  ", "    "])
def test_fenced_code_also_in_an_item(margin: str) -> None:
    text = f"- item\n{margin or '  '}```Python\n{margin or '  '}a < [[b]] @c\n{margin or '  '}```\n- twee"
    rendered = flat(text)
    assert (
        '<pre tabindex="0"><code class="language-python">a &lt; [[b]] @c</code></pre>' in rendered
    )
    assert rendered.count("<li>") == 2


def test_a_fence_that_is_never_closed_is_code_to_the_end() -> None:
    assert flat("~~~\na\n\nb") == '<pre tabindex="0"><code>ab</code></pre>'


def test_indented_code() -> None:
    assert flat("tekst\n\n    a  b") == '<p>tekst</p><pre tabindex="0"><code>a  b</code></pre>'


def test_boxes() -> None:
    rendered = flat('!!! tip "Let *op*"\n    a\n    - b\n\n    c\n\n??? expander "Meer"\n    d')
    assert rendered == (
        '<div class="admonition tip"><p class="admonition-title">Let <em>op</em></p>'
        "<p>a</p><ul><li>b</li></ul><p>c</p></div>"
        '<details class="expander"><summary>Meer</summary><p>d</p></details>'
    )
    assert flat("???+ note\n    a").startswith('<details class="note" open="">')


def test_tasks_have_a_label_and_cannot_be_ticked() -> None:
    assert flat("- [x] **af** nu\n  - [ ] nog\n") == (
        '<ul class="task-list"><li class="task-list-item">'
        '<label><input checked="" disabled="" type="checkbox"> <strong>af</strong> nu</label>'
        '<ul class="task-list"><li class="task-list-item">'
        '<label><input disabled="" type="checkbox"> nog</label></li></ul></li></ul>'
    )


def test_footnotes_of_two_texts_on_one_page() -> None:
    labels = Labels(footnote="Terug naar noot {number}")
    text = "a[^een noot?] b[^n] c[^n]\n\n[^n]: *noot*\n    vervolg\n\n[^los]: niet genoemd"
    both = [render(text, id_prefix=f"comment-{n}-", labels=labels).html for n in (1, 2)]
    assert 'href="#comment-1-fn-1"' in both[0] and 'id="comment-2-fn-1"' in both[1]
    assert both[0].count('aria-label="Terug naar noot 1"') == 2
    assert "[^een noot?]" in both[0]
    ids = re.findall(r' id="([^"]*)"', "".join(both))
    assert len(ids) == len(set(ids)) == 8
    for href in re.findall(r'href="#([^"]*)"', "".join(both)):
        assert href in ids


def test_headings_shift_under_the_title_and_fill_the_contents() -> None:
    labels = Labels(heading="Link naar {title}")
    rendered = render("# A `b`\n### C & d\n## C & d\n# E[^1]\n\n[^1]: f", labels=labels)
    assert rendered.toc == (
        TocEntry(2, "h-a-b", "A b"),
        TocEntry(3, "h-c-d", "C & d"),
        TocEntry(3, "h-c-d_1", "C & d"),
        TocEntry(2, "h-e", "E"),
    )
    assert (
        '<h2 id="h-a-b">A <code>b</code>'
        '<a aria-label="Link naar A b" class="heading-link" href="#h-a-b">#</a></h2>'
    ) in rendered.html
    assert [entry.level for entry in render("### A\n# B\n#### C", base_level=3).toc] == [3, 3, 4]
    assert [entry.level for entry in render("# A\n" * 3 + "###### B\n" * 9).toc][-1] == 3


def test_own_links_to_headings_get_the_prefix() -> None:
    assert 'href="#comment-1-kop"' in render("[a](#kop)", id_prefix="comment-1-").html


def test_wiki_links() -> None:
    asked: list[Sequence[str]] = []

    def resolve(names: Sequence[str]) -> Mapping[str, Target]:
        asked.append(names)
        return known(**{"Oude naam": "Nieuwe naam", "bias": "Bias"})(names)

    text = "[[Oude naam]] [[bias]] [[Oude  naam|*zo*]] [[bias#Een kop]] [[Weg]] `[[Code]]`"
    rendered = render(text, links=resolve)
    assert asked == [("Oude naam", "bias", "Weg")] == [rendered.wiki_links]
    assert rendered.html == (
        '<p><a class="wiki-link" href="/to/Oude naam">Nieuwe naam</a>'
        ' <a class="wiki-link" href="/to/bias">bias</a>'
        ' <a class="wiki-link" href="/to/Oude naam">*zo*</a>'
        ' <a class="wiki-link" href="/to/bias#h-een-kop">bias</a>'
        ' <span class="wiki-missing">Weg</span> <code>[[Code]]</code></p>'
    )


def test_wiki_links_in_a_table() -> None:
    rendered = render("a|b\n-|-\n[[bias\\|zo]]|c", links=known(bias="Bias"))
    assert '<td><a class="wiki-link" href="/to/bias">zo</a></td>' in rendered.html


def test_links_by_number_follow_the_page() -> None:
    pages = {"kring:content/12": Target("/wikis/12-nieuw", "Nieuw")}
    rendered = render("[a](kring:content/12#kop) [b](kring:content/13)", links=lambda _: pages)
    assert rendered.wiki_links == ("kring:content/12", "kring:content/13")
    assert '<a class="wiki-link" href="/wikis/12-nieuw#h-kop">a</a>' in rendered.html
    assert '<span class="wiki-missing">b</span>' in rendered.html


def test_without_a_wiki_its_links_are_text() -> None:
    assert flat("[[a|b]]") == "<p>[[a|b]]</p>"


def test_mentions() -> None:
    text = (
        "@jan-de-vries, (@Piet) *@piet* @nee. \\@piet `@piet` jan@piet.nl x@piet"
        " [@piet](/a) https://a.nl/@piet @piet.nl"
    )
    rendered = render(text, mentions=known(**{"jan-de-vries": "Jan de Vries", "piet": "Piet"}))
    assert rendered.mentions == ("jan-de-vries", "piet", "nee")
    assert rendered.html.count('class="mention"') == 3
    assert '<a class="mention" href="/to/jan-de-vries">@Jan de Vries</a>,' in rendered.html
    assert "<em><a" in rendered.html and " @nee. @piet <code>@piet</code>" in rendered.html


def test_a_handle_stays_as_typed_when_nobody_has_it() -> None:
    assert flat("@Niemand en @x-") == "<p>@Niemand en @x-</p>"


@pytest.mark.parametrize(
    "text,link",
    [
        (
            "zie https://a.nl/b?c=1&d=2.",
            'href="https://a.nl/b?c=1&amp;d=2" rel="nofollow noopener"',
        ),
        ("(http://intranet.local/x)", 'href="http://intranet.local/x" rel="nofollow noopener"'),
        ("www.a.nl, dus", 'href="http://www.a.nl" rel="nofollow noopener"'),
        ("jan@gemeente.nl", 'href="mailto:jan@gemeente.nl"'),
        ("<jan@gemeente.nl>", 'href="mailto:jan@gemeente.nl"'),
        ("<https://a.nl/b>", 'href="https://a.nl/b" rel="nofollow noopener"'),
        ("[a](https://a.nl)", 'href="https://a.nl" rel="nofollow noopener"'),
    ],
)
def test_addresses_become_links(text: str, link: str) -> None:
    assert render(text).html.count("<a ") == 1
    assert f"<a {link}>" in render(text).html


def test_no_links_where_none_belong() -> None:
    text = "README.md 12.nl `https://a.nl`\n\n    https://a.nl\n"
    assert "<a" not in render(text).html
    assert render("[https://a.nl](/b)").html.count("<a ") == 1


def test_images() -> None:
    assert flat("![t](/files/1)") == '<p><img alt="t" src="/files/1"></p>'
    assert flat("![t](https://a.nl/b.png)") == (
        '<p><a href="https://a.nl/b.png" rel="nofollow noopener">t</a></p>'
    )
    for elsewhere in ("../b.png", "//a.nl/b", "/\\a.nl", "data:image/png;base64,AA"):
        assert "<img" not in render(f"![t]({elsewhere})").html
        assert "<img" not in render(f'a <img src="{elsewhere}" alt="t">').html
    assert flat("[![t](https://a.nl/b)](/c)") == (
        '<p><a href="/c"><span class="image-missing">t</span></a></p>'
    )


def test_texts_do_not_leak_into_each_other() -> None:
    render("[a]: /geheim\n\n# Kop\n\n[^1]: noot[^1]")
    after = render("[a] [^1]\n# Kop")
    assert after.html.startswith("<p>[a] [^1]</p>") and after.toc[0].id == "h-kop"


def test_every_thread_renders_for_itself() -> None:
    wrong: list[str] = []

    def work(name: str) -> None:
        for _ in range(30):
            rendered = render(f"# {name}\n\n[{name}]\n\n[{name}]: /{name}")
            if rendered.toc[0].text != name or f'href="/{name}"' not in rendered.html:
                wrong.append(rendered.html)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("een", "twee", "drie")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_plain_text_and_summary() -> None:
    rendered = render("# Kop\n\nEen *mooie* zin[^1] & <b>meer</b>.\n- a\n- b\n\n[^1]: noot").html
    assert plain_text(rendered) == "Kop Een mooie zin & meer. a b noot"
    assert summary(rendered, 18) == "Kop Een mooie zin…"
    assert summary(rendered) == plain_text(rendered)
    assert summary("<p>kort</p>") == "kort"
    assert len(summary("x" * 500, 100)) == 100
    assert "<" not in summary(f'<p>a <a href="{"x" * 500}">b</a></p>', 20)


@pytest.mark.corpus
def test_the_corpus_is_there() -> None:
    assert len(PAGES) == 213


@pytest.mark.corpus
@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path)[-40:])
def test_real_pages_are_valid_html(path: Path) -> None:
    text = re.sub(r"\A---\n.*?\n---\n", "", path.read_text(), flags=re.DOTALL)
    rendered = render(text)
    html5lib.HTMLParser(strict=True).parseFragment(rendered.html)
    headings = re.findall(r"<h([1-6])", rendered.html)
    assert "1" not in headings and headings[:1] in ([], ["2"])
    ids = re.findall(r' id="([^"]*)"', rendered.html)
    assert len(ids) == len(set(ids))
    outside_code = re.sub(r"<pre.*?</pre>", "", rendered.html, flags=re.DOTALL)
    assert not re.search(r"!!!|\?\?\?|<p></p>|data-search|wzxhzdk|\n[-*] |&lt;!--", outside_code)
