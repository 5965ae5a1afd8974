"""Uplift: how often chance alone is called proven, and how much certainty is lost against knowing the truth.

`python -m bench.uplift [--size small|full]`. The oracle ranks by the true uplift and takes the same test.
"""

import argparse
import time

import numpy as np

from bench.figure import Figure, tell
from shuke.predictions.rules.uplift import estimate_uplift
from shuke.predictions.rules.uplift.ranking import places, worth

# Strength of the true difference, in chance to buy a standard deviation of a feature.
_STRENGTHS = (0.02, 0.03, 0.04)
_FEATURES = 8


def _world(seed: int, *, people: int, strength: float) -> tuple[np.ndarray, ...]:
    luck = np.random.default_rng(seed)
    x = luck.standard_normal((people, _FEATURES))
    arm = (luck.random(people) < 0.5).astype(float)
    base = np.clip(0.12 + 0.06 * x[:, 0], 0.01, 0.5)
    uplift = np.clip(base + strength * (0.6 * x[:, 1] + 0.8 * x[:, 2]), 0.001, 0.999) - base
    return x, arm, (luck.random(people) < base + arm * uplift).astype(float), uplift


def _oracle(arm: np.ndarray, bought: np.ndarray, *, uplift: np.ndarray) -> bool:
    """The one-sided 5 % test of Qini by the true ranking."""
    psi = 4 * (arm - 0.5) * (bought - bought.mean())
    told = worth(psi, place=places(uplift, np.zeros(len(psi), dtype=int)))
    return told.qini > 1.645 * told.qini_error


def main() -> None:
    """Prints the share of A/A trials called proven, then power beside the oracle's for three strengths."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", choices=["small", "full"], default="full")
    is_full = parser.parse_args().size == "full"
    trials, worlds, people = (200, 40, 8000) if is_full else (20, 4, 2000)
    began = time.process_time()
    proven = 0
    for n in range(trials):
        x, arm, bought, _ = _world(n, people=people // 2, strength=0.0)
        proven += estimate_uplift(x, arm, bought, 0.5).verdict == "proven"
    tell(Figure(f"uplift, {trials} A/A trials called proven", figure=proven / trials, limit=0.05, unit="share"))
    for strength in _STRENGTHS:
        own = truth = 0
        for n in range(worlds):
            x, arm, bought, uplift = _world(50_000 + n, people=people, strength=strength)
            own += estimate_uplift(x, arm, bought, 0.5).verdict == "proven"
            truth += _oracle(arm, bought, uplift=uplift)
        name = f"uplift, power at {strength:.2f} a standard deviation, {people:,} people (floor is the oracle)"
        tell(Figure(name, figure=own / worlds, floor=truth / worlds, unit="share"))
    print(f"{(time.process_time() - began) / (trials + worlds * len(_STRENGTHS)):.2f} s of CPU a trial")


if __name__ == "__main__":
    main()
