"""Values of customers: grouped in SQL, fitted in NumPy on distinct histories, multiplied out in SQL."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa

from shuke.lake.actions import Run
from shuke.predictions.adapters import definition
from shuke.predictions.rules.lifetime import NothingToFit, fit_gamma_gamma
from shuke.predictions.rules.returns import steady_fit_weighted
from shuke.predictions.rules.worth import nine_of_ten, outlook, relative_doubt
from shuke.predictions.values import BgNbd, Floats, GammaGamma

_SHOWN = (30, 90, 365)
_YEARS = (365, 730, 1095)
_GROUPS = """
select c.purchases - 1 as x, date_diff('day', c.first_on, c.last_on) as t_x,
  date_diff('day', c.first_on, $as_of) as age, count(*) as customers
from customer_clocks c
where not exists (select 1 from not_personalised n where n.customer_id = c.customer_id)
group by all
order by all
"""
_SPENT = """
select c.purchases, c.purchase_net_minor / c.purchases::double as mean
from customer_clocks c
where c.purchase_net_minor > 0 and c.customer_id % $every = 0
  and not exists (select 1 from not_personalised n where n.customer_id = c.customer_id)
order by c.customer_id
"""


def write_values(run: Run, *, parameters: Mapping[str, Any], margin_share: float) -> dict[str, Any]:
    """Fills `customer_values`; gives what the model card tells: parameters, customers, doubt."""
    lake, settings = run.reader(), definition("values")
    lake.use("customer_clocks", "not_personalised")
    groups = lake.cursor.execute(_GROUPS, {"as_of": parameters["as_of"]}).fetchnumpy()
    x, t_x, age, heads = (np.asarray(groups[name], float) for name in ("x", "t_x", "age", "customers"))
    customers = int(heads.sum())
    version = f"value-1-{parameters['as_of']}"
    if not customers:
        run.write("customer_values", sql=f"select * from ({_EMPTY}) where false")
        return {"customers": 0, "version": version, "state": "nobody"}
    model = steady_fit_weighted((x, t_x, age), heads, settings=definition("returns"))
    every = max(1, customers // int(settings["fit_customers"]))
    spent = lake.cursor.execute(_SPENT, {"every": every}).fetchnumpy()
    money = _money(np.asarray(spent["purchases"], float), np.asarray(spent["mean"], float))
    doubt = relative_doubt(model, (x, t_x, age), heads, horizons=_SHOWN)
    table = _groups_table((x, t_x, age), model=model, money=money, doubt=doubt, discount=settings["discount_share"])
    lake.cursor.register("value_groups", table)
    try:
        run.write(
            "customer_values", sql=_statement(parameters["as_of"], money=money, margin=margin_share, version=version)
        )
    finally:
        lake.cursor.unregister("value_groups")
    told = {"customers": customers, "distinct_histories": len(x), "doubt_share": doubt, "margin_share": margin_share}
    return {**told, "version": version, "state": "fitted", "bgnbd": asdict(model), "gamma_gamma": asdict(money)}


def _money(purchases: Floats, mean: Floats) -> GammaGamma:
    """Gamma-Gamma, or, where it cannot be fitted, one in which everybody spends the shop's mean."""
    try:
        return fit_gamma_gamma(purchases, mean)
    except NothingToFit:
        return GammaGamma(1.0, 2.0, 1.0, 0.0, 0.0)


def _groups_table(
    history: tuple[Floats, Floats, Floats],
    *,
    model: BgNbd,
    money: GammaGamma,
    doubt: Mapping[int, float],
    discount: float,
) -> pa.Table:
    """One row a distinct history: what SQL multiplies with each customer's own spend."""
    seen = outlook(model, history, horizons=sorted({*_SHOWN, *_YEARS}))
    columns: dict[str, Any] = {
        name: array.astype(np.int64) for name, array in zip(("x", "t_x", "age"), history, strict=True)
    }
    columns["alive"] = seen.alive
    for days in _SHOWN:
        mean, error = seen.orders[days], doubt[days] * seen.orders[days]
        low, high = nine_of_ten(mean, seen.variances[days] + error**2)
        columns |= {f"orders_{days}": mean, f"low_{days}": np.floor(low), f"high_{days}": np.ceil(high)}
        # Money of one purchase spreads by a share 1 / p of its square around the customer's mean.
        low, high = nine_of_ten(mean, seen.variances[days] + mean / money.p + error**2)
        columns |= {f"spent_low_{days}": low, f"spent_high_{days}": high}
    yearly = np.diff([np.zeros(len(seen.alive)), *(seen.orders[days] for days in _YEARS)], axis=0)
    columns["ahead"] = sum(part / (1 + discount) ** (number + 0.5) for number, part in enumerate(yearly))
    return pa.table(columns)


def _statement(as_of: Any, *, money: GammaGamma, margin: float, version: str) -> str:
    """Orders and money of each customer: the history's figures times the purchase to expect (Gamma-Gamma, (5))."""
    p, q, gamma, share = (f"{number:.12e}" for number in (money.p, money.q, money.gamma, margin))
    spend = f"({gamma} + c.purchase_net_minor) * {p} / greatest({p} * c.purchases + {q} - 1, 0.05)"
    orders = ",\n".join(
        f"  round(g.orders_{d}, 4) as orders_{d}, g.low_{d}::integer as orders_{d}_low,"
        f" g.high_{d}::integer as orders_{d}_high"
        for d in _SHOWN
    )
    minors = ",\n".join(
        f"  round(g.orders_{d} * m.worth)::bigint as margin_{d}_minor,"
        f" round(g.spent_low_{d} * m.worth)::bigint as margin_{d}_low_minor,"
        f" round(g.spent_high_{d} * m.worth)::bigint as margin_{d}_high_minor"
        for d in _SHOWN
    )
    return f"""
select m.customer_id, round(g.alive, 4) as alive_share,
{orders},
{minors},
  round(g.ahead * m.worth)::bigint as discounted_value_minor,
  round(m.purchase)::bigint as purchase_minor,
  '{version}' as version
from (
  select c.customer_id, c.purchases - 1 as x, date_diff('day', c.first_on, c.last_on) as t_x,
    date_diff('day', c.first_on, date '{as_of}') as age, {spend} as purchase, {spend} * {share} as worth
  from customer_clocks c
  anti join not_personalised n on n.customer_id = c.customer_id
) m
join value_groups g on g.x = m.x and g.t_x = m.t_x and g.age = m.age"""


_INTS = [f"orders_{d}_{side}" for d in _SHOWN for side in ("low", "high")]
_MINORS = [f"margin_{d}_{part}" for d in _SHOWN for part in ("minor", "low_minor", "high_minor")]
_EMPTY = "select 0::bigint as customer_id, " + ", ".join(
    [f"0.0::double as {name}" for name in ("alive_share", *(f"orders_{d}" for d in _SHOWN))]
    + [f"0::integer as {name}" for name in _INTS]
    + [f"0::bigint as {name}" for name in (*_MINORS, "discounted_value_minor", "purchase_minor")]
    + ["'' as version"]
)
