"""A shop of some hundred customers with stores, associates and consents, whose week is drawn for real."""

import random
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

import shuke.proposals.actions as proposals
from shuke.kernel.actor import SYSTEM
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import open_run
from shuke.lake.queries import Row, open_reader
from shuke.plays.queries import library, policy
from shuke.procedures.week import plan_week
from shuke.proposals.models import Proposal
from tests.predictions.world import AS_OF, profile, random_history, tables_of

STAFF = {"滨江店": ("周敏", "沈佳"), "城西店": ("吴越",)}


def shop_tables(*, customers: int = 1200, seed: int = 3) -> dict[str, list[dict[str, Any]]]:
    """Every table that a week reads, from random histories."""
    luck = random.Random(seed)
    history = random_history(seed, customers=customers)
    people = []
    for customer in history:
        store = luck.choice(("滨江店", "滨江店", "城西店", ""))
        associate = luck.choice((*STAFF[store], "")) if store else ""
        people.append(
            profile(
                customer,
                store=store,
                associate=associate,
                in_wecom=bool(associate) and luck.random() < 0.5,
                is_staff=luck.random() < 0.03,
                name=luck.choice(("陈小燕", "王伟", "小太阳", "欧阳娜")),
                gender=luck.choice(("女", "男", "")),
            )
        )
    granted = {"purpose": "marketing", "state": "granted", "at": datetime(2026, 1, 1), "source": "x", "evidence": ""}
    return {
        **tables_of(history, profiles=people),
        "associates": [
            {"associate": name, "store": store, "first_seen_on": date(2025, 1, 1), "last_seen_on": date(2026, 11, 20)}
            for store, names in STAFF.items()
            for name in names
        ],
        "identity": [
            {
                "record_id": number,
                "source": source,
                "source_row_id": f"{source}{number}",
                "customer_id": number,
                "customer_id_automatic": number,
                "probability": 1.0,
                "band": "automatic",
                "reason": "",
                "is_staff": False,
            }
            for number in history
            for source in ("pos", "member")
        ],
        "customer_aliases": [{"alias_id": number, "customer_id": number} for number in history],
        "customer_stores": [
            {"customer_id": p["customer_id"], "store": p["store"], "reason": "owner"} for p in people if p["store"]
        ],
        "customer_consents": [{"customer_id": n, "channel": "sms", **granted} for n in history if n % 3 == 0],
    }


def run_week(workspace: Workspace, *, as_of: date = AS_OF) -> list[Proposal]:
    """Draws, saves and publishes a week on the tables that are there; the saved proposals by number."""
    shop = {"as_of": as_of, "timezone": workspace.timezone, "currency": workspace.currency}
    held, plays = policy(SYSTEM, workspace=workspace), library(SYSTEM, workspace=workspace)
    with open_run(workspace, kind="test") as run:
        drawn = plan_week(SYSTEM, run=run, parameters=shop, plays=plays, policy=held, progress=lambda _: None)
        with transaction.atomic():
            proposals.save(SYSTEM, proposals=drawn)
            run.publish()
    return list(Proposal.objects.filter(as_of=as_of).order_by("id"))


def people_of(workspace: Workspace, *, numbers: Sequence[int] = ()) -> list[Row]:
    """The rows of `proposal_people`, of some proposals or all."""
    where = f"where proposal in ({', '.join(map(str, numbers))})" if numbers else ""
    with open_reader(SYSTEM, workspace) as lake:
        return lake.rows(f"select * from proposal_people {where} order by proposal, customer_id")
