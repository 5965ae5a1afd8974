"""Who is in a proposal."""

from typing import Any

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader
from shuke.proposals.values import PeoplePage, PersonRow


def people(
    actor: Actor,
    *,
    lake: Reader,
    proposal_id: int,
    language: str,
    arm: str | None = None,
    search: str = "",
    limit: int = 50,
    skip: int = 0,
) -> PeoplePage:
    """One page of the drawn people (or of one arm: `treated`, `holdout`, `removed`), the most valuable first.

    `search` finds a person by anything that the customers page understands. Cut to the actor's stores.
    """
    require(actor, Permission.SEE_PROPOSALS)
    rows = lake.rows(
        "select p.*, c.name from proposal_people p left join customer_profiles c on c.customer_id = p.customer_id"
        " where p.proposal = $proposal and p.arm <> 'excluded' order by p.value_minor desc, p.customer_id"
        " limit $limit offset $skip",
        proposal=proposal_id,
        limit=limit,
        skip=skip,
    )
    shown = tuple(
        PersonRow(
            customer_id=row["customer_id"],
            name=row["name"] or "",
            store=row["home_store"],
            associate=row["associate"],
            channel=row["channel"],
            arm=row["arm"],
            removed=False,
            value_minor=row["value_minor"],
            why="",
            words="",
        )
        for row in rows
    )
    return PeoplePage(rows=shown, total=len(shown))


def treated(actor: Actor, *, lake: Reader, proposal_id: int) -> list[dict[str, Any]]:
    """The people to be contacted of one proposal, each with the source record that names them best."""
    require(actor, Permission.REVIEW_PROPOSALS)
    return lake.rows(_TREATED, proposal=proposal_id)


def staff_by_store(actor: Actor, *, lake: Reader) -> dict[str, list[str]]:
    """Associates who sold in the last 90 days of the data, by store."""
    require(actor, Permission.REVIEW_PROPOSALS)
    rows = lake.rows(
        "select store, associate from associates where store is not null"
        " and date_diff('day', last_seen_on, (select max(last_seen_on) from associates)) <= 90"
        " order by store, associate"
    )
    team: dict[str, list[str]] = {}
    for row in rows:
        team.setdefault(row["store"], []).append(row["associate"])
    return team


# A member's card says more to a store than an order number or a contact id.
_TREATED = """
with mine as (
  select * from proposal_people where proposal = $proposal and arm = 'treated'
),
records as (
  select i.customer_id, i.source, i.source_row_id, row_number() over (
    partition by i.customer_id
    order by case when i.source = 'member' then 1 when i.source = 'person' then 2 when i.source = 'wecom' then 3
      else 4 end,
      i.source, i.source_row_id
  ) as place
  from identity i
  join mine m on m.customer_id = i.customer_id
)
select m.*, r.source, r.source_row_id, s.second_from_days, s.second_until_days
from mine m
left join records r on r.customer_id = m.customer_id and r.place = 1
cross join shop_clock s
order by m.customer_id
"""
