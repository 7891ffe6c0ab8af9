"""What a browser may do with an answer."""

PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
FILE = f"{PAGE}; sandbox"
"""For what members uploaded: shown after all, it is of no origin and runs nothing."""
