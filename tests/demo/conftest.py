"""One small retailer for the whole folder, and its files as tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest

from shuke.demo.actions import write_exports
from shuke.demo.values import DemoSummary

CUSTOMERS = 1_500
SEED = 7
AS_OF = date(2026, 11, 23)


@dataclass(frozen=True)
class Retailer:
    """A written retailer; `sql` sees the truth as tables and text files by `load`."""

    exports: Path
    truth: Path
    summary: DemoSummary
    connection: duckdb.DuckDBPyConnection

    def sql(self, query: str) -> list[tuple[object, ...]]:
        """Rows of a query."""
        return self.connection.execute(query).fetchall()

    def one(self, query: str) -> object:
        """The only value of a query."""
        (row,) = self.sql(query)
        return row[0]


@pytest.fixture(scope="session")
def retailer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retailer]:
    """1,500 customers; the text files are tables `pos`, `tmall`, `tmall_lines`, `jd`, `youzan`, all columns text."""
    folder = tmp_path_factory.mktemp("retailer")
    exports, truth = folder / "exports", folder / "truth"
    summary = write_exports(exports, truth=truth, customers=CUSTOMERS, seed=SEED, as_of=AS_OF)
    made = Retailer(exports, truth, summary, duckdb.connect())
    for name in ("persons", "records", "orders", "problems"):
        made.connection.execute(f"create view truth_{name} as select * from '{truth}/{name}.parquet'")
    for table, pattern, encoding in (
        ("pos", "pos_*.csv", "gb18030"),
        ("tmall", "ExportOrderList*.csv", "gb18030"),
        ("tmall_lines", "ExportOrderDetailList*.csv", "gb18030"),
        ("jd", "jd_*.csv", "gb18030"),
        ("youzan", "有赞订单_*.csv", "utf-8-sig"),
    ):
        _load(made, table, pattern, encoding, folder / "utf8")
    yield made
    made.connection.close()


def _load(made: Retailer, table: str, pattern: str, encoding: str, into: Path) -> None:
    into.mkdir(exist_ok=True)
    for place, path in enumerate(sorted(made.exports.glob(pattern))):
        copy = into / f"{table}_{place}.csv"
        codec = "utf-8-sig" if path.name.endswith("(1).csv") else encoding
        copy.write_text(path.read_bytes().decode(codec), "utf-8", newline="")
        union = f"insert into {table}" if place else f"create table {table} as"
        made.connection.execute(
            f"{union} select *, '{path.name}' as file from read_csv('{copy}', all_varchar=true, header=true, quote='')"
        )
