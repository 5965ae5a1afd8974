"""How one target of a mapping becomes columns of the typing statement."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from shuke.intake.rules import cells, phones, veils
from shuke.intake.rules.header import normal
from shuke.intake.rules.targets import AHEAD, LENIENT, STRICT_CODES
from shuke.intake.values import Channel, Choice, Kind, Part, Reason, Rule, Shape
from shuke.kernel.money import ODD_CURRENCIES, exponent
from shuke.lake.rules import literal

_YES = ["是", "员工", "内部员工", "1", "true", "True", "TRUE", "yes", "Yes", "y", "Y", "t"]
# Rows about things to come stand up to this far after the day of the import; a later day is a slip of the pen.
_AHEAD_DAYS = 400


@dataclass(frozen=True)
class Setting:
    """What shop and day give to every part: money, zone, the hour at which a business day begins, the import's day."""

    currency: str
    timezone: str
    day_starts_hour: int
    today: date


@dataclass(frozen=True)
class Check:
    """A condition under which a row is rejected: the reason's code, the target and the text to show (SQL)."""

    condition: str
    reason: str
    target: str
    shown: str = "null"


@dataclass(frozen=True)
class Piece:
    """A target's share of the statement: cleaned texts, plain readings, patient readings of what is not plain, values.

    Each of the four is a step of its own, since the engine shares equal expressions inside a step and would run
    the patient readings on every row. `hashed` are inputs of the row's hash, `veils` the bits of what is hidden.
    """

    texts: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    clocks: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    hashed: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    odd: tuple[str, ...] = ()
    veils: tuple[str, ...] = ()


@dataclass(frozen=True)
class Context:
    """A part with its mapping, the shop's setting and the place of each header name."""

    part: Part
    channel: Channel
    setting: Setting
    places: dict[str, int]

    @property
    def currency(self) -> str:
        return self.channel.currency or self.setting.currency

    @property
    def timezone(self) -> str:
        return self.channel.timezone or self.setting.timezone

    def found(self, rule: Rule | None) -> list[int]:
        """Columns of the file that a rule names, in the rule's order."""
        keys = [normal(name) for name in rule.columns] if rule else []
        return list(dict.fromkeys(self.places[key] for key in keys if key in self.places))

    def cell(self, place: int) -> str:
        """SQL: the cleaned text of a column, from its trimmed text `t<place>`; blank words are null."""
        return cells.filled(f"t{place}", self.part.quirks)


def choose(text: str, words: dict[str, str]) -> str:
    """SQL: the code of a word, without regard to case or the width of a comma; null for an unknown word."""
    plain = {key.replace("，", ",").casefold(): code for key, code in words.items()}
    branches = " ".join(f"when {literal(word)} then {literal(code)}" for word, code in plain.items())
    return f"case lower(replace({text}, '，', ',')) {branches} end" if plain else "cast(null as varchar)"


def chosen(context: Context, choice: Choice | None) -> str:
    """SQL: the code that `choice` gives to a row; empty where the file lacks its column."""
    if choice is None or normal(choice.column) not in context.places:
        return ""
    text = context.cell(context.places[normal(choice.column)])
    return f"coalesce({choose(text, dict(choice.words))}, {literal(choice.otherwise)})"


def piece(target: str, shape: Shape, *, context: Context) -> Piece | None:
    """The share of one target; None where neither the file nor a constant fills it."""
    rule = context.channel.columns.get(target)
    constant = context.channel.constants.get(target)
    found = context.found(rule)
    if not found and constant is None:
        return None
    if rule is not None and rule.how == "sum" and len(found) > 1:
        return _sum(target, found, context=context)
    options = [_named(target, context.cell(place), context=context) for place in found]
    options += [literal(constant)] if constant is not None else []
    if target == "ordered_at" and context.channel.dated_by_number:
        options += _day_in_number(context)
    if rule is not None and rule.how in ("join", "words"):
        text = f"nullif(concat_ws('{' ' if rule.how == 'words' else ''}', {', '.join(options)}), '')"
    else:
        text = options[0] if len(options) == 1 else f"coalesce({', '.join(options)})"
    if not found and shape is Shape.CODE:
        return Piece(values=(f"{literal(constant)} as {target}",))
    made = _SHAPES[shape](target, context)
    return replace(made, texts=(f"{text} as x_{target}",))


