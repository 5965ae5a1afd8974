"""Texts of the second stage, each distinct one once: words of names, addresses, cities, and how alike two are."""

from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from shuke.customers.adapters import short_names
from shuke.customers.values import Ints

# The words of a name: of a Chinese one the family name and the given name, of others those that are no titles.
_NAMES = """
create or replace temp table similar_name as
with spelled as (
  select
    a.number, p.name_key,
    regexp_matches(p.name_key, '^[一-鿿]+$') as is_chinese,
    trim(regexp_replace(regexp_replace(p.name_key, $titles, ' ', 'g'), '\\s+', ' ', 'g')) as plain
  from asked_texts a
  join person_evidence p on p.evidence_id = a.evidence_id
),
worded as (
  select *,
    case when is_chinese then [left(name_key, 1), substring(name_key, 2)]
      else string_split(case when plain = '' then name_key else plain end, ' ') end as words
  from spelled
),
parted as (
  select *, case when is_chinese then words[2] else words[1] end as f,
    case when is_chinese then words[1] else words[len(words)] end as l
  from worded
)
select
  p.number, p.is_chinese, words, len(words) as k, f, l, coalesce(c.whole, f) as c,
  array_to_string(words, ' ') as n,
  array_to_string(list_sort(list_distinct(words)), ' ') as s
from parted p
left join short_names c on c.short = p.f
"""
_NAME_CODES = """
select
  is_chinese, k > 1 as has_words,
  hash(n) as n, hash(l) as l, hash(c) as c, hash(s) as s,
  hash(left(c, 1)) as c_first, hash(left(l, 1)) as l_first, hash(left(s, 2)) as s_begin, hash(left(l, 4)) as l_begin
from similar_name
order by number
"""
_WRITTEN = """
with written as (
  select record_id, max(lower(trim(address))) as address
  from staged_persons
  where address is not null
  group by record_id
)
select a.number, w.address
from written w
join person_evidence p on p.own_record = w.record_id
join asked_texts a on a.evidence_id = p.evidence_id
"""
_ADDRESSES = """
create or replace temp table similar_address as
select
  number, replace(address, ' ', '') as whole,
  case when strpos(address, ' ') > 0 then split_part(address, ' ', 1) else left(address, 6) end as area,
  case when strpos(address, ' ') > 0 then regexp_extract(address, '[^ ]+$') else right(address, 6) end as tail
from asked_texts
"""
_ADDRESS_CODES = """
select length(whole) as length, hash(whole) as whole, hash(area) as area, hash(tail) as tail
from similar_address
order by number
"""
_CITIES = """
create or replace temp table similar_city as
select a.number, lower(regexp_replace(trim(p.city), '市$', '')) as city
from asked_texts a
join person_evidence p on p.evidence_id = a.evidence_id
"""
_COMPARED = """
select {level} as level
from asked_pairs p
join similar_{field} a on a.number = p.one
join similar_{field} b on b.number = p.other
order by p.place
"""
_INITIAL = "least(length(a.f), length(b.f)) = 1 and left(a.c, 1) = left(b.c, 1) and not a.is_chinese"


def _close(one: str, other: str) -> str:
    """Two words of one kind that differ by a slip."""
    same = " or ".join(f"{side}({one}, 1) = {side}({other}, 1)" for side in ("left", "right"))
    chinese = f"length({one}) = 2 and length({other}) = 2 and ({same})"
    plain = f"jaro_winkler_similarity({one}, {other}) >= 0.88 and least(length({one}), length({other})) > 2"
    return f"(case when a.is_chinese then {chinese} else {plain} end)"


