"""Half-open periods of days."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Period:
    """Days from `start_on` (included) to `end_on` (excluded)."""

    start_on: date
    end_on: date

    def __post_init__(self) -> None:
        if self.end_on < self.start_on:
            raise ValueError(f"a period cannot end ({self.end_on}) before it starts ({self.start_on})")

    @property
    def days(self) -> int:
        """Length in days."""
        return (self.end_on - self.start_on).days

    @classmethod
    def last_days(cls, as_of: date, *, days: int) -> "Period":
        """The `days` days before `as_of`; `as_of` itself is excluded, for nothing of that day is known yet."""
        return cls(as_of - timedelta(days=days), as_of)
