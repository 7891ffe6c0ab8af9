"""The vendored front end is exactly what the manifest says, with its licences, and small enough."""

import base64
import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from whitenoise import compress

from app import create_app
from app.extensions import Kring

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "app" / "static"
VENDOR = STATIC / "vendor"
ENTRIES: list[dict[str, Any]] = json.loads((VENDOR / "manifest.json").read_text())["files"]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry["file"]))
def test_a_vendored_file_has_the_hash_of_the_manifest(entry: dict[str, Any]) -> None:
    digest = hashlib.sha384((VENDOR / entry["file"]).read_bytes()).digest()
    assert entry["sha384"] == "sha384-" + base64.b64encode(digest).decode()


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry["file"]))
def test_a_vendored_file_has_its_licence_beside_it(entry: dict[str, Any]) -> None:
    assert entry["licence"]
    assert entry["licence_files"]
    for name in entry["licence_files"]:
        assert (VENDOR / name).stat().st_size > 200


def test_nothing_is_vendored_outside_the_manifest() -> None:
    named = {"manifest.json"}
    for entry in ENTRIES:
        named |= {entry["file"], *entry["licence_files"]}
    packed = {path.name for path in VENDOR.glob("*.gz")}  # `make run` and `make install` make these
    assert {path.name for path in VENDOR.iterdir()} - packed == named


def test_the_manifest_holds_the_versions_that_are_pinned() -> None:
    pinned = json.loads((ROOT / "tools" / "vendor.json").read_text())["packages"]
    vendored = {package for entry in ENTRIES for package in entry["packages"]}
    assert vendored == {f"{name}@{version}" for name, version in pinned.items()}


def test_styles_and_scripts_load_nothing_from_elsewhere() -> None:
    for path in [*STATIC.rglob("*.css"), *(STATIC / "js").glob("*.js")]:
        text = path.read_text()
        assert not re.search(r"@import|url\(\s*['\"]?(?!data:)", text), path
        assert "https://" not in text, path


def test_every_token_that_our_styles_use_is_declared() -> None:
    own = (STATIC / "css" / "kring.css").read_text()
    declared = set(re.findall(r"(--[\w-]+)\s*:", own + (VENDOR / "nlds.css").read_text()))
    used = set(re.findall(r"var\(\s*(--[\w-]+)\s*\)", own))
    assert used - declared - {"--_utrecht-alert-border-color"} == set()


def test_every_icon_that_a_template_names_is_drawn() -> None:
    templates = ROOT / "app" / "templates"
    drawn = set(
        re.findall(
            r"^  '([a-z-]+)': '", (templates / "components/icon.html").read_text(), re.MULTILINE
        )
    )
    assert len(drawn) > 30
    for path in templates.rglob("*.html"):
        for name in re.findall(r"\bicon\('([a-z-]+)'|\bicon='([a-z-]+)'", path.read_text()):
            assert ("".join(name)) in drawn, f"{path}: {name}"


def test_styles_and_scripts_of_a_first_page_stay_under_39_kilobytes() -> None:
    """The page itself may take the other 6 of 45, which is three quarters of the target."""
    files = [
        "vendor/nlds.css",
        "css/kring.css",
        "vendor/htmx.min.js",
        "js/kring.js",
        "img/favicon.svg",
    ]
    size = sum(len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in files)
    assert size < 39_000


def test_who_takes_a_packed_file_gets_it(
    app: Kring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "x.css").write_text("p { margin: 0 }\n" * 200)
    compress.main(["--quiet", "--no-brotli", str(tmp_path)])
    monkeypatch.setattr("app.templating.STATIC", tmp_path)
    client = create_app({"TESTING": True}).test_client()
    packed = client.get("/static/css/x.css", headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert packed.headers["Content-Encoding"] == "gzip" and len(packed.data) < 200
    again = client.get(
        "/static/css/x.css", headers={"If-None-Match": packed.headers["ETag"]}, buffered=True
    )
    assert again.status_code == 304
    assert "Content-Encoding" not in client.get("/static/css/x.css", buffered=True).headers