_CLOSE_F, _CLOSE_L = _close("a.f", "b.f"), _close("a.l", "b.l")
_CROSS_ONE = f"a.l = b.f or {_close('a.l', 'b.f')} or least(length(a.l), length(b.f)) = 1"
_CROSS_TWO = f"a.f = b.l or {_close('a.f', 'b.l')} or least(length(a.f), length(b.l)) = 1"
# Levels of texts that differ: of names 0 to 7, of addresses and cities whether they are a slip apart.
_LEVELS = {
    "name": f"""case
    when a.s = b.s or (a.l = b.l and a.f = b.f) then 7
    when a.l = b.l and (a.c = b.c or ({_INITIAL}) or ({_CLOSE_F})) then 6
    when (a.c = b.c and ({_CLOSE_L})) or (({_CLOSE_L}) and ({_CLOSE_F} or {_INITIAL}))
      or (a.f = b.l and ({_CROSS_ONE})) or (a.l = b.f and ({_CROSS_TWO})) then 5
    when a.k <> b.k and (list_has_all(a.words, b.words) or list_has_all(b.words, a.words)) then 4
    when a.l = b.l then 3
    when a.k + b.k > 2 and not a.is_chinese and list_has_any(a.words, b.words) then 2
    when a.c = b.c or jaro_winkler_similarity(a.n, b.n) >= 0.85 then 1
    else 0
  end""",
    "address": "case when damerau_levenshtein(a.whole, b.whole) <= 2 then 1 else 0 end",
    "city": "case when jaro_winkler_similarity(a.city, b.city) >= 0.9 then 1 else 0 end",
}


class Texts:
    """Distinct texts in temporary tables of one cursor, by number; gone after `close`."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor

    def names(self, numbers: Ints, ids: Ints) -> dict[str, Any]:
        """Codes of the words, and their beginnings, of the names 0, 1, .. (`numbers`), each read from one of `ids`."""
        shorts = short_names()
        table = pa.table({"short": list(shorts.whole), "whole": list(shorts.whole.values())})
        self._cursor.register("short_names", table)
        self._tabled(_NAMES, {"number": numbers, "evidence_id": ids}, titles=shorts.titles)
        self._cursor.unregister("short_names")
        return self._columns(_NAME_CODES)

    def written(self, ids: Ints) -> tuple[Ints, pa.Array]:
        """The address of the record of each evidence as a number from 1 (0: none), and the texts."""
        self._cursor.register("asked_texts", pa.table({"number": np.arange(len(ids)), "evidence_id": ids}))
        found = self._cursor.sql(_WRITTEN).to_arrow_table()
        self._cursor.unregister("asked_texts")
        coded = found["address"].combine_chunks().dictionary_encode()
        numbers = np.zeros(len(ids), np.int64)
        numbers[found["number"].to_numpy()] = coded.indices.to_numpy().astype(np.int64) + 1
        return numbers, coded.dictionary

    def addresses(self, texts: pa.Array) -> dict[str, Any]:
        """Codes of the texts of addresses, numbered from 0: whole, area and tail, and how long they are."""
        self._tabled(_ADDRESSES, {"number": np.arange(len(texts)), "address": texts})
        return self._columns(_ADDRESS_CODES)

    def cities(self, numbers: Ints, ids: Ints) -> None:
        """Takes the names of cities, each from the evidence of `ids`."""
        self._tabled(_CITIES, {"number": numbers, "evidence_id": ids})

    def levels(self, field: str, one: Ints, other: Ints) -> Ints:
        """How alike two different texts of a field are; every pair of texts is compared once."""
        size = int(other.max(initial=0)) + 1
        distinct, place = _distinct(one * size + other)
        pairs = {"place": np.arange(len(distinct)), "one": distinct // size, "other": distinct % size}
        self._cursor.register("asked_pairs", pa.table(pairs))
        found = self._columns(_COMPARED.format(field=field, level=_LEVELS[field]))["level"]
        self._cursor.unregister("asked_pairs")
        levels: Ints = found.astype(np.int64)[place]
        return levels

    def close(self) -> None:
        """Drops the tables."""
        for field in _LEVELS:
            self._cursor.execute(f"drop table if exists similar_{field}")

    def _tabled(self, statement: str, columns: dict[str, Any], **parameters: str) -> None:
        self._cursor.register("asked_texts", pa.table(columns))
        self._cursor.execute(statement, parameters) if parameters else self._cursor.execute(statement)
        self._cursor.unregister("asked_texts")

    def _columns(self, statement: str) -> dict[str, Any]:
        table: Any = self._cursor.sql(statement).to_arrow_table()
        return {name: table[name].to_numpy() for name in table.column_names}


def _distinct(codes: Ints) -> tuple[Ints, Ints]:
    """Distinct codes in their order, and which of them each code is; few of them without any sorting."""
    size = int(codes.max(initial=0)) + 1
    if size > max(4 * len(codes), 1):
        found: tuple[Ints, Ints] = np.unique(codes, return_inverse=True)
        return found
    seen = np.zeros(size, bool)
    seen[codes] = True
    return np.flatnonzero(seen), (np.cumsum(seen) - 1)[codes]
