"""Second stage: finds and compares records that no key ties, by name, birthday, place and gender."""

from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from shuke.customers.actions.evidence import Loaded, spelled
from shuke.customers.adapters import short_names, weights
from shuke.customers.rules import weak
from shuke.customers.rules.masked import Joins, nothing
from shuke.customers.rules.names import similar as alike
from shuke.customers.values import Evidence, Flags, Floats, Ints
from shuke.lake.actions import Run

# The words of a name: of a Chinese one the family name and the given name, of others those that are no titles.
_ROWS = """
create or replace temp table similar_rows as
with addresses as (
  select record_id, max(lower(trim(address))) as address
  from staged_persons
  where address is not null
  group by record_id
),
asked as (
  select
    a.row, a.grp, a.loose, p.birthday, p.gender, p.city, s.address, p.name_key,
    hash(p.birthday, left(p.name_key, 1)) as born_and_initial,
    hash(p.name_key, lower(p.city)) as name_and_city
  from asked_rows a
  join person_evidence p on p.evidence_id = a.evidence_id
  left join addresses s on s.record_id = p.own_record
),
-- rows that keys hold are compared only where a loose row shares something rare with them
rare as (
  select born_and_initial as shared from asked where loose and birthday is not null
  union
  select hash(address) as shared from asked where loose and address is not null
  union
  select name_and_city as shared from asked where city is not null
  group by name_and_city
  having count(case when loose then 1 end) > 0 and count(*) <= $rare
),
spelled as (
  select
    row, grp, loose, birthday, gender, city, address, name_key,
    regexp_matches(name_key, '^[一-鿿]+$') as is_chinese,
    trim(regexp_replace(regexp_replace(name_key, $titles, ' ', 'g'), '\\s+', ' ', 'g')) as plain
  from asked
  where (loose and coalesce(cast(birthday as varchar), city, address) is not null)
    or (birthday is not null and born_and_initial in (select shared from rare))
    or (address is not null and hash(address) in (select shared from rare))
    or (city is not null and name_and_city in (select shared from rare))
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
  p.row, p.grp, p.loose, p.is_chinese,
  array_to_string(words, ' ') as n,
  array_to_string(list_sort(list_distinct(words)), ' ') as s,
  words, len(words) as k,
  f, l, coalesce(c.whole, f) as c,
  birthday, cast(birthday as varchar) as born, year(birthday) as born_year,
  month(birthday) = 1 and day(birthday) = 1 as year_only,
  lower(regexp_replace(trim(city), '市$', '')) as city,
  address, replace(address, ' ', '') as whole_address,
  case when strpos(address, ' ') > 0 then split_part(address, ' ', 1) else left(address, 6) end as area,
  case when strpos(address, ' ') > 0 then regexp_extract(address, '[^ ]+$') else right(address, 6) end as tail,
  gender
from parted p
left join short_names c on c.short = p.f
"""
_RULES = {
    "name and year": "hash(n, born_year)",
    "birthday and first name": "hash(birthday, left(c, 1), 1)",
    "birthday and family name": "hash(birthday, left(l, 1), 2)",
    "birthday and swapped": "hash(birthday, left(s, 2), 3)",
    "address": "hash(whole_address, 4)",
    "name": "hash(n, 5)",
    "words and city": "hash(s, city, 6)",
    "family name, initial and city": "hash(l, left(c, 1), city, 7)",
    "family name and area": "hash(l, area, 8)",
    "family name and tail": "hash(l, tail, 9)",
    "first name and area": "hash(c, area, 10)",
    "first name and tail": "hash(c, tail, 11)",
    "family name and year": "hash(left(l, 4), born_year, 12)",
    "first name, initial and year": "hash(c, left(l, 1), born_year, 13)",
}
_NEEDS = {
    "name and year": "birthday is not null",
    "birthday and first name": "birthday is not null",
    "birthday and family name": "birthday is not null",
    "birthday and swapped": "birthday is not null and k > 1",
    "address": "length(whole_address) > 4",
    "words and city": "city is not null and k > 1",
    "family name, initial and city": "city is not null and not is_chinese",
    "family name and area": "area is not null and not is_chinese",
    "family name and tail": "tail is not null and not is_chinese",
    "first name and area": "area is not null and not is_chinese",
    "first name and tail": "tail is not null and not is_chinese",
    "family name and year": "birthday is not null and not is_chinese",
    "first name, initial and year": "birthday is not null and not is_chinese",
}
_SIZES = """
create or replace temp table similar_blocks as
select {key} as block, count(*) as size, count(case when loose then 1 end) as loose
from similar_rows where {needs}
group by {key} having count(*) > 1 and count(case when loose then 1 end) > 0 and count(*) <= {most}
"""
_PAIRS = """
insert into similar_pairs
select a.row as lo, b.row as hi
from (select row, grp, loose, {key} as block from similar_rows where {needs}) a
join similar_blocks s on s.block = a.block and s.size <= {most}
join (select row, grp, loose, {key} as block from similar_rows where {needs}) b on b.block = a.block
where a.row < b.row and a.grp <> b.grp and (a.loose or b.loose)
"""
_COMPARE = """
select
  p.lo, p.hi,
  case
    when a.n = b.n then 8
    when a.s = b.s or (a.l = b.l and a.f = b.f) then 7
    when a.l = b.l and (a.c = b.c or ({initial}) or ({close_f})) then 6
    when (a.c = b.c and ({close_l})) or (({close_l}) and ({close_f} or {initial}))
      or (a.f = b.l and ({cross_one})) or (a.l = b.f and ({cross_two})) then 5
    when a.k <> b.k and (list_has_all(a.words, b.words) or list_has_all(b.words, a.words)) then 4
    when a.l = b.l then 3
    when a.k + b.k > 2 and not a.is_chinese and list_has_any(a.words, b.words) then 2
    when a.c = b.c or jaro_winkler_similarity(a.n, b.n) >= 0.85 then 1
    else 0
  end as name,
  case
    when a.birthday is null or b.birthday is null then 6
    when a.birthday = b.birthday then 5
    when damerau_levenshtein(a.born, b.born) <= 1
      or (a.born_year = b.born_year and month(a.birthday) = day(b.birthday) and day(a.birthday) = month(b.birthday))
      then 4
    when a.born_year = b.born_year and (a.year_only or b.year_only) then 3
    when a.born_year = b.born_year or right(a.born, 5) = right(b.born, 5) then 2
    when abs(a.born_year - b.born_year) <= 1 or damerau_levenshtein(a.born, b.born) <= 2 then 1
    else 0
  end as birthday,
  case
    when a.address is null or b.address is null then 4
    when a.whole_address = b.whole_address then 3
    when length(a.whole_address) > 8 and damerau_levenshtein(a.whole_address, b.whole_address) <= 2 then 2
    when a.area = b.area or a.tail = b.tail then 1
    else 0
  end as address,
  case
    when a.city is null or b.city is null then 3
    when a.city = b.city then 2
    when jaro_winkler_similarity(a.city, b.city) >= 0.9 then 1
    else 0
  end as city,
  case when a.gender is null or b.gender is null then 2 when a.gender = b.gender then 1 else 0 end as gender,
  case when a.n = b.n then cn.carried else 0 end as of_name,
  case when a.l = b.l then cl.carried else 0 end as of_family_name,
  case when a.birthday = b.birthday then cb.carried else 0 end as of_birthday,
  case when a.whole_address = b.whole_address then ca.carried else 0 end as of_address,
  case when a.city = b.city then cc.carried else 0 end as of_city
from asked_pairs p
join similar_rows a on a.row = p.lo
join similar_rows b on b.row = p.hi
left join similar_name cn on cn.value = a.n
left join similar_family_name cl on cl.value = a.l
left join similar_birthday cb on cb.value = a.birthday
left join similar_address ca on ca.value = a.whole_address
left join similar_city cc on cc.value = a.city
order by p.lo, p.hi
"""
# How many loose rows carry each value; agreement in a rare one says more. (Of the others only some are here.)
_COUNTED = {"name": "n", "family_name": "l", "birthday": "birthday", "address": "whole_address", "city": "city"}
_COUNT = """
create or replace temp table similar_{field} as
select {value} as value, count(*) as carried from similar_rows where loose and {value} is not null group by {value}
"""
_EQUAL = "select coalesce(sum(carried * (carried - 1.0)), 0), coalesce(sum(carried), 0) from similar_{field}"
_INITIAL = "least(length(a.f), length(b.f)) = 1 and left(a.c, 1) = left(b.c, 1) and not a.is_chinese"


