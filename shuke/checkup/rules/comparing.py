"""Which earlier check-up a check-up is compared with, and what moved since."""

from collections.abc import Iterable, Sequence
from datetime import date

from shuke.checkup.values import Change, ImportStep, Past


def base_of(past: Sequence[Past], *, as_of: date, last_batch: int) -> Past | None:
    """The check-up to compare with: the last of an earlier day, else the last of this day before further imports."""
    earlier = [one for one in past if one.as_of < as_of]
    return max(earlier, key=_age, default=None) or before_imports(past, as_of=as_of, last_batch=last_batch)


def before_imports(past: Sequence[Past], *, as_of: date, last_batch: int) -> Past | None:
    """The last check-up of the same day that knew fewer imports."""
    same_day = [one for one in past if one.as_of == as_of and one.last_batch < last_batch]
    return max(same_day, key=_age, default=None)


def _age(one: Past) -> tuple[date, int]:
    return one.as_of, one.last_batch


def mending(steps: Iterable[ImportStep], *, after_batch: int, before_on: date | None) -> tuple[ImportStep, ...]:
    """Imports after `after_batch` that can have mended days before `before_on` (None: any day), the oldest first."""
    later = (step for step in steps if step.batch_id > after_batch)
    reach = (step for step in later if before_on is None or step.first_on is None or step.first_on < before_on)
    return tuple(sorted(reach, key=lambda step: step.batch_id))


def kind_of(*, before_minor: int, now_minor: int, is_found: bool, was_found: bool) -> str:
    """`new`, `gone`, `better`, `worse` or `same`."""
    if is_found != was_found:
        return "new" if is_found else "gone"
    moved = now_minor - before_minor
    return "worse" if moved > 0 else "better" if moved < 0 else "same"


def ranked(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Changes by the money that moved, those that stayed the same left out."""
    moved = (change for change in changes if change.kind != "same")
    return tuple(sorted(moved, key=lambda change: (-abs(change.now_minor - change.before_minor), change.code)))
