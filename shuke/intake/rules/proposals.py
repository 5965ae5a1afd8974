"""A mapping proposed for an unknown file: for each column a target with a confidence, from its name and its values."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shuke.intake.rules.header import normal
from shuke.intake.rules.targets import REQUIRED, TARGETS
from shuke.intake.values import Channel, Kind

_BY_NAME = 0.6
_LIKE_NAME = 0.35
_BY_SHAPE = 0.35
_WORTH = 0.3
_SHAPES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("phone", r"(\+?86)?1[3-9]\d{9}|1\d{2}\*+\d{4}", ("phone",)),
    ("email", r"[^@\s]+@[^@\s]+\.\w+", ("email",)),
    (
        "time",
        r"\d{4}[-/年.]\d{1,2}[-/月.]\d{1,2}.*|\d{1,2}/\d{1,2}/\d{4}.*",
        (
            "ordered_at",
            "paid_at",
            "completed_at",
            "at",
            "seen_at",
            "registered_on",
            "birthday",
            "issued_at",
            "expires_at",
            "used_at",
        ),
    ),
    (
        "money",
        r"[¥￥$]?\s?-?\d[\d,]*\.\d{1,2}\s?元?",
        ("order_paid", "line_amount", "unit_price", "order_goods", "unit_cost", "face"),
    ),
    ("count", r"-?\d{1,3}(\.0+)?", ("quantity", "score", "line_no")),
    ("number", r"[A-Za-z]{0,6}\d{8,32}", ("order_no", "source_row_id", "card", "member_id", "coupon_no")),
    ("gender", r"男|女|male|female|M|F", ("gender",)),
)


@dataclass(frozen=True)
class Guess:
    """A column of the unknown file with the target proposed for it (empty: none) and the confidence, 0 to 1."""

    column: str
    target: str
    confidence: float
    because: str


def header_of(rows: Sequence[Sequence[str]]) -> int:
    """The likeliest header row: the widest of the first ten whose cells are all different words, not numbers."""
    best, chosen = -1.0, 0
    for number, row in enumerate(rows[:10]):
        words = [cell for cell in row if cell.strip() and not re.fullmatch(r"[\d\s.,:/\-]+", cell)]
        score = len(set(words)) - number * 0.1
        if score > best:
            best, chosen = score, number
    return chosen


def propose(rows: Sequence[Sequence[str]], channels: Iterable[Channel]) -> tuple[Kind, list[Guess]]:
    """Kind and targets for an unknown table, by its first rows and the header names that known mappings use.

    A target is given once, to the column of the highest confidence. Nothing is applied without a person's review.
    """
    at = header_of(rows) if rows else 0
    names = [name.strip() for name in rows[at]] if rows else []
    known = list(channels)
    kind = max(Kind, key=lambda each: (_fit(names, each, channels=known), each is Kind.SALES))
    scored: list[tuple[float, int, str, str]] = []
    for place, name in enumerate(names):
        values = [row[place].strip() for row in rows[at + 1 :] if place < len(row) and row[place].strip()]
        for target, (score, because) in _scores(name, values, kind=kind, channels=known).items():
            scored.append((score, place, target, because))
    taken: dict[int, Guess] = {}
    for score, place, target, because in sorted(scored, key=lambda item: (-item[0], item[1], item[2])):
        if score >= _WORTH and place not in taken and target not in {guess.target for guess in taken.values()}:
            taken[place] = Guess(names[place], target, round(min(score, 0.99), 2), because)
    return kind, [taken.get(place, Guess(name, "", 0.0, "")) for place, name in enumerate(names) if name]


def _aliases(kind: Kind, channels: Iterable[Channel]) -> dict[str, str]:
    found: dict[str, str] = {}
    for channel in channels:
        if channel.kind is kind:
            for target, rule in channel.columns.items():
                for name in (target, *rule.columns):
                    found.setdefault(normal(name), target)
    return found


def _fit(names: Sequence[str], kind: Kind, *, channels: Sequence[Channel]) -> float:
    known = _aliases(kind, channels)
    read = {known[normal(name)] for name in names if normal(name) in known}
    return len(read) + 2.0 * len(read & set(REQUIRED[kind]))


def _scores(
    name: str, values: Sequence[str], *, kind: Kind, channels: Sequence[Channel]
) -> dict[str, tuple[float, str]]:
    found: dict[str, tuple[float, str]] = {}
    key = normal(name)
    for alias, target in _aliases(kind, channels).items():
        if alias == key:
            found[target] = (_BY_NAME, "name")
        elif len(alias) > 1 and key and (alias in key or key in alias) and target not in found:
            found[target] = (_LIKE_NAME, "similar name")
    for shape, pattern, targets in _SHAPES:
        share = sum(1 for value in values if re.fullmatch(pattern, value)) / len(values) if values else 0.0
        for place, target in enumerate(targets if share >= 0.6 else ()):
            if target in TARGETS[kind]:
                score, because = found.get(target, (0.0, ""))
                bonus = _BY_SHAPE * share if because else _BY_SHAPE * share * 0.9
                found[target] = (
                    score + bonus - place * 0.005,
                    f"{because} and values ({shape})" if because else f"values ({shape})",
                )
    return found


def as_yaml(code: str, kind: Kind, *, guesses: Sequence[Guess]) -> str:
    """The proposal as a mapping file with a confidence beside each column, for a person to review."""
    used = [guess for guess in guesses if guess.target]
    needed = [guess.column for guess in used if guess.target in REQUIRED[kind]] or [guess.column for guess in used[:3]]
    lines = [
        "# Proposed by Shuke from the header and the first rows; nothing was imported.",
        "# 由熟客根据表头和前几行提议，尚未导入。请逐行核对，改正后去掉文件名末尾的 .proposed，再导入一次。",
        "# Review each line, mend it, remove '.proposed' from the file's name, and import again.",
        f"code: {code}",
        f"source: {code}",
        f"zh: {code}",
        f"en: {code}",
        f"kind: {kind.value}   # sales | persons | interactions | consents | coupons | costs",
    ]
    lines += ["grain: line          # line | order", "numbers_lines: false"] if kind is Kind.SALES else []
    lines.append(f"signature: [{', '.join(_quoted(name) for name in needed)}]")
    missing = [target for target in REQUIRED[kind] if target not in {guess.target for guess in used}]
    lines += [f"# Still needed: {', '.join(missing)}"] if missing else []
    lines.append("columns:" if used else "columns: {}")
    lines += [
        f"  {guess.target}: {_quoted(guess.column)}   # confidence {guess.confidence:.2f}: {guess.because}"
        for guess in used
    ]
    left = [guess.column for guess in guesses if not guess.target]
    lines += [f"# Not read: {', '.join(' '.join(name.split()) for name in left)}"] if left else []
    return "\n".join(lines) + "\n"


def _quoted(name: str) -> str:
    return '"' + " ".join(name.split()).replace("\\", "\\\\").replace('"', '\\"') + '"'
