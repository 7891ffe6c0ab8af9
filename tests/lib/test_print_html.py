"""Pages put after one another in one document, for print."""

from app.lib.print_html import part


def test_headings_ids_and_links_belong_to_the_page() -> None:
    html = (
        '<h2 id="user-a" class="x">A <a class="heading-link" href="#user-a">#</a></h2>'
        '<p><a href="/wikis/7-naam#user-b">b</a> <a href="/wikis/9">c</a>'
        ' <a href="https://x.example/wikis/7x">d</a></p>'
        '<table><td headers="r1 r2">1</td></table><img alt="a > b" loading="lazy" src="/images/1-a.png">'
    )
    made = part(html, 5, {5, 7}, 2)
    assert '<h4 id="p5-user-a" class="x">' in made and "</h4>" in made
    assert 'href="#p5-user-a"' in made and 'href="#p7-user-b"' in made
    assert 'href="/wikis/9"' in made and 'href="https://x.example/wikis/7x"' in made
    assert 'headers="p5-r1 p5-r2"' in made
    assert 'alt="a > b" src=' in made and "loading" not in made


def test_there_are_six_levels_and_text_is_left_alone() -> None:
    made = part('<h6>x</h6><p>&lt;h2 id="y"&gt; id="z" href="#q"</p>', 1, {1}, 3)
    assert made == '<h6>x</h6><p>&lt;h2 id="y"&gt; id="z" href="#q"</p>'
