"""Images in texts: put in a reply, with and without script; what is two things at once stays inert."""

import re
from io import BytesIO

from playwright.sync_api import Browser, FilePayload, Page, expect

from app.extensions import db
from app.services import attachments, images
from tests.browser.conftest import LiveServer, Visit
from tests.browser.steps import press
from tests.cast import Cast, discussion
from tests.filemaking import PDF, image
from tests.marks import both_ways

SCRIPT = b"<html><script>window.__pwned=1;document.title='gehackt'</script>"
JS = b"GIF89a/*" + image("GIF")[6:] + b"*/=1;window.__pwned=1;"
USED = """async addresses => {
  for (const address of addresses) {
    const script = document.createElement('script');
    const done = new Promise(settle => { script.onload = script.onerror = settle; });
    script.src = address;
    document.head.append(script);
    await done;
  }
}"""


def sent(cast: Cast) -> list[str]:
    """Send files that are two things at once, and return where they are found."""
    asked = discussion(cast.member)
    documents = {
        "plaatje.gif": JS,
        "brief.pdf": PDF + SCRIPT,
        "foto.jpg": image("JPEG") + SCRIPT,
        "notitie.txt": b"window.__pwned=1;",
    }
    made = [
        attachments.add(asked, cast.member, BytesIO(content), name, "")
        for name, content in documents.items()
    ]
    shown = [
        images.add(BytesIO(image(kind) + SCRIPT), "x.html", "Vlak", cast.member)
        for kind in ("JPEG", "PNG", "WEBP", "GIF")
    ]
    db.session.commit()
    return [
        *(f"/attachments/{one.id}-{one.slug}" for one in made),
        *(f"/attachments/{one.id}-{one.slug}/preview" for one in made if one.slug.endswith("jpg")),
        *(f"/images/{one.id}-{one.slug}{end}" for one in shown for end in ("", "/480")),
    ]


def is_pwned(page: Page) -> bool:
    return page.evaluate("window.__pwned") is not None or page.title() == "gehackt"


def test_files_that_are_two_things_at_once_run_nothing(
    cast: Cast, visit: Visit, browser: Browser, live_server: LiveServer
) -> None:
    """In a context of its own: here the browser is to refuse, and says so on its console."""
    addresses = sent(cast)
    signed_in = visit(cast.member).context.storage_state()
    page = browser.new_context(storage_state=signed_in, base_url=live_server.url).new_page()
    for address in addresses:
        if "preview" in address or address.startswith("/images"):
            page.goto(address)
            assert not is_pwned(page), address
    page.goto("/")
    page.evaluate(USED, addresses)
    assert not is_pwned(page)
    page.context.close()


def add_image(page: Page, javascript: bool) -> str:
    """Add an image in the dialog of the editor, or on the page for it; return what to write."""
    opener = page.get_by_role("button" if javascript else "link", name="Afbeelding toevoegen")
    if javascript:
        page.locator("textarea#body").scroll_into_view_if_needed()
        opener.click()
        form = page.get_by_role("dialog", name="Afbeelding toevoegen")
    else:
        with page.expect_popup() as opened:
            opener.click()
        form = opened.value.get_by_role("main")
    file = FilePayload(name="Vlak.png", mimeType="image/png", buffer=image("PNG", (600, 300)))
    form.locator("input[type=file]").set_input_files(file)
    form.get_by_label("Wat er te zien is").fill("Een blauw vlak")
    press(form, "Toevoegen")
    if javascript:
        expect(form).to_have_count(0)
        field = page.locator("textarea#body")
        expect(field).to_have_value(re.compile("/images/"))
        return field.input_value()
    line = form.get_by_label("Kopieer deze regel").input_value()
    opened.value.close()
    return line


def sees_image(reader: Page) -> None:
    shown = reader.locator("li.k-comment").get_by_role("img", name="Een blauw vlak")
    shown.scroll_into_view_if_needed()
    expect(shown).to_be_visible()
    expect(shown).not_to_have_js_property("naturalWidth", 0)


@both_ways
def test_a_member_puts_an_image_in_a_reply(visit: Visit, cast: Cast, javascript: bool) -> None:
    asked = discussion(cast.other)
    page = visit(cast.member, f"/discussions/{asked.id}-{asked.slug}")
    written = add_image(page, javascript)
    assert written.strip().startswith("![Een blauw vlak](/images/")
    page.get_by_label("Jouw reactie").last.fill(f"Kijk:\n\n{written}")
    press(page, "Reactie plaatsen")
    sees_image(page)
    # Not before the writer sees it: then it is stored.
    sees_image(visit(cast.blogger, f"/discussions/{asked.id}-{asked.slug}"))
