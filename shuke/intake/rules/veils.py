"""Buyer fields that a platform hides: masked with stars, or replaced by a token that only the platform can read.

A hidden value is never a key and never a name: it differs from order to order, or is shared by strangers. What was
hidden is counted, so that a retailer sees how much of each export has nobody behind it.
"""

from shuke.lake.rules import literal

# Words that platforms write in the place of a hidden value: 已加密, 已脱敏, 隐私保护, 匿名用户.
_WORDS = ("加密", "脱敏", "隐私", "匿名")
# ~AgAAAAK...~0~ and ~xxxx~1~ (Taobao, Pinduoduo), ##xxxx## and $xxxx$xxxx$1$ (Douyin, Youzan): marks around a token.
_MARKED = "[~$#][!-~]{10,}[~$#]\\d{0,3}[~$#]{0,2}"
# Base64 as OAIDs and AES give it, and hex digests of 16, 20 or 32 bytes.
_BASE64 = "[A-Za-z0-9+/_-]{18,}={0,2}"
_DIGEST = "[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}"

# What is hidden in a row, one bit each: (target, how).
BITS: tuple[tuple[str, str], ...] = (
    ("name", "masked"),
    ("name", "encrypted"),
    ("phone", "masked"),
    ("phone", "encrypted"),
    ("phone", "virtual"),
    ("address", "masked"),
    ("address", "encrypted"),
    ("email", "masked"),
    ("email", "encrypted"),
    ("shop_user_id", "masked"),
    ("shop_user_id", "encrypted"),
    ("card", "masked"),
    ("card", "encrypted"),
    ("member_id", "masked"),
    ("member_id", "encrypted"),
)
IDS = frozenset({"shop_user_id", "card", "member_id"})


def masked(text: str) -> str:
    """SQL: true for a value with stars in it (张**, 138****8000)."""
    return f"(contains({text}, '*') or contains({text}, '＊'))"


def marked(text: str) -> str:
    """SQL: true for a token between the marks that a platform sets around what it encrypts."""
    begins = " or ".join(f"starts_with({text}, '{mark}')" for mark in "~$#")
    return f"(strlen({text}) >= 12 and ({begins}) and regexp_full_match({text}, {literal(_MARKED)}))"


def encrypted(text: str) -> str:
    """SQL: true for a name, phone, address or e-mail that is a token or a platform's word for a hidden value.

    Lengths are compared first: plain names and phones are shorter than any token, so they cost next to nothing. Ids
    are not asked this way, since open ids of WeChat and others look like Base64 and are good keys.
    """
    words = " or ".join(f"contains({text}, {literal(word)})" for word in _WORDS)
    mixed = " and ".join(f"regexp_matches({text}, '{part}')" for part in ("[0-9]", "[A-Z]", "[a-z]"))
    base64 = f"regexp_full_match({text}, {literal(_BASE64)}) and (ends_with({text}, '=') or {mixed})"
    digest = f"regexp_full_match({text}, {literal(_DIGEST)}) and regexp_matches({text}, '[a-fA-F]')"
    return (
        f"(strlen({text}) between 6 and 48 and ({words})"
        f" or {marked(text)} or strlen({text}) >= 20 and (({base64}) or ({digest})))"
    )


def bit(target: str, how: str) -> int:
    """The number that stands for a hidden field in the column `veils`; their sum tells all of a row."""
    return 1 << BITS.index((target, how))


def told(target: str) -> str:
    """SQL: the bits of one target, from its text `x_<target>` and its typed value."""
    text = f"x_{target}"
    if target == "phone":
        hidden = (
            f" when phone_masked is not null then {bit('phone', 'masked')}"
            f" when p_phone is null and {encrypted(text)} then {bit('phone', 'encrypted')}"
            f" when phone_virtual then {bit('phone', 'virtual')}"
        )
    elif target == "address":
        # A street in full and stars for the house tell as little as stars alone, but the district stays.
        hidden = f" when address is null then {bit('address', 'encrypted')}"
    else:
        hidden = f' when "{target}" is null and ({_by_token(target)}) then {bit(target, "encrypted")}'
    return f"case when {text} is null then 0 when {masked(text)} then {bit(target, 'masked')}{hidden} else 0 end"


def _by_token(target: str) -> str:
    return encrypted(f"x_{target}") if target == "email" else "true"
