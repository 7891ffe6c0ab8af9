"""What Kring mailed."""

from email import message_from_bytes, policy

from tests.browser.conftest import LiveServer


def mails(live_server: LiveServer) -> dict[str, str]:
    """Return the text of the newest mail to each address."""
    folder = live_server.app.config["INSTANCE"] / "outbox"
    files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    found = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    return {str(mail["To"]): f"{mail['Subject']}\n{mail.get_content()}" for mail in found}
