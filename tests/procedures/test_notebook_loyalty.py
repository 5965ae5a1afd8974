"""`shop.loyalty`: the ledger for notebooks."""

import pytest

from shuke.kernel.errors import ShukeError
from shuke.loyalty.rules.refusals import NotEnough
from shuke.procedures.notebook import Shop
from tests.engines import Engine


def test_a_member_in_a_notebook(engine: Engine) -> None:
    points = Shop(engine.workspace).loyalty
    assert points.enrol("M1", key="1")["points"] == 0
    first = points.earn("M1", key="2", source="pos", no="7", eligible_minor=12_800)
    assert first == points.earn("M1", key="2", source="pos", no="7", eligible_minor=12_800)
    assert points.burn("M1", key="3", source="pos", no="8", points=28, total_minor=5_000)["balance"]["available"] == 100
    points.refund(key="4", source="pos", no="7", refunded_minor=2_800)
    assert points.balance("M1").available == 72
    assert [line.points for line in points.statement("M1")] == [-28, -28, 128]
    assert [one.points for one in points.expiring("M1")] == [72]
    with pytest.raises(NotEnough) as refused:
        points.burn("M1", key="5", source="pos", no="9", points=73, total_minor=5_000)
    assert isinstance(refused.value, ShukeError) and refused.value.code == "insufficient_points"