def _close(one: str, other: str) -> str:
    """Two words of one kind that differ by a slip."""
    same = " or ".join(f"{side}({one}, 1) = {side}({other}, 1)" for side in ("left", "right"))
    chinese = f"length({one}) = 2 and length({other}) = 2 and ({same})"
    plain = f"jaro_winkler_similarity({one}, {other}) >= 0.88 and least(length({one}), length({other})) > 2"
    return f"(case when a.is_chinese then {chinese} else {plain} end)"


_FILLED = {
    "initial": _INITIAL,
    "close_f": _close("a.f", "b.f"),
    "close_l": _close("a.l", "b.l"),
    "cross_one": f"a.l = b.f or {_close('a.l', 'b.f')} or least(length(a.l), length(b.f)) = 1",
    "cross_two": f"a.f = b.l or {_close('a.f', 'b.l')} or least(length(a.f), length(b.l)) = 1",
}
_MOST_A_BLOCK = (100, 50, 25, 12, 6, 3)
# Of each rule, pairs for each loose record; and pairs that cost nothing yet.
_PAIRS_A_RECORD = 4
_PAIRS_AT_LEAST = 50_000
_PAIRS_AT_MOST = 2_000_000
_RANDOM_PAIRS = 100_000
_RARE = 12


def similar(run: Run, loaded: Loaded) -> Callable[[Evidence, Ints], Joins]:
    """Gives the second stage for the evidence loaded: from the groups so far to the joins that similarity makes."""

    def attach(evidence: Evidence, used: Ints) -> Joins:
        nobody = nothing(evidence, used)
        rows = _asked(evidence)
        if len(rows) < 2:
            return nobody
        lake = run.reader()
        lake.use("person_evidence", "staged_persons")
        loose = _is_loose(evidence, used)
        if np.count_nonzero(loose[rows]) < 2:
            return nobody
        held = _held_with_something(evidence, rows, loose=loose)
        with _Search(lake.cursor, rows=rows, ids=loaded.ids, used=used, loose=loose, others=held) as search:
            pairs = search.pairs()
            if not len(pairs):
                return nobody
            found = search.compared(pairs)
            fitted = weak.fit(
                found,
                search.compared(search.random()),
                records=search.records,
                total=search.total,
                equal=search.equal,
            )
            score = weak.log_odds(found, fitted, equal=search.equal, totals=search.totals)
        return _joins(found, score, used=used)

    return attach


