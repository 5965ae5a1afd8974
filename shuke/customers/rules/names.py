"""When two full names may be two spellings of one."""

from difflib import SequenceMatcher

_CLOSE = 0.8


def similar(left: str, right: str) -> bool:
    """Whether two different names may be one name written twice: 陈小燕 and 陈晓燕, ann lee and anne lee.

    Chinese: same length of three or more, same family name, one other character. Other scripts: the same words but
    for one, which is an initial or a close spelling of its counterpart; or one name's words all within the other's.
    Two-character Chinese names never count: one of their two characters is the family name.
    """
    if " " in left or " " in right:
        return _similar_words(left.split(), right.split())
    if len(left) != len(right) or len(left) < 3 or left[0] != right[0]:
        return False
    return sum(a != b for a, b in zip(left, right, strict=True)) == 1


def _similar_words(left: list[str], right: list[str]) -> bool:
    only_left = [word for word in left if word not in right]
    only_right = [word for word in right if word not in left]
    shared = min(len(left) - len(only_left), len(right) - len(only_right))
    if not shared:
        return False
    if not only_left or not only_right:
        return shared >= 2
    if len(only_left) != 1 or len(only_right) != 1:
        return False
    one, other = only_left[0], only_right[0]
    if one[0] == other[0] and min(len(one), len(other)) == 1:
        return True
    return SequenceMatcher(None, one, other).ratio() >= _CLOSE
