"""One SQL statement that types a whole part: text columns in, values with a reason for each row that has none."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from shuke.intake.rules import cells
from shuke.intake.rules.header import normal
from shuke.intake.rules.pieces import Check, Context, Piece, Setting, chosen, piece
from shuke.intake.rules.repairs import untouched
from shuke.intake.rules.targets import PERSONAL, REQUIRED, TARGETS
from shuke.intake.values import Kind, Part, Reason, Recognised
from shuke.kernel.errors import ShukeError
from shuke.lake.rules import literal

_TOTALS = "(?i)(合\\s*计|总\\s*计|小\\s*计|汇\\s*总|共\\s*计|本页合计|本页小计|总合计|(grand |sub-?)?totals?)\\s*[:：]?"


class MissingColumn(ShukeError):
    """A mapping was used on a file that lacks a column it cannot do without."""


@dataclass(frozen=True)
class Typing:
    """The statement, the targets that the file fills, and for each the header names it was read from."""

    sql: str
    targets: frozenset[str]
    fields: Mapping[str, str]


def places(part: Part) -> dict[str, int]:
    """Column of each normalised header name; the first wins where a name stands twice, full paths work as well."""
    found: dict[str, int] = {}
    for names in (part.header.names, part.header.paths):
        for place, name in enumerate(names):
            if name:
                found.setdefault(normal(name), place)
    return found


def typing(recognised: Recognised, setting: Setting) -> Typing:
    """The statement for one part, rows in file order.

    Gives the targets' values and `row_hash`, `row_grain`, `line_refunded` (sales), `odd_code` (an unknown word),
    `reason` (null: can be staged; `blank`: no text at all), `detail`, and `raw` (the cells of rejected rows).
    """
    context = Context(recognised.part, recognised.channel, setting, places(recognised.part))
    shapes = TARGETS[recognised.channel.kind]
    made = {target: piece(target, shape, context=context) for target, shape in shapes.items()}
    pieces = {target: share for target, share in made.items() if share is not None}
    lacking = [target for target in ("order_no", "sku", "coupon_no") if target in REQUIRED[recognised.channel.kind]]
    if not set(lacking) <= set(pieces):
        raise MissingColumn(
            f"The file has no column for {', '.join(lacking)}, which mapping '{recognised.channel.code}' needs.",
            hint="Name the column in the mapping, or use another mapping.",
        )
    extra = _grain(context, pieces)
    checks = [*_missing(recognised, pieces), *(check for share in pieces.values() for check in share.checks)]
    fields = {
        target: ", ".join(
            context.part.header.names[place] for place in context.found(context.channel.columns.get(target))
        )
        for target in pieces
    }
    return Typing(_statement(context, [*pieces.values(), extra], checks=checks), frozenset(pieces), fields)


def _grain(context: Context, targets: Collection[str]) -> Piece:
    """What a row is; a mapping that leaves it open (`auto`) gets order rows where no column tells of a piece."""
    if context.channel.kind is not Kind.SALES:
        return Piece()
    fixed = context.channel.grain
    if fixed == "auto":
        fixed = "line" if {"sku", "product", "quantity", "unit_price", "line_amount"} & set(targets) else "order"
    grain = chosen(context, context.channel.grain_choice) or literal(fixed)
    refund = chosen(context, context.channel.refunded)
    refunded = f"{refund} = 'refunded'" if refund else "cast(null as boolean)"
    return Piece(
        values=(f"{grain} as row_grain", f"{refunded} as line_refunded"), hashed=("row_grain", "line_refunded")
    )


def _missing(recognised: Recognised, pieces: Mapping[str, Piece]) -> list[Check]:
    channel = recognised.channel
    needed = channel.required or REQUIRED[channel.kind]
    free = " and row_grain <> 'fee'" if channel.grain_choice else ""
    return [
        Check((f"x_{target} is null" if target in pieces else "true") + free, f"missing_{target}", target)
        for target in needed
        if target in pieces or target != "source_row_id"
    ]


def _statement(context: Context, pieces: list[Piece], *, checks: list[Check]) -> str:
    part = context.part
    trims = [f"{cells.trimmed(f'c{place}', part.quirks)} as t{place}" for place in range(part.width)]
    texts = [text for share in pieces for text in share.texts]
    plain = [reading for share in pieces for reading in share.plain]
    clocks = [clock for share in pieces for clock in share.clocks]
    values = [value for share in pieces for value in share.values]
    odd = " ".join(branch for share in pieces for branch in share.odd)
    hashed = ", chr(31), ".join([literal(context.channel.source), *(name for share in pieces for name in share.hashed)])
    damaged = (
        " or ".join(f"contains(c{place}, '\ufffd')" for place in range(part.width)) if part.quirks.damaged else "false"
    )
    wrong = " or ".join(
        [_uneven(part), damaged, _first_is_total(context), *(f"({check.condition})" for check in checks)]
    )
    outputs = [value.rsplit(" as ", 1)[1] for value in values]
    outputs += [
        name for name in ("phone_masked", "phone_virtual") if any(clock.endswith(f" as {name}") for clock in clocks)
    ]
    if context.channel.kind is Kind.SALES:
        outputs.append(f"stable_hash(concat({literal(context.channel.source + '|')}, order_no)) as order_record")
    raw = ", ".join(f"c{place}" for place in range(part.width + part.spare))
    return (
        f"with trimmed as (select *, {', '.join(trims)} from {part.relation}),"
        f" texts as (select *, {', '.join(texts)} from trimmed),"
        f" plain as (select {', '.join(['*', *plain])} from texts),"
        f" clocks as (select {', '.join(['*', *clocks])} from plain),"
        f" typed as (select *, {', '.join(values)} from clocks),"
        f" judged as (select *, case when {wrong} then true else false end as is_wrong from typed)"
        f" select {', '.join(outputs)}, stable_hash(concat({hashed})) as row_hash,"
        f" {f'case {odd} end' if odd else 'cast(null as varchar)'} as odd_code,"
        f" {' + '.join(f'({veil})' for share in pieces for veil in share.veils) or '0'} as veils,"
        f" case when is_wrong then {_reason(context, checks, damaged=damaged)} end as reason,"
        f" case when is_wrong then {_detail(context, checks)} end as detail,"
        f" case when is_wrong then [{raw}] end as raw"
        " from judged"
    )


def _uneven(part: Part) -> str:
    return f"c{part.width - 1} is null or c{part.width} is not null or {untouched(part)}"


def _first_is_total(context: Context) -> str:
    """A total row may carry its word where the order number stands, and look complete otherwise."""
    first = next(iter(context.found(context.channel.columns.get("order_no"))), 0)
    if context.channel.kind is not Kind.SALES:
        return "false"
    word = f"strlen(t{first}) <= 20 and (t{first} < '0' or t{first} > ':')"
    return f"{word} and regexp_full_match(t{first}, {literal(_TOTALS)})"


def _reason(context: Context, checks: list[Check], *, damaged: str) -> str:
    """The first cause in the order in which a person looks: nothing there, a header, a total, the shape, the cells."""
    part = context.part
    text = [f"coalesce(t{place}, '')" for place in range(part.width)]
    beyond = [f"c{part.width + number}" for number in range(part.spare)]
    blank = f"concat({', '.join([*text, *beyond])}) = ''"
    named = [place for place, name in enumerate(part.header.names) if name]
    same = " + ".join(f"cast({text[place]} = {literal(part.header.names[place])} as integer)" for place in named)
    repeated = f"({same}) >= {max(2, (len(named) + 1) // 2)}"
    total = " or ".join(f"regexp_full_match({cell}, {literal(_TOTALS)})" for cell in text)
    branches = [
        f"when {blank} then 'blank'",
        f"when {repeated} then '{Reason.REPEATED_HEADER}'",
        f"when ({total}) and {_mostly_empty(text)} then '{Reason.TOTAL_ROW}'",
        f"when {_uneven(part)} then '{Reason.WRONG_WIDTH}'",
        f"when {damaged} then '{Reason.BAD_ENCODING}'",
        *(f"when {check.condition} then {literal(check.reason)}" for check in checks),
    ]
    return f"case {' '.join(branches)} else '{Reason.TOTAL_ROW}' end"


def _mostly_empty(text: list[str]) -> str:
    filled = " + ".join(f"cast({cell} <> '' as integer)" for cell in text)
    return f"({filled}) <= {max(2, (len(text) * 2) // 3)}"


def _detail(context: Context, checks: list[Check]) -> str:
    """Column and text of the first failed check; of personal columns the name alone."""
    branches = []
    for check in checks:
        name = ", ".join(
            context.part.header.names[place] for place in context.found(context.channel.columns.get(check.target))
        )
        shown = "''" if check.target in PERSONAL else f"coalesce(': ' || left({check.shown}, 60), '')"
        branches.append(f"when {check.condition} then {literal(name or check.target)} || {shown}")
    return f"case {' '.join(branches)} end"
