"""A play, its offer and prior, and the brand policy."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

PLAYS = ("high_value_slipping", "about_to_leave", "second_purchase_due", "win_back")
CHANNELS = ("in_store", "wecom", "sms", "email", "phone", "wecom_mass")
OFFER_KINDS = ("none", "service", "coupon", "discount")
TONES = ("warm", "brief")
# Sent by headquarters to many at once: the short words, which name the sender and a way to refuse.
MASS_CHANNELS = frozenset({"sms", "email", "wecom_mass"})


@dataclass(frozen=True)
class Offer:
    """What is given: `strength_share` of the price, or a gift that costs `cost_each` in major units."""

    kind: str
    zh: str
    en: str
    strength_share: float
    cost_each: float

    def words(self, language: str) -> str:
        """The offer as staff would say it."""
        return self.zh if language.startswith("zh") else self.en


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
    """One play: who, why, through which channels in order, with which words and offer, when, and by whom."""

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

    def name(self, language: str) -> str:
        """The play's name in the language asked for."""
        return self.zh if language.startswith("zh") else self.en


@dataclass(frozen=True)
class Clause:
    """One numbered clause of the policy, its sentences already filled with its settings."""

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
    service_first_segments: tuple[str, ...]
    touches_per_7_days: int
    same_play_rest_days: int
    quiet_from: time
    quiet_until: time
    complaint_rest_days: int
    holdout_share: float
    measure_days: int
    useful_people: int
    banned_words: tuple[str, ...]
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
