"""Checks of a play against the policy, and the rendering of its words."""

import re
import string
from collections.abc import Mapping
from typing import Any

from shuke.kernel.errors import ShukeError
from shuke.plays.values import CHANNELS, MASS_CHANNELS, OFFER_KINDS, TONES, Play, Policy

# How a script's variables are called in each language; the first is the one that needs the person's name.
VARIABLES = {
    "zh": ("称呼", "导购", "门店", "上次商品", "常买品类", "周期", "天数"),
    "en": ("title", "associate", "store", "last_product", "favourite_category", "cycle_days", "days_since"),
}
# The hundred commonest Chinese family names and the compound ones; a nickname that starts otherwise gets no title.
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方"
    "白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁"
    "尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧阳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷"
)
_COMPOUND = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "司徒",
    "东方",
    "独孤",
    "南宫",
    "夏侯",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "端木",
)
_FEMALE = frozenset({"f", "female", "女", "女士", "2"})
_MALE = frozenset({"m", "male", "男", "先生", "1"})


class PlayAgainstPolicy(ShukeError):
    """A play does what the policy forbids; the message quotes the clause."""


def check_play(play: Play, *, policy: Policy) -> None:
    """Raises `PlayAgainstPolicy` where words, offer, channels or hours break the policy or cannot be rendered."""
    for channel in play.channels:
        if channel not in CHANNELS:
            raise PlayAgainstPolicy(
                f"Play {play.code}: there is no channel '{channel}'.", hint=f"Known: {', '.join(CHANNELS)}."
            )
    for tone in TONES:
        for language in VARIABLES:
            _check_script(play, tone=tone, language=language, policy=policy)
    _check_offer(play, policy=policy)
    window = play.best_time
    if window.from_time < policy.quiet_until or window.until_time > policy.quiet_from:
        raise _against(play, policy=policy, setting="quiet_from", what=f"its hours are {window.words}")


def _check_script(play: Play, *, tone: str, language: str, policy: Policy) -> None:
    text = play.scripts.get(tone, {}).get(language)
    if not text:
        raise PlayAgainstPolicy(
            f"Play {play.code} has no '{tone}' script in '{language}'.", hint="Write it in the play's file."
        )
    unknown = sorted(names_in(text) - set(VARIABLES[language]))
    if unknown:
        known = ", ".join(VARIABLES[language])
        raise PlayAgainstPolicy(
            f"Play {play.code}: a script cannot say {{{unknown[0]}}}.", hint=f"It can say: {known}."
        )
    banned = [word for word in policy.banned_words if word in text]
    if banned:
        raise _against(play, policy=policy, setting="banned_words", what=f"its script says 「{banned[0]}」")


def _check_offer(play: Play, *, policy: Policy) -> None:
    offer = play.offer
    if offer.kind not in OFFER_KINDS:
        raise PlayAgainstPolicy(
            f"Play {play.code}: there is no offer '{offer.kind}'.", hint=f"Known: {', '.join(OFFER_KINDS)}."
        )
    if offer.strength_share > policy.offer_strength_max:
        raise _against(
            play, policy=policy, setting="offer_strength_max", what=f"its offer gives {offer.strength_share:.0%}"
        )
    if play.segment in policy.service_first_segments and offer.kind in ("coupon", "discount"):
        raise _against(play, policy=policy, setting="service_first_segments", what=f"its offer is a {offer.kind}")


def _against(play: Play, *, policy: Policy, setting: str, what: str) -> PlayAgainstPolicy:
    clause = policy.clauses[policy.clause(setting)]
    return PlayAgainstPolicy(
        f"Play {play.code} breaks clause {clause.number} (line {clause.line}) of the policy: {what}.",
        hint=f"「{clause.zh}」 {clause.en}",
    )


def names_in(text: str) -> frozenset[str]:
    """The variables that a script says."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)


def render(text: str, *, values: Mapping[str, Any], fallbacks: Mapping[str, str]) -> str:
    """The exact words: each variable is the person's value, or the fallback words where there is none."""
    shown = {name: _words(values.get(name)) or fallbacks[name] for name in names_in(text)}
    return text.format_map(shown)


def _words(value: Any) -> str:
    if value is None:
        return ""
    return str(round(value)) if isinstance(value, float) else str(value).strip()


def tone_for(channel: str, *, tone: str) -> str:
    """Which words a channel takes: `brief` where headquarters sends to many at once, else the tone of the proposal."""
    return "brief" if channel in MASS_CHANNELS else tone


def first_product(name: str | None) -> str | None:
    """One product of a cell that lists several, without its count: 红豆餐包 6只(2件);毛巾(1件) -> 红豆餐包 6只."""
    if name is None:
        return None
    first = re.split("[;；]", name, maxsplit=1)[0]
    return re.sub(r"[(（]\d+\s*件[)）]$", "", first.strip()) or None


def script_values(facts: Mapping[str, Any], *, title: str, language: str) -> dict[str, Any]:
    """Puts a row of facts under the names that scripts of the language use; `title` is how the person is addressed."""
    keys = ("associate", "store", "last_product", "favourite_category", "cycle_days", "days_since")
    known = {**facts, "last_product": first_product(facts.get("last_product"))}
    return dict(zip(VARIABLES[_short(language)], (title, *(known.get(key) for key in keys)), strict=True))


def title_of(name: str | None, *, gender: str | None, language: str) -> str:
    """How a person is addressed: 陈女士, 欧阳先生; '' where name or gender leave doubt (then neutral words)."""
    text = (name or "").strip()
    if not language.startswith("zh"):
        return f"Hello {text.split()[0]}" if text and text[0].isalpha() and "*" not in text and text.isascii() else ""
    surname = surname_of(text)
    sex = (gender or "").strip().lower()
    if not surname or sex not in _FEMALE | _MALE:
        return ""
    return f"{surname}{'女士' if sex in _FEMALE else '先生'}"


def masked_title(name: str | None, *, gender: str | None) -> str:
    """A name for sheets without the right to see it: 陈女士, 陈**, or A** elsewhere."""
    text = (name or "").strip()
    title = title_of(text, gender=gender, language="zh")
    return title or (f"{surname_of(text) or text[0]}**" if text else "")


def surname_of(name: str) -> str:
    """The family name of a Chinese name of two to four characters (masked ones included), or ''."""
    text = name.strip()
    if not 2 <= len(text) <= 4 or any(not ("\u4e00" <= c <= "\u9fff" or c in "*＊") for c in text):
        return ""
    if text.startswith(_COMPOUND) and len(text) > 2:
        return text[:2]
    return text[0] if text[0] in _SURNAMES else ""


def _short(language: str) -> str:
    return "zh" if language.startswith("zh") else "en"
