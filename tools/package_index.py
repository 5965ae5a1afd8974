"""Where Python packages come from: the person's own index settings, and uv fetched from there by the standard library.

Neither pip nor ensurepip is needed. What pip or uv were told (environment, pip.conf, uv.toml) is honoured, proxies and
private certificate authorities included; a download counts only if its sha256 stands in the lock.
"""

from __future__ import annotations

import base64
import configparser
import hashlib
import html
import io
import os
import platform
import re
import ssl
import sys
import tomllib
import urllib.parse
import urllib.request
import zipfile
from dataclasses import dataclass
from pathlib import Path

# The public index of the Python world, which pip and uv use when nothing else is configured.
_PUBLIC = "pypi"
_DEFAULT_INDEX = f"https://{_PUBLIC}.org/simple"
_TRIES = 3


class SetupError(Exception):
    """The set-up cannot go on; the text says what to do."""


@dataclass(frozen=True)
class IndexSettings:
    """What the person or company configured. `for_uv` are variables that tell uv the same as pip was told."""

    url: str
    extra: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    certificates: str = ""
    for_uv: tuple[tuple[str, str], ...] = ()

    def environment(self) -> dict[str, str]:
        """The present environment with uv told where to fetch from and never to download a Python."""
        told = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", **dict(self.for_uv)}
        told.setdefault("UV_SYSTEM_CERTS", "true")
        if self.certificates:
            told.setdefault("SSL_CERT_FILE", self.certificates)
            told.setdefault("NODE_EXTRA_CA_CERTS", self.certificates)
        return told


def read_settings() -> IndexSettings:
    """Index settings in the order uv's environment, uv.toml, pip's environment, pip.conf, else the public index."""
    pip = _pip_settings()
    certificates = os.environ.get("SSL_CERT_FILE") or pip.get("cert") or os.environ.get("REQUESTS_CA_BUNDLE", "")
    of_uv = _uv_index()
    if of_uv:
        return IndexSettings(url=of_uv, certificates=certificates)
    extra = tuple(url for url in pip.get("extra-index-url", "").split() if _exists(url))
    folders = tuple(place for place in pip.get("find-links", "").split() if _exists(place))
    for_uv = {
        "UV_DEFAULT_INDEX": pip.get("index-url", ""),
        "UV_INDEX": " ".join(extra),
        "UV_FIND_LINKS": ",".join(folders),
        "UV_INSECURE_HOST": pip.get("trusted-host", ""),
        # pip takes the best version of all indexes; hashes keep that safe.
        "UV_INDEX_STRATEGY": "unsafe-best-match" if extra else "",
    }
    return IndexSettings(
        url=pip.get("index-url") or _DEFAULT_INDEX,
        extra=extra,
        folders=folders,
        certificates=certificates,
        for_uv=tuple((key, value) for key, value in for_uv.items() if value),
    )


def fetch_uv(target: Path, *, lock: Path, settings: IndexSettings) -> None:
    """Writes the uv program of the locked version to `target`; raises `SetupError` with what was tried."""
    version, hashes = _locked(lock)
    tried: list[str] = []
    for page in (*settings.folders, *(f"{url.rstrip('/')}/uv/" for url in (settings.url, *settings.extra))):
        try:
            wheel = _find_wheel(page, version=version, hashes=hashes, settings=settings)
        except OSError as error:
            tried.append(f"  {_without_password(page)}: {error}")
            continue
        if wheel is None:
            tried.append(f"  {_without_password(page)}: no uv {version} for {platform.system()} {platform.machine()}")
            continue
        _unpack(wheel, target=target)
        return
    raise SetupError(
        f"uv {version} could not be fetched:\n" + "\n".join(tried) + "\n"
        "Check the network, HTTPS_PROXY, and the package index (PIP_INDEX_URL or UV_DEFAULT_INDEX), then try again.\n"
        "Behind a company's certificate authority set SSL_CERT_FILE; a fresh Linux may lack ca-certificates."
    )


def _pip_settings() -> dict[str, str]:
    """pip's settings, weakest first: files of the system, the user, PIP_CONFIG_FILE, then PIP_* variables."""
    named = os.environ.get("PIP_CONFIG_FILE", "")
    home = Path.home()
    system = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    files = [
        *(Path(folder) / "pip" / "pip.conf" for folder in os.environ.get("XDG_CONFIG_DIRS", "/etc/xdg").split(":")),
        Path("/etc/pip.conf"),
        Path("/Library/Application Support/pip/pip.conf"),
        home / ".pip" / "pip.conf",
        home / "Library/Application Support/pip/pip.conf",
        system / "pip" / "pip.conf",
    ]
    found: dict[str, str] = {}
    for file in [] if named == os.devnull else [*files, *([Path(named)] if named else [])]:
        parser = configparser.RawConfigParser()
        parser.read(file, encoding="utf-8")
        for section in ("global", "install"):
            if parser.has_section(section):
                found.update({key.replace("_", "-"): value.strip() for key, value in parser.items(section)})
    for key in ("index-url", "extra-index-url", "find-links", "cert", "trusted-host"):
        value = os.environ.get(f"PIP_{key.upper().replace('-', '_')}")
        if value is not None:
            found[key] = value
    return found


