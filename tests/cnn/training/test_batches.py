"""Training batches."""

from pathlib import Path

import numpy as np
import pytest

from cnn.datasets import writing_systems
from cnn.datasets.dataset import Split
from cnn.training import batches
from cnn.training.batches import DigitBatches, PhotoBatches, RefinementBatches


def digits(count: int = 300) -> Split:
    rng = np.random.default_rng(0)
    images = np.zeros((count, 28, 28, 1), np.uint8)
    images[:, 6:22, 10:18] = rng.integers(100, 255, (count, 16, 8, 1))
    return Split(images, np.arange(count) % 10)


def photos(count: int = 50) -> Split:
    rng = np.random.default_rng(0)
    return Split(rng.integers(0, 255, (count, 32, 32, 3)).astype(np.uint8), np.arange(count) % 10)


def test_a_batch_repeats_itself() -> None:
    once, again = (DigitBatches(digits(), seed=1).batch(64, epoch=2, step=1) for _ in range(2))
    assert np.array_equal(once[0], again[0])
    assert np.array_equal(once[1], again[1])


def test_epochs_steps_and_seeds_differ() -> None:
    batches = DigitBatches(digits(), seed=1)
    pictures = [batches.batch(64, epoch, step)[0] for epoch, step in ((0, 0), (0, 1), (1, 0))]
    pictures.append(DigitBatches(digits(), seed=2).batch(64, 0, 0)[0])
    for i, one in enumerate(pictures):
        assert not any(np.array_equal(one, other) for other in pictures[i + 1 :])


def test_a_batch_of_digits() -> None:
    images, labels = DigitBatches(digits(), seed=1).batch(128, 0, 0)
    assert images.shape == (128, 28, 28, 1)
    assert images.dtype == np.float32
    assert 0 <= images.min() <= images.max() <= 1
    assert np.allclose(labels.sum(axis=1), 1)
    doubtful = np.isclose(labels.max(axis=1), 0.1).sum()
    assert doubtful == round(128 * 0.10)


def test_every_digit_is_seen_once_an_epoch() -> None:
    split = digits(200)
    batches = DigitBatches(split, seed=1)
    order = np.random.default_rng([1, 2, 0]).permutation(200)
    assert sorted(order) == list(range(200))
    assert batches.steps(128) * batches._digits(128) >= 200
    assert (batches.steps(128) - 1) * batches._digits(128) < 200


def test_a_batch_of_one_works() -> None:
    images, labels = DigitBatches(digits(), seed=1).batch(1, 0, 0)
    assert images.shape == (1, 28, 28, 1)
    assert labels.shape == (1, 10)


@pytest.fixture
def refined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RefinementBatches:
    """Batches of the second stage on a machine without the fonts."""
    monkeypatch.setenv(writing_systems.FONTS_VARIABLE, str(tmp_path))
    writing_systems.trace_characters.cache_clear()
    return RefinementBatches(digits(), seed=1)


def test_the_second_stage_shows_more_that_is_no_digit(refined: RefinementBatches) -> None:
    images, labels = refined.batch(128, 0, 0)
    again, _ = refined.batch(128, 0, 0)
    assert np.array_equal(images, again)
    assert images.shape == (128, 28, 28, 1)
    assert np.isclose(labels.max(axis=1), 0.1).sum() == round(128 * batches.REFINEMENT_OUTLIER_SHARE)


def test_noise_comes_with_digits_and_with_what_is_none(refined: RefinementBatches) -> None:
    kinds = np.zeros(2)
    for step in range(4):
        images, labels = refined.batch(128, 0, step)
        noisy = (np.ptp(images[:, :3, :3, 0], axis=(1, 2)) > 0.05).astype(int)
        no_digit = np.isclose(labels.max(axis=1), 0.1)
        kinds += (noisy[~no_digit].sum(), noisy[no_digit].sum())
    assert kinds.min() > 10


def test_what_may_be_a_digit_is_not_taught_as_none(refined: RefinementBatches, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refined.outliers == "letters, scribbles, signs, noise"
    monkeypatch.setattr(batches, "DigitLikeness", lambda digits: lambda world: np.arange(len(world)) % 3 > 0)
    fewer = RefinementBatches(digits(), seed=1)
    assert len(fewer._world) == -(-round(300 * batches.CHARACTER_SHARE) // 3)


def test_photos_are_shifted_and_half_of_them_mirrored() -> None:
    split = photos()
    images, labels = PhotoBatches(split, seed=1).batch(50, 0, 0)
    assert labels.shape == (50, 10)
    padded = np.pad(split.images, ((0, 0), (4, 4), (4, 4), (0, 0)), mode="reflect")
    places = [[_place(padded[i], image) for i in range(len(padded))] for image in images]
    assert all(sum(place is not None for place in found) == 1 for found in places), "each is one of the photos"
    flips = [mirrored for found in places for mirrored in found if mirrored is not None]
    assert 10 < sum(flips) < 40
    again, _ = PhotoBatches(split, seed=1).batch(50, 0, 0)
    assert np.array_equal(images, again)


def _place(padded: np.ndarray, image: np.ndarray) -> bool | None:
    """Tell whether `image` is a mirrored cut of `padded`; None if it is no cut of it."""
    pixels = np.rint(image * 255).astype(np.uint8)
    for top in range(9):
        for left in range(9):
            cut = padded[top : top + 32, left : left + 32]
            if np.array_equal(cut, pixels):
                return False
            if np.array_equal(cut[:, ::-1], pixels):
                return True
    return None
