"""Which of two statements about one channel and purpose holds."""

_STRICTNESS = ("refused", "withdrawn", "granted", "unknown")


def stricter(one: str, other: str) -> str:
    """Of two states the stricter: a no before a yes. Unknown is no statement: the other holds."""
    return min(one, other, key=_STRICTNESS.index)
