"""The shop's own segments and its own files: saved in versions, never lost, counted with the others."""

from typing import Any

import pytest

import shuke.predictions.actions as predictions
import shuke.segments.actions as segments
from shuke.journal.models import Entry
from shuke.kernel.actor import SYSTEM, Actor, Role
from shuke.kernel.errors import NotAllowed
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import open_run
from shuke.lake.queries import open_reader
from shuke.procedures.rebuild_segments import rebuild_segments
from shuke.segments import queries, rules
from shuke.segments.adapters import definition
from shuke.segments.models import OwnSegmentVersion
from tests.predictions.world import AS_OF, random_history, tables_of

SHOP = {"as_of": AS_OF, "timezone": "Asia/Shanghai", "currency": "CNY"}
_RULE = {"all": [{"field": "orders", "at_least": 2}, {"not": {"field": "stage", "is": "lapsed"}}]}
_OPERATOR = Actor(name="运营", role=Role.OPERATOR, user_id=3)
_FILE = """
zh: 一年没买的
en: A year without
what_zh: 一年没买
what_en: No purchase for a year
rule: {field: days_since, more_than: 365}
since: {field: last_on, plus: 366}
reasons:
  quiet: {zh: "{days_since} 天没来", en: "{days_since} days"}
"""


def _week(workspace: Workspace) -> list[dict[str, Any]]:
    with open_run(workspace, kind="test") as run:
        predictions.build(SYSTEM, run=run, parameters=SHOP)
        segments.build(SYSTEM, run=run, parameters=SHOP)
        run.publish()
        return run.reader().rows("select * from segment_members")


def test_versions_are_kept_and_nobody_overwrites_another(workspace: Workspace) -> None:
    code = segments.save_own(_OPERATOR, name=" 常客  ", rule=_RULE)
    first = queries.own_segment(_OPERATOR, code=code)
    assert (first.name, first.version, first.rule) == ("常客", 1, _RULE)
    second = {"field": "orders", "at_least": 5}
    assert segments.save_own(_OPERATOR, name="老常客", rule=second, code=code, version=1) == code
    with pytest.raises(segments.Stale, match="运营") as caught:
        segments.save_own(SYSTEM, name="别的", rule=_RULE, code=code, version=1)
    assert caught.value.hint
    held = queries.own_segment(_OPERATOR, code=code)
    assert (held.name, held.version, held.rule) == ("老常客", 2, second)
    assert list(OwnSegmentVersion.objects.order_by("version").values_list("name", "rule")) == [
        ("常客", _RULE),
        ("老常客", second),
    ]
    segments.remove_own(_OPERATOR, code=code)
    with pytest.raises(queries.UnknownSegment):
        queries.own_segment(_OPERATOR, code=code)
    assert definition(code)["zh"] == "老常客", "what was done with it can still be told"
    verbs = [entry.verb for entry in Entry.objects.filter(object_type="segment", object_id=code).order_by("pk")]
    assert verbs == ["save_segment", "save_segment", "remove_segment"]


def test_what_cannot_be_saved_changes_nothing(workspace: Workspace) -> None:
    code = segments.save_own(_OPERATOR, name="常客", rule=_RULE)
    with pytest.raises(segments.NameTaken):
        segments.save_own(_OPERATOR, name="常客", rule=_RULE)
    with pytest.raises(segments.NameTaken):
        segments.save_own(_OPERATOR, name="  ", rule=_RULE)
    with pytest.raises(rules.BadRule):
        segments.save_own(_OPERATOR, name="另一个", rule={"field": "gone", "is": 1})
    with pytest.raises(segments.UnknownSegment):
        segments.save_own(_OPERATOR, name="另一个", rule=_RULE, code="own_999", version=1)
    manager = Actor(name="店长", role=Role.MANAGER, stores=frozenset({"滨江店"}))
    with pytest.raises(NotAllowed):
        segments.remove_own(manager, code=code)
    assert OwnSegmentVersion.objects.count() == 1


def test_an_own_segment_is_counted_at_once_and_stands_with_the_others_next_week(
    workspace: Workspace, fill_lake: Any
) -> None:
    fill_lake(**tables_of(random_history(8)))
    _week(workspace)
    code = segments.save_own(_OPERATOR, name="常客{x}", rule=_RULE)
    with open_reader(_OPERATOR, workspace) as lake:
        people = queries.preview(_OPERATOR, lake=lake, rule=_RULE).people
        row = queries.segment_list(_OPERATOR, lake=lake, language="zh-hans")[-1]
        listed = queries.members(_OPERATOR, lake=lake, segment=code, language="zh-hans", limit=500)
        assert (row.code, row.kind, row.people, row.change) == (code, "own", people, None)
        assert people == len(listed) == queries.member_count(_OPERATOR, lake=lake, segment=code) > 0
        assert all("买过的次数" in one["why"] for one in listed)
    computed = [one for one in _week(workspace) if one["segment"] == code]
    assert {one["customer_id"] for one in computed} == {one["customer_id"] for one in listed}
    assert {one["since_on"] for one in computed} == {AS_OF}
    segments.save_own(_OPERATOR, name="常客{x}", rule={"field": "orders", "at_least": 8}, code=code, version=1)
    with open_reader(_OPERATOR, workspace) as lake:
        changed = queries.segment_list(_OPERATOR, lake=lake, language="en")[-1].people
        assert changed == queries.member_count(_OPERATOR, lake=lake, segment=code) != people, "the new rule counts"
    assert rebuild_segments(_OPERATOR, workspace=workspace)
    with open_reader(SYSTEM, workspace) as lake:
        sql = "select count(*) from segment_members where segment = $code and reason = 'version_2'"
        assert lake.value(sql, code=code) == changed, "and stands in the export"
        listed = [row for row in queries.segment_list(SYSTEM, lake=lake, language="en") if row.people]
        assert {row.code: row.people for row in listed} == {
            row["segment"]: row["n"]
            for row in lake.rows("select segment, count(*) as n from segment_members group by segment")
        }
    segments.remove_own(_OPERATOR, code=code)
    assert rebuild_segments(_OPERATOR, workspace=workspace)
    with open_reader(SYSTEM, workspace) as lake:
        assert lake.value("select count(*) from segment_members where segment = $code", code=code) == 0


def test_a_file_of_the_shop_goes_before_that_of_the_house_and_may_add_one(workspace: Workspace, fill_lake: Any) -> None:
    folder = workspace.root / "segments"
    folder.mkdir()
    (folder / "quiet_year.yaml").write_text(_FILE, "utf-8")
    (folder / "win_back.yaml").write_text(_FILE, "utf-8")
    (folder / "broken.yaml").write_text(_FILE.replace("days_since, more", "days_sinse, more"), "utf-8")
    (folder / "birthday.yaml").write_text("zh: 寿星\n", "utf-8")
    (folder / "torn.yaml").write_text("zh: [", "utf-8")
    fill_lake(**tables_of(random_history(9)))
    found = _week(workspace)
    assert {r["customer_id"] for r in found if r["segment"] == "quiet_year"} == {
        r["customer_id"] for r in found if r["segment"] == "win_back"
    }
    with open_reader(SYSTEM, workspace) as lake:
        rows = {row.code: row for row in queries.segment_list(SYSTEM, lake=lake, language="zh-hans")}
    assert rows["quiet_year"].people > 0 and rows["win_back"].name == "一年没买的"
    assert rows["birthday"].name == "寿星" and definition("birthday")["en"] == "Birthday soon", "only what differs"
    assert "days_since" in rows["broken"].missing[0] and rows["broken"].people == 0
    assert "torn.yaml line 1" in rows["torn"].missing[0]
