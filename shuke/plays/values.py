"""A play, its offer and prior, and the brand policy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

CHANNELS = ("in_store", "wecom", "sms", "email", "phone", "wecom_mass")
OFFER_KINDS = ("none", "service", "points", "coupon", "discount", "bundle")
OFFER_WORDS = {
    "none": {"zh": "不送", "en": "nothing"},
    "service": {"zh": "服务", "en": "a service"},
    "points": {"zh": "积分", "en": "points"},
    "coupon": {"zh": "券", "en": "a coupon"},
    "discount": {"zh": "折扣", "en": "a discount"},
    "bundle": {"zh": "组合", "en": "a bundle"},
}
# Kinds that lower the price: their strength may be edited, and first contact may forbid them.
PRICE_KINDS = frozenset({"coupon", "discount"})
OWNERS = ("associate", "headquarters")
TONES = ("warm", "brief")
# Sent by headquarters to many at once: the short words, which name the sender and a way to refuse.
MASS_CHANNELS = frozenset({"sms", "email", "wecom_mass"})


@dataclass(frozen=True)
class Offer:
    """What is given: `strength_share` of the price, and gifts that cost `cost_each` in major units.

    `zh` and `en` may say {折} and {off}: the strength in words, so that words and strength cannot disagree.
    A bundle has `parts`; its strength and cost are their sums.
    """

    kind: str
    zh: str
    en: str
    strength_share: float = 0.0
    cost_each: float = 0.0
    parts: tuple["Offer", ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that are given: those of the parts of a bundle, else its own."""
        return tuple(part.kind for part in self.parts) or (self.kind,)

    def words(self, language: str) -> str:
        """The offer as staff would say it."""
        form = self.zh if language.startswith("zh") else self.en
        if self.parts and not form:
            return ("，加" if language.startswith("zh") else " and ").join(part.words(language) for part in self.parts)
        return form.replace("{折}", _fold(self.strength_share)).replace("{off}", f"{self.strength_share * 100:g} %")


def _fold(share: float) -> str:
    """九五折 for 0.05, 八折 for 0.2, 八八折 for 0.12."""
    left = f"{round((1 - share) * 1000) / 10:g}".replace(".", "")
    digits = left.rstrip("0") if left != "0" else left
    return "".join("零一二三四五六七八九"[int(digit)] for digit in digits) + "折"


@dataclass(frozen=True)
class Prior:
    """Expected relative lift of the base rate: middle and 80 % range, with where it comes from."""

    low: float
    mid: float
    high: float
    source_zh: str
    source_en: str


@dataclass(frozen=True)
class BestTime:
    """ISO weekdays (1 Monday) and the local hours between which the touch is made."""

    weekdays: tuple[int, ...]
    from_time: time
    until_time: time

    @property
    def words(self) -> str:
        """18:00-20:00"""
        return f"{self.from_time:%H:%M}-{self.until_time:%H:%M}"


@dataclass(frozen=True)
class Play:
    """One play: who, why, through which channels in order, with which words and offer, when, and by whom.

    `title` and `why` are the sentences of its proposals. `file` names the file that holds it (one of the shop's own
    where `is_own`), `lines` the line of each of its keys. A paused play proposes nothing.
    """

    code: str
    zh: str
    en: str
    segment: str
    priority: int
    goal_zh: str
    goal_en: str
    owner: str
    channels: tuple[str, ...]
    scripts: Mapping[str, Mapping[str, str]]
    offer: Offer
    best_time: BestTime
    prior: Prior
    title: Mapping[str, str]
    why: Mapping[str, str]
    paused: bool = False
    file: str = ""
    is_own: bool = False
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)

    def name(self, language: str) -> str:
        """The play's name in the language asked for."""
        return self.zh if language.startswith("zh") else self.en


@dataclass(frozen=True)
class Clause:
    """One numbered clause of the policy, its sentences already filled with its settings.

    `line` is its line in the shop's file; 0 where that file is older than the clause and Shuke's own holds.
    """

    number: str
    zh: str
    en: str
    line: int

    def words(self, language: str) -> str:
        """The clause in the language asked for."""
        return self.zh if language.startswith("zh") else self.en


@dataclass(frozen=True)
class Policy:
    """The brand policy: every setting typed, and the clause that decides it. Shares 0 to 1, ages in years."""

    channels_needing_consent: tuple[str, ...]
    channels_free: tuple[str, ...]
    channels_own_contact: tuple[str, ...]
    refusal_closes: bool
    personalisation_refusal_excludes: bool
    minor_age: int
    staff_excluded: bool
    wholesale_excluded: bool
    offer_strength_max: float
    offer_cost_max: float
    offers_stack: tuple[str, ...]
    service_first_segments: tuple[str, ...]
    touches_per_7_days: int
    same_play_rest_days: int
    quiet_from: time
    quiet_until: time
    complaint_rest_days: int
    holdout_share: float
    holdout_share_max: float
    measure_days: int
    useful_people: int
    proposals_min: int
    proposals_max: int
    banned_words: tuple[str, ...]
    refusal_words: tuple[str, ...]
    tasks_per_associate_day: int
    task_days: int
    tasks_headquarters_day: int
    task_lives_days: int
    margin_share: float
    clauses: Mapping[str, Clause]
    clause_of: Mapping[str, str]

    def clause(self, setting: str) -> str:
        """The number of the clause that decides a setting."""
        return self.clause_of[setting]


@dataclass(frozen=True)
class Idle:
    """A play that proposes nothing, and why in both languages."""

    play: Play
    zh: str
    en: str

    def words(self, language: str) -> str:
        """The reason in the language asked for."""
        return self.zh if language.startswith("zh") else self.en
