"""Read a pickle of NumPy's arrays, and nothing else: one that wants more is refused. Wants NumPy alone."""

from __future__ import annotations

import pickle
from io import BytesIO
from typing import Any, Final

import numpy as np

ALLOWED: Final = {  # what makes an array; NumPy 1 and 2 call the first one's module differently
    **{(f"numpy.{core}.multiarray", "_reconstruct"): np.ndarray(0).__reduce__()[0] for core in ("core", "_core")},
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
}


class _ArrayUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in ALLOWED:
            raise pickle.UnpicklingError(f"{module}.{name} does not belong into a file of weights.")
        return ALLOWED[module, name]


def read_arrays(content: bytes) -> Any:
    """Read arrays in dictionaries, lists and tuples.

    Raises: pickle.UnpicklingError: something else is in there.
    """
    return _ArrayUnpickler(BytesIO(content)).load()
