"""32 tills that are real processes, ten accounts, a fifth of the keys sent again: nothing drifts, nothing is lost."""

from collections import Counter
from pathlib import Path

import pytest

from shuke.loyalty.models import Txn
from tests.engines import Engine
from tests.loyalty.auditing import differences
from tests.loyalty.serving import out_of_order, served, unlike

_TILLS = 32
# Refusals that a till earns by asking for what is not there; anything else is the ledger's failure.
_BUSINESS = {"insufficient_points", "hold_unknown", "order_unknown", "refund_too_large"}


def _check_rush(engine: Engine, folder: Path, *, seconds: float) -> None:
    with served(engine, folder) as shop:
        for number in range(_TILLS):
            shop.open_till(number, seconds=seconds)
        shop.wait(at_most=seconds + 60)
        said = shop.said()
        refused = Counter(line.document["code"] for line in said if line.status != 200)
        acknowledged = {f"{shop.mark}{line.number}" for line in said if line.status == 200}
        stored = set(Txn.objects.filter(client="tills-x").values_list("key", flat=True))
        print(f"{engine.kind}: {len(said)} answers in {seconds} s, {len(stored)} stored, refused {dict(refused)}")
        assert set(refused) <= _BUSINESS
        assert len(said) > _TILLS * 2
        assert len(said) - len({line.number for line in said}) > len(said) // 20
        assert acknowledged == stored
        assert unlike(shop) == []
        assert out_of_order(shop) == []
        assert differences() == []


def test_tills_at_once(engine: Engine, tmp_path: Path) -> None:
    _check_rush(engine, tmp_path / "tills", seconds=5)


@pytest.mark.proof
def test_tills_at_once_for_a_minute(engine: Engine, tmp_path: Path) -> None:
    _check_rush(engine, tmp_path / "tills", seconds=60)
