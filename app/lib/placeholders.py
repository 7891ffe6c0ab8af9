"""Names that stand between braces in rendered HTML, filled in when it is shown."""

import re
from collections.abc import Mapping

from markupsafe import escape

# What our sanitizer writes: a tag, with all values of attributes between double quotes.
TAG = r'<(?:[^">]|"[^"]*")*>'


def fill(html: str, values: Mapping[str, str]) -> str:
    """Return HTML with `{name}` replaced by its value as text; inside a tag nothing changes.

    In an attribute a value could become an address, or the end of the attribute.
    """
    names = "|".join(map(re.escape, values))
    found = re.compile(rf"{TAG}|\{{({names})\}}")
    return found.sub(lambda match: str(escape(values[match[1]])) if match[1] else match[0], html)
