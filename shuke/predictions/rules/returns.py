"""The chance to come back within some days: BG/NBD and boosted trees together, set to the level of the season.

Trees are trained on past windows that had ended by the day, never on random splits; what BG/NBD says is among their
features. `learn` is any learner: features and whether each came back in, a function from features to chances out.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from shuke.predictions.rules.level import level_ahead, shift_to, shifted
from shuke.predictions.rules.lifetime import expected_purchases, fit_bgnbd, probability_alive
from shuke.predictions.rules.panel import history, matrix, panel, some
from shuke.predictions.rules.worth import chance_to_return
from shuke.predictions.values import BgNbd, Floats, Panel, Prediction, Purchases, Window

Learn = Callable[[Floats, NDArray[np.bool_]], Callable[[Floats], Floats]]
Settings = Mapping[str, float]
BASELINES = ("rfm", "recency", "frequency", "last_spend")
_TINY = 1e-6
_NINETY = 1.6449
# Histories (x, t_x / T) of made-up customers, and their share: most buy once, few often.
_STEADY = ((0, 0.0, 0.6), (1, 0.5, 0.2), (2, 0.7, 0.1), (4, 0.9, 0.1))
# A regular's weight against a newcomer's pace: orders that the shop's mean purchase is worth.
_SPEND_SHRINK = 2.0


def steady_fit(x: Floats, t_x: Floats, age: Floats, *, settings: Settings, start: BgNbd | None = None) -> BgNbd:
    """BG/NBD on histories in days and on a handful of made-up ones, so that small or odd shops have a maximum too."""
    return steady_fit_weighted((x, t_x, age), np.ones(len(x)), settings=settings, start=start)


def steady_fit_weighted(
    history: tuple[Floats, Floats, Floats], weights: Floats, *, settings: Settings, start: BgNbd | None = None
) -> BgNbd:
    """As `steady_fit`, for distinct histories that stand for `weights` customers each."""
    x, t_x, age = history
    usual = max(round(float(np.average(age, weights=weights))), 30) if len(age) else 180
    worth = settings["steady_customers"]
    count = np.r_[x, [row[0] for row in _STEADY]]
    last = np.r_[t_x, [round(row[1] * usual) for row in _STEADY]]
    old = np.r_[age, [usual] * len(_STEADY)]
    heads = np.r_[weights, [row[2] * worth for row in _STEADY]]
    return fit_bgnbd(count, last, old, heads, start=start)


def past_windows(
    known: Purchases, *, day: int, horizons: Sequence[int], settings: Settings, model: BgNbd | None = None
) -> tuple[Window, ...]:
    """How far BG/NBD was off in windows that had ended by `day`, each fitted on what was known before it began."""
    found: list[Window] = []
    if not len(known.days):
        return ()
    seen, first = some(known, most=int(settings["level_sample"])), int(known.days.min())
    # On a grid that does not depend on the day, so that a back-test and the week see the same windows.
    step = int(settings["level_step_days"])
    oldest = max(first + int(settings["history_min_days"]), day - int(365 * settings["level_years"]))
    for cut in range(-(-oldest // step) * step, day - min(horizons) + 1, step):
        for horizon in (h for h in horizons if cut + h <= day):
            then = panel(seen, cut=cut, horizon=horizon)
            if len(then.rows) < 30:
                break
            past = history(then, seen)
            if horizon == min(horizons):
                model = steady_fit(*past, settings=settings, start=model)
            if model is not None:
                found.append(_window(then, past, model=model, history_days=cut - first))
    return tuple(found)


def predict_return(
    known: Purchases,
    *,
    day: int,
    horizon: int,
    learn: Learn | None,
    settings: tuple[Settings, Settings],
    windows: Sequence[Window],
) -> Prediction:
    """The chance of each customer known before `day` to buy within `horizon` days from it, with its interval.

    `settings` are those of `returns.yaml` and `level.yaml`; `windows` those of `past_windows`. Without a learner, or
    with too little history for one, it is BG/NBD alone, and the intervals are wide.
    """
    rules, level_rules = settings
    now = panel(known, cut=day, horizon=horizon)
    model = _fit(known, cut=day, settings=rules)
    chances = _chances(model, now, known=known)
    plain = chances["chance"]
    span = day - int(known.days.min()) if len(known.days) else 0
    is_little = len(now.rows) < rules["little_buyers"] or span < rules["little_days"]
    trees = None
    if learn is not None and not is_little:
        trees = _boosted(known, now, matrix(now, chances), day=day, learn=learn, settings=rules, start=model)
    share = rules["boosting_share"]
    mixed = plain if trees is None else share * trees + (1 - share) * plain
    level = level_ahead([w for w in windows if w.horizon == horizon], day=day, settings=level_rules)
    total = float(shifted(plain, level.shift).sum())
    # Nobody is surer than those learned from allow: n people who all came back leave 1 in 2 n unsaid.
    least = max(_TINY, 0.5 / (len(now.rows) + 1))
    value = np.clip(shifted(mixed, shift_to(mixed, total)), least, 1 - least)
    low, high = _interval(value, plain if trees is None else trees, plain, error=level.error, customers=len(now.rows))
    methods = {"bgnbd": plain, **baselines(now), **({} if trees is None else {"boosting": trees, "blend": mixed})}
    return Prediction(
        known.customers[now.rows], value, low, high,
        "bgnbd" if trees is None else "blend", "little_data" if is_little else "enough",
        methods, level, model, now, chances, span,
    )  # fmt: skip


def baselines(found: Panel) -> dict[str, Floats]:
    """Simple rules that every shop can compute: RFM rank, recency, purchases of a year, spend of the last window."""
    columns = found.columns
    parts = (-columns["away_days"], columns["orders_365"], columns["net_365"])
    return {
        "rfm": np.sum([_fifth(part) for part in parts], axis=0).astype(float),
        "recency": -columns["away_days"],
        "frequency": columns["orders_365"],
        "last_spend": columns["net_90"],
    }


def by_rank(score: Floats, came: tuple[Floats, Floats], *, total: float) -> Floats:
    """Chances for a mere ranking: the share that came back at each rank of a past window, set to a total.

    `came` holds the past window's score and whether each came back.
    """
    past, real = came
    order = np.argsort(past, kind="stable")
    parts = [part for part in np.array_split(order, min(20, max(1, len(order) // 50))) if len(part)]
    shares = np.maximum.accumulate([(real[part].sum() + 0.5) / (len(part) + 1) for part in parts])
    middles = (np.arange(len(parts)) + 0.5) / max(len(parts), 1)
    ranks = np.searchsorted(past[order], score, side="left") + np.searchsorted(past[order], score, side="right")
    raw = np.interp(ranks / (2 * max(len(order), 1)), middles, shares)
    return shifted(raw, shift_to(raw, total))


def usual_spend(found: Panel) -> Floats:
    """The mean value of a purchase of each customer, drawn to the shop's where they are few."""
    count = found.columns["repeats"] + 1
    own = np.exp(found.columns["purchase"])
    mean = float(np.average(own, weights=count)) if len(own) else 0.0
    drawn: Floats = (own * count + mean * _SPEND_SHRINK) / (count + _SPEND_SHRINK)
    return drawn


