"""Baskets as arrays of small numbers: customers 0.., items 0.. (the most bought first), baskets 0.. in their order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from shuke.kernel.errors import ShukeError

Array = NDArray[Any]
_COLUMNS = ("customer_id", "basket_no", "item_id")


class NoBaskets(ShukeError):
    """What was given is no table of baskets."""


@dataclass(frozen=True)
class Lines:
    """Distinct (customer, basket, item), sorted so; `customers` and `items` hold what the codes stand for."""

    customers: pa.Array
    items: pa.Array
    customer: Array
    basket: Array
    item: Array

    def baskets(self) -> Array:
        """How many baskets each customer has."""
        counted = np.zeros(len(self.customers), np.int64)
        np.maximum.at(counted, self.customer, self.basket + 1)
        return counted

    def kept(self, keep: Array) -> "Lines":
        """Some of the lines, under the same codes."""
        return Lines(self.customers, self.items, self.customer[keep], self.basket[keep], self.item[keep])

    def without_last(self, back: int) -> "Lines":
        """The lines before each customer's last `back` baskets."""
        return self.kept(self.basket < self.baskets()[self.customer] - back)


def coded(baskets: Any) -> Lines:
    """Lines of an Arrow table, a mapping of arrays, or three arrays (customer_id, basket_no, item_id).

    Rows with a missing value are left out, repeats count once. Raises `NoBaskets` for anything else.
    """
    table = _table(baskets).drop_null()
    customers, customer = _codes(table["customer_id"])
    _, number = _codes(table["basket_no"])
    items, item = _codes(table["item_id"])
    basket = _in_order(customer, number)
    times = np.bincount(item, minlength=len(items))
    by_times = np.lexsort((np.arange(len(items)), -times))
    place = np.empty(len(items), np.int64)
    place[by_times] = np.arange(len(items))
    span = (int(basket.max()) + 1 if len(basket) else 1, max(len(items), 1))
    key = np.unique((customer * span[0] + basket) * span[1] + place[item])
    return Lines(
        customers,
        items.take(pa.array(by_times)),
        key // (span[0] * span[1]),
        key // span[1] % span[0],
        key % span[1],
    )


def _table(baskets: Any) -> pa.Table:
    if isinstance(baskets, pa.Table):
        given = {name: baskets[name] for name in _COLUMNS if name in baskets.column_names}
    elif isinstance(baskets, Mapping):
        given = {name: baskets[name] for name in _COLUMNS if name in baskets}
    elif isinstance(baskets, list | tuple) and len(baskets) == len(_COLUMNS):
        given = dict(zip(_COLUMNS, baskets, strict=True))
    else:
        given = {name: baskets[name] for name in _COLUMNS if name in getattr(baskets, "columns", ())}
    if len(given) != len(_COLUMNS):
        raise NoBaskets(
            "Baskets need the columns customer_id, basket_no and item_id.",
            hint="Give an Arrow table, a mapping of arrays, or the three arrays in this order.",
        )
    try:
        return pa.table({name: _column(values) for name, values in given.items()})
    except pa.ArrowInvalid as error:
        raise NoBaskets(f"The columns of baskets do not fit together: {error}", hint="Give one row a line.") from error


def _column(values: Any) -> Any:
    if isinstance(values, pa.Array | pa.ChunkedArray):
        return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    return pa.array(values, from_pandas=True)


def _codes(column: Any) -> tuple[pa.Array, Array]:
    """The distinct values in their order, and each row's place among them."""
    chunk = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_null(chunk.type) or not len(chunk):
        return pa.array([], chunk.type if not pa.types.is_null(chunk.type) else pa.int64()), np.empty(0, np.int64)
    if pa.types.is_integer(chunk.type):
        values, place = np.unique(chunk.to_numpy(zero_copy_only=False), return_inverse=True)
        return pa.array(values, chunk.type), place.astype(np.int64)
    words = chunk if pa.types.is_dictionary(chunk.type) else chunk.dictionary_encode()
    order = pc.sort_indices(words.dictionary)
    place = np.empty(len(order), np.int64)
    place[order.to_numpy()] = np.arange(len(order))
    return words.dictionary.take(order), place[words.indices.to_numpy(zero_copy_only=False).astype(np.int64)]


def _in_order(customer: Array, number: Array) -> Array:
    """Each line's basket as 0, 1, 2 ... of its customer, in the order of `number`."""
    if not len(customer):
        return np.empty(0, np.int64)
    span = int(number.max()) + 1
    keys, place = np.unique(customer * span + number, return_inverse=True)
    starts = np.flatnonzero(np.r_[True, keys[1:] // span != keys[:-1] // span])
    first = np.repeat(starts, np.diff(np.r_[starts, len(keys)]))
    return (np.arange(len(keys)) - first)[place]
