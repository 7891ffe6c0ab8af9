"""What a browser calls itself, in words that its owner knows."""

# The first that matches counts: nearly all browsers also claim to be an older one.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def describe(user_agent: str) -> tuple[str, str]:
    """Name browser and system of a User-Agent header; empty for what is not known."""
    return _first(user_agent, _BROWSERS), _first(user_agent, _SYSTEMS)


def _first(text: str, known: tuple[tuple[str, str], ...]) -> str:
    return next((name for sign, name in known if sign in text), "")
