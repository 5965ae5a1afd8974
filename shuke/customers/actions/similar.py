"""Second stage: finds and compares records that no key ties, by name, birthday, place and gender."""

from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import numpy as np

from shuke.customers.actions.evidence import Loaded, spelled
from shuke.customers.actions.texts import Texts
from shuke.customers.adapters import weights
from shuke.customers.rules import weak
from shuke.customers.rules.masked import Joins, nothing
from shuke.customers.rules.names import similar as alike
from shuke.customers.values import Evidence, Flags, Floats, Ints
from shuke.lake.actions import Run

# Of each rule, pairs for each loose record; and pairs that cost nothing yet.
_PAIRS_A_RECORD = 4
_PAIRS_AT_LEAST = 50_000
_PAIRS_AT_MOST = 2_000_000
_RANDOM_PAIRS = 100_000
_SHORT_ADDRESS, _COMPARED_ADDRESS, _SLIPS = 4, 8, 2
_SAME_NAME = 8


def similar(run: Run, loaded: Loaded) -> Callable[[Evidence, Ints], Joins]:
    """Gives the second stage for the evidence loaded: from the groups so far to the joins that similarity makes."""

    def attach(evidence: Evidence, used: Ints) -> Joins:
        nobody = nothing(evidence, used)
        rows = _asked(evidence)
        if len(rows) < 2:
            return nobody
        loose = _is_loose(evidence, used)
        if np.count_nonzero(loose[rows]) < 2:
            return nobody
        lake = run.reader()
        lake.use("person_evidence", "staged_persons")
        with _Search(lake.cursor, evidence, rows=rows, ids=loaded.ids, used=used, loose=loose) as search:
            found, strangers = search.compared(*search.pairs()), search.random()
            # Of a single loose record nothing tells how often fields agree by chance.
            if not len(found) or not len(strangers[0]):
                return nobody
            fitted = weak.fit(
                found,
                search.compared(*strangers),
                records=search.records,
                total=search.total,
                equal=search.equal,
            )
            score = weak.log_odds(found, fitted, equal=search.equal, totals=search.totals)
        return _joins(found, score, used=used)

    return attach


def _asked(evidence: Evidence) -> Ints:
    """Own records with a name."""
    return np.flatnonzero(evidence.is_own & ~evidence.is_staff & (evidence.name != 0))


def _is_loose(evidence: Evidence, used: Ints) -> Flags:
    """Rows of groups that no key holds together."""
    held = np.zeros(len(evidence), bool)
    for values in evidence.keys.values():
        carried = np.bincount(values, minlength=1)
        carried[0] = 0
        held[used[carried[values] > 1]] = True
    return ~held[used]


def _joins(found: weak.Compared, score: Floats, *, used: Ints) -> Joins:
    """Joins of groups; a pair of groups counts with the likeliest pair of its rows."""
    one, other = np.minimum(used[found.left], used[found.right]), np.maximum(used[found.left], used[found.right])
    within = weak.within_reach(one, other, score)
    one, other, score = one[within], other[within], score[within]
    order = np.lexsort((-score, other, one))
    one, other, score = one[order], other[order], score[order]
    fresh = np.ones(len(one), bool)
    fresh[1:] = (one[1:] != one[:-1]) | (other[1:] != other[:-1])
    left, right, probability = weak.link(one[fresh], other[fresh], score[fresh], least=weights().review_from)
    return Joins(right, left, probability)


