"""Task codes: short enough to read out, with a check character, and never anything that a spreadsheet would turn into
a number or a date (no vowels: no E for exponents, no month names; a letter first)."""

from shuke.kernel.ids import stable_hash

# 29 characters, a prime, so that any wrong character and any two swapped ones change the check sum.
ALPHABET = "23456789BCDFGHJKLMNPQRSTVWXYZ"
_PRIME = len(ALPHABET)
_LETTERS = ALPHABET[8:]
_BODY = 7


def code_for(proposal: int, *, customer_id: int, attempt: int = 0) -> str:
    """Seven characters from the proposal and customer and a check character; `attempt` when one is taken already."""
    number = stable_hash(f"task|{proposal}|{customer_id}|{attempt}")
    body = _LETTERS[number % len(_LETTERS)]
    number //= len(_LETTERS)
    for _ in range(_BODY - 1):
        body += ALPHABET[number % _PRIME]
        number //= _PRIME
    return body + check_character(body)


def check_character(body: str) -> str:
    """Weights 1, 2, 3 ... over the 29 values, modulo 29 (the scheme of ISBN-10 on another prime)."""
    return ALPHABET[sum(weight * ALPHABET.index(c) for weight, c in enumerate(body, start=1)) % _PRIME]


def cleaned(text: str) -> str:
    """A typed code without blanks, dashes and the apostrophe of a spreadsheet, in capitals and half width."""
    kept = [chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text.upper()]
    return "".join(c for c in kept if c not in " \t\u3000-'‘’`.")


def is_valid(code: str) -> bool:
    """Whether a cleaned code is whole: length, alphabet, check character."""
    return len(code) == _BODY + 1 and all(c in ALPHABET for c in code) and check_character(code[:-1]) == code[-1]
