"""The set-up: whose index it asks, which wheel it takes, and that a wrong checksum is refused."""

import hashlib
import io
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import package_index
import pytest
from package_index import IndexSettings, SetupError, fetch_uv, read_settings

WHEEL = "uv-1.2.3-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"
PROGRAM = b"#!/bin/sh\necho uv 1.2.3\n"


@pytest.fixture
def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person without any settings, on a Linux machine."""
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_CONFIG_FILE", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    for name in ("PIP_FIND_LINKS", "PIP_CERT", "PIP_TRUSTED_HOST", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setattr(package_index.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(package_index.platform, "libc_ver", lambda: ("glibc", "2.36"))
    monkeypatch.setattr(package_index.sys, "platform", "linux")
    return tmp_path


def _wheel() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in (("uv", PROGRAM), ("uvx", b"other")):
            archive.writestr(zipfile.ZipInfo(f"uv-1.2.3.data/scripts/{name}"), content)
    return buffer.getvalue()


def _lock(folder: Path, *, wheel: bytes) -> Path:
    lock = folder / "uv.txt"
    lock.write_text(f"uv==1.2.3 \\\n    --hash=sha256:{hashlib.sha256(wheel).hexdigest()}\n", "utf-8")
    return lock


class _Quiet(SimpleHTTPRequestHandler):
    log_message = staticmethod(lambda *_: None)

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("Authorization", "")))
        super().do_GET()


@pytest.fixture
def index(nobody: Path) -> Iterator[ThreadingHTTPServer]:
    """A real package index on this machine that holds one version of uv for several platforms."""
    page = nobody / "site" / "simple" / "uv"
    page.mkdir(parents=True)
    files = nobody / "site" / "files"
    files.mkdir()
    (files / WHEEL).write_bytes(_wheel())
    names = [WHEEL.replace("x86_64", "aarch64"), WHEEL.replace("manylinux", "musllinux"), "uv-1.2.3.tar.gz", WHEEL]
    links = "".join(f'<a href="../../files/{name}#sha256=0">{name}</a><br/>\n' for name in names)
    (page / "index.html").write_text(f"<html><body>{links}</body></html>", "utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(nobody / "site")))
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def _address(server: ThreadingHTTPServer, *, user: str = "") -> str:
    return f"http://{user}127.0.0.1:{server.server_address[1]}/simple/"


def test_without_settings_the_public_index_is_asked(nobody: Path) -> None:
    settings = read_settings()
    assert settings.url.startswith("https://") and settings.for_uv == () and settings.extra == ()


def test_pip_settings_are_honoured_and_told_to_uv(nobody: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    local = nobody / "wheels"
    local.mkdir()
    config = nobody / "pip.conf"
    config.write_text(
        "[global]\nindex-url = https://mirror.example/simple\nextra_index_url =\n    https://more.example/simple\n"
        f"    file://{nobody}/absent\nfind-links = {local}\n    {nobody}/absent\n"
        "[install]\ntrusted-host = mirror.example\n",
        "utf-8",
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(config))
    settings = read_settings()
    told = dict(settings.for_uv)
    assert settings.url == told["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert settings.extra == ("https://more.example/simple",), "local places that are absent are passed over"
    assert told["UV_FIND_LINKS"] == str(local)
    assert told["UV_INSECURE_HOST"] == "mirror.example"
    assert settings.environment()["UV_PYTHON_DOWNLOADS"] == "never"


def test_the_environment_goes_before_the_file(nobody: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = nobody / "pip.conf"
    config.write_text("[global]\nindex-url = https://file.example/simple\n", "utf-8")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(config))
    monkeypatch.setenv("PIP_INDEX_URL", "https://variable.example/simple")
    assert read_settings().url == "https://variable.example/simple"
    monkeypatch.setenv("UV_DEFAULT_INDEX", "company=https://uv.example/simple")
    assert read_settings().url == "https://uv.example/simple", "what uv itself was told goes first"


def test_uv_toml_is_read(nobody: Path) -> None:
    folder = nobody / "nobody" / ".config" / "uv"
    folder.mkdir(parents=True)
    (folder / "uv.toml").write_text('[[index]]\nurl = "https://toml.example/simple"\ndefault = true\n', "utf-8")
    assert read_settings().url == "https://toml.example/simple"


def test_uv_comes_from_the_index_for_this_machine(index: ThreadingHTTPServer, nobody: Path) -> None:
    target = nobody / "build" / "uv"
    fetch_uv(target, lock=_lock(nobody, wheel=_wheel()), settings=IndexSettings(url=_address(index)))
    assert target.read_bytes() == PROGRAM
    assert target.stat().st_mode & 0o111
    assert [path for path, _ in index.asked if "files" in path] == [f"/files/{WHEEL}"], "one wheel, the right one"


def test_a_password_in_the_address_goes_into_a_header(index: ThreadingHTTPServer, nobody: Path) -> None:
    address = _address(index, user="lin:ge%40heim@")
    fetch_uv(nobody / "uv", lock=_lock(nobody, wheel=_wheel()), settings=IndexSettings(url=address))
    assert index.asked[0][1] == "Basic bGluOmdlQGhlaW0="


def test_another_checksum_is_refused(index: ThreadingHTTPServer, nobody: Path) -> None:
    target = nobody / "uv"
    with pytest.raises(SetupError, match="checksum"):
        fetch_uv(target, lock=_lock(nobody, wheel=b"another"), settings=IndexSettings(url=_address(index)))
    assert not target.exists()


def test_a_folder_of_wheels_works_without_a_network(nobody: Path) -> None:
    wheels = nobody / "wheels"
    wheels.mkdir()
    (wheels / WHEEL).write_bytes(_wheel())
    settings = IndexSettings(url="http://127.0.0.1:9/simple", folders=(str(wheels),))
    fetch_uv(nobody / "uv", lock=_lock(nobody, wheel=_wheel()), settings=settings)
    assert (nobody / "uv").read_bytes() == PROGRAM


def test_what_was_tried_is_told_without_passwords(nobody: Path) -> None:
    settings = IndexSettings(url="http://lin:secret@127.0.0.1:9/simple")
    with pytest.raises(SetupError) as told:
        fetch_uv(nobody / "uv", lock=_lock(nobody, wheel=_wheel()), settings=settings)
    assert "127.0.0.1:9" in str(told.value) and "HTTPS_PROXY" in str(told.value)
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    ("system", "machine", "libc", "tag"),
    [
        ("linux", "x86_64", "glibc", "manylinux_2_17_x86_64.manylinux2014_x86_64"),
        ("linux", "aarch64", "glibc", "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64"),
        ("linux", "x86_64", "", "musllinux_1_1_x86_64"),
        ("darwin", "arm64", "", "macosx_11_0_arm64"),
        ("darwin", "x86_64", "", "macosx_10_12_x86_64"),
    ],
)
def test_wheels_fit_their_machine_only(
    monkeypatch: pytest.MonkeyPatch, system: str, machine: str, libc: str, tag: str
) -> None:
    monkeypatch.setattr(package_index.sys, "platform", system)
    monkeypatch.setattr(package_index.platform, "machine", lambda: machine)
    monkeypatch.setattr(package_index.platform, "libc_ver", lambda: (libc, ""))
    assert package_index._fits(f"uv-1.2.3-py3-none-{tag}.whl")
    assert not package_index._fits("uv-1.2.3-py3-none-linux_armv6l.whl")
    assert not package_index._fits("uv-1.2.3-py3-none-manylinux_2_17_ppc64le.manylinux2014_ppc64le.whl")
