"""Records that somebody pinned are evidence of their own, tied by their party and by nothing else they share."""

from collections.abc import Callable

from shuke.customers.actions.evidence import load
from shuke.customers.adapters import guards
from shuke.kernel.ids import record_id
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import open_run
from tests.customers.people import person

Fill = Callable[..., None]
EVIDENCE = ("record_evidence", "person_evidence")


def test_a_pinned_record_leaves_the_evidence_that_it_shared(workspace: Workspace, fill_lake: Fill) -> None:
    rows = [person("pos", f"p{n}", phone="8613912340001", seen=n) for n in range(4)]
    rows += [person("pos", "q", card="C00001", seen=9)]
    pins = [{"record_id": record_id("pos", name), "party": 5} for name in ("p1", "q")]
    fill_lake(staged_persons=rows, pinned_records=pins)
    with open_run(workspace, kind="test") as run:
        run.build(EVIDENCE, parameters=guards().parameters)
        lake = run.reader()
        found = lake.rows("select own_record, is_own, party, records from person_evidence order by records, party")
        shared = lake.value("select count(distinct evidence_id) from record_evidence where source_row_id <> 'p1'")
        loaded = load(run)
    own = {row["own_record"] for row in found if row["party"] == 5}
    assert own == {record_id("pos", "p1"), record_id("pos", "q")}
    assert [(row["is_own"], row["party"], row["records"]) for row in found] == [
        (False, 5, 1), (False, 5, 1), (False, None, 3),
    ]  # fmt: skip
    assert shared == 2
    assert sorted(loaded.evidence.keys["pin"].tolist()) == [0, 1, 1]


def test_parties_apart_are_given_as_numbers_of_the_key_pin(workspace: Workspace, fill_lake: Fill) -> None:
    rows = [person("pos", f"p{n}", phone=f"861391234000{n}", seen=n) for n in range(3)]
    pins = [{"record_id": record_id("pos", f"p{n}"), "party": 10 * (n + 1)} for n in range(3)]
    apart = [{"party": 10, "other": 30}, {"party": 20, "other": 999}]
    fill_lake(staged_persons=rows, pinned_records=pins, parties_apart=apart)
    with open_run(workspace, kind="test") as run:
        run.build(EVIDENCE, parameters=guards().parameters)
        loaded = load(run)
    left, right = loaded.evidence.apart
    parties = loaded.hashes["pin"]
    assert [(int(parties[a - 1]), int(parties[b - 1])) for a, b in zip(left, right, strict=True)] == [(10, 30)]
    assert sorted(loaded.evidence.keys["pin"].tolist()) == [1, 2, 3]
