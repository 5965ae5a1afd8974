"""Files edited in the browser: a mistake is named at its line, nothing is lost, two editors never overwrite unseen."""

import html
import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from shuke.journal.models import Entry
from shuke.kernel.workspace import Workspace
from shuke.plays.adapters import DEFINITIONS
from shuke.procedures.edit_definitions import with_words
from tests.console.conftest import Browser

POLICY = (DEFINITIONS / "policy.yaml").read_text("utf-8")


def _stamp(page: str) -> str:
    found = re.search(r'name="stamp" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


def test_a_policy_is_saved_and_journaled(workspace: Workspace, browser: Browser) -> None:
    client = browser("operator")
    stamp = _stamp(client.get("/settings/policy/").content.decode())
    changed = POLICY.replace("touches_per_7_days: 2", "touches_per_7_days: 3")
    assert client.post("/settings/policy/save/", {"text": changed, "stamp": stamp}).status_code == 302
    assert workspace.policy.read_text("utf-8") == changed
    assert "7 天内最多主动联系 3 次" in client.get("/settings/policy/").content.decode()
    (entry,) = Entry.objects.filter(verb="policy_saved")
    assert entry.details["before"] == POLICY


def test_a_typo_is_shown_at_its_line_and_the_text_stays(workspace: Workspace, browser: Browser) -> None:
    client = browser("operator")
    stamp = _stamp(client.get("/settings/policy/").content.decode())
    wrong = POLICY.replace("minor_age: 18", "minor_agee: 18")
    line = wrong[: wrong.index("minor_agee")].count("\n") + 1
    answer = client.post("/settings/policy/save/", {"text": wrong, "stamp": stamp})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f'data-line="{line}"' in page and re.search(rf'class="wrong"><i>{line}</i>\s*minor_agee: 18', page)
    assert "minor_agee: 18</textarea>" in page or "minor_agee: 18\n" in page
    assert not workspace.policy.is_file() and not Entry.objects.filter(verb="policy_saved").exists()


def test_two_editors_see_each_other(workspace: Workspace, browser: Browser) -> None:
    first, second = browser("operator"), browser("owner")
    stamp = _stamp(first.get("/settings/policy/").content.decode())
    theirs = POLICY.replace("touches_per_7_days: 2", "touches_per_7_days: 1")
    mine = POLICY.replace("task_days: 5", "task_days: 6")
    assert second.post("/settings/policy/save/", {"text": theirs, "stamp": stamp}).status_code == 302
    answer = first.post("/settings/policy/save/", {"text": mine, "stamp": stamp})
    page = answer.content.decode()
    assert answer.status_code == 409 and workspace.policy.read_text("utf-8") == theirs
    assert "task_days: 6" in page and "touches_per_7_days: 1" in page
    again = first.post("/settings/policy/save/", {"text": mine, "stamp": _stamp(page)})
    assert again.status_code == 302 and workspace.policy.read_text("utf-8") == mine
    befores = [entry.details["before"] for entry in Entry.objects.filter(verb="policy_saved").order_by("pk")]
    assert befores == [POLICY, theirs]


def test_a_broken_policy_can_still_be_opened_and_mended(workspace: Workspace, browser: Browser) -> None:
    workspace.policy.write_text("clauses: [\n", "utf-8")
    client = browser("operator")
    for address in ("/settings/", "/settings/policy/"):
        assert client.get(address).status_code == 200
    stamp = _stamp(client.get("/settings/policy/").content.decode())
    assert client.post("/settings/policy/save/", {"text": POLICY, "stamp": stamp}).status_code == 302


def _fields(page: str) -> dict[str, str]:
    found = re.findall(r'<textarea class="form-control" id="([a-z]+-[a-z]+)"[^>]*>([^<]*)</textarea>', page)
    assert len(found) == 4
    return {name: html.unescape(text) for name, text in found}


def test_words_of_a_play_become_the_shops_own(workspace: Workspace, browser: Browser) -> None:
    client = browser("operator")
    page = client.get("/settings/scripts/win_back/").content.decode()
    words = {**_fields(page), "warm-zh": "{称呼}，{门店}等您来。"}
    answer = client.post("/settings/scripts/win_back/save/", {**words, "stamp": _stamp(page)})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    own = yaml.safe_load((workspace.plays / "win_back.yaml").read_text("utf-8"))
    shipped = yaml.safe_load((DEFINITIONS / "win_back.yaml").read_text("utf-8"))
    assert own["scripts"]["warm"]["zh"] == "{称呼}，{门店}等您来。"
    own["scripts"]["warm"]["zh"] = shipped["scripts"]["warm"]["zh"]
    assert own == shipped
    assert "{称呼}，{门店}等您来。" in client.get("/settings/scripts/").content.decode()


def test_a_policy_that_a_play_breaks_is_refused(workspace: Workspace, browser: Browser) -> None:
    client = browser("operator")
    stamp = _stamp(client.get("/settings/policy/").content.decode())
    words = yaml.safe_load((DEFINITIONS / "win_back.yaml").read_text("utf-8"))["scripts"]["warm"]["zh"]
    plain = re.sub(r"[{].*?[}]", "，", words)
    word = max(re.findall(r"[一-鿿]{2,6}", plain), key=len)
    banned = POLICY.replace("banned_words: [", f"banned_words: [{word}, ")
    answer = client.post("/settings/policy/save/", {"text": banned, "stamp": stamp})
    assert answer.status_code == 409 and word in answer.content.decode() and not workspace.policy.is_file()


def test_a_broken_play_can_be_found_and_mended(workspace: Workspace, browser: Browser) -> None:
    workspace.plays.mkdir(exist_ok=True)
    (workspace.plays / "win_back.yaml").write_text("zh: [\n", "utf-8")
    client = browser("operator")
    page = client.get("/settings/scripts/").content.decode()
    assert "win_back.yaml" in page and 'href="/settings/scripts/win_back/"' in page
    assert client.get("/settings/").status_code == 200
    stamp = _stamp(client.get("/settings/scripts/win_back/").content.decode())
    text = (DEFINITIONS / "win_back.yaml").read_text("utf-8")
    answer = client.post("/settings/scripts/win_back/save/", {"text": text, "stamp": stamp})
    assert answer.status_code == 302
    assert "win_back.yaml" not in client.get("/settings/scripts/").content.decode()


@pytest.mark.parametrize(
    ("text", "told"), [("全网最低，{门店}等您", "全网最低"), ("{门店}的{顾客}，您好", "顾客"), ("", "warm")]
)
def test_words_against_the_policy_are_refused_and_stay_in_the_form(
    text: str, told: str, workspace: Workspace, browser: Browser
) -> None:
    client = browser("operator")
    page = client.get("/settings/scripts/win_back/").content.decode()
    fields = _fields(page)
    answer = client.post("/settings/scripts/win_back/save/", {**fields, "warm-zh": text, "stamp": _stamp(page)})
    assert answer.status_code == 409 and told in answer.content.decode()
    assert not (workspace.plays / "win_back.yaml").exists()


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=60))
def test_other_words_change_nothing_else(words: str) -> None:
    text = (DEFINITIONS / "about_to_leave.yaml").read_text("utf-8")
    changed = with_words(text, scripts={("warm", "zh"): words})
    before, after = yaml.safe_load(text), yaml.safe_load(changed)
    assert after["scripts"]["warm"]["zh"] == words.strip()
    before["scripts"]["warm"]["zh"] = after["scripts"]["warm"]["zh"]
    assert before == after


