"""From the text of a cell to a value: SQL expressions, each with a fast path for what is plain.

Every function takes SQL text of an expression and gives SQL text; null means blank or unreadable, which the caller
tells apart by the cleaned text. DuckDB evaluates the later branches of `case` and `coalesce` only for the rows
that reach them, so the regular expressions cost nothing on plain files.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from shuke.intake.values import Quirks
from shuke.kernel.money import exponent
from shuke.lake.rules import literal

_BLANK_WORDS = "(?i)--?|—|/|null|none|nan|#?n/a|\\\\n|无"
_APOSTROPHE = "'"
_WIDE = "０１２３４５６７８９，．－＋：／（）　−–"
_NARROW = "0123456789,.-+:/() --"
_ODD_BLANKS = " \t\r\n\v\f\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff"
_TENS = {0: 1, 2: 100, 3: 1000}
# Ten digits before the point: a cell with more is an error, and minor units stay far from the edge of 64 bits.
_MOST = 10_000_000_000
MOST_MINOR = _MOST * 100


def trimmed(cell: str, quirks: Quirks) -> str:
    """SQL: text without surrounding blanks."""
    if quirks.blanks:
        return f"trim({cell}, {literal(_ODD_BLANKS)})"
    return f"trim({cell})" if quirks.edges else cell


def filled(text: str, quirks: Quirks) -> str:
    """SQL: trimmed text without spreadsheet guards (`="123"`, leading apostrophe), null where it is blank.

    The words that systems write into empty cells (NULL, --, 无) are blank as well. Byte lengths and comparisons
    come first because they cost next to nothing.
    """
    branches = [f"when {text} = '' or {text} is null then null"]
    if quirks.guards:
        inner = f"substr({text}, 3, length({text}) - 3)"
        guarded = f"starts_with({text}, '=\"') and ends_with({text}, '\"')"
        branches.append(f"when {guarded} then nullif(trim({inner}, {literal(_ODD_BLANKS)}), '')")
    if quirks.apostrophes:
        marked = f"starts_with({text}, {literal(_APOSTROPHE)}) or starts_with({text}, '’')"
        branches.append(f"when {marked} then nullif(trim(substr({text}, 2), {literal(_ODD_BLANKS)}), '')")
    word = f"strlen({text}) <= 4 and ({text} < '0' or {text} > ':')"
    branches.append(f"when {word} and regexp_full_match({text}, {literal(_BLANK_WORDS)}) then null")
    return f"case {' '.join(branches)} else {text} end"


def dated(text: str) -> str:
    """Null for the dates that systems write where there is none (0000-00-00)."""
    return f"(case when starts_with({text}, '0000') or {text} = '1970-01-01 00:00:00' then null else {text} end)"


def destroyed(text: str) -> str:
    """True for an id that a spreadsheet turned into a power of ten (1.23457E+17)."""
    return (
        f"(strlen({text}) <= 24 and contains({text}, 'E') and regexp_full_match({text}, '\\d(\\.\\d+)?E\\+?\\d+')"
        f" and (contains({text}, '.') or contains({text}, '+')))"
    )


def plain_decimal(text: str, kind: str) -> str:
    """SQL: `decimal(18,x)` from a plain number; null for all else (also 1_000, which the engine would take)."""
    return f"case when not contains({text}, '_') then try_cast({text} as {kind}) end"


def written_decimal(text: str, kind: str) -> str:
    """SQL: `decimal(18,x)` from a number as people write it: full width, thousands separators, 元, ¥, units."""
    narrow = f"translate({text}, {literal(_WIDE)}, {literal(_NARROW)})"
    bare = f"regexp_replace({narrow}, '[\\s¥￥$£€元件个盒份瓶袋只包张]|人民币|CNY|RMB|USD|GBP|EUR', '', 'g')"
    signed = f"regexp_replace(regexp_replace({bare}, '^\\((.+)\\)$', '-\\1'), '^([0-9.,]+)-$', '-\\1')"
    return (
        f"case when regexp_full_match({signed}, '[-+]?(\\d+|\\d{{1,3}}(,\\d{{3}})+)?(\\.\\d*)?')"
        f" then try_cast(replace({signed}, ',', '') as {kind}) end"
    )


def minor(number: str, currency: str) -> str:
    """Minor units from a decimal, half up (away from zero); null where it is beyond ten digits."""
    tens = _TENS[exponent(currency)]
    return f"case when {number} between -{_MOST} and {_MOST} then cast(round({number} * {tens}, 0) as bigint) end"


def whole(number: str) -> str:
    """SQL: a 64-bit whole number from a decimal; null where it has a fraction."""
    return f"case when {number} = trunc({number}) then cast({number} as bigint) end"


def plain_time(text: str) -> str:
    """SQL: a timestamp from `YYYY-MM-DD HH:MM:SS`; null for all else."""
    return f"case when strlen({text}) = 19 and substr({text}, 17, 1) = ':' then try_cast({text} as timestamp) end"


def written_time(text: str, *, order: str = "") -> str:
    """SQL: a timestamp as the file's wall clock shows it, in any form people write.

    `order` is `mdy` or `dmy` where a mapping knows how its system writes 1/2/2024; else such a date is unreadable
    unless one of its numbers is above 12.
    """
    shape = "\\d{4}[-/]\\d{1,2}[-/]\\d{1,2}([ T]+\\d{1,2}:\\d{1,2}(:\\d{1,2}(\\.\\d+)?)?)?"
    common = f"case when regexp_full_match({text}, '{shape}') then try_cast({text} as timestamp) end"
    narrow = f"translate({text}, {literal(_WIDE)}, {literal(_NARROW)})"
    words = f"regexp_replace({narrow}, '\\s*(年|月|\\.)\\s*', '-', 'g')"
    days = f"regexp_replace({words}, '\\s*日\\s*', ' ')"
    hours = f"regexp_replace({days}, '\\s*[时点]\\s*', ':')"
    clock = f"regexp_replace(regexp_replace({hours}, '\\s*分\\s*', ':'), '\\s*秒\\s*', '')"
    tidy = f"regexp_replace(regexp_replace(trim({clock}), ':$', ''), '[ T]+', ' ')"
    chinese = f"case when regexp_full_match({tidy}, '{shape}') then try_cast({tidy} as timestamp) end"
    return f"coalesce({common}, {_digits(text)}, {_slashed(text, order)}, {chinese})"


def _digits(text: str) -> str:
    """Days since 1899-12-30 (a spreadsheet's serial), YYYYMMDD and YYYYMMDDhhmmss."""
    serial = f"try_cast({text} as double)"
    return (
        f"case when regexp_full_match({text}, '\\d{{5}}(\\.\\d+)?') and {serial} between 20000 and 80000"
        " then date_trunc('second', timestamp '1899-12-30'"
        f" + to_milliseconds(cast(round({serial} * 86400000) as bigint))"
        f" + interval 500 millisecond)"
        f" when regexp_full_match({text}, '(19|20)\\d{{6}}') then try_strptime({text}, '%Y%m%d')"
        f" when regexp_full_match({text}, '(19|20)\\d{{12}}') then try_strptime({text}, '%Y%m%d%H%M%S') end"
    )


def _slashed(text: str, order: str) -> str:
    """D/M/YYYY or M/D/YYYY, by `order` or by the number that can only be a day."""
    first = f"try_cast(regexp_extract({text}, '^(\\d+)/', 1) as integer)"
    second = f"try_cast(regexp_extract({text}, '/(\\d+)/', 1) as integer)"
    month_first = {"mdy": "true", "dmy": "false"}.get(order, f"{second} > 12 and {first} <= 12")
    day_first = {"mdy": "false", "dmy": "true"}.get(order, f"{first} > 12 and {second} <= 12")

    def parsed(day: str) -> str:
        formats = [f"{day}{clock}" for clock in ("", " %H:%M", " %H:%M:%S")]
        return f"try_strptime({text}, [{', '.join(literal(name) for name in formats)}])"

    return (
        f"case when regexp_full_match({text}, '\\d{{1,2}}/\\d{{1,2}}/\\d{{4}}( \\d{{1,2}}:\\d{{2}}(:\\d{{2}})?)?')"
        f" then case when {month_first} then {parsed('%m/%d/%Y')} when {day_first} then {parsed('%d/%m/%Y')} end end"
    )


def to_utc(local: str, *, zone: str) -> str:
    """SQL: the UTC timestamp of a wall-clock timestamp in `zone` (IANA name).

    A zone that never moved its clocks since 1992 (China) is a subtraction there, ten times faster than the calendar.
    """
    general = f"cast(({local} at time zone {literal(zone)}) at time zone 'UTC' as timestamp)"
    minutes = _fixed_minutes(zone)
    if minutes is None:
        return general
    return f"case when {local} >= timestamp '1992-01-02' then {local} - interval {minutes} minute else {general} end"


@lru_cache(maxsize=64)
def _fixed_minutes(zone: str) -> int | None:
    """Minutes east of Greenwich of a zone whose offset was the same on each day from 1992 to 2040; else None."""
    place, first = ZoneInfo(zone), datetime(1992, 1, 1, tzinfo=UTC)
    offsets = {(first + timedelta(days=day)).astimezone(place).utcoffset() for day in range(0, 49 * 365, 5)}
    only = offsets.pop()
    return int(only.total_seconds()) // 60 if only is not None and not offsets else None


def offset_time(text: str) -> str:
    """SQL: a UTC timestamp from an instant that tells its offset (Z, +08:00) or counts Unix (milli)seconds."""
    shape = "\\d{4}-\\d{2}-\\d{2}[ T]\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?\\s?(Z|UTC|[-+]\\d{2}(:?\\d{2})?)"
    spaced = f"regexp_replace(replace(replace({text}, 'T', ' '), 'UTC', 'Z'), '\\s+(Z|[-+])', '\\1')"
    colon = f"regexp_replace({spaced}, '([-+]\\d{{2}})(\\d{{2}})$', '\\1:\\2')"
    seconds = f"regexp_full_match({text}, '1\\d{{9}}')"
    thousandths = f"regexp_full_match({text}, '1\\d{{12}}')"
    return (
        f"case when regexp_full_match({text}, '{shape}')"
        f" then cast(try_cast({colon} as timestamptz) at time zone 'UTC' as timestamp)"
        f" when {seconds} then make_timestamp(cast({text} as bigint) * 1000000)"
        f" when {thousandths} then make_timestamp(cast({text} as bigint) * 1000) end"
    )
