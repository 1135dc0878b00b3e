"""What logits are divided by so that confidence can be believed. No TensorFlow."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cnn.array_types import Array


def fit_temperature(logits: Array, labels: npt.NDArray[np.int64]) -> float:
    """Find what to divide logits by so that the labels become most likely.

    Returns: between 0.1 and 10.
    Source: Guo et al. 2017, arXiv:1706.04599, section 4.2.
    """
    from scipy.optimize import minimize_scalar
    from scipy.special import log_softmax

    def loss(log_temperature: float) -> float:
        likely = log_softmax(logits.astype(np.float64) / np.exp(log_temperature), axis=1)
        return -float(likely[np.arange(len(labels)), labels].mean())

    return float(np.exp(minimize_scalar(loss, bounds=(np.log(0.1), np.log(10)), method="bounded").x))
