"""Seeded randomness: named streams, and draws that belong to a key rather than to a place in a stream."""

import numpy as np
import numpy.typing as npt

from shuke.demo.values import Floats, Ints
from shuke.kernel.ids import stable_hash


def stream(seed: int, *, name: str) -> np.random.Generator:
    """A generator of its own for each name, so that one part's draws never move another's."""
    return np.random.Generator(np.random.PCG64(stable_hash(f"{seed}|{name}")))


def scramble(keys: Ints, *, salt: int) -> Ints:
    """A 62-bit hash of each key (SplitMix64, Steele, Lea and Flood 2014), at least 0."""
    offset = np.uint64((salt * 0xD1B54A32D192ED03) % 2**64)
    with np.errstate(over="ignore"):
        z: npt.NDArray[np.uint64] = keys.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + offset
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Ints = ((z ^ (z >> np.uint64(31))) >> np.uint64(2)).astype(np.int64)
    return mixed


def unit(keys: Ints, *, salt: int) -> Floats:
    """A uniform draw in [0, 1) for each key; the same key and salt always give the same draw."""
    drawn: Floats = scramble(keys, salt=salt).astype(np.float64)
    return drawn / float(1 << 62)


def pick(draws: Floats, *, cumulative: Floats) -> Ints:
    """Positions chosen by uniform draws over cumulative weights (the last one is their sum)."""
    found = np.searchsorted(cumulative, draws * cumulative[-1], side="right")
    chosen: Ints = np.minimum(found, len(cumulative) - 1).astype(np.int64)
    return chosen
