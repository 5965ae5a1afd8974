"""DuckDB: one in-memory engine a process, bounded, offline, always UTC."""

import os
import threading
from pathlib import Path

import duckdb

# stable_hash: `md5_number_lower` gives the same number by way of a text of 128 digits, four times as slowly.
_MACROS = """
create or replace macro stable_hash(s) as ((md5_number(s) >> 64) & 9223372036854775807)::bigint;
create or replace macro mask_name(s) as case when length(trim(s)) > 0 then left(trim(s), 1) || '**' else '' end;
create or replace macro national_digits(s) as
  case when length(s) = 13 and starts_with(s, '86') then substr(s, 3) else s end;
create or replace macro mask_phone(s) as
  case when s is null then null when length(national_digits(s)) >= 8
  then left(national_digits(s), 3) || '****' || right(national_digits(s), 4) else repeat('*', length(s)) end;
-- Many shops use the mobile number as card or member number; other numbers say nothing of a person.
create or replace macro mask_number(s) as
  case when regexp_matches(national_digits(s), '^1[3-9][0-9]{9}$') then mask_phone(s) else s end;
create or replace macro mask_email(s) as
  case when s is null then null when strpos(s, '@') > 0
  then left(s, 1) || '***' || substr(s, strpos(s, '@')) else '***' end;
"""

_engines: dict[Path, duckdb.DuckDBPyConnection] = {}
_lock = threading.Lock()


def threads() -> int:
    """Threads that any library may use: SHUKE_THREADS, by default all cores; it bounds engine and models alike."""
    return int(os.environ.get("SHUKE_THREADS") or os.cpu_count() or 2)


def engine(scratch: Path) -> duckdb.DuckDBPyConnection:
    """A cursor of this process's engine whose spill folder is `scratch`; the caller closes it.

    SHUKE_MEMORY (default 3GB) and SHUKE_THREADS (see `threads`) bound it.
    """
    with _lock:
        if scratch not in _engines:
            scratch.mkdir(parents=True, exist_ok=True)
            _engines[scratch] = _open(scratch)
        return _engines[scratch].cursor()


def let_go(scratch: Path) -> None:
    """Closes the engine of a folder, where there is one: its memory goes back to the system."""
    with _lock:
        open_here = _engines.pop(scratch, None)
    if open_here is not None:
        open_here.close()


def _open(scratch: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": os.environ.get("SHUKE_MEMORY", "3GB"),
            "threads": str(threads()),
            "temp_directory": str(scratch),
            "preserve_insertion_order": "false",
        },
    )
    connection.execute("set timezone = 'UTC'")
    connection.execute("set global parquet_metadata_cache = true")
    # Blocks are kept for the next statement instead of going back to the system: a fifth of the time of a big sort.
    connection.execute("set global block_allocator_memory = current_setting('memory_limit')")
    connection.execute(_MACROS)
    return connection
