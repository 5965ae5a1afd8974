"""Set-up: from a fresh checkout and a plain Python 3.11 to `.venv/bin/shuke`.

`python3 tools/bootstrap.py` sets up what the product needs, `... test` what the tests need as well. It needs neither
pip nor ensurepip. Everything is locked by hash; a second run finds its stamps and touches no network.
"""

from __future__ import annotations

import hashlib
import platform
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import frontend
from package_index import IndexSettings, SetupError, fetch_uv, read_settings

_ROOT = Path(__file__).resolve().parent.parent
_VENV = _ROOT / ".venv"
_PYTHON = _VENV / "bin" / "python"
_LOCKS = _ROOT / "requirements"
_LEVELS = {"product": _LOCKS / "product.txt", "test": _LOCKS / "test.txt"}
_SCRIPT = """#!/bin/sh
'''exec' {python} "$0" "$@"
'''
import sys

from shuke.cli.main import main

sys.exit(main())
"""


def main(level: str) -> None:
    """Brings the checkout to `level`: product or test."""
    started = time.monotonic()
    worked = _packages(level)
    worked = _front_end(level) or worked
    worked = _texts() or worked
    if worked:
        say(f"环境就绪，用时 {time.monotonic() - started:.0f} 秒 · ready", step="5/5")


def say(text: str, *, step: str) -> None:
    """One progress line."""
    print(f"[{step}] {text}", flush=True)


def _stamp_of(level: str) -> str:
    """What the environment should be made of, its place included: a moved checkout is set up again."""
    parts = [str(_ROOT), platform.python_version(), sys.executable, _LEVELS[level].read_text("utf-8")]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _packages(level: str) -> bool:
    """Creates the environment and installs the lock; whether there was anything to do."""
    stamp = _VENV / "shuke-setup.txt"
    wanted = {_stamp_of("test"), _stamp_of(level)}
    if stamp.is_file() and stamp.read_text("utf-8") in wanted and _answers():
        return False
    settings = read_settings()
    uv = _uv(settings)
    say(f"建立 Python {platform.python_version()} 环境 · creating .venv", step="2/5")
    if not (stamp.is_file() and _answers()):
        _run(
            uv, "venv", "--quiet", "--clear", "--no-project", "--python", sys.executable, str(_VENV), settings=settings
        )
    stamp.unlink(missing_ok=True)
    say("安装锁定的依赖（逐个校验哈希）· installing locked packages", step="3/5")
    lock = str(_LEVELS[level])
    _run(
        uv,
        "pip",
        "sync",
        "--require-hashes",
        "--only-binary",
        ":all:",
        "--python",
        str(_PYTHON),
        lock,
        settings=settings,
    )
    _link_project()
    stamp.write_text(_stamp_of(level), "utf-8")
    return True


def _answers() -> bool:
    """Whether the environment's Python starts (its base may have been removed or upgraded)."""
    if not _PYTHON.exists():
        return False
    asked = [str(_PYTHON), "-c", "import platform; print(platform.python_version())"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    return done.stdout.strip() == platform.python_version()


def _uv(settings: IndexSettings) -> Path:
    """The locked uv, fetched once into `build/`."""
    lock = _LOCKS / "uv.txt"
    name = hashlib.sha256(lock.read_bytes()).hexdigest()[:12]
    uv = _ROOT / "build" / f"uv-{name}" / "uv"
    if not uv.is_file():
        say("取得安装工具 uv · fetching uv", step="1/5")
        fetch_uv(uv, lock=lock, settings=settings)
    return uv


def _run(program: Path, *arguments: str, settings: IndexSettings) -> None:
    environment = settings.environment()
    # A folder activated in the caller's shell must not be the one that is filled.
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONHOME", "PYTHONPATH"):
        environment.pop(name, None)
    done = subprocess.run([str(program), *arguments], cwd=_ROOT, env=environment, check=False)
    if done.returncode:
        raise SetupError(
            f"'{program.name} {arguments[0]}' ended with code {done.returncode}; its own message stands above.\n"
            "Check the network and the package index (PIP_INDEX_URL, UV_DEFAULT_INDEX, HTTPS_PROXY), then run it again."
        )


def _link_project() -> None:
    """Makes the checkout importable and writes the `shuke` command, without a build back end."""
    for folder in (_VENV / "lib").glob("python3*/site-packages"):
        (folder / "shuke-checkout.pth").write_text(f"{_ROOT}\n", "utf-8")
    script = _VENV / "bin" / "shuke"
    script.write_text(_SCRIPT.format(python=shlex.quote(str(_PYTHON))), "utf-8")
    script.chmod(0o755)


def _front_end(level: str) -> bool:
    with_tests = level == "test"
    if frontend.is_ready(with_tests=with_tests):
        return False
    say("安装界面文件 · front-end files", step="4/5")
    frontend.install(_PYTHON, environment=read_settings().environment(), with_tests=with_tests)
    return True


def _texts() -> bool:
    """Compiles translations that changed."""
    sources = list((_ROOT / "shuke").glob("**/locale/*/LC_MESSAGES/*.po"))
    targets = [(source, source.with_suffix(".mo")) for source in sources]
    if all(mo.is_file() and mo.stat().st_mtime >= po.stat().st_mtime for po, mo in targets):
        return False
    done = subprocess.run([str(_PYTHON), str(_ROOT / "tools" / "texts.py")], check=False)
    if done.returncode:
        raise SetupError("A translation file cannot be compiled; the message above names it.")
    return True


if __name__ == "__main__":
    try:
        main("test" if "test" in sys.argv[1:] else "product")
    except SetupError as error:
        sys.exit(f"\n安装没有完成 · set-up did not finish\n{error}")
    except KeyboardInterrupt:
        sys.exit("\n已中断；再运行一次会接着做 · stopped; run it again to go on")
    except OSError as error:
        free = shutil.disk_usage(_ROOT).free // 2**20
        sys.exit(f"\n安装没有完成 · set-up did not finish\n{error} (free space here: {free} MB)")
