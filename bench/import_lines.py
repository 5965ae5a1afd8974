"""Import of one till export of 5 million lines over the engine's own copy of the same CSV to Parquet.

full: 5,000,000 lines; small: 200,000. For GB18030 the floor includes one decode and encode of the file. Each import
is a `shuke import` in a process of its own, so its time includes the start of Python.
"""

import argparse
import codecs
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

from bench.figure import Figure, seconds, tell

_ROOT = Path(__file__).resolve().parent.parent
_LINES = {"small": 200_000, "full": 5_000_000}
_MEMORY_KB = 3 * 1024 * 1024
_FILE = """
select
  'S' || lpad((i % 12)::varchar, 2, '0') as "门店编码",
  case i % 3 when 0 then '滨江店' when 1 then '城西店' else '天一店' end as "门店",
  (i % 4)::varchar as "收银台",
  'S' || lpad((i % 12)::varchar, 2, '0') || lpad((i // 2)::varchar, 10, '0') as "小票号",
  (1 + i % 2)::varchar as "行号",
  strftime(timestamp '2024-11-01' + to_seconds(i * 10 % 60000000), '%Y-%m-%d %H:%M:%S') as "交易时间",
  case when i % 50 = 0 then '退货' else '销售' end as "交易类型",
  '收银' || (i % 30)::varchar as "收银员",
  '导购' || (i % 60)::varchar as "导购",
  case when i // 2 % 2 = 0 then '88' || lpad((i // 2 * 7919 % 300000)::varchar, 8, '0') else '' end as "会员卡号",
  case when i // 2 % 3 = 0 then '138' || lpad((i // 2 * 7919 % 99999999)::varchar, 8, '0') else '' end as "手机号",
  'SKU' || (i * 31 % 5000)::varchar as "商品编码",
  '禾里手工面包' || (i * 31 % 5000)::varchar || '号' as "商品名称",
  '烘焙' as "品类",
  case when i % 50 = 0 then -1 else 1 + i % 3 end as "数量",
  (5 + i % 97)::decimal(10, 2) as "单价",
  0.00 as "优惠金额",
  ((5 + i % 97) * case when i % 50 = 0 then -1 else 1 + i % 3 end)::decimal(10, 2) as "实收金额",
  '微信' as "支付方式",
  '' as "原小票号",
  '' as "外部订单号"
from range({lines}) t(i)
"""


def main() -> int:
    """Exit code 1 where a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=sorted(_LINES), default="full")
    lines = _LINES[parser.parse_args().size]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain = folder / "pos.csv"
        duckdb.execute(f"copy ({_FILE.format(lines=lines)}) to '{plain}' (header, preserve_order true)")
        floor = seconds(lambda: _copy(plain, folder / "floor.parquet"), rounds=2)
        met = [_measure(f"import {lines:,} lines UTF-8", path=plain, floor=floor, folder=folder)]
        legacy = folder / "pos-gb18030.csv"
        _transcode(plain, legacy, source="utf-8", target="gb18030")
        again = folder / "again.csv"
        floor += seconds(lambda: _transcode(legacy, again, source="gb18030", target="utf-8"))
        again.unlink()
        plain.unlink()
        met.append(_measure(f"import {lines:,} lines GB18030", path=legacy, floor=floor, folder=folder))
    return 0 if all(met) else 1


def _copy(path: Path, target: Path) -> None:
    duckdb.execute(f"copy (from read_csv('{path}', all_varchar = true)) to '{target}' (format parquet)")


def _transcode(path: Path, to: Path, *, source: str, target: str) -> None:
    decoder = codecs.getincrementaldecoder(source)()
    with path.open("rb") as raw, to.open("wb") as out:
        while block := raw.read(1 << 22):
            out.write(decoder.decode(block).encode(target))


def _measure(name: str, *, path: Path, floor: float, folder: Path) -> bool:
    """Imports into a fresh workspace and tells time and peak memory of that process."""
    shop = folder / name.split()[-1]
    shuke = [sys.executable, "-m", "shuke.cli.main"]
    environment = os.environ | {"PYTHONPATH": str(_ROOT)}
    subprocess.run([*shuke, "init", str(shop)], check=True, env=environment, capture_output=True)
    command = [*shuke, "import", "--workspace", str(shop), str(path)]
    probe = (
        "import resource, subprocess, sys; code = subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL,"
        " stdout=subprocess.DEVNULL).returncode;"
        " print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    told: list[str] = []

    def work() -> None:
        done = subprocess.run([sys.executable, "-c", probe, *command], env=environment, capture_output=True, text=True)
        told[:] = done.stdout.split()

    taken = seconds(work)
    if not told or told[0] != "0":
        print(f"{name}: the import failed", file=sys.stderr)
        return False
    time_met = tell(Figure(name, taken, floor=floor, limit=3.0)).is_met
    memory = int(told[1]) / 2**20
    return tell(Figure(f"{name}, memory", memory, unit="GB", limit=_MEMORY_KB / 2**20)).is_met and time_met


if __name__ == "__main__":
    sys.exit(main())