@pytest.mark.parametrize(
    ("old", "new", "zh"),
    [
        ("minor_age: 18", "minor_agee: 18", "没有「minor_agee」这一项"),
        ("minor_age: 18", "minor_age: five", "要写 14 到 25 之间的数"),
        ("refusal_closes: true", "refusal_closes: false", "法律要求"),
        ("channels_free: [in_store]", "channels_free: [in_stor]", "没有「in_stor」这一项"),
        ('quiet_from: "20:30"', "quiet_from: late", "带引号"),
        ("minor_age: 18", "minor_age: [", "缩进和引号"),
        ("channels_free: [in_store]", "channels_free: in_store", "方括号"),
        ("channels_free: [in_store]", "channels_free: *x", "带 * 的名字不读取"),
        ("minor_age: 18", "minor_age: 2026-13-45", "数字或日期读不出来"),
        ("未满 {minor_age} 岁", "未满 {minor_age.real} 岁", "大括号里只能写一个设置项的名字"),
    ],
)
def test_mistakes_are_told_in_the_readers_language(
    old: str, new: str, zh: str, workspace: Workspace, browser: Browser
) -> None:
    assert old in POLICY
    client = browser("operator")
    stamp = _stamp(client.get("/settings/policy/").content.decode())
    answer = client.post("/settings/policy/save/", {"text": POLICY.replace(old, new), "stamp": stamp})
    page = html.unescape(answer.content.decode())
    told = re.search(r'role="alert" id="trouble"><b>(.*?)</b>', page, re.DOTALL)
    assert answer.status_code == 409 and told and zh in told[1], told and told[1]
