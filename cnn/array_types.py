"""The arrays that go from room to room, named once."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float32]  # pictures in [0, 1], activations, weights, logits
Pixels: TypeAlias = npt.NDArray[np.uint8]  # what a screen or a file shows
