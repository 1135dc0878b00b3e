"""Deletion, insertion, agreement and similarity against cases worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from cnn.array_types import Array
from cnn.attribution import faithfulness
from cnn.attribution.faithfulness import (
    area_under_curve,
    faithfulness_curves,
    rank_correlation,
    rank_correlation_matrix,
    structural_similarity,
)
from cnn.progress import Progress, run_steps

INK = np.zeros((4, 4, 1), np.float32)
INK[0] = 1  # four of sixteen pixels, and all that the network below looks at
HEAT = INK[..., 0]


def counter(images: Array) -> Array:
    """Class 0 gets log(1), log(2) ... for each pixel of ink in the first row, so that its probability is known."""
    ink = images[:, 0, :, 0].sum(1)
    return np.stack([np.log(ink / 4 + 1e-6), np.log(1 - ink / 4 + 1e-6)], 1).astype(np.float32)


def test_deletion_and_insertion_follow_the_strongest_first() -> None:
    found = run_steps(faithfulness_curves(counter, INK, 0, HEAT, stages=4))
    np.testing.assert_allclose(found.shares, [0, 0.25, 0.5, 0.75, 1])
    np.testing.assert_allclose(found.deletion, [1, 0, 0, 0, 0], atol=1e-5)
    np.testing.assert_allclose(found.insertion, [0, 1, 1, 1, 1], atol=1e-5)
    assert area_under_curve(found.shares, found.deletion) == pytest.approx(1 / 8, abs=1e-5)
    assert area_under_curve(found.shares, found.insertion) == pytest.approx(7 / 8, abs=1e-5)


def test_a_map_that_is_wrong_deletes_late() -> None:
    found = run_steps(faithfulness_curves(counter, INK, 0, 1 - HEAT, stages=4))
    np.testing.assert_allclose(found.deletion, [1, 1, 1, 1, 0], atol=1e-5)


def test_a_constant_map_is_as_good_as_chance() -> None:
    found = run_steps(faithfulness_curves(counter, INK, 0, np.ones((2, 2), np.float32), stages=16))
    np.testing.assert_array_equal(found.deletion, found.random_deletion)
    np.testing.assert_array_equal(found.insertion, found.random_insertion)
    assert found.deletion[-1] == pytest.approx(0, abs=1e-5)
    assert found.insertion[-1] == pytest.approx(1, abs=1e-5)


def test_a_photo_loses_its_pixels_to_grey_and_comes_back_from_a_blur() -> None:
    seen: list[Array] = []

    def watch(images: Array) -> Array:
        seen.extend(images)
        return np.zeros((len(images), 2), np.float32)

    photo = np.random.default_rng(1).random((16, 16, 3), np.float32)
    told: list[Progress] = []
    run_steps(faithfulness_curves(watch, photo, 1, photo[..., 0], stages=4), told.append)
    deleted, inserted = np.stack(seen[:5]), np.stack(seen[5:10])
    np.testing.assert_array_equal(deleted[0], photo)
    np.testing.assert_array_equal(deleted[4], np.full_like(photo, 0.5))
    assert ((deleted[1] == 0.5).all(-1)).sum() == 64
    np.testing.assert_array_equal(inserted[4], photo)
    assert inserted[0].std() < photo.std() / 3
    assert [progress.share for progress in told] == [0.25, 0.5, 0.75, 1.0]


def test_ranks_correlate_whatever_the_size_of_the_values() -> None:
    values = np.random.default_rng(2).random((5, 5), np.float32)
    assert rank_correlation(values, np.exp(9 * values)) == pytest.approx(1)
    assert rank_correlation(values, -values) == pytest.approx(-1)


def test_equal_values_share_their_ranks() -> None:
    # Ranks of (0, 0, 1, 2) are (1.5, 1.5, 3, 4), of (0, 1, 1, 2) (1, 2.5, 2.5, 4): a correlation of 3.75 / 4.5.
    one, other = np.float32([[0, 0], [1, 2]]), np.float32([[0, 1], [1, 2]])
    assert rank_correlation(one, other) == pytest.approx(3.75 / 4.5)


@pytest.mark.parametrize("constant", [0.0, 0.7])
def test_a_constant_map_correlates_with_nothing(constant: float) -> None:
    values = np.random.default_rng(2).random((5, 5), np.float32)
    with np.errstate(all="raise"):
        assert rank_correlation(values, np.full_like(values, constant)) == 0


def test_similarity_is_one_for_equal_maps_and_falls_with_noise() -> None:
    random = np.random.default_rng(3)
    values = random.random((28, 28), np.float32)
    assert structural_similarity(values, values) == pytest.approx(1)
    near = structural_similarity(values, values + 0.1 * random.standard_normal((28, 28)).astype(np.float32))
    far = structural_similarity(values, random.random((28, 28), np.float32))
    assert far < 0.3 < near < 1


def test_similarity_of_constant_maps_is_that_of_their_means() -> None:
    dark, light = np.full((9, 9), 0.2, np.float32), np.full((9, 9), 0.6, np.float32)
    expected = (2 * 0.2 * 0.6 + 1e-4) / (0.2**2 + 0.6**2 + 1e-4)
    assert structural_similarity(dark, light) == pytest.approx(expected, rel=1e-4)


def test_agreement_is_a_symmetric_matrix_over_maps_of_any_size() -> None:
    fine = np.random.default_rng(4).random((28, 28), np.float32)
    coarse = np.kron(np.eye(2, dtype=np.float32), np.ones((2, 2), np.float32))
    found = rank_correlation_matrix([fine, coarse, np.zeros((7, 7), np.float32)], (28, 28))
    np.testing.assert_array_equal(found, found.T)
    np.testing.assert_array_equal(np.diag(found), 1)
    np.testing.assert_array_equal(found[2, :2], 0)


def test_there_is_a_stage_for_every_share() -> None:
    found = run_steps(faithfulness_curves(counter, INK, 0, HEAT))
    assert len(found.shares) == len(found.deletion) == faithfulness.PERTURBATION_STEPS + 1
