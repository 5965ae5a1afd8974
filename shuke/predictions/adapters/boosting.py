"""Boosted trees (scikit-learn's histogram boosting), on as many threads as the one setting allows."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from shuke.lake.adapters import threads
from shuke.predictions.values import Floats

# Small trees, few of them, each on some of the features: what is left for them beside BG/NBD is little, and noisy.
_TREES = {
    "learning_rate": 0.05,
    "max_iter": 70,
    "max_leaf_nodes": 8,
    "min_samples_leaf": 60,
    "max_features": 0.4,
    "l2_regularization": 5.0,
    "early_stopping": False,
}
_FORESTS = 2
# The last three columns are what BG/NBD says: more of it never lowers the chance.
_FROM_BGNBD = 3


def bounded() -> Any:
    """Within, OpenMP keeps to the one setting and linear algebra to one thread: its matrices here are tiny."""
    return threadpool_limits(limits={"openmp": threads(), "blas": 1})


def learn_return(features: Floats, came: NDArray[np.bool_]) -> Callable[[Floats], Floats]:
    """Learns chances from rows of features; gives the function from features to chances. Equal input, equal output."""
    rising = [0] * (features.shape[1] - _FROM_BGNBD) + [1] * _FROM_BGNBD
    with bounded():
        forests = [
            HistGradientBoostingClassifier(**_TREES, monotonic_cst=rising, random_state=seed).fit(features, came)
            for seed in range(_FORESTS)
        ]

    def chances(rows: Floats) -> Floats:
        with bounded():
            found: Floats = np.mean([forest.predict_proba(rows)[:, 1] for forest in forests], axis=0)
            return found

    return chances
