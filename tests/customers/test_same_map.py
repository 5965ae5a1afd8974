"""The exported identity map is the same file, byte for byte, whatever the order of rows and the number of threads."""

import csv
import os
import random
import subprocess
import sys
from pathlib import Path

from shuke.customers.queries import profiles
from tests.customers.test_resolution import GIVEN, SURNAMES

_ROOT = Path(profiles.__file__).parents[3]
_HEADER = ("source", "source_row_id", "name", "phone", "email", "card", "city", "birthday", "seen_at")


def people(*, seed: int) -> list[tuple[str, ...]]:
    """Records of persons: shared and masked phones, second cards, equal instants."""
    chance = random.Random(seed)
    rows = []
    for number in range(120):
        name = chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(GIVEN)
        phone, born = f"139{number // 2:08}", f"19{60 + number % 40}-0{1 + number % 9}-11"
        for record in range(chance.randrange(1, 4)):
            shown = chance.choice((phone, f"{phone[:3]}****{phone[-4:]}", ""))
            mail = f"p{number}@shop.example" if chance.random() < 0.3 else ""
            card = f"C{number:05}" if chance.random() < 0.5 else ""
            day = f"2026-0{1 + chance.randrange(3)}-01 10:00:00"
            source = chance.choice(("crm", "web"))
            rows.append((source, f"{number}-{record}", name, shown, mail, card, "杭州市", born, day))
    return rows


def exported(folder: Path, *, rows: list[tuple[str, ...]], threads: int) -> bytes:
    """The map that a new shop exports after importing the rows as one file."""
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "SHUKE_THREADS": str(threads)}
    environment.pop("SHUKE_WORKSPACE", None)

    def shuke(*words: str, at: Path) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "shuke.cli.main", *words], cwd=at, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr

    folder.mkdir()
    shuke("init", "shop", at=folder)
    with (folder / "person.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([_HEADER, *rows])
    shuke("import", str(folder / "person.csv"), at=folder / "shop")
    shuke("export", "identity", "--out", str(folder / "map.csv"), at=folder / "shop")
    return (folder / "map.csv").read_bytes()


def test_the_exported_map_is_the_same_file(tmp_path: Path) -> None:
    rows = people(seed=1)
    once = exported(tmp_path / "once", rows=rows, threads=2)
    shuffled = random.Random(2).sample(rows, len(rows))
    assert exported(tmp_path / "shuffled", rows=shuffled, threads=1) == once
    assert once.count(b"\n") == len(rows) + 1
