"""From the typed rows of a part to the staged tables: one select a table."""

from collections.abc import Collection
from dataclasses import dataclass

from shuke.intake.rules.targets import PERSON_COLUMNS
from shuke.intake.values import Channel, Kind
from shuke.lake.rules import literal

_STRONG = ("member_id", "card", "unionid", "phone", "shop_user_id", "email")
_PERSON_TEXTS = (
    "shop_user_id",
    "name",
    "phone",
    "phone_masked",
    "email",
    "unionid",
    "card",
    "member_id",
    "city",
    "address",
)
_ORDER_PERSON = (
    "shop_user_id",
    "name",
    "name_masked",
    "phone",
    "phone_masked",
    "phone_virtual",
    "email",
    "unionid",
    "card",
    "member_id",
    "birthday",
    "gender",
    "city",
    "address",
    "store",
    "associate",
)
_TABLES = {
    Kind.SALES: "staged_sales",
    Kind.PERSONS: "staged_persons",
    Kind.INTERACTIONS: "staged_interactions",
    Kind.CONSENTS: "staged_consents",
    Kind.COUPONS: "staged_coupons",
    Kind.COSTS: "staged_costs",
}
_COLUMNS: dict[Kind, tuple[str, ...]] = {
    Kind.SALES: (
        "row_grain", "order_no", "line_no", "external_order_no", "original_order_no", "status", "ordered_at",
        "ordered_on", "paid_at", "completed_at", "store", "associate", "cashier", "order_paid_minor",
        "order_goods_minor", "order_freight_minor", "order_discount_minor", "order_platform_discount_minor",
        "order_refund_minor", "sku", "product", "category", "spec", "quantity", "unit_price", "line_amount_minor",
        "line_discount_minor", "line_refund_minor", "line_refunded", "payment_method",
    ),
    Kind.PERSONS: PERSON_COLUMNS,
    Kind.INTERACTIONS: ("kind", "at", "happened_on", "score", "store", "associate", "note"),
    Kind.CONSENTS: ("channel", "purpose", "state", "at", "evidence"),
    Kind.COUPONS: (
        "coupon_no", "name", "kind", "face_minor", "min_spend_minor", "issued_at", "expires_at", "used_at",
        "used_order_no", "status",
    ),
    Kind.COSTS: ("sku", "product", "category", "unit_cost", "valid_from"),
}  # fmt: skip
# What a refund row of a bill does not tell of its order, besides the refund itself.
_OF_ORDERS = frozenset({
    "status", "order_paid_minor", "order_goods_minor", "order_freight_minor", "order_discount_minor",
    "order_platform_discount_minor", "order_refund_minor",
})  # fmt: skip
_TYPES = {
    "name_masked": "boolean", "phone_virtual": "boolean", "is_staff": "boolean", "line_refunded": "boolean",
    "birthday": "date", "registered_on": "date", "valid_from": "date", "ordered_on": "date", "happened_on": "date",
    "opening_points": "bigint", "score": "decimal(9,3)", "quantity": "decimal(18,3)", "unit_price": "decimal(18,6)",
    "unit_cost": "decimal(18,6)",
}  # fmt: skip


@dataclass(frozen=True)
class Staging:
    """What the final selects need to know of a part: its mapping, the typed columns there are, batch and currency."""

    channel: Channel
    columns: Collection[str]
    batch_id: int
    currency: str

    @property
    def kind(self) -> Kind:
        return self.channel.kind

    @property
    def table(self) -> str:
        return _TABLES[self.channel.kind]

    @property
    def keyed(self) -> bool:
        """Whether rows have a key of their own: an equal row in the same export is then a repeat, no second piece."""
        if self.kind is Kind.SALES:
            whole = self.channel.grain == "order" and self.channel.grain_choice is None
            return whole or (self.channel.numbers_lines and "line_no" in self.columns)
        return self.kind in (Kind.PERSONS, Kind.COUPONS, Kind.COSTS, Kind.CONSENTS) or "source_row_id" in self.columns


def keyed_row(staging: Staging) -> str:
    """SQL: true for a row that has its key; in a file that numbers its lines, a row without a number has none."""
    if not staging.keyed:
        return "false"
    return "line_no is not null" if staging.kind is Kind.SALES and staging.channel.numbers_lines else "true"


def _type(column: str) -> str:
    if column in _TYPES:
        return _TYPES[column]
    if column.endswith("_minor"):
        return "bigint"
    return "timestamp" if column.endswith("_at") or column == "at" else "varchar"


def _select(column: str, columns: Collection[str]) -> str:
    return f'"{column}"' if column in columns else f'cast(null as {_type(column)}) as "{column}"'


