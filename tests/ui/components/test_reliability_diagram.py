"""A reliability diagram in words."""

import numpy as np
import pytest

from cnn.metrics.calibration_error import reliability_bins
from ui.components.reliability_diagram import calibration_sentence


@pytest.mark.parametrize(
    ("right", "words"),
    [
        (6, "is off by 20.00 points of 100; all in all it is 20.00 points surer than it is right"),
        (9, "is off by 10.00 points of 100; all in all it is 10.00 points less sure than it is right"),
    ],
)
def test_it_says_which_way_a_network_errs(right: int, words: str) -> None:
    bins = reliability_bins(np.full(10, 0.8, np.float32), np.arange(10) < right)
    assert words in calibration_sentence("VGG", bins)