def _asked(evidence: Evidence) -> Ints:
    """Own records with a name."""
    return np.flatnonzero(evidence.is_own & ~evidence.is_staff & (evidence.name != 0))


def _is_loose(evidence: Evidence, used: Ints) -> Flags:
    """Rows of groups that no key holds together."""
    held = np.zeros(len(evidence), bool)
    for values in evidence.keys.values():
        carried = np.bincount(values, minlength=1)
        carried[0] = 0
        held[used[carried[values] > 1]] = True
    return ~held[used]


def _joins(found: weak.Compared, score: Floats, *, used: Ints) -> Joins:
    """Joins of groups; a pair of groups counts with the likeliest pair of its rows."""
    one, other = np.minimum(used[found.left], used[found.right]), np.maximum(used[found.left], used[found.right])
    order = np.lexsort((-score, other, one))
    one, other, score = one[order], other[order], score[order]
    fresh = np.ones(len(one), bool)
    fresh[1:] = (one[1:] != one[:-1]) | (other[1:] != other[:-1])
    left, right, probability = weak.link(one[fresh], other[fresh], score[fresh], least=weights().review_from)
    return Joins(right, left, probability)


def _held_with_something(evidence: Evidence, rows: Ints, *, loose: Flags) -> int:
    """How many of the rows that keys hold have a birthday or a city."""
    beside = (evidence.birthday[rows] != 0) | (evidence.city[rows] != 0)
    return int(np.count_nonzero(beside & ~loose[rows]))


