"""Writes what is hidden about each person."""

import numpy as np
import pyarrow as pa

from shuke.demo.actions.ledger import Ledger
from shuke.demo.adapters import TruthTable
from shuke.demo.values import NEVER, People

PERSONS = pa.schema(
    [
        ("person_id", pa.int64()),
        ("kind", pa.string()),
        ("city", pa.string()),
        ("home_store", pa.string()),
        ("associate", pa.string()),
        ("name", pa.string()),
        ("phone", pa.string()),
        ("phone_later", pa.string()),
        ("phone_changed_on", pa.date32()),
        ("shares_phone_with", pa.int64()),
        ("phone_recycled_from", pa.int64()),
        ("entered_on", pa.date32()),
        ("dropout_on", pa.date32()),
        ("purchase_rate", pa.float64()),
        ("regularity", pa.float64()),
        ("price_sensitivity", pa.float64()),
        ("touch_response", pa.float64()),
        ("new_product_love", pa.float64()),
        ("affluence", pa.float64()),
        ("favourite_category", pa.string()),
        ("second_category", pa.string()),
        ("main_channel", pa.string()),
        ("second_channel", pa.string()),
        ("main_channel_share", pa.float64()),
        ("registered_on", pa.date32()),
        ("in_wecom_on", pa.date32()),
        ("card", pa.string()),
        ("card_later", pa.string()),
    ]
)


def write_persons(
    ledger: Ledger,
    *,
    people: People,
    names: pa.Array,
    phones: tuple[pa.Array, pa.Array],
    cards: tuple[pa.Array, pa.Array],
) -> None:
    """Writes `persons.parquet`: everything hidden about each person."""
    world, chain = ledger.world, ledger.world.chain
    channels = pa.array(["pos", "youzan", "tmall", "jd", "meituan"])
    categories = pa.array(world.catalogue.categories)
    whole = {name: np.floor(getattr(people, name)).astype(np.int64) for name in ("entered", "left")}
    ids = np.arange(people.count)
    table = TruthTable(ledger.folder / "persons.parquet", schema=PERSONS)
    table.append(
        person_id=ids,
        kind=pa.array(["customer", "staff"]).take(pa.array((ids >= people.customers).astype(np.int64))),
        city=pa.array(chain.city).take(pa.array(people.store)),
        home_store=pa.array(chain.name).take(pa.array(people.store)),
        associate=pa.array(chain.associates).take(pa.array(people.associate)),
        name=names,
        phone=phones[0],
        phone_later=phones[1],
        phone_changed_on=ledger.days_or_null(people.changed),
        shares_phone_with=pa.array(people.shares_with, mask=people.shares_with < 0),
        phone_recycled_from=pa.array(people.recycled_from, mask=people.recycled_from < 0),
        entered_on=ledger.days_or_null(whole["entered"]),
        dropout_on=ledger.days_or_null(np.where(whole["left"] >= world.span.days + 3_650, NEVER, whole["left"])),
        purchase_rate=people.rate,
        regularity=people.shape,
        price_sensitivity=people.sensitivity,
        touch_response=people.response,
        new_product_love=people.novelty,
        affluence=people.affluence,
        favourite_category=categories.take(pa.array(people.category_first)),
        second_category=categories.take(pa.array(people.category_second)),
        main_channel=channels.take(pa.array(people.channel_first)),
        second_channel=channels.take(pa.array(people.channel_second)),
        main_channel_share=people.channel_loyalty,
        registered_on=ledger.days_or_null(people.registered),
        in_wecom_on=ledger.days_or_null(people.contact),
        card=cards[0],
        card_later=cards[1],
    )
    table.close()
