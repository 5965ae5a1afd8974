"""The one line that every benchmark prints."""

import os
import platform
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One measurement. `floor` is what the bare engine needs for the same work in the same run, None where none exists.

    `limit` is the greatest ratio (the greatest figure where there is no floor) that is accepted, `least` the smallest.
    """

    name: str
    figure: float
    unit: str = "s"
    floor: float | None = None
    limit: float | None = None
    least: float | None = None

    @property
    def ratio(self) -> float | None:
        return None if self.floor is None else self.figure / max(self.floor, 1e-9)

    @property
    def is_met(self) -> bool:
        measured = self.figure if self.ratio is None else self.ratio
        return (self.limit is None or measured <= self.limit) and (self.least is None or measured >= self.least)

    def line(self) -> str:
        """`name: floor 2.10 s, figure 5.04 s, ratio 2.40 (at most 3.00: met)`."""
        parts = [f"floor {self.floor:,.2f} {self.unit}"] if self.floor is not None else []
        parts.append(f"figure {self.figure:,.2f} {self.unit}")
        parts += [f"ratio {self.ratio:,.2f}"] if self.ratio is not None else []
        bounds = [f"at most {self.limit:,.2f}"] if self.limit is not None else []
        bounds += [f"at least {self.least:,.2f}"] if self.least is not None else []
        judged = f" ({', '.join(bounds)}: {'met' if self.is_met else 'MISSED'})" if bounds else ""
        return f"{self.name}: {', '.join(parts)}{judged}"


def tell(figure: Figure) -> Figure:
    """Prints the line; the runner collects it."""
    print(figure.line(), flush=True)
    return figure


def seconds(work: Callable[[], object], *, rounds: int = 1) -> float:
    """The best wall-clock time of `rounds` runs."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def peak_gigabytes() -> float:
    """The greatest memory that this process has held so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**30 if platform.system() == "Darwin" else 2**20)


def machine() -> str:
    """What the figures were measured on, in one line."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    info = Path("/proc/meminfo")
    memory = f", {int(info.read_text().split()[1]) / 2**20:.0f} GB" if info.is_file() else ""
    return f"{cores} cores{memory}, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
