"""How fast an import goes, and when it will be done."""

from dataclasses import dataclass

# A speed means something after so many seconds and so much of the work.
_SECONDS = 1.0
_SHARE = 0.02


@dataclass(frozen=True)
class Pace:
    """How far an import is: the file it reads, rows so far, seconds since the start, share of all bytes (0 to 1)."""

    file: str
    rows: int
    seconds: float
    share: float

    @property
    def per_second(self) -> int:
        """Rows a second since the start."""
        return round(self.rows / self.seconds) if self.seconds > 0 else 0

    @property
    def left_seconds(self) -> float | None:
        """Seconds to the end at the speed so far; None while too little is done to tell."""
        if self.seconds < _SECONDS or self.share < _SHARE:
            return None
        return self.seconds * (1 - min(self.share, 1.0)) / self.share