def _uv_index() -> str:
    """The default index that uv itself was told, or ''."""
    told = os.environ.get("UV_DEFAULT_INDEX") or os.environ.get("UV_INDEX_URL") or ""
    if told:
        return re.sub(r"^[\w.-]+=(?=\w+://)", "", told)
    folder = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    named = os.environ.get("UV_CONFIG_FILE")
    for file in [Path(named)] if named else [folder / "uv/uv.toml", Path("/etc/uv/uv.toml")]:
        if file.is_file():
            config = tomllib.loads(file.read_text("utf-8"))
            defaults = [index["url"] for index in config.get("index", []) if index.get("default")]
            url = (defaults or [config.get("index-url") or config.get("pip", {}).get("index-url") or ""])[0]
            if url:
                return str(url)
    return ""


def _exists(place: str) -> bool:
    """Local places are used only if they are there, as pip does; remote ones are believed."""
    parts = urllib.parse.urlsplit(place)
    if parts.scheme in ("", "file"):
        return Path(urllib.request.url2pathname(parts.path)).exists()
    return True


def _locked(lock: Path) -> tuple[str, frozenset[str]]:
    text = lock.read_text("utf-8")
    version = re.search(r"^uv==(\S+)", text, re.MULTILINE)
    if version is None:
        raise SetupError(f"{lock} names no version of uv. Run 'make lock'.")
    return version[1], frozenset(re.findall(r"sha256:([0-9a-f]{64})", text))


def _find_wheel(page: str, *, version: str, hashes: frozenset[str], settings: IndexSettings) -> bytes | None:
    """The first wheel on an index page (or in a folder) that fits this machine and is in the lock."""
    parts = urllib.parse.urlsplit(page)
    folder = Path(urllib.request.url2pathname(parts.path)) if parts.scheme in ("", "file") else None
    if folder is not None and not (folder / "index.html").is_file():
        links = [path.resolve().as_uri() for path in sorted(folder.glob(f"uv-{version}-*.whl"))]
    else:
        address = (folder / "index.html").resolve().as_uri() if folder is not None else page
        text = _get(address, settings=settings).decode("utf-8", "replace")
        hrefs = re.findall(r"<a\s[^>]*?href\s*=\s*[\"']([^\"']+)", text, re.IGNORECASE)
        links = [urllib.parse.urljoin(address, html.unescape(href)) for href in hrefs]
    for link in links:
        file = urllib.parse.unquote(urllib.parse.urlsplit(link).path).rsplit("/", 1)[-1]
        if not file.startswith(f"uv-{version}-py3-none-") or not _fits(file):
            continue
        wheel = _get(link.split("#")[0], settings=settings)
        if hashlib.sha256(wheel).hexdigest() not in hashes:
            raise SetupError(f"{file} does not have the checksum of the lock. It was not used.")
        return wheel
    return None


def _fits(file: str) -> bool:
    """Whether a wheel's platform tags are those of this machine."""
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    if sys.platform == "darwin":
        kind, machine = "macosx", {"aarch64": "arm64"}.get(machine, machine)
    elif sys.platform == "win32":
        kind, machine = "win", {"x86_64": "amd64", "aarch64": "arm64"}.get(machine, machine)
    else:
        kind = "manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux"
    tags = file.removesuffix(".whl").rsplit("-", 1)[-1].split(".")
    return any(tag.startswith(kind) and tag.endswith(machine) for tag in tags)


def _get(address: str, *, settings: IndexSettings) -> bytes:
    """The bytes at an address; a password in the address goes into a header."""
    parts = urllib.parse.urlsplit(address)
    headers = {"Accept": "application/vnd.pypi.simple.v1+html, text/html;q=0.9, */*;q=0.1"}
    if parts.username:
        secret = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
        headers["Authorization"] = f"Basic {base64.b64encode(secret.encode()).decode()}"
        address = urllib.parse.urlunsplit(parts._replace(netloc=parts.netloc.rsplit("@", 1)[-1]))
    trust = ssl.create_default_context()
    if settings.certificates and Path(settings.certificates).is_file():
        trust.load_verify_locations(settings.certificates)
    for attempt in range(1, _TRIES + 1):
        try:
            request = urllib.request.Request(address, headers=headers)
            with urllib.request.urlopen(request, timeout=60, context=trust) as answer:
                return bytes(answer.read())
        except OSError:
            if attempt == _TRIES or parts.scheme == "file":
                raise
    raise AssertionError("the loop above returns or raises")


def _unpack(wheel: bytes, *, target: Path) -> None:
    """Writes the program inside the wheel whole or not at all."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        name = next(entry for entry in archive.namelist() if re.search(r"\.data/scripts/uv(\.exe)?$", entry))
        program = archive.read(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".part")
    partial.write_bytes(program)
    partial.chmod(0o755)
    partial.replace(target)


def _without_password(address: str) -> str:
    return re.sub(r"//[^/@]+@", "//", address)
