"""Compiles translations: every `.po` that is newer than its `.mo`. Runs inside the environment (needs polib)."""

from __future__ import annotations

from pathlib import Path

import polib

_ROOT = Path(__file__).resolve().parent.parent


def compile_all() -> int:
    """Compiles what changed; returns how many files."""
    done = 0
    for source in sorted((_ROOT / "shuke").glob("**/locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.is_file() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        partial = target.with_suffix(".mo.part")
        polib.pofile(str(source)).save_as_mofile(str(partial))
        partial.replace(target)
        done += 1
    return done


if __name__ == "__main__":
    compile_all()
