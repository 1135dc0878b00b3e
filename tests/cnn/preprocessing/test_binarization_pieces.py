"""Measures inside of finding ink, by pictures whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from cnn.preprocessing import binarization


@pytest.mark.parametrize("ink_on_paper", [0.0, 0.3, 0.6])
def test_noise_is_its_standard_deviation_as_a_share_of_the_paper(ink_on_paper: float) -> None:
    """`upright` is 0 on paper and 1 in ink; where most of it is dark, its paper is darker, and so is its noise."""
    noisy = ink_on_paper + np.random.default_rng(0).normal(0, 0.05, (400, 400)).astype(np.float32)
    assert binarization._noise(noisy) == pytest.approx(0.05 / max(1 - ink_on_paper, 0.3), rel=0.1)


def test_a_spot_is_outlined_by_the_ends_of_its_rows() -> None:
    """In px of the whole picture, where its box lies in it; a row reaches from its top edge to its bottom one."""
    spot = np.array([[0, 1, 1, 0], [0, 0, 0, 0], [1, 1, 1, 1]], bool)
    points = binarization._points(spot, (slice(10, 13), slice(20, 24)))
    assert sorted(map(tuple, points.tolist())) == [(20, 12), (21, 10), (23, 11), (24, 13)]
