"""Measured quality: the interval covers what is true about as often as it says, and the sample is random."""

import numpy as np
import pytest

from shuke.customers.rules.labelling import recall, share_of_same
from shuke.customers.rules.sampling import sample
from shuke.customers.values import Interval, Pairs, Parts, Stratum


def stratum(name: str, population: int, labels: int, same: int) -> Stratum:
    return Stratum(name, population, labels=labels, same=same)


def test_shares_are_weighted_by_what_strata_stand_for() -> None:
    found = share_of_same([stratum("automatic", 9000, 50, 50), stratum("probable", 1000, 50, 40)])
    assert found is not None
    assert found.mid == pytest.approx(0.98)
    assert found.low < 0.98 < found.high < 1


def test_all_right_is_not_certain() -> None:
    found = share_of_same([stratum("automatic", 1000, 60, 60)])
    assert found is not None
    assert (found.mid, found.high) == (1.0, 1.0)
    # Jeffreys' lower bound for 60 of 60 is 0.9592 (Brown, Cai, DasGupta 2001).
    assert found.low == pytest.approx(0.9592, abs=0.002)


def test_too_few_labels_say_nothing() -> None:
    assert share_of_same([stratum("automatic", 1000, 9, 9)]) is None
    assert share_of_same([stratum("automatic", 1000, 50, 50), stratum("probable", 10, 0, 0)]) is None
    assert recall([], [stratum("apart", 10, 20, 1)]) is None
    assert share_of_same([stratum("automatic", 1000, 50, 50), stratum("probable", 0, 0, 0)]) is not None


def test_equal_counts_give_equal_intervals() -> None:
    strata = [stratum("automatic", 700, 40, 38), stratum("probable", 300, 40, 30)]
    assert share_of_same(strata) == share_of_same(list(strata))


def test_nothing_missed_is_a_recall_of_one() -> None:
    found = recall([stratum("automatic", 900, 40, 39)], [stratum("apart", 500, 40, 0)])
    assert found is not None and found.mid == found.high == 1.0 and found.low < 1


TRUTHS = [
    ((9000, 0.985, 60), (1000, 0.85, 60), (800, 0.30, 60)),
    ((20_000, 0.96, 40), (4000, 0.75, 40), (6000, 0.15, 40)),
    ((3000, 0.90, 100), (3000, 0.60, 30), (1500, 0.50, 50)),
]


@pytest.mark.parametrize("truth", TRUTHS)
def test_intervals_cover_the_truth_about_95_times_in_a_hundred(truth: tuple[tuple[int, float, int], ...]) -> None:
    chance = np.random.default_rng(11)
    names = ("automatic", "probable", "apart")
    right = [population * share for population, share, _ in truth]
    true_precision = (right[0] + right[1]) / (truth[0][0] + truth[1][0])
    true_recall = (right[0] + right[1]) / sum(right)
    hits, times = np.zeros(2), 200
    for _ in range(times):
        drawn = [
            stratum(name, population, labels, int(chance.binomial(labels, share)))
            for name, (population, share, labels) in zip(names, truth, strict=True)
        ]
        found = share_of_same(drawn[:2]), recall(drawn[:2], drawn[2:])
        hits += [covers(one, true) for one, true in zip(found, (true_precision, true_recall), strict=True)]
    assert (hits / times >= 0.9).all(), hits / times
    assert (hits / times <= 0.99).all(), hits / times


def covers(found: Interval | None, true: float) -> bool:
    assert found is not None
    assert 0 <= found.low <= found.mid <= found.high <= 1
    return found.low <= true <= found.high


def parts(automatic: list[int], used: list[int], pairs: list[tuple[int, int, bool]]) -> Parts:
    size = len(automatic)
    left, right, joined = (np.array([pair[place] for pair in pairs]) for place in range(3))
    none = np.zeros(len(pairs), np.int64)
    return Parts(
        evidence=np.arange(size),
        from_s=np.zeros(size, np.int64),
        until_s=np.ones(size, np.int64),
        used=np.array(used),
        automatic=np.array(automatic),
        probability=np.ones(size),
        reason=np.zeros(size, np.int64),
        pairs=Pairs(left, right, none + 0.5, none, joined=joined.astype(bool), refused=joined.astype(bool) & False),
    )


def test_ties_of_a_customer_are_a_tree() -> None:
    found = sample(
        parts([0, 0, 0, 3, 3, 5, -1], [0, 0, 0, 0, 0, 5, -1], [(0, 5, False), (0, 3, True)]),
        ids=np.arange(10, 17),
        most=10,
    )
    ties = {one.stratum: {(int(a), int(b)) for a, b in zip(one.left, one.right, strict=True)} for one in found}
    assert ties == {"automatic": {(0, 1), (0, 2), (3, 4)}, "probable": {(0, 3)}, "apart": {(0, 5)}}
    assert [one.population for one in found] == [3, 1, 1]


def test_the_sample_is_random_and_stays_while_rows_come() -> None:
    size = 20_000
    labels = np.repeat(np.arange(0, size, 2), 2).tolist()
    ids = np.random.default_rng(3).integers(1, 2**62, size)
    (drawn, _, _) = sample(parts(labels, labels, [(0, 2, False)]), ids=ids, most=1000)
    assert drawn.population == size // 2
    # Evenly over all customers: each fifth holds about a fifth (four standard deviations of a binomial draw).
    counts = np.histogram(drawn.left, bins=5, range=(0, size))[0]
    assert (abs(counts - 200) < 4 * 12.7).all()
    fewer = sample(parts(labels[:-2], labels[:-2], [(0, 2, False)]), ids=ids[:-2], most=1000)[0]
    assert len(set(drawn.right.tolist()) & set(fewer.right.tolist())) >= 999
