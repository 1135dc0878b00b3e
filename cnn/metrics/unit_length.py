"""Rows of length 1, so that products are cosines."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt

Number = TypeVar("Number", np.float32, np.float64)


def of_length_one(rows: npt.NDArray[Number]) -> npt.NDArray[Number]:
    """Bring each row of (n, numbers) to length 1; nothing stays nothing, and the precision what it was."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(length == 0, 1, length), rows.dtype)