class _Search:
    """Records of one search by place, with codes of their texts; its temporary tables are gone afterwards."""

    def __init__(
        self,
        cursor: duckdb.DuckDBPyConnection,
        evidence: Evidence,
        *,
        rows: Ints,
        ids: Ints,
        used: Ints,
        loose: Flags,
    ) -> None:
        self._texts = Texts(cursor)
        self._ids = ids
        self.equal: dict[str, float] = {}
        self.totals: dict[str, float] = {}
        numbers, self._written = self._texts.written(ids[rows])
        of = ("name", "initial", "birthday", "city", "gender")
        asked = weak.Records(
            rows, used[rows], loose[rows], address=numbers, **{field: getattr(evidence, field)[rows] for field in of}
        )
        # Held rows with something beside the name count among those that loose ones are sought in.
        others = int(np.count_nonzero(((asked.birthday != 0) | (asked.city != 0)) & ~asked.loose))
        self._kept = asked.taken(weak.worth_comparing(asked))
        self.records = int(np.count_nonzero(self._kept.loose))
        self.total = max(self.records * (others + (self.records - 1) / 2), 1.0)

    def __enter__(self) -> "_Search":
        kept, texts = self._kept, self._texts
        names, firsts, self._names = np.unique(kept.name, return_index=True, return_inverse=True)
        codes = texts.names(np.arange(len(names)), self._ids[kept.row[firsts]])
        self._of_name = {field: values[self._names] for field, values in codes.items()}
        self._take_addresses()
        cities, firsts = np.unique(kept.city, return_index=True)
        texts.cities(cities, self._ids[kept.row[firsts]])
        anything = np.ones(len(kept), bool)
        self._numbers = {
            "name": weak.numbers_of(self._of_name["n"], anything),
            "family_name": weak.numbers_of(self._of_name["l"], anything),
            "birthday": kept.birthday,
            "address": weak.numbers_of(self._of_address["whole"], kept.address != 0),
            "city": kept.city,
        }
        self._carried = {field: weak.carried(numbers, kept.loose) for field, numbers in self._numbers.items()}
        for field, counts in self._carried.items():
            total = float(counts.sum())
            self.totals[field] = max(total, 1.0)
            self.equal[field] = max(float((counts * (counts - 1.0)).sum()), 0.5) / max(total * (total - 1), 1.0)
        return self

    def __exit__(self, *_: object) -> None:
        self._texts.close()

    def _take_addresses(self) -> None:
        """Codes of the addresses of the records; what stands for a missing one means nothing."""
        known = np.flatnonzero(self._kept.address)
        distinct, place = np.unique(self._kept.address[known], return_inverse=True)
        self._addresses = np.zeros(len(self._kept), np.int64)
        self._addresses[known] = place
        texts = self._written.take(distinct - 1)
        self._letters = weak.letters([text.replace(" ", "") for text in texts.to_pylist()])
        codes = self._texts.addresses(texts)
        none = {field: np.zeros(len(self._kept), values.dtype) for field, values in codes.items()}
        for field, values in codes.items():
            none[field][known] = values[place]
        self._of_address = none

    def pairs(self) -> tuple[Ints, Ints]:
        """Distinct pairs of places of records that share a block."""
        allowed = min(max(_PAIRS_A_RECORD * self.records, _PAIRS_AT_LEAST), _PAIRS_AT_MOST)
        kept = self._kept
        return weak.pairs_in_blocks(self._blocks(), groups=kept.group, loose=kept.loose, allowed=allowed)

    def _blocks(self) -> Iterator[weak.Block]:
        kept, name, at = self._kept, self._of_name, self._of_address
        born, city, addressed = kept.birthday != 0, kept.city != 0, kept.address != 0
        year = weak.years(kept.birthday)
        words, plain = name["has_words"], ~name["is_chinese"]
        n, f, c, s = name["n"], name["l"], name["c"], name["s"]
        yield weak.mixed(0, n, year), born
        yield weak.mixed(1, kept.birthday, name["c_first"]), born
        yield weak.mixed(2, kept.birthday, name["l_first"]), born
        yield weak.mixed(3, kept.birthday, name["s_begin"]), born & words
        yield weak.mixed(4, at["whole"]), at["length"] > _SHORT_ADDRESS
        yield weak.mixed(5, n), np.ones(len(kept), bool)
        yield weak.mixed(6, s, kept.city), city & words
        yield weak.mixed(7, f, name["c_first"], kept.city), city & plain
        for number, word in ((8, f), (10, c)):
            yield weak.mixed(number, word, at["area"]), addressed & plain
            yield weak.mixed(number + 1, word, at["tail"]), addressed & plain
        yield weak.mixed(12, name["l_begin"], year), born & plain
        yield weak.mixed(13, c, name["l_first"], year), born & plain

    def random(self) -> tuple[Ints, Ints]:
        """Pairs of loose records at fixed distances in the order of a hash of their ids."""
        places = np.flatnonzero(self._kept.loose)
        order = places[np.argsort(_scattered(self._ids[self._kept.row[places]]))]
        lo, hi = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for step in range(1, min(max(_RANDOM_PAIRS // max(len(order), 1), 1) + 1, len(order))):
            lo.append(np.minimum(order[step:], order[:-step]))
            hi.append(np.maximum(order[step:], order[:-step]))
        return np.concatenate(lo)[:_RANDOM_PAIRS], np.concatenate(hi)[:_RANDOM_PAIRS]

    def compared(self, left: Ints, right: Ints) -> weak.Compared:
        """Levels of pairs of places."""
        kept = self._kept
        levels = {
            "name": self._name_level(left, right),
            "birthday": weak.birthday_level(kept.birthday[left], kept.birthday[right]),
            "place": weak.place_level(self._address_level(left, right), self._city_level(left, right)),
            "gender": _gender_level(kept.gender[left], kept.gender[right]),
        }
        carried = {}
        for field, numbers in self._numbers.items():
            both = np.where(numbers[left] == numbers[right], numbers[left], 0)
            carried[field] = self._carried[field][both].astype(float)
        return weak.Compared(kept.row[left], kept.row[right], levels=levels, carried=carried)

    def _name_level(self, left: Ints, right: Ints) -> Ints:
        number = self._numbers["name"]
        found = np.full(len(left), _SAME_NAME, np.int64)
        other = np.flatnonzero(number[left] != number[right])
        found[other] = self._texts.levels("name", self._names[left[other]], self._names[right[other]])
        return found

    def _address_level(self, left: Ints, right: Ints) -> Ints:
        """3 equal, 2 a slip apart, 1 the same area or tail, 0 another, 4 missing."""
        of = self._of_address
        known = (self._kept.address[left] != 0) & (self._kept.address[right] != 0)
        near = (of["area"][left] == of["area"][right]) | (of["tail"][left] == of["tail"][right])
        found = np.where(known, np.where(of["whole"][left] == of["whole"][right], 3, near), 4).astype(np.int64)
        long = of["length"].astype(np.int64)
        slip = (found < 2) & (long[left] > _COMPARED_ADDRESS) & (np.abs(long[left] - long[right]) <= _SLIPS)
        asked = np.flatnonzero(slip)
        one, other = self._addresses[left[asked]], self._addresses[right[asked]]
        near = weak.may_be_near(self._letters, one, other, slips=_SLIPS)
        found[asked[near][self._texts.levels("address", one[near], other[near]) == 1]] = 2
        return found

    def _city_level(self, left: Ints, right: Ints) -> Ints:
        """2 equal, 1 alike, 0 another, 3 missing."""
        one, other = self._kept.city[left], self._kept.city[right]
        found = np.where((one != 0) & (other != 0), np.where(one == other, 2, 0), 3)
        asked = np.flatnonzero(found == 0)
        found[asked] = self._texts.levels("city", one[asked], other[asked])
        return found


def _gender_level(one: Ints, other: Ints) -> Ints:
    """1 equal, 0 another, 2 missing."""
    return np.where((one != 0) & (other != 0), np.where(one == other, 1, 0), 2)


def _scattered(ids: Ints) -> Any:
    """Numbers that say nothing of the order of ids (a multiplicative hash)."""
    return ids.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)


def callbacks(run: Run, loaded: Loaded) -> dict[str, Any]:
    """What partition asks of texts."""
    return {"similar": similar(run, loaded), "close": close(run, loaded)}


def close(run: Run, loaded: Loaded) -> Callable[[Ints, Ints], Flags]:
    """Says of pairs of rows whether their full names are two spellings of one."""
    names_of = spelled(run, loaded)

    def are_close(left: Ints, right: Ints) -> Flags:
        names = zip(names_of(left), names_of(right), strict=True)
        return np.array([bool(one and other and alike(one, other)) for one, other in names], bool)

    return are_close