def _named(target: str, text: str, *, context: Context) -> str:
    """SQL: a cell of a target without the words that mean nothing in its system, and with the prefix of its ids."""
    nothing, prefix = context.channel.blanks.get(target), context.channel.prefixes.get(target)
    text = f"case when {text} not in {literal(nothing)} then {text} end" if nothing else text
    return f"{literal(prefix)} || {text}" if prefix else text


def _day_in_number(context: Context) -> list[str]:
    """SQL: the day with which an order number begins (261002-...), for rows without a time of their own."""
    days = []
    for place in context.found(context.channel.columns.get("order_no"))[:1]:
        text = context.cell(place)
        day = f"concat('20', left({text}, 2), '-', substr({text}, 3, 2), '-', substr({text}, 5, 2))"
        known = f"regexp_full_match({text}, '\\d{{6}}-\\d+')"
        days.append(f"case when {known} then cast(try_cast({day} as date) as varchar) end")
    return days


def _text(target: str, context: Context) -> Piece:
    """A text; a name, address or e-mail that the platform encrypted is no value."""
    if target == "email":
        value = "case when contains(x_email, '@') and not contains(x_email, '*') then lower(x_email) end as email"
        return Piece(values=(value,), hashed=(target,), veils=(veils.told(target),))
    if target not in ("name", "address") or context.channel.kind not in (Kind.SALES, Kind.PERSONS):
        return Piece(values=(f"x_{target} as {target}",), hashed=(target,))
    hidden = veils.encrypted(f"x_{target}")
    values = [f"case when not {hidden} then x_{target} end as {target}"]
    values += [f"({veils.masked('x_name')} or {hidden}) as name_masked"] if target == "name" else []
    return Piece(values=tuple(values), hashed=(target,), veils=(veils.told(target),))


def _id(target: str, _: Context) -> Piece:
    check = Check(cells.destroyed(f"x_{target}"), Reason.ID_DESTROYED.value, target, f"x_{target}")
    # 17850.0 is what becomes of a number in a column that also has empty cells.
    whole = f"regexp_replace(x_{target}, '^(\\d+)\\.0$', '\\1')"
    value = f"when ends_with(x_{target}, '.0') then {whole} else x_{target} end as {target}"
    if target not in veils.IDS:
        return Piece(values=(f"case {value}",), hashed=(target,), checks=(check,))
    hidden = f"{veils.masked(f'x_{target}')} or {veils.marked(f'x_{target}')}"
    value = f"case when {hidden} then null {value}"
    return Piece(values=(value,), hashed=(target,), checks=(check,), veils=(veils.told(target),))


def _code(target: str, context: Context) -> Piece:
    """A code word; a word that the mapping gives an empty code (unknown sex) is null without a warning."""
    code = choose(f"x_{target}", dict(context.channel.values.get(target, {})))
    unknown = f"x_{target} is not null and ({code}) is null"
    hashed = (f"coalesce({target}, x_{target})",)
    value = f"nullif({code}, '') as {target}"
    if target in STRICT_CODES:
        return Piece(values=(value,), hashed=hashed, checks=(Check(unknown, "bad_code", target, f"x_{target}"),))
    odd = f"when {unknown} then {literal(target + ': ')} || left(x_{target}, 40)"
    return Piece(values=(value,), hashed=hashed, odd=(odd,))


