"""What never enters the project: places of one machine, package hosts, third-party files, large files, secrets."""

import json
import re
from pathlib import Path

from tests.house.reading import ROOT, all_files, broken, name_of, text_files

# Written in pieces so that this file does not break its own rule.
_HOSTS = re.compile(
    "|".join(
        [
            r"\b(pypi|pythonhosted|npmjs|npmmirror|yarnpkg|jsdelivr|unpkg|cdnjs)[.](org|com|net|io)\b",
            r"\b(tuna|ustc|mirrors)[.](tsinghua|aliyun|ustc|cloud|edu)\b",
            r"\bdeb[.]debian[.]org\b",
            r"\bregistry[.][a-z]+[.][a-z]+",
        ]
    ),
    re.IGNORECASE,
)
_PLACES = re.compile(r"(?<![\w.$}/*-])/(work|root|home|Users)/[A-Za-z0-9._-]+")
_TEMPORARY = re.compile(r"(?<![\w.$}/*-])/tmp/")
_LOCKED = {"package-lock.json"}
_OWN = Path(__file__)


def _lines(pattern: re.Pattern[str], *, among: str = "") -> list[str]:
    return [
        f"{name_of(path)}:{number} {line.strip()[:90]}"
        for path, text in text_files()
        if path != _OWN and path.name not in _LOCKED and name_of(path).startswith(among)
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_package_host_is_named() -> None:
    found = _lines(_HOSTS)
    assert not found, broken("The index is the user's setting; no file names a package host or a CDN.", found)


def test_no_place_of_one_machine_is_named() -> None:
    found = _lines(_PLACES) + _lines(_TEMPORARY, among="shuke/") + _lines(_TEMPORARY, among="docs/")
    assert not found, broken("Paths are relative to the checkout or the workspace.", found)


def test_nothing_third_party_is_committed() -> None:
    foreign = re.compile(r"\.min\.(js|css)$|\.(woff2?|ttf|otf|whl|egg|so|dll|jar|map)$|node_modules|/vendor/")
    found = [name_of(path) for path in all_files() if foreign.search(name_of(path))]
    assert not found, broken("Third-party files come from the locked install and are not committed.", found)


def test_files_are_small() -> None:
    large = [
        f"{name_of(path)}: {path.stat().st_size // 1024} kB" for path in all_files() if path.stat().st_size > 900_000
    ]
    assert not large, broken("No file above 900 kB; test data are made by the tests.", large)


def test_pages_load_nothing_from_elsewhere() -> None:
    outside = re.compile(r"""(src|href)\s*=\s*["'](https?:)?//|@import\s+url|url\(\s*["']?https?:""", re.IGNORECASE)
    found = [
        f"{name_of(path)}:{number}"
        for path, text in text_files()
        if path.suffix in {".html", ".css"}
        for number, line in enumerate(text.splitlines(), start=1)
        if outside.search(line)
    ]
    assert not found, broken("Pages work without the internet: no CDN, no outside address.", found)


def test_python_locks_pin_by_hash_and_name_no_index() -> None:
    for name in ("product", "test", "uv"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
        pinned = re.findall(r"^([a-z0-9][\w.\-]*)==", text, re.MULTILINE)
        blocks = [block for block in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE) if "==" in block]
        assert pinned and len(blocks) == len(pinned)
        bare = [block.split(" ")[0] for block in blocks if "--hash=sha256:" not in block]
        assert not bare, broken(f"Every package of requirements/{name}.txt carries hashes.", bare)
        assert not re.search(r"https?://|--index|--find-links|--extra", text), f"requirements/{name}.txt names a place"


def test_the_tests_run_on_what_the_product_runs_on() -> None:
    def pins(name: str) -> dict[str, str]:
        text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
        return {
            line.split(" \\")[0].split("==")[0] + line.partition(";")[2]: line
            for line in text.splitlines()
            if "==" in line
        }

    product, test = pins("product"), pins("test")
    different = [line for key, line in product.items() if test.get(key) != line]
    assert not different, broken("requirements/test.txt holds the product's versions; run 'make lock'.", different)


def test_product_lock_holds_no_test_tools() -> None:
    text = (ROOT / "requirements" / "product.txt").read_text("utf-8")
    tools = [
        name for name in ("pytest", "mypy", "ruff", "pyspark", "playwright", "hypothesis") if f"\n{name}==" in text
    ]
    assert not tools, broken("'make demo' installs neither Spark nor test tools.", tools)


def test_front_end_lock_names_no_place() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    placed = [name for name, entry in packages.items() if "resolved" in entry]
    unhashed = [name for name, entry in packages.items() if not entry.get("integrity")]
    assert not placed, broken(
        "package-lock.json records no download address (omit-lockfile-registry-resolved).", placed
    )
    assert not unhashed, broken("package-lock.json pins by hash.", unhashed)


def test_the_licence_is_there() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License" in text and "Version 2.0" in text