class _Search:
    """Temporary tables of one search, gone afterwards."""

    def __init__(
        self, cursor: duckdb.DuckDBPyConnection, *, rows: Ints, ids: Ints, used: Ints, loose: Flags, others: int
    ) -> None:
        self._cursor = cursor
        self._ids = ids
        self._loose = rows
        self._others = others
        self._asked = pa.table({"row": rows, "evidence_id": ids[rows], "grp": used[rows], "loose": loose[rows]})
        self.equal: dict[str, float] = {}
        self.totals: dict[str, float] = {}
        self.records = 0
        self.total = 0.0

    def __enter__(self) -> "_Search":
        names = short_names()
        cursor = self._cursor
        cursor.register("asked_rows", self._asked)
        cursor.register("short_names", pa.table({"short": list(names.whole), "whole": list(names.whole.values())}))
        cursor.execute(_ROWS, {"titles": names.titles, "rare": _RARE})
        kept = cursor.sql("select row from similar_rows where loose order by row").to_arrow_table()
        self._loose = kept["row"].to_numpy()
        self.records = len(self._loose)
        self.total = max(self.records * (self._others + (self.records - 1) / 2), 1.0)
        for field, value in _COUNTED.items():
            cursor.execute(_COUNT.format(field=field, value=value))
            both, total = cursor.execute(_EQUAL.format(field=field)).fetchall()[0]
            self.totals[field] = max(float(total), 1.0)
            self.equal[field] = max(float(both), 0.5) / max(float(total) * (float(total) - 1), 1.0)
        return self

    def __exit__(self, *_: object) -> None:
        for name in ("asked_rows", "short_names"):
            self._cursor.unregister(name)
        for name in ("rows", "pairs", "blocks", *_COUNTED):
            self._cursor.execute(f"drop table if exists similar_{name}")

    def pairs(self) -> pa.Table:
        """Distinct pairs of rows that share a block."""
        cursor = self._cursor
        cursor.execute("create or replace temp table similar_pairs (lo bigint, hi bigint)")
        allowed = min(max(_PAIRS_A_RECORD * len(self._loose), _PAIRS_AT_LEAST), _PAIRS_AT_MOST)
        for name, key in _RULES.items():
            needs = _NEEDS.get(name, "true")
            cursor.execute(_SIZES.format(key=key, needs=needs, most=_MOST_A_BLOCK[0]))
            for most in _MOST_A_BLOCK:
                count = f"select coalesce(sum(size * (size - 1) / 2), 0) from similar_blocks where size <= {most}"
                if cursor.execute(count).fetchall()[0][0] <= allowed:
                    break
            cursor.execute(_PAIRS.format(key=key, needs=needs, most=most))
        return cursor.sql("select distinct lo, hi from similar_pairs").to_arrow_table()

    def random(self) -> pa.Table:
        """Pairs of loose rows at fixed distances in the order of a hash of their ids."""
        order = self._loose[np.argsort(_scattered(self._ids[self._loose]))]
        lo, hi = [], []
        for step in range(1, min(max(_RANDOM_PAIRS // len(order), 1) + 1, len(order))):
            lo.append(np.minimum(order[step:], order[:-step]))
            hi.append(np.maximum(order[step:], order[:-step]))
        pairs = np.concatenate(lo)[:_RANDOM_PAIRS], np.concatenate(hi)[:_RANDOM_PAIRS]
        return pa.table({"lo": pairs[0], "hi": pairs[1]})

    def compared(self, pairs: pa.Table) -> weak.Compared:
        """Levels of the pairs, in the order of their rows."""
        self._cursor.register("asked_pairs", pairs)
        table: Any = self._cursor.sql(_COMPARE.format(**_FILLED)).to_arrow_table()
        self._cursor.unregister("asked_pairs")
        column = {name: table[name].to_numpy().astype(np.int64) for name in table.column_names}
        return weak.Compared(
            left=column["lo"],
            right=column["hi"],
            levels={
                "name": column["name"],
                "birthday": column["birthday"],
                "place": weak.place_level(column["address"], column["city"]),
                "gender": column["gender"],
            },
            carried={field: column[f"of_{field}"].astype(float) for field in _COUNTED},
        )


def _scattered(ids: Ints) -> Any:
    """Numbers that say nothing of the order of ids (a multiplicative hash)."""
    return ids.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)


def callbacks(run: Run, loaded: Loaded) -> dict[str, Any]:
    """What partition asks of texts."""
    return {"similar": similar(run, loaded), "close": close(run, loaded)}


def close(run: Run, loaded: Loaded) -> Callable[[Ints, Ints], Flags]:
    """Says of pairs of rows whether their full names are two spellings of one."""
    names_of = spelled(run, loaded)

    def are_close(left: Ints, right: Ints) -> Flags:
        names = zip(names_of(left), names_of(right), strict=True)
        return np.array([bool(one and other and alike(one, other)) for one, other in names], bool)

    return are_close
