"""每类顾客有计划: everybody is counted once, and a class without a plan says why."""

from typing import Any

import pytest

from shuke.kernel.actor import SYSTEM, Actor, Role
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from shuke.procedures.review_proposal import reject
from shuke.proposals import queries
from shuke.proposals.models import Proposal
from tests.proposals.shop import run_week, shop_tables

LIN = Actor(name="林晓", role=Role.OPERATOR)


def test_coverage_adds_up_and_says_why_not(workspace: Workspace, fill_lake: Any) -> None:
    fill_lake(**shop_tables(customers=700))
    run_week(workspace)
    with open_reader(LIN, workspace) as lake:
        everybody = lake.row_count("segment_facts")
        whole = queries.coverage(LIN, lake=lake, language="zh-hans")
        stores = {
            store: queries.coverage(LIN, lake=lake, language="en", store=store) for store in ("滨江店", "城西店", "")
        }
    assert sum(row.people for row in whole.rows) == everybody
    assert sum(row.people for found in stores.values() for row in found.rows) == everybody
    planned = [row for row in whole.rows if row.plays]
    assert planned and whole.share == pytest.approx(sum(row.people for row in planned) / everybody)
    drawn = sum(proposal.people for proposal in Proposal.objects.filter(state="proposed"))
    assert sum(row.in_plays for row in whole.rows) == drawn
    assert [row.people for row in whole.rows] == sorted((row.people for row in whole.rows), reverse=True)
    for row in (*whole.rows, *(row for found in stores.values() for row in found.rows)):
        assert bool(row.plays) != bool(row.why_not), "a plan, or the reason"
        assert "{" not in row.class_name + row.why_not
    for proposal in Proposal.objects.filter(state="proposed"):
        reject(SYSTEM, proposal=proposal.pk, reason="盘点")
    with open_reader(LIN, workspace) as lake:
        after = queries.coverage(LIN, lake=lake, language="zh-hans")
    assert after.share == 0 and all(row.why_not for row in after.rows)
