"""Pages as a browser without JavaScript uses them: a form, its fields, and what sends it."""

from dataclasses import dataclass
from xml.etree import ElementTree as ET

from werkzeug.test import TestResponse

from tests import checking
from tests.checking import CheckingClient


@dataclass(frozen=True)
class Form:
    """A form that posts: where to, and what stands in it."""

    action: str
    fields: dict[str, str]

    def send(self, client: CheckingClient, **typed: str) -> TestResponse:
        """Send it as its button does, with what is typed over what stood there."""
        return client.post(self.action, data={**self.fields, **typed}, csrf=False)


def parsed(html: str) -> ET.Element:
    """Return a page as a browser reads it; look only, because others see the same tree."""
    return checking.parsed(html)[0]


def form_of(answer: TestResponse) -> Form:
    """Return the one form in the main part of a page; all else there must be a link or text."""
    main = parsed(answer.text).find(".//main")
    assert main is not None
    [form] = [form for form in main.iter("form") if form.get("method") == "post"]
    assert len([b for b in form.iter("button") if b.get("type") != "button"]) == 1
    fields = {}
    for field in form.iter():
        name = field.get("name") if isinstance(field.tag, str) else None
        if name and field.tag in {"input", "textarea"}:
            text = "".join(field.itertext()) if field.tag == "textarea" else field.get("value", "")
            fields[name] = text
    return Form(form.get("action") or "", fields)
