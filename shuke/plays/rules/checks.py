"""What is wrong with a play: words, offer, channels and hours against the policy."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from shuke.kernel.errors import ShukeError
from shuke.plays.rules.words import SENTENCE_FACTS, VARIABLES, names_in, with_offer
from shuke.plays.values import CHANNELS, OFFER_WORDS, PRICE_KINDS, TONES, Play, Policy

_VARIABLE = re.compile(r"\{[^{}]*\}")


class PlayAgainstPolicy(ShukeError):
    """A play does what the policy forbids, or cannot be rendered; the message quotes clause and line."""


@dataclass(frozen=True)
class Fault:
    """One thing that a play may not do or cannot do, in both languages.

    `setting` is the one of the policy that forbids it ('' where it is not the policy); `path` the key of the play.
    """

    zh: str
    en: str
    setting: str
    path: str

    def words(self, language: str) -> str:
        """What is wrong in the language asked for."""
        return self.zh if language.startswith("zh") else self.en


def check_play(play: Play, *, policy: Policy) -> None:
    """Raises `PlayAgainstPolicy` at the first fault, with the line of the play's file and of the policy's."""
    fault = next(faults(play, policy=policy), None)
    if fault is None:
        return
    line = play.lines.get(fault.path) or play.lines.get(fault.path.split(".")[0], 0)
    where = f"Play {play.code}" + (f" ({play.file} line {line})" if line else "")
    if not fault.setting:
        raise PlayAgainstPolicy(f"{where}: {fault.en}.", hint=f"{fault.zh}。")
    clause = policy.clauses[policy.clause(fault.setting)]
    stands = f" (line {clause.line} of the policy)" if clause.line else ""
    raise PlayAgainstPolicy(
        f"{where} breaks clause {clause.number}{stands}: {fault.en}.", hint=f"「{clause.zh}」 {clause.en}"
    )


def faults(play: Play, *, policy: Policy) -> Iterator[Fault]:
    """Everything that is wrong with a play, in the order of its file."""
    for channel in play.channels:
        if channel not in CHANNELS:
            known = ", ".join(CHANNELS)
            yield Fault(
                f"没有“{channel}”这个渠道，可以用：{known}",
                f"there is no channel '{channel}' (known: {known})",
                setting="",
                path="channels",
            )
    for tone in TONES:
        for language in VARIABLES:
            yield from script_faults(play, tone=tone, language=language, policy=policy)
    for path, texts in (("title", play.title), ("why", play.why)):
        for language, text in texts.items():
            yield from _name_faults(text, known=SENTENCE_FACTS, path=f"{path}.{language}")
    yield from _offer_faults(play, policy=policy)
    for language in VARIABLES:
        yield from _offer_word_faults(play, language=language, policy=policy)
    window = play.best_time
    if not policy.quiet_until <= window.from_time < window.until_time <= policy.quiet_from:
        yield Fault(f"时间是 {window.words}", f"its hours are {window.words}", setting="quiet_from", path="best_time")


def script_faults(play: Play, *, tone: str, language: str, policy: Policy) -> Iterator[Fault]:
    """What is wrong with one script of a play."""
    path = f"scripts.{tone}.{language}"
    text = play.scripts.get(tone, {}).get(language, "")
    if not text.strip():
        yield Fault(
            f"没有写“{tone}”的话术（{language}）", f"it has no '{tone}' script in '{language}'", setting="", path=path
        )
        return
    yield from _name_faults(text, known=VARIABLES[language], path=path)
    # As people get it: words of the script and of the offer may make a banned one together.
    said = with_offer(text, offer=play.offer.words(language), language=language)
    found = banned_in(said, words=policy.banned_words)
    if found:
        yield Fault(f"话术里有「{found}」", f"its script says 「{found}」", setting="banned_words", path=path)
    if tone == "brief" and "sms" in play.channels and not any(word in text for word in policy.refusal_words):
        known = "、".join(policy.refusal_words)
        yield Fault(
            f"短信里没写怎么拒收（要有 {known} 之一）",
            f"its text message does not say how to refuse ({known})",
            setting="refusal_words",
            path=path,
        )


def _name_faults(text: str, *, known: Iterable[str], path: str) -> Iterator[Fault]:
    names = list(known)
    try:
        unknown = sorted(names_in(text) - set(names))
    except ValueError:
        yield Fault("花括号不成对", "a curly brace has no partner", setting="", path=path)
        return
    if unknown:
        listed = "、".join(sorted(names) if isinstance(known, frozenset) else names)
        yield Fault(
            f"话术里不能写 {{{unknown[0]}}}，可以写：{listed}",
            f"a script cannot say {{{unknown[0]}}}; it can say: {listed}",
            setting="",
            path=path,
        )


def _offer_word_faults(play: Play, *, language: str, policy: Policy) -> Iterator[Fault]:
    """The words of an offer go into every script as they are: no variables, no banned words."""
    path, text = f"offer.{language}", play.offer.words(language)
    if "{" in text or "}" in text:
        yield Fault(
            "优惠的说法里不能有花括号（{折}、{off} 除外）",
            "the words of its offer hold a curly brace ({折} and {off} may stand there)",
            setting="",
            path=path,
        )
    found = banned_in(text, words=policy.banned_words)
    if found:
        yield Fault(f"优惠的说法里有「{found}」", f"its offer says 「{found}」", setting="banned_words", path=path)


def _offer_faults(play: Play, *, policy: Policy) -> Iterator[Fault]:
    offer = play.offer
    if offer.strength_share > policy.offer_strength_max + 1e-9:
        given = f"{offer.strength_share * 100:g}%"
        yield Fault(f"优惠力度是 {given}", f"its offer gives {given}", setting="offer_strength_max", path="offer")
    if offer.cost_each > policy.offer_cost_max:
        yield Fault(
            f"送的东西每人成本 {offer.cost_each:g}",
            f"its gifts cost {offer.cost_each:g} a person",
            setting="offer_cost_max",
            path="offer",
        )
    allowed = {frozenset(kind.strip() for kind in pair.split("+")) for pair in policy.offers_stack}
    for one, other in combinations(offer.kinds, 2):
        if frozenset((one, other)) not in allowed:
            yield Fault(
                f"{OFFER_WORDS[one]['zh']}和{OFFER_WORDS[other]['zh']}不能一起给",
                f"{OFFER_WORDS[one]['en']} and {OFFER_WORDS[other]['en']} may not be combined",
                setting="offers_stack",
                path="offer",
            )
    priced = sorted(set(offer.kinds) & PRICE_KINDS)
    if play.segment in policy.service_first_segments and priced:
        yield Fault(
            f"优惠是{OFFER_WORDS[priced[0]]['zh']}",
            f"its offer is {OFFER_WORDS[priced[0]]['en']}",
            setting="service_first_segments",
            path="offer",
        )


def banned_in(text: str, *, words: Iterable[str]) -> str:
    """The first banned word that a text says, also in disguise: full width, spaced out, or with marks between. '' none.

    Words of the Latin alphabet count as whole words; a variable parts what stands around it.
    """
    joined = "\x00".join(_bare(part) for part in _VARIABLE.split(text))
    plain = " ".join(re.findall(r"[a-z0-9]+", unicodedata.normalize("NFKC", text).casefold()))
    for word in words:
        bare = _bare(word)
        if bare.isascii():
            if re.search(rf"\b{re.escape(' '.join(re.findall('[a-z0-9]+', word.casefold())))}\b", plain):
                return word
        elif bare in joined:
            return word
    return ""


def _bare(text: str) -> str:
    """Letters and digits only, full width made half, lower case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if unicodedata.category(char)[0] in "LN")