def _decimal(name: str, kind: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Plain and patient readings of the number in text `x_<name>`; the result is `n_<name>`."""
    plain = f"{cells.plain_decimal(f'x_{name}', kind)} as p_{name}"
    patient = cells.written_decimal(f"x_{name}", kind)
    return (plain,), (
        f"case when p_{name} is not null or x_{name} is null then p_{name} else {patient} end as n_{name}",
    )


def _number(target: str, column: str, *, kind: str, value: str, reason: str) -> Piece:
    unread = Check(f"x_{target} is not null and {column} is null", reason, target, f"x_{target}")
    plain, patient = _decimal(target, kind)
    return Piece((), plain, patient, (f"{value} as {column}",), (column,), () if target in LENIENT else (unread,))


def _turned(target: str, value: str, *, context: Context) -> str:
    """Amounts of rows that a column calls returns are negative, however the system writes them."""
    sign = chosen(context, context.channel.negative)
    if target in ("order_refund", "line_refund"):
        return f"abs({value})"  # some systems tell money that went back with a minus
    if not sign or target not in ("quantity", "line_amount", "order_paid"):
        return value
    return f"case when {sign} = 'negative' then -abs({value}) else {value} end"


def _money(target: str, context: Context) -> Piece:
    value = _turned(target, _minor(f"n_{target}", context), context=context)
    return _number(target, f"{target}_minor", kind="decimal(18,6)", value=value, reason="bad_amount")


def _minor(number: str, context: Context) -> str:
    """Minor units of the row's own currency; of the shop's where the file has no column for it."""
    if context.channel.minor_units:
        return cells.whole(f"case when {number} between {-cells.MOST_MINOR} and {cells.MOST_MINOR} then {number} end")
    own = cells.minor(number, context.currency)
    if context.channel.columns.get("currency") is None or not context.found(context.channel.columns["currency"]):
        return own
    decimals: dict[int, list[str]] = {}
    for code in [*ODD_CURRENCIES, "CNY"]:
        decimals.setdefault(exponent(code), []).append(code)
    told = " ".join(
        f"when upper(x_currency) in {literal(codes)} then {cells.minor(number, codes[0])}"
        for places, codes in decimals.items()
        if places != 2
    )
    return f"case when x_currency is null then {own} {told} else {cells.minor(number, 'CNY')} end"


def _sum(target: str, found: list[int], *, context: Context) -> Piece:
    names = [f"{target}_{number}" for number in range(len(found))]
    texts = [f"{context.cell(place)} as x_{name}" for name, place in zip(names, found, strict=True)]
    readings = [_decimal(name, "decimal(18,6)") for name in names]
    amounts = {name: _minor(f"n_{name}", context) for name in names}
    total = " + ".join(f"coalesce({amount}, 0)" for amount in amounts.values())
    value = (
        f"case when coalesce({', '.join(f'x_{name}' for name in names)}) is not null then {total} end as {target}_minor"
    )
    checks = tuple(
        Check(f"x_{name} is not null and ({amount}) is null", "bad_amount", target, f"x_{name}")
        for name, amount in amounts.items()
    )
    plain = tuple(reading for pair in readings for reading in pair[0])
    patient = tuple(reading for pair in readings for reading in pair[1])
    return Piece(tuple(texts), plain, patient, (value,), (f"{target}_minor",), checks)


def _price(target: str, context: Context) -> Piece:
    value = f"n_{target}"
    if context.channel.minor_units:
        value = f"cast({value} * {Decimal(1).scaleb(-exponent(context.currency))} as decimal(18,6))"
    return _number(target, target, kind="decimal(18,6)", value=value, reason="bad_amount")


def _quantity(target: str, context: Context) -> Piece:
    value = _turned(target, f"n_{target}", context=context)
    return _number(target, target, kind="decimal(18,3)", value=value, reason="bad_quantity")


def _whole(target: str, _: Context) -> Piece:
    return _number(target, target, kind="decimal(18,6)", value=cells.whole(f"n_{target}"), reason="bad_number")


def _flag(target: str, _: Context) -> Piece:
    value = f"case when x_{target} is not null then x_{target} in {literal(_YES)} end as {target}"
    return Piece(values=(value,), hashed=(target,))


def _clocks(target: str, context: Context, *, shape: Shape) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Plain and patient readings of an instant: `l_` as the wall clock shows it, `o_` where it tells its offset."""
    text = cells.dated(f"x_{target}")
    local = cells.written_time(text, order=context.channel.date_order)
    known = f"case when p_{target} is not null or x_{target} is null then"
    if context.channel.utc and shape is Shape.INSTANT:
        told = f"{known} p_{target} else coalesce({cells.offset_time(text)}, {local}) end as o_{target}"
        clocks = (f"cast(null as timestamp) as l_{target}", told)
        return (f"{cells.plain_time(f'x_{target}')} as p_{target}",), clocks
    return (f"{cells.plain_time(f'x_{target}')} as p_{target}",), (
        f"{known} p_{target} else {local} end as l_{target}",
        f"{known} null else {cells.offset_time(text)} end as o_{target}",
    )


def _bounds(target: str, context: Context) -> str:
    last = date(2200, 1, 1) if target in AHEAD else context.setting.today + timedelta(days=_AHEAD_DAYS)
    return f"between timestamp '1990-01-01' and timestamp '{last:%Y-%m-%d} 00:00:00'"


def _instant(target: str, context: Context) -> Piece:
    zone, hour = literal(context.timezone), context.setting.day_starts_hour
    sound = f"coalesce(l_{target}, o_{target}) {_bounds(target, context)}"
    moved = cells.to_utc(f"l_{target}", zone=context.timezone)
    utc = f"case when o_{target} is not null then o_{target} else {moved} end"
    values = [f'case when {sound} then {utc} end as "{target}"']
    if target in ("ordered_at", "at"):
        day = "ordered_on" if target == "ordered_at" else "happened_on"
        wall = f"coalesce(l_{target}, cast((o_{target} at time zone 'UTC') at time zone {zone} as timestamp))"
        cut = f" - interval {hour} hour" if hour else ""
        values.append(f"case when {sound} then cast({wall}{cut} as date) end as {day}")
    check = Check(f'{cells.dated(f"x_{target}")} is not null and "{target}" is null', "bad_date", target, f"x_{target}")
    return Piece(
        (), *_clocks(target, context, shape=Shape.INSTANT), tuple(values), (f'epoch_ms("{target}")',), (check,)
    )


def _day(target: str, context: Context) -> Piece:
    zone = literal(context.timezone)
    wall = f"coalesce(l_{target}, cast((o_{target} at time zone 'UTC') at time zone {zone} as timestamp))"
    last = date(2200, 1, 1) if target in AHEAD else context.setting.today + timedelta(days=_AHEAD_DAYS)
    # Public registers hold people born long ago; a sheet's day zero is no birthday.
    first = "1200-01-01" if target == "birthday" else "1900-01-02"
    inside = f"{wall} between timestamp '{first}' and timestamp '{last:%Y-%m-%d} 00:00:00'"
    inside += f" and not {wall} between timestamp '1899-12-30' and timestamp '1900-01-01 23:59:59'"
    value = f"case when {inside} then cast({wall} as date) end"
    unread = Check(f"{cells.dated(f'x_{target}')} is not null and {target} is null", "bad_date", target, f"x_{target}")
    checks = () if target in LENIENT else (unread,)
    return Piece((), *_clocks(target, context, shape=Shape.DAY), (f"{value} as {target}",), (target,), checks)


def _phone(target: str, context: Context) -> Piece:
    text, country = f"x_{target}", context.channel.country
    known = f"case when p_{target} is not null or {text} is null then p_{target} else"
    always = "true" if context.channel.virtual_phones else "false"
    virtual = "true" if context.channel.virtual_phones else f"({phones.virtual(text)} or {veils.encrypted(text)})"
    odd = f"p_{target} is null and phone_whole is null and phone_masked is null and not {veils.masked(text)}"
    return Piece(
        plain=(f"{phones.plain(text, country=country)} as p_{target}",),
        clocks=(
            f"case when p_{target} is null and {text} is not null then {phones.masked(text)} end as phone_masked",
            f"case when p_{target} is not null then {always} else {virtual} end as phone_virtual",
            f"{known} {phones.written(text, country=country)} end as phone_whole",
            # a token differs from export to export, so it may not tell two rows apart
            f"{known} case when not {veils.encrypted(text)} then {phones.readable(text)} end end as phone_digits",
        ),
        values=(
            "case when not phone_virtual then phone_whole end as phone",
            f"case when not phone_virtual and {odd} then {text} end as phone_odd",
        ),
        hashed=("coalesce(phone_whole, phone_digits)",),
        veils=(veils.told(target),),
    )


_SHAPES: dict[Shape, Callable[[str, Context], Piece]] = {
    Shape.TEXT: _text,
    Shape.ID: _id,
    Shape.CODE: _code,
    Shape.MONEY: _money,
    Shape.PRICE: _price,
    Shape.QUANTITY: _quantity,
    Shape.WHOLE: _whole,
    Shape.INSTANT: _instant,
    Shape.DAY: _day,
    Shape.PHONE: _phone,
    Shape.FLAG: _flag,
}