def source(staging: Staging) -> str:
    """SQL of the row's source: a column of the file where there is one, else the mapping's."""
    own = literal(staging.channel.source)
    return f"coalesce(source, {own})" if "source" in staging.columns else own


def shop(staging: Staging) -> str:
    """SQL of the shop that scopes buyer ids; empty where the file tells none."""
    return "coalesce(shop, '')" if "shop" in staging.columns else "''"


def natural_id(staging: Staging) -> str:
    """SQL of the natural id of the row's source record: order number, given id, card, else the strongest identifier."""
    if staging.kind is Kind.SALES:
        return f"coalesce(order_no, concat('fee:', {staging.batch_id}, ':', row_no))"
    options = ["source_row_id"] if "source_row_id" in staging.columns else []
    options += [f"{literal(name + ':')} || {name}" for name in _STRONG if name in staging.columns]
    options += ["'phone:' || phone_odd"] if "phone_odd" in staging.columns else []
    if staging.kind is Kind.COUPONS:
        options = [*options, "'coupon:' || coupon_no"]
    return f"coalesce({', '.join([*options, literal('row:' + str(staging.batch_id) + ':') + ' || row_no'])})"


def record(staging: Staging) -> str:
    """SQL of the record's id; orders carry it from the typing pass, fees without a number need one made here."""
    made = f"stable_hash(concat({source(staging)}, '|', {natural_id(staging)}))"
    if staging.kind is not Kind.SALES:
        return made
    return f"case when order_no is null then {made} else order_record end"


def facts(staging: Staging) -> str:
    """The select that fills the kind's own table from `incoming` (columns as declared by that table)."""
    columns, kind = staging.columns, staging.kind
    head = [f"cast({staging.batch_id} as bigint) as batch_id", "row_no", "row_hash"]
    if kind is not Kind.COSTS:
        head.append(f"{record(staging)} as record_id")
    head.append(f"{source(staging)} as source")
    if kind is Kind.SALES:
        head.append(f"{shop(staging)} as shop")
    body = [_fact(column, staging) for column in _COLUMNS[kind]]
    if kind in (Kind.SALES, Kind.COSTS):
        body.append(_currency(staging))
    if kind is Kind.SALES:
        body.append(f"{_buyer(columns)} as buyer_key")
    return f"select {', '.join(head + body)} from {_incoming(staging)}"


def _fact(column: str, staging: Staging) -> str:
    if column == "purpose":
        return "coalesce(purpose, 'marketing') as purpose" if "purpose" in staging.columns else "'marketing' as purpose"
    if column == "order_no":
        return f"coalesce(order_no, concat('fee:', {staging.batch_id}, ':', row_no)) as order_no"
    if column in _OF_ORDERS and _tells_refunds(staging):
        return _of_refunds(column, staging)
    if column == "status":
        return _status(staging)
    if column == "score" and "score" in staging.columns:
        return "cast(score as decimal(9,3)) as score"
    return _select(column, staging.columns)


def _tells_refunds(staging: Staging) -> bool:
    choice = staging.channel.grain_choice
    return choice is not None and "refund" in choice.words.values()


def _of_refunds(column: str, staging: Staging) -> str:
    """Where a bill tells refunds in rows of their own: such a row holds the money that went back and nothing else."""
    columns = staging.columns
    if column == "order_refund_minor":
        told = ["nullif(order_refund_minor, 0)"] if "order_refund_minor" in columns else []
        told += ["abs(order_paid_minor)"] if "order_paid_minor" in columns else []
        own = "order_refund_minor" if "order_refund_minor" in columns else "null"
        back = f"coalesce({', '.join(told)})" if told else "null"
        return f"cast(case when row_grain = 'refund' then {back} else {own} end as bigint) as order_refund_minor"
    value = _status(staging) if column == "status" else _select(column, columns)
    text = value.rsplit(" as ", 1)[0]
    return f"case when row_grain <> 'refund' then {text} end as \"{column}\""


def _status(staging: Staging) -> str:
    """What a refund or cancellation told beside the status makes of it: paid and given back is no cancellation."""
    if "status" not in staging.columns:
        return _select("status", staging.columns)
    branches = []
    if "open" in staging.channel.values.get("status", {}).values():
        paid = "paid_at is not null" if "paid_at" in staging.columns else "false"
        branches.append(f"when status = 'open' then case when {paid} then 'paid' else 'unpaid' end")
    if staging.channel.refunded is not None:
        limits = "" if staging.channel.grain == "order" else " and status = 'cancelled'"
        branches.append(f"when line_refunded{limits} then 'refunded'")
    if "cancelled_at" in staging.columns:
        kept = "coalesce(status, '') not in ('refunded', 'part_refunded')"
        branches.append(f"when cancelled_at is not null and {kept} then 'cancelled'")
    return f"case {' '.join(branches)} else status end as status" if branches else "status"