def _fit(known: Purchases, *, cut: int, settings: Settings, start: BgNbd | None = None) -> BgNbd:
    seen = some(known, most=int(settings["fit_sample"]))
    return steady_fit(*history(panel(seen, cut=cut, horizon=0), seen), settings=settings, start=start)


def _chances(model: BgNbd, found: Panel, *, known: Purchases) -> dict[str, Floats]:
    past = history(found, known)
    horizon = max(found.horizon, 1)
    return {
        "alive": probability_alive(model, *past),
        "expected": expected_purchases(model, past, horizon=horizon),
        "chance": chance_to_return(model, past, horizon=horizon),
    }


def _boosted(
    known: Purchases, now: Panel, today: Floats, *, day: int, learn: Learn, settings: Settings, start: BgNbd
) -> Floats | None:
    """What trees say today, taught by past windows; None where there is none, or all did the same in them."""
    seen, first = some(known, most=int(settings["sample"])), int(known.days.min())
    taught, answers = [], []
    for number in range(int(settings["windows"])):
        cut = day - now.horizon - number * int(settings["window_step_days"])
        if cut - first < settings["history_min_days"]:
            break
        then = panel(seen, cut=cut, horizon=now.horizon)
        model = _fit(seen, cut=cut, settings=settings, start=start)
        taught.append(matrix(then, _chances(model, then, known=seen)))
        answers.append(then.orders > 0)
    if not taught or np.concatenate(answers).mean() in (0.0, 1.0):
        return None
    return learn(np.concatenate(taught), np.concatenate(answers))(today)


def _window(then: Panel, past: tuple[Floats, Floats, Floats], *, model: BgNbd, history_days: int) -> Window:
    chance = chance_to_return(model, past, horizon=then.horizon)
    came = float((then.orders > 0).sum())
    doubt = 1 / np.sqrt(max(float((chance * (1 - chance)).sum()), 1.0))
    count = then.columns["repeats"] + 1
    own = np.exp(then.columns["purchase"])
    mean = float(np.average(own, weights=count))
    said = (
        expected_purchases(model, past, horizon=then.horizon)
        * (own * count + mean * _SPEND_SHRINK)
        / (count + _SPEND_SHRINK)
    )
    spent, hoped = max(float(then.spend.sum()), 1.0), max(float(said.sum()), 1.0)
    spread = float(np.sqrt(((then.spend - said) ** 2).sum())) / spent
    return Window(
        then.cut, then.horizon, history_days, shift_to(chance, came), float(doubt), float(np.log(spent / hoped)), spread
    )


def _interval(value: Floats, one: Floats, other: Floats, *, error: float, customers: int) -> tuple[Floats, Floats]:
    """90 %: the level's error, how far the two methods are apart, and the number of customers learned from."""
    odds = logit(np.clip(value, _TINY, 1 - _TINY))
    apart = (logit(np.clip(one, _TINY, 1 - _TINY)) - logit(np.clip(other, _TINY, 1 - _TINY))) / 2
    width = _NINETY * np.sqrt(error**2 + apart**2 + 4.0 / max(customers, 1))
    return expit(odds - width), expit(odds + width)


def _fifth(values: Floats) -> Floats:
    """Scores 1 to 5 by fifths; equal values share the middle of their ranks."""
    ordered = np.sort(values)
    middle = np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right")
    fifths: Floats = 1.0 + np.minimum(4, np.floor(5 * middle / (2 * max(len(values), 1))))
    return fifths
