"""Who seems to live together: table households."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from shuke.customers.adapters import homes
from shuke.customers.rules.households import Tie, households
from shuke.lake.actions import Run
from shuke.lake.rules import fill_parameters

# Equal addresses with a number in them that are somebody's home, by family name.
_AT_HOME = """
with written as (
  select customer_id, lower(replace(replace(replace(address, ' ', ''), ',', ''), '，', '')) as home, trim(name) as name
  from customer_profiles
  where address is not null and name is not null and not is_staff
),
-- most addresses are one customer's: only the others are looked at closely
shared as (
  select home
  from written
  group by home
  having count(*) between 2 and $customers_at_address
),
homes as (
  select w.home, w.customer_id,
    case when regexp_matches(w.name, '[一-鿿]') then left(w.name, 1)
      else lower(regexp_extract(w.name, '([^ ]+)$', 1)) end as surname
  from written w
  join shared s on s.home = w.home
  where length(w.home) >= 8 and regexp_matches(w.home, '[0-9０-９]') and not regexp_matches(w.home, $not_a_home)
),
families as (
  select home
  from homes
  group by home
  having count(distinct surname) <= $surnames_at_address
)
select stable_hash(h.home) as home, h.surname, h.customer_id
from homes h
join families f on f.home = h.home
where h.surname not in ('', '*')
order by h.home, h.surname, h.customer_id
"""
# Phones of several customers at a time; a number that changed hands ties nobody.
_ON_PHONE = """
with shared as (
  select value_hash from customer_lookup where type = 'phone'
  group by value_hash
  having count(*) between 2 and $customers_on_phone
)
select e.phone_hash as home, '' as surname, e.customer_id
from customer_evidence e
join shared s on s.value_hash = e.phone_hash
where e.phone_usable and e.reason not in ('recycled_number', 'other_receiver') and not e.is_staff
group by e.phone_hash, e.customer_id
order by e.phone_hash, e.customer_id
"""
_BEFORE = """
select coalesce(a.customer_id, h.customer_id) as customer_id, min(h.household_id) as household_id
from households h
left join customer_aliases a on a.alias_id = h.customer_id
group by 1
"""


def write_households(run: Run) -> int:
    """Table households from addresses and shared phones; returns how many households there are."""
    lake = run.reader()
    limits = homes()
    parameters = {"not_a_home": limits.not_a_home, **limits.counts}
    ties = [
        *_ties(lake.rows(fill_parameters(_AT_HOME, parameters)), reason="address"),
        *_ties(lake.rows(fill_parameters(_ON_PHONE, parameters)), reason="phone"),
    ]
    before = {row["customer_id"]: row["household_id"] for row in lake.rows(_BEFORE)}
    found = households(ties, before=before, most=limits.people)
    rows = sorted((one, household.household_id, household.reason) for household in found for one in household.customers)
    columns = {
        "household_id": pa.array([number for _, number, _ in rows], pa.int64()),
        "customer_id": pa.array([one for one, _, _ in rows], pa.int64()),
        "reason": pa.array([reason for _, _, reason in rows], pa.string()),
    }
    run.write_arrow("households", rows=pa.table(columns))
    return len(found)


def _ties(rows: Sequence[dict[str, Any]], *, reason: str) -> list[Tie]:
    """Rows in the order of home and surname, each run of equal ones a tie."""
    groups: dict[tuple[int, str], list[int]] = {}
    for row in rows:
        groups.setdefault((row["home"], row["surname"]), []).append(row["customer_id"])
    return [Tie(reason, tuple(members)) for members in groups.values() if len(members) > 1]
