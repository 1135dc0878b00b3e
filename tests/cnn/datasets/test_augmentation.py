"""Training pictures in other hands."""

import numpy as np
import pytest

from cnn.datasets import augmentation, synthetic_handwriting
from cnn.preprocessing.rasterize import centre_of_mass


def some_digits(count: int = 40) -> np.ndarray:
    rng = np.random.default_rng(0)
    return synthetic_handwriting.render_handwriting(
        [synthetic_handwriting.write_digit(i % 10, rng) for i in range(count)], rng
    )


def test_the_same_state_gives_the_same_pictures() -> None:
    images = some_digits()
    first = augmentation.augment_handwriting(images, np.random.default_rng(5))
    again = augmentation.augment_handwriting(images, np.random.default_rng(5))
    other = augmentation.augment_handwriting(images, np.random.default_rng(6))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_pictures_stay_pictures() -> None:
    images = some_digits()
    changed = augmentation.augment_handwriting(images, np.random.default_rng(1))
    assert changed.shape == images.shape
    assert changed.dtype == np.float32
    assert changed.min() >= 0
    assert changed.max() <= 1
    assert changed.sum(axis=(1, 2)).min() > 10, "no digit may vanish"


def test_the_batch_that_comes_in_is_not_changed() -> None:
    images = some_digits()
    before = images.copy()
    augmentation.augment_handwriting(images, np.random.default_rng(1))
    assert np.array_equal(images, before)


def test_digits_stay_in_the_middle() -> None:
    images = some_digits()
    changed = augmentation.elastic_warp(
        images, augmentation.random_affine_maps(images, np.random.default_rng(2)), np.random.default_rng(2)
    )
    centres = np.stack([centre_of_mass(picture) for picture in changed])
    assert np.abs(centres.mean(axis=0) - 14).max() < 0.6
    assert np.abs(centres - 14).max() < 4


def test_an_identity_map_reads_the_same_pixels() -> None:
    images = some_digits(4)
    axis = np.arange(28, dtype=np.float32) + 0.5
    x, y = np.meshgrid(axis, axis)
    places = np.broadcast_to(np.stack([x, y]).reshape(2, -1), (4, 2, 784))
    assert np.allclose(augmentation.sample_bilinearly(images, places), images, atol=1e-5)


def test_outside_the_picture_is_paper() -> None:
    images = np.ones((1, 28, 28), np.float32)
    far = np.full((1, 2, 784), 99, np.float32)
    assert augmentation.sample_bilinearly(images, far).max() == 0


def test_broken_lines_lose_ink_and_only_where_asked() -> None:
    images = some_digits()
    assert np.array_equal(augmentation.break_lines(images, np.random.default_rng(0), share=0), images)
    gone = images.sum() - augmentation.break_lines(images, np.random.default_rng(0), share=1).sum()
    assert gone > 0


def test_an_empty_picture_stays_empty() -> None:
    empty = np.zeros((3, 28, 28), np.float32)
    assert augmentation.augment_handwriting(empty, np.random.default_rng(0)).max() == 0


def test_noise_is_of_the_asked_share_and_strength() -> None:
    grey = np.full((400, 28, 28), 0.5, np.float32)
    deviation = augmentation.add_noise(grey, np.random.default_rng(0), 0.25, 0.2).std(axis=(1, 2))
    assert (deviation > 0).mean() == pytest.approx(0.25, abs=0.06)
    assert 0.15 < deviation.max() < 0.22


def test_coarse_pictures_have_fewer_pixels_and_as_black_a_line() -> None:
    images = np.zeros((300, 28, 28), np.float32)
    images[:, 5:23, 13:15] = 1
    changed = augmentation.lower_resolution(images, np.random.default_rng(0), 0.5)
    blurred = (changed != images).any(axis=(1, 2))
    assert blurred.mean() == pytest.approx(0.5, abs=0.1)
    assert changed[blurred].max(axis=(1, 2)).min() == 1
    ink = (changed[blurred] > 0.05).any(axis=1).sum(axis=1)  # columns
    assert ink.min() > 2
    rows = (changed[blurred] > 0.5).any(axis=2)
    assert np.abs(rows.argmax(axis=1) - 5).max() <= 2, "it stays where it was"
