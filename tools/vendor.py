"""Fetch the front-end packages named in vendor.json and write what pages load to app/static/vendor.

Run it after changing a version or the list of components; commit what it writes. It needs npm and
the network. Everything else only reads the files that it leaves behind.
"""

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

TOOLS = Path(__file__).resolve().parent
APP = TOOLS.parent / "app"
VENDOR = APP / "static" / "vendor"
OWN_STYLES = APP / "static" / "css"
CSS_PACKAGE = "@utrecht/component-library-css"
# Where the classes of elements are written.
NAMING = ("templates/**/*.html", "static/js/*.js", "**/*.py")

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CLASS = re.compile(r"\butrecht-[\w-]+")
_SELECTOR = re.compile(r"(?:[^,(\[]|\((?:[^()]|\([^()]*\))*\)|\[[^\]]*\])+")
_NEGATION = re.compile(r":not\([^()]*\)")
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)")
_DECLARATION = re.compile(r"(--[\w-]+)\s*:\s*([^;}]+)")


def main() -> int:
    """Write the bundle, the scripts, their licences and the manifest; return the exit code."""
    plan = json.loads((TOOLS / "vendor.json").read_text())
    with tempfile.TemporaryDirectory() as folder:
        modules = install([*pinned(plan["packages"]), plan["bundler"]], Path(folder))
        VENDOR.mkdir(parents=True, exist_ok=True)
        entries = [copy_script(name, spec, modules) for name, spec in plan["scripts"].items()]
        entries += [bundle_script(name, spec, modules) for name, spec in plan["bundles"].items()]
        entries += write_bundle(plan, modules)
    manifest = {"files": sorted(entries, key=lambda entry: str(entry["file"]))}
    (VENDOR / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    return 0


def pinned(packages: dict[str, str]) -> list[str]:
    """Return the packages as npm asks for them."""
    return [f"{name}@{version}" for name, version in packages.items()]


def install(wanted: list[str], folder: Path) -> Path:
    """Install the exact versions, without running their scripts; return node_modules."""
    (folder / "package.json").write_text("{}")
    subprocess.run(
        ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", *wanted],
        cwd=folder,
        check=True,
    )
    return folder / "node_modules"


def copy_script(name: str, spec: dict[str, str], modules: Path) -> dict[str, Any]:
    """Copy one minified script and its licence; return its line of the manifest."""
    package = modules / spec["package"]
    text = (package / spec["source"]).read_text()
    text = re.sub(r"\n?//# sourceMappingURL=.*", "", text)
    (VENDOR / name).write_text(text)
    licence = VENDOR / f"{name}.LICENSE.txt"
    shutil.copyfile(package / spec["licence"], licence)
    return entry(name, [package], [licence.name])


def bundle_script(name: str, spec: dict[str, Any], modules: Path) -> dict[str, Any]:
    """Put modules that import each other in one minified file; return its line of the manifest."""
    esbuild = str(modules / ".bin" / "esbuild")
    options = ["--bundle", "--minify", "--format=esm", "--target=es2020"]
    subprocess.run(
        [esbuild, *options, f"--outfile={VENDOR / name}"],
        cwd=modules.parent,
        input=spec["source"],
        text=True,
        check=True,
    )
    packages = [modules / package for package in spec["packages"]]
    licences = []
    for package in packages:
        licence = f"{name}.LICENSE-{package.name}.txt"
        shutil.copyfile(next(package.glob("LICENSE*")), VENDOR / licence)
        licences.append(licence)
    return entry(name, packages, licences)


def write_bundle(plan: dict[str, Any], modules: Path) -> list[dict[str, Any]]:
    """Write nlds.css: the rules of the components that a page can use, the tokens they refer to.

    All of it stands in a cascade layer, so that any rule of ours outside a layer wins from it.
    """
    drop = [re.compile(pattern) for pattern in plan["drop_selectors"]]
    classes = named_classes()
    parts = []
    for component in plan["components"]:
        source = modules / "@utrecht" / f"{component}-css" / "dist" / "index.min.css"
        parts.append(prune_rules(_COMMENT.sub("", source.read_text()), drop, classes))
    components = "".join(parts)
    tokens_package = modules / plan["tokens"]["package"]
    declared = declarations((tokens_package / plan["tokens"]["source"]).read_text())
    own = "".join(path.read_text() for path in sorted(OWN_STYLES.glob("*.css")))
    wanted = needed(declared, _VARIABLE.findall(components + own))
    tokens = ";".join(f"{name}:{declared[name]}" for name in wanted)
    notice = "/* EUPL-1.2. See nlds.css.LICENSE-*.md beside this file. */\n"
    layer = f"@layer ground,nlds;@layer nlds{{:root{{{tokens}}}{components}}}"
    (VENDOR / "nlds.css").write_text(f"{notice}{layer}\n")
    licences = {"components": modules / CSS_PACKAGE, "tokens": tokens_package}
    for label, package in licences.items():
        shutil.copyfile(package / "LICENSE.md", VENDOR / f"nlds.css.LICENSE-{label}.md")
    names = [f"nlds.css.LICENSE-{label}.md" for label in licences]
    return [entry("nlds.css", list(licences.values()), names)]


def named_classes() -> set[str]:
    """Return the design system's classes that our templates, scripts and Python name.

    One that ends in "--" is the start of names that a template completes.
    """
    paths = {path for pattern in NAMING for path in APP.glob(pattern)}
    return {name for path in paths for name in _CLASS.findall(path.read_text())}


def may_match(selector: str, classes: set[str]) -> bool:
    """Tell whether an element with classes out of `classes` can match; `:not()` asks for none."""
    starts = tuple(name for name in classes if name.endswith("--"))
    return all(
        name in classes or name.startswith(starts)
        for name in _CLASS.findall(_NEGATION.sub("", selector))
    )


def prune_rules(css: str, drop: list[re.Pattern[str]], classes: set[str]) -> str:
    """Return minified `css` without selectors that nothing matches and rules that this empties.

    Those are the selectors with a class that is not in `classes` and those that match a pattern.
    """
    kept = []
    for prelude, body in rules(css):
        if prelude.startswith("@media"):
            inner = prune_rules(body, drop, classes)
            kept.append(f"{prelude}{{{inner}}}" if inner else "")
            continue
        if prelude.startswith("@"):
            kept.append(f"{prelude}{{{body}}}")
            continue
        selectors = [
            selector
            for selector in split_selectors(prelude)
            if may_match(selector, classes)
            and not any(pattern.search(selector.strip()) for pattern in drop)
        ]
        kept.append(f"{','.join(selectors)}{{{body}}}" if selectors and body else "")
    return "".join(kept)


def rules(css: str) -> Iterator[tuple[str, str]]:
    """Yield (prelude, body) of each top-level rule; at-rules without a block are left out."""
    position = 0
    while (start := css.find("{", position)) != -1:
        depth, end = 1, start + 1
        while depth:
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        prelude = css[position:start].rsplit(";", maxsplit=1)[-1].strip()
        yield prelude, css[start + 1 : end - 1].strip()
        position = end


def split_selectors(prelude: str) -> list[str]:
    """Split at the commas that stand outside brackets."""
    return _SELECTOR.findall(prelude)


def declarations(css: str) -> dict[str, str]:
    """Return the custom properties that `css` declares, the last value of each."""
    found = _DECLARATION.findall(_COMMENT.sub("", css))
    return {name: " ".join(value.split()) for name, value in found}


def needed(declared: dict[str, str], start: Iterable[str]) -> list[str]:
    """Return the declared names that `start` refers to, directly or through other values."""
    seen: set[str] = set()
    queue = list(start)
    while queue:
        name = queue.pop()
        if name in declared and name not in seen:
            seen.add(name)
            queue += _VARIABLE.findall(declared[name])
    return sorted(seen)


def entry(name: str, packages: list[Path], licences: list[str]) -> dict[str, Any]:
    """Return the manifest's line for the file `name`."""
    described = [json.loads((package / "package.json").read_text()) for package in packages]
    digest = hashlib.sha384((VENDOR / name).read_bytes()).digest()
    return {
        "file": name,
        "packages": [f"{item['name']}@{item['version']}" for item in described],
        "licence": " and ".join(sorted({item["license"] for item in described})),
        "licence_files": licences,
        "sha384": "sha384-" + base64.b64encode(digest).decode(),
    }


if __name__ == "__main__":
    sys.exit(main())
