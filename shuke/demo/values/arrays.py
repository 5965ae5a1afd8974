"""Arrays and the few numbers that every part of the retailer needs."""

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

NEVER = 1_000_000
DAY_SECONDS = 86_400
ZONE_SECONDS = 8 * 3_600
