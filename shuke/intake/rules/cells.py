"""From the text of a cell to a value: SQL expressions, each with a fast path for what is plain.

Every function takes SQL text of an expression and gives SQL text; null means blank or unreadable, which the caller
tells apart by the cleaned text. DuckDB evaluates the later branches of `case` and `coalesce` only for the rows
that reach them, so the regular expressions cost nothing on plain files.
"""

from shuke.intake.values import Quirks
from shuke.kernel.money import exponent
from shuke.lake.rules import literal

_BLANK_WORDS = ["-", "--", "—", "/", "null", "NULL", "Null", "None", "none", "nan", "NaN", "N/A", "#N/A", "n/a", "\\N", "无"]
_NO_DATES = ["0000-00-00", "0000-00-00 00:00:00", "0000/00/00", "1970-01-01 00:00:00"]
_WIDE = "０１２３４５６７８９，．－＋：／（）　−–"
_NARROW = "0123456789,.-+:/() --"
_ODD_BLANKS = " \t\r\n\v\f\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff"
_TENS = {0: 1, 2: 100, 3: 1000}
# Ten digits before the point: a cell with more is an error, and minor units stay far from the edge of 64 bits.
_MOST = 10_000_000_000


def clean(cell: str, quirks: Quirks) -> str:
    """Text without surrounding blanks and spreadsheet guards (`="123"`, leading apostrophe or tab); blank is null."""
    text = f"trim({cell}, {literal(_ODD_BLANKS)})" if quirks.blanks else f"trim({cell})"
    if quirks.guards:
        text = (
            f"case when starts_with({text}, '=\"') and ends_with({text}, '\"')"
            f" then trim(substr({text}, 3, length({text}) - 3)) else {text} end"
        )
    if quirks.apostrophes:
        text = f"case when starts_with({text}, '''') or starts_with({text}, '’') then trim(substr({text}, 2)) else {text} end"
    return f"nullif({text}, '')"


def worded(text: str) -> str:
    """Null for the words that systems write into empty cells (NULL, --, 无)."""
    return f"case when length({text}) <= 4 and {text} in {literal(_BLANK_WORDS)} then null else {text} end"


def dated(text: str) -> str:
    """Null for the dates that systems write where there is none (0000-00-00)."""
    return f"case when {text} in {literal(_NO_DATES)} then null else {text} end"


def destroyed(text: str) -> str:
    """True for an id that a spreadsheet turned into a power of ten (1.23457E+17)."""
    return (
        f"(length({text}) <= 24 and contains({text}, 'E') and regexp_full_match({text}, '\\d(\\.\\d+)?E\\+?\\d+')"
        f" and (contains({text}, '.') or contains({text}, '+')))"
    )


def decimal(text: str, kind: str) -> str:
    """`decimal(18,x)` from a number; full-width digits, thousands separators, 元, ¥ and units of count are understood."""
    plain = f"case when not contains({text}, '_') then try_cast({text} as {kind}) end"
    narrow = f"translate({text}, {literal(_WIDE)}, {literal(_NARROW)})"
    bare = f"regexp_replace({narrow}, '[\\s¥￥$£€元件个盒份瓶袋只包张]|人民币|CNY|RMB|USD|GBP|EUR', '', 'g')"
    signed = f"regexp_replace(regexp_replace({bare}, '^\\((.+)\\)$', '-\\1'), '^([0-9.,]+)-$', '-\\1')"
    slow = (
        f"case when regexp_full_match({signed}, '[-+]?(\\d+|\\d{{1,3}}(,\\d{{3}})+)?(\\.\\d*)?')"
        f" then try_cast(replace({signed}, ',', '') as {kind}) end"
    )
    return f"coalesce({plain}, {slow})"


def minor(number: str, currency: str) -> str:
    """Minor units from a decimal, half up (away from zero); null where it is beyond ten digits."""
    tens = _TENS[exponent(currency)]
    return f"case when {number} between -{_MOST} and {_MOST} then cast(round({number} * {tens}, 0) as bigint) end"


def whole(text: str) -> str:
    """A 64-bit whole number; 1,200 and 1200.0 are understood."""
    number = decimal(text, "decimal(18,6)")
    return f"case when ({number}) = trunc({number}) then cast(({number}) as bigint) end"


def local_time(text: str, *, order: str = "") -> str:
    """A timestamp as the file's wall clock shows it. Instants with an offset are left to `offset_time`.

    `order` is `mdy` or `dmy` where a mapping knows how its system writes 1/2/2024; else such a date is unreadable
    unless one of its numbers is above 12.
    """
    plain = f"case when length({text}) = 19 and substr({text}, 17, 1) = ':' then try_cast({text} as timestamp) end"
    shape = "\\d{4}[-/]\\d{1,2}[-/]\\d{1,2}([ T]+\\d{1,2}:\\d{1,2}(:\\d{1,2}(\\.\\d+)?)?)?"
    common = f"case when regexp_full_match({text}, '{shape}') then try_cast({text} as timestamp) end"
    narrow = f"translate({text}, {literal(_WIDE)}, {literal(_NARROW)})"
    words = f"regexp_replace({narrow}, '\\s*(年|月|\\.)\\s*', '-', 'g')"
    days = f"regexp_replace({words}, '\\s*日\\s*', ' ')"
    clock = f"regexp_replace(regexp_replace(regexp_replace({days}, '\\s*[时点]\\s*', ':'), '\\s*分\\s*', ':'), '\\s*秒\\s*', '')"
    tidy = f"regexp_replace(regexp_replace(trim({clock}), ':$', ''), '[ T]+', ' ')"
    chinese = f"case when regexp_full_match({tidy}, '{shape}') then try_cast({tidy} as timestamp) end"
    return f"coalesce({plain}, {common}, {_digits(text)}, {_slashed(text, order)}, {chinese})"


def _digits(text: str) -> str:
    """Days since 1899-12-30 (a spreadsheet's serial), YYYYMMDD and YYYYMMDDhhmmss."""
    serial = f"try_cast({text} as double)"
    return (
        f"case when regexp_full_match({text}, '\\d{{5}}(\\.\\d+)?') and {serial} between 20000 and 80000"
        f" then date_trunc('second', timestamp '1899-12-30' + to_milliseconds(cast(round({serial} * 86400000) as bigint))"
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


def offset_time(text: str) -> str:
    """A UTC timestamp from an instant that tells its own offset (Z, +08:00) or counts Unix seconds or milliseconds."""
    plain_length = f"length({text}) = 19 and substr({text}, 17, 1) = ':'"
    shape = "\\d{4}-\\d{2}-\\d{2}[ T]\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?\\s?(Z|UTC|[-+]\\d{2}(:?\\d{2})?)"
    spaced = f"regexp_replace(replace(replace({text}, 'T', ' '), 'UTC', 'Z'), '\\s+(Z|[-+])', '\\1')"
    colon = f"regexp_replace({spaced}, '([-+]\\d{{2}})(\\d{{2}})$', '\\1:\\2')"
    seconds = f"regexp_full_match({text}, '1\\d{{9}}')"
    thousandths = f"regexp_full_match({text}, '1\\d{{12}}')"
    return (
        f"case when {plain_length} then null"
        f" when regexp_full_match({text}, '{shape}') then cast(try_cast({colon} as timestamptz) at time zone 'UTC' as timestamp)"
        f" when {seconds} then make_timestamp(cast({text} as bigint) * 1000000)"
        f" when {thousandths} then make_timestamp(cast({text} as bigint) * 1000) end"
    )
