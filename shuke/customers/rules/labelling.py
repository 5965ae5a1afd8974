"""From labels of a stratified sample to precision and recall with intervals."""

from collections.abc import Mapping, Sequence

import numpy as np

from shuke.customers.values import Floats, Interval, Stratum

_DRAWS = 20_000
_SEED = 20_010_601
_ENOUGH = 10


def share_of_same(strata: Sequence[Stratum]) -> Interval | None:
    """The share of ties that are one person, over strata weighted by how many ties each stands for.

    Each stratum's share has a Jeffreys posterior, Beta(same + 1/2, other + 1/2), whose intervals keep their promise for
    shares near 0 and 1 too (Brown, Cai, DasGupta 2001, Statistical Science 16(2), section 4.1); the weighted sum is
    drawn 20,000 times with a fixed seed. None with fewer than 10 labels, or where a stratum that has ties has no label.
    """
    asked = [stratum for stratum in strata if stratum.population]
    if sum(stratum.labels for stratum in asked) < _ENOUGH or any(not stratum.labels for stratum in asked):
        return None
    total = sum(stratum.population for stratum in asked)
    drawn = sum(_draws(stratum) * stratum.population for stratum in asked) / total
    mid = sum(stratum.same / stratum.labels * stratum.population for stratum in asked) / total
    return _interval(np.asarray(drawn), mid, lowest=_none(asked), highest=_all(asked))


def recall(joined: Sequence[Stratum], apart: Sequence[Stratum]) -> Interval | None:
    """Of the ties that are one person, the share that is joined; ties that no rule ever proposed are not counted.

    The ratio of two weighted sums, drawn as in `share_of_same`. None with too few labels on either side.
    """
    ours = [stratum for stratum in joined if stratum.population]
    others = [stratum for stratum in apart if stratum.population]
    every = [*ours, *others]
    if not ours or sum(one.labels for one in every) < _ENOUGH or any(not one.labels for one in every):
        return None
    found = sum(_draws(one) * one.population for one in ours)
    missed = sum((_draws(one) * one.population for one in others), start=np.zeros(_DRAWS))
    right = sum(one.same / one.labels * one.population for one in ours)
    lost = sum(one.same / one.labels * one.population for one in others)
    mid = right / (right + lost) if right + lost else 0.0
    return _interval(
        np.asarray(found / (found + missed)),
        mid,
        lowest=_none(ours),
        highest=_none(others),
    )


def strata_of(
    populations: Mapping[str, int], answers: Mapping[str, tuple[int, int]], *, order: Sequence[str]
) -> tuple[Stratum, ...]:
    """Strata in `order` from their ties and their (labels, same)."""
    return tuple(
        Stratum(name, populations.get(name, 0), labels=answers.get(name, (0, 0))[0], same=answers.get(name, (0, 0))[1])
        for name in order
    )


def _draws(stratum: Stratum) -> Floats:
    """Posterior draws of one stratum's share; the same for equal counts, and independent between strata."""
    seed = [_SEED, *stratum.name.encode()]
    chance = np.random.default_rng(seed)
    return chance.beta(stratum.same + 0.5, stratum.labels - stratum.same + 0.5, _DRAWS)


def _interval(drawn: Floats, mid: float, *, lowest: bool, highest: bool) -> Interval:
    """The middle 95 % of the draws; an end that every label speaks for is 0 or 1 itself, as Jeffreys' rule has it."""
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Interval(
        low=0.0 if lowest else float(min(low, mid)), mid=float(mid), high=1.0 if highest else float(max(high, mid))
    )


def _none(strata: Sequence[Stratum]) -> bool:
    return all(not stratum.same for stratum in strata)


def _all(strata: Sequence[Stratum]) -> bool:
    return all(stratum.same == stratum.labels for stratum in strata)
