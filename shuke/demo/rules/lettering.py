"""Columns of text from columns of numbers, without a loop over rows."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shuke.demo.rules.chance import scramble
from shuke.demo.values import DAY_SECONDS, Flags, Ints

_BASE32 = np.frombuffer(b"abcdefghjkmnpqrstuvwxyz0123456789"[:32], dtype=np.uint8)


def _fixed(matrix: np.ndarray[tuple[int, int], np.dtype[np.uint8]]) -> pa.Array:
    rows, width = matrix.shape
    offsets = (np.arange(rows + 1) * width).astype(np.int32)
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(matrix)))


def digits(values: Ints, *, width: int) -> pa.Array:
    """Numbers at least 0 as text, padded with zeros to `width` digits."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return _fixed(((values[:, None] // powers) % 10 + 48).astype(np.uint8))


def codes(keys: Ints, *, width: int, salt: int) -> pa.Array:
    """An opaque id of `width` lower-case characters for each key, as platforms hand them out."""
    columns = []
    for block in range(0, width, 12):
        hashed = scramble(keys, salt=salt + block)
        shifts = 5 * np.arange(min(12, width - block), dtype=np.int64)
        columns.append(_BASE32[(hashed[:, None] >> shifts) & 31])
    return _fixed(np.concatenate(columns, axis=1))


def money(minor: Ints) -> pa.Array:
    """Minor units as yuan with two decimals: 1290 -> 12.90."""
    wide = pa.array(minor, pa.int64()).cast(pa.decimal128(19, 0))
    return pa.Array.from_buffers(pa.decimal128(19, 2), len(wide), wide.buffers()).cast(pa.string())


def whole(values: Ints) -> pa.Array:
    """Integers as text."""
    return pa.array(values, pa.int64()).cast(pa.string())


def stamps(at: Ints, *, epoch_day: int) -> pa.Array:
    """Local seconds of the span as 2025-03-01 09:05:00."""
    return pa.array(at + epoch_day * DAY_SECONDS, pa.timestamp("s")).cast(pa.string())


def dates(days: Ints) -> pa.Array:
    """Days since 1970 as 2025-03-01."""
    return pa.array(days.astype(np.int32), pa.int32()).cast(pa.date32()).cast(pa.string())


def words(options: Sequence[str], *, at: Ints) -> pa.Array:
    """The option at each position; an empty text where the position is negative."""
    table = pa.array([*options, ""], pa.string())
    return table.take(pa.array(np.where(at < 0, len(options), at)))


def glue(*parts: pa.Array | str) -> pa.Array:
    """Texts side by side, row by row."""
    return pc.binary_join_element_wise(*[pa.scalar(p) if isinstance(p, str) else p for p in parts], "")


def keep(values: pa.Array, *, where: Flags, otherwise: pa.Array | str = "") -> pa.Array:
    """The value where the flag is set, else the other one."""
    return pc.if_else(pa.array(where), values, pa.scalar(otherwise) if isinstance(otherwise, str) else otherwise)


def constant(value: str, *, rows: int) -> pa.Array:
    """The same text on every row."""
    return pa.repeat(pa.scalar(value), rows)


def masked_phone(phones: pa.Array) -> pa.Array:
    """138****8000, as marketplaces show it; empty stays empty."""
    masked = glue(pc.utf8_slice_codeunits(phones, 0, 3), "****", pc.utf8_slice_codeunits(phones, 7, 11))
    return pc.if_else(pc.equal(phones, ""), "", masked)


def masked_name(names: pa.Array) -> pa.Array:
    """张**, as marketplaces show it; empty stays empty."""
    return pc.if_else(pc.equal(names, ""), "", glue(pc.utf8_slice_codeunits(names, 0, 1), "**"))


def gathered(values: pa.Array, *, first: Ints, separator: str) -> pa.Array:
    """The values of each group (positions `first[i]` to `first[i + 1]`) joined to one text."""
    return pc.binary_join(pa.ListArray.from_arrays(pa.array(first.astype(np.int32)), values), separator)