def _currency(staging: Staging) -> str:
    """The row's currency, else that of the order's first row where that alone carries totals, else the shop's."""
    own = literal(staging.currency)
    if "currency" not in staging.columns:
        return f"{own} as currency"
    if staging.kind is Kind.SALES and "ordered_at" not in staging.channel.required:
        return f"coalesce(upper(currency), told_currency, {own}) as currency"
    return f"coalesce(upper(currency), {own}) as currency"


def _incoming(staging: Staging) -> str:
    if "told_currency" not in _currency(staging):
        return "incoming"
    told = "select order_no as told_no, min(upper(currency)) as told_currency from incoming"
    return f"incoming left join ({told} where currency is not null group by order_no) on told_no = order_no"


def _buyer(columns: Collection[str]) -> str:
    branches = [f"when {name} is not null then {literal(name)}" for name in _STRONG if name in columns]
    branches += ["when phone_odd is not null and not phone_virtual then 'phone'"] if "phone_odd" in columns else []
    return f"case {' '.join(branches)} end" if branches else "cast(null as varchar)"


def has_persons(staging: Staging) -> bool:
    """Whether the part says anything about persons."""
    return staging.kind is not Kind.COSTS and any(name in staging.columns for name in _PERSON_TEXTS)


def persons(staging: Staging) -> str:
    """The select that fills staged_persons from `incoming` and `phones` (odd phone texts read by the phone library).

    Orders give one row for each order and different set of values, facts one for each record, persons one a row.
    """
    columns = set(staging.columns)
    kind = {Kind.SALES: "order", Kind.PERSONS: staging.channel.constants.get("record_kind", "person")}.get(
        staging.kind, "fact"
    )
    odd = "phone_odd" in columns
    joined = "incoming left join phones on phones.written = incoming.phone_odd" if odd else "incoming"
    taken: tuple[str, ...] = _ORDER_PERSON if staging.kind is Kind.SALES else PERSON_COLUMNS
    if staging.kind not in (Kind.SALES, Kind.PERSONS):
        taken = ("shop_user_id", "phone", "phone_masked", "phone_virtual", "email", "unionid", "card", "member_id")
    body = [_person(column, columns & {*taken, "phone_odd"}, staging=staging) for column in PERSON_COLUMNS]
    head = [
        f"cast({staging.batch_id} as bigint) as batch_id", "row_no", "row_hash", f"{record(staging)} as record_id",
        f"{source(staging)} as source", f"{shop(staging)} as shop", f"{natural_id(staging)} as source_row_id",
        f"{literal(kind)} as kind",
    ]  # fmt: skip
    return f"select {', '.join(head + body)} from {joined}{_one_each(staging, columns)}"


def _person(column: str, columns: Collection[str], *, staging: Staging) -> str:
    if column == "phone" and "phone_odd" in columns:
        return "coalesce(phone, case when not coalesce(phone_virtual, false) then phones.digits end) as phone"
    if column == "seen_at" and "seen_at" not in columns:
        seen = {Kind.SALES: "ordered_at", Kind.INTERACTIONS: "at", Kind.CONSENTS: "at", Kind.COUPONS: "issued_at"}.get(
            staging.kind
        )
        if staging.kind is Kind.PERSONS and "registered_on" in staging.columns:
            return "cast(registered_on as timestamp) as seen_at"
        return f'"{seen}" as seen_at' if seen and seen in staging.columns else "cast(null as timestamp) as seen_at"
    return _select(column, columns)


def _one_each(staging: Staging, columns: Collection[str]) -> str:
    """The condition that keeps the first row of each record and set of personal values."""
    if staging.kind is Kind.PERSONS:
        return ""
    filled = [name for name in (*_PERSON_TEXTS, "phone_odd") if name in columns]
    telling = [name for name in filled if name not in ("city", "address")]
    if staging.kind is not Kind.SALES:
        filled = telling = [name for name in telling if name != "name"]
    if not telling:
        return " where false"
    some = f"coalesce({', '.join(telling)}) is not null"
    # The engine's own hash is good enough inside one statement: nothing of it is kept.
    groups = f"{record(staging)}, hash({', '.join(filled)})"
    return f" where row_no in (select min(row_no) from incoming where {some} group by {groups})"


def money(columns: Collection[str]) -> str:
    """SQL of the money that a row carries, for the account of rows that were not staged."""
    options = [name for name in ("line_amount_minor", "order_paid_minor", "face_minor") if name in columns]
    if "quantity" in columns and "unit_price" in columns:
        options.append(
            "case when abs(quantity * unit_price) < 10000000000"
            " then cast(round(quantity * unit_price * 100, 0) as bigint) end"
        )
    return f"coalesce({', '.join(options)})" if options else "cast(null as bigint)"
