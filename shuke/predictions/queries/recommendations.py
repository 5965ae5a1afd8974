"""What to name to a customer, with words for it; what goes with a product; prices and habits of a customer."""

from typing import Any

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader
from shuke.predictions.adapters import definition
from shuke.predictions.values.named import Recommendation

_LISTS = "case list when 'repeat' then 1 when 'cross_sell' then 2 else 3 end"
_TIER = "case when monetary_score >= 4 then 'high' when monetary_score = 3 then 'middle' else 'low' end"


def recommendations(actor: Actor, *, lake: Reader, customer_id: int) -> tuple[Recommendation, ...]:
    """The lists of one customer: repeat, then cross_sell, then new.

    Somebody without a row (no purchase within a year, or no personalisation) gets the list `popular` of their store.
    Empty before the first week. No stock figures are imported: what has not been sold for a quarter is in no list.
    """
    require(actor, Permission.SEE_CUSTOMERS)
    if not lake.has("recommendations"):
        return ()
    rows = lake.rows(
        f"select * exclude (customer_id) from recommendations where customer_id = $id order by {_LISTS}, rank",
        id=customer_id,
    )
    return tuple(Recommendation(**row) for row in rows) or _popular(lake, customer_id=customer_id)


def say_recommendation(one: Recommendation, *, language: str) -> str:
    """The sentence that an associate can say, `language` zh or en (a language tag such as zh-hans will do)."""
    words = definition("recommendation_reasons")[one.reason]
    text: str = words["zh" if language.startswith("zh") else "en"]
    return text.format(product=one.product, because=one.because, fact=f"{one.fact:.0f}")


def bought_together(actor: Actor, *, lake: Reader, product: str) -> list[dict[str, Any]]:
    """For the till: other, orders (with both), lift, score; the strongest first."""
    require(actor, Permission.SEE_CUSTOMERS)
    return _others(lake, "bought_together", product=product)


def similar_products(actor: Actor, *, lake: Reader, product: str) -> list[dict[str, Any]]:
    """More like this, by attributes: other, words_share, price_share, score; the most alike first."""
    require(actor, Permission.SEE_CUSTOMERS)
    return _others(lake, "similar_products", product=product)


def replenishment(actor: Actor, *, lake: Reader, customer_id: int) -> list[dict[str, Any]]:
    """What is used up when: product, due_on, last_on, gap_days, days; the earliest first."""
    require(actor, Permission.SEE_CUSTOMERS)
    if not lake.has("replenishment"):
        return []
    return lake.rows(
        "select product, due_on, last_on, gap_days, days from replenishment where customer_id = $id"
        " order by due_on, product",
        id=customer_id,
    )


def prices_of(actor: Actor, *, lake: Reader, customer_id: int) -> dict[str, Any] | None:
    """The row of `customer_prices`, or None."""
    return _row(actor, lake=lake, table="customer_prices", customer_id=customer_id)


def habits_of(actor: Actor, *, lake: Reader, customer_id: int) -> dict[str, Any] | None:
    """The row of `customer_habits`, or None."""
    return _row(actor, lake=lake, table="customer_habits", customer_id=customer_id)


def _row(actor: Actor, *, lake: Reader, table: str, customer_id: int) -> dict[str, Any] | None:
    require(actor, Permission.SEE_CUSTOMERS)
    return lake.row(f"select * from {table} where customer_id = $id", id=customer_id) if lake.has(table) else None


def _others(lake: Reader, table: str, *, product: str) -> list[dict[str, Any]]:
    if not lake.has(table):
        return []
    return lake.rows(
        f"select * exclude (product) from {table} where product = $product order by place", product=product
    )


def _popular(lake: Reader, *, customer_id: int) -> tuple[Recommendation, ...]:
    """What sells in the customer's store: to people of their spend, or to all where they want no personalisation."""
    asked = lake.row("select customer_id from not_personalised where customer_id = $id", id=customer_id)
    found = lake.row(
        f"select store_main, {_TIER} as tier from customer_features where customer_id = $id", id=customer_id
    )
    owned = lake.row("select store from customer_profiles where customer_id = $id", id=customer_id)
    store = (found or {}).get("store_main") or (owned or {}).get("store") or ""
    tier = "" if asked or not found else str(found["tier"])
    most = definition("recommendations")["list_most"]
    for shop, kind in ((store, tier), (store, ""), ("", "")):
        rows = lake.rows(
            "select * from popular_products where store = $store and tier = $tier and place <= $most order by place",
            store=shop,
            tier=kind,
            most=most,
        )
        if rows:
            reason = "popular_store" if shop else "popular_shop"
            return tuple(_generic(row, reason=reason) for row in rows)
    return ()


def _generic(row: dict[str, Any], *, reason: str) -> Recommendation:
    people = float(row["people"])
    return Recommendation(
        "popular", row["place"], row["product"], row["category"], people, reason, row["store"], people
    )


def basket_lines(actor: Actor, *, lake: Reader) -> Any:
    """Arrow lines for `rules.next_basket` and `rules.baskets.measured`: customer_id, basket_no (the day), item_id.

    For the system's models, of all stores at once; nobody who asked for no personalisation. A purchase day is one
    basket; only goods whose money was not given back.
    """
    require(actor, Permission.IMPORT_FILES)
    return lake.arrow(_BASKETS)


_BASKETS = """
select l.customer_id, date_diff('day', date '2000-01-01', l.ordered_on) as basket_no, l.product as item_id
from order_lines l
join customer_features f on f.customer_id = l.customer_id and l.ordered_on <= f.last_on
left join not_personalised n on n.customer_id = l.customer_id
where n.customer_id is null and l.counted and l.line_kind = 'goods' and l.product is not null
  and l.amount_minor > coalesce(l.refund_minor, 0)
group by 1, 2, 3
order by 1, 2, 3
"""
