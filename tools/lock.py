"""Renews the lock files (`make lock`): direct needs stand in pyproject.toml and package.json, everything else is found.

The locks name neither an index nor a machine and hold for every platform from Python 3.11 on.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import frontend
from bootstrap import _PYTHON, _uv
from package_index import SetupError, read_settings

_ROOT = Path(__file__).resolve().parent.parent


def renew(*, upgrade: bool) -> None:
    """Writes requirements/*.txt and package-lock.json; `upgrade` takes the newest that pyproject.toml allows."""
    settings = read_settings()
    uv = _uv(settings)
    switches = ["--generate-hashes", "--no-header", "--no-annotate", "--universal", "--python-version", "3.11"]
    switches += ["--only-binary", ":all:", "--quiet", *(["--upgrade"] if upgrade else [])]
    jobs = {
        "requirements/product.txt": ["pyproject.toml", "--group", "build"],
        # The tests run on what the product runs on.
        "requirements/test.txt": [
            "pyproject.toml",
            "--group",
            "build",
            "--group",
            "test",
            "-c",
            "requirements/product.txt",
        ],
        "requirements/uv.txt": ["--group", "installer"],
    }
    for target, sources in jobs.items():
        asked = [str(uv), "pip", "compile", *sources, *switches, "--output-file", target]
        done = subprocess.run(asked, cwd=_ROOT, env=settings.environment(), stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            raise SetupError(f"{target} could not be renewed; uv's message stands above.")
    frontend.npm(_PYTHON, "install", "--package-lock-only", environment=settings.environment())


if __name__ == "__main__":
    try:
        renew(upgrade="--upgrade" in sys.argv[1:])
    except SetupError as error:
        sys.exit(str(error))
