"""Runs the benchmarks one after another, each in a process of its own, and writes their figures to docs/figures.md.

`python -m bench [--only NAME] [--size small|full]`. A benchmark is a module here that prints lines by `figure.tell`
when it runs as `python -m bench.NAME --size SIZE`.
"""

import argparse
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench.figure import machine

_HERE = Path(__file__).resolve().parent
_PAGE = _HERE.parent / "docs" / "figures.md"
_HEAD = """# Measured figures

By `make bench`. Floor and figure come from one run of one process; `MISSED` says that the limit was not met.

"""
_LINE = re.compile(r"^(?P<name>\S[^:]*): (?:floor (?P<floor>[\d,.]+ \S+), )?figure (?P<figure>[\d,.]+ \S+?)(?:,|$| \()")


def main() -> int:
    """Exit code 1 when a benchmark failed or missed its limit."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", help="one benchmark by its module's name")
    parser.add_argument(
        "--size", choices=["small", "full"], default="full", help="small tries it out; full is the claim"
    )
    asked = parser.parse_args()
    names = sorted(p.stem for p in _HERE.glob("*.py") if not p.stem.startswith("_") and p.stem != "figure")
    chosen = [name for name in names if asked.only in (None, name)]
    if not chosen:
        print(f"No benchmark is called {asked.only}; there are {', '.join(names)}.", file=sys.stderr)
        return 2
    failed = []
    for name in chosen:
        print(f"== {name} ({asked.size})", flush=True)
        code, told = _run(name, size=asked.size)
        if asked.size == "full" and told:
            _write(name, lines=told)
        if code or any("MISSED" in line for line in told):
            failed.append(name)
    print(
        f"{len(chosen) - len(failed)} benchmarks met their limits"
        + (f"; not met: {', '.join(failed)}" if failed else "")
    )
    return 1 if failed else 0


def _run(name: str, *, size: str) -> tuple[int, list[str]]:
    """Runs one benchmark, passes its output on, and returns its exit code and figure lines."""
    told = []
    command = [sys.executable, "-m", f"bench.{name}", "--size", size]
    with subprocess.Popen(command, cwd=_HERE.parent, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or []:
            print(f"  {line.rstrip()}", flush=True)
            if _LINE.match(line):
                told.append(line.rstrip())
    return process.returncode, told


def _write(name: str, *, lines: list[str]) -> None:
    """Puts one benchmark's lines into the page, met or missed, and leaves the other sections as they were measured."""
    text = _PAGE.read_text("utf-8") if _PAGE.is_file() else _HEAD
    head, *sections = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    others = [section for section in sections if not section.startswith(f"## {name}\n")]
    told = "".join(f"- {line}\n" for line in lines)
    day = datetime.now(UTC).date()
    mine = f"## {name}\n\nMeasured on {day}, on {machine()}.\n\n{told}\n"
    _PAGE.write_text(head + "".join(sorted([*others, mine])), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
