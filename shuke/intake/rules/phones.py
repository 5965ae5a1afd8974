"""Phone numbers: complete, masked, virtual or unreadable."""

from shuke.lake.rules import literal

_WIDE = "０１２３４５６７８９＊＋－（）　"
_NARROW = "0123456789*+-() "
# What stands for hidden digits: 138****5678, 138xxxx5678, 138●●●●5678.
_HIDDEN = "*＊xX×●•○"
_VIRTUAL = "转|分机|[,，;；#]|(?i:ext)|^1\\d{10}\\s*[-—_]\\s*\\d{2,6}$"


def readable(text: str) -> str:
    """SQL: the text with half-width digits and without the marks people put between them."""
    return f"regexp_replace(translate({text}, {literal(_WIDE)}, {literal(_NARROW)}), '[\\s()\\-.·]', '', 'g')"


def plain(text: str, *, country: str) -> str:
    """SQL: 8613812345678 from the eleven digits of a Chinese mobile number.

    Only where the file's country is CN: elsewhere eleven digits may begin with a country code 1.
    """
    if country != "CN":
        return "cast(null as varchar)"
    return f"case when strlen({text}) = 11 and regexp_full_match({text}, '1[3-9]\\d{{9}}') then '86' || {text} end"


def written(text: str, *, country: str) -> str:
    """SQL: 8613812345678 from a Chinese mobile number as people write it (+86 138-1234-5678); null for all others."""
    if country != "CN":
        return "cast(null as varchar)"
    return f"'86' || nullif(regexp_extract({readable(text)}, '^(?:\\+?86|0086)?(1[3-9]\\d{{9}})$', 1), '')"


def masked(text: str) -> str:
    """SQL: 138****5678 for a masked mobile number; null where fewer digits than three and four are left."""
    shape = f"^(?:\\+?86|0086)?(\\d{{3}})[{_HIDDEN}]{{3,}}(\\d{{4}})$"
    return (
        f"case when regexp_matches({text}, '[{_HIDDEN}]')"
        f" then case when regexp_full_match({readable(text)}, '{shape}')"
        f" then regexp_replace({readable(text)}, '{shape}', '\\1****\\2') end end"
    )


def virtual(text: str) -> str:
    """SQL: true for a privacy number of a platform: one with an extension, or of the 95 range."""
    return f"(regexp_matches({text}, {literal(_VIRTUAL)}) or regexp_full_match({readable(text)}, '95\\d{{3,}}'))"
