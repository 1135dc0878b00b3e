"""Occlusion against a direct loop over places whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from cnn.array_types import Array
from cnn.attribution.occlusion import (
    PHOTO_OCCLUDER,
    class_probability,
    occluder_value,
    occlusion_patches,
    occlusion_sensitivity,
)
from cnn.progress import run_steps

DIGIT = np.random.default_rng(1).random((28, 28, 1), np.float32)
PHOTO = np.random.default_rng(2).random((32, 48, 3), np.float32)


def weigher(image: Array) -> Array:
    return np.random.default_rng(7).standard_normal((image.size, 3)).astype(np.float32) / np.float32(image.size**0.5)


@pytest.mark.parametrize("image", [DIGIT, PHOTO], ids=["digit", "photo"])
@pytest.mark.parametrize("label", [0, 2])
def test_each_place_is_what_hiding_it_takes_from_the_probability(image: Array, label: int) -> None:
    weights = weigher(image)

    def softmax(picture: Array) -> float:
        powers = np.exp((picture.reshape(-1) @ weights).astype(float))
        return float(powers[label] / powers.sum())

    height, width, _ = image.shape
    drops = np.zeros((4, 4))
    for row in range(4):
        for column in range(4):
            hidden = image.copy()
            for y in range(height):
                for x in range(width):
                    near = abs((y + 0.5) / height * 4 - row - 0.5) < 1 and abs((x + 0.5) / width * 4 - column - 0.5) < 1
                    if near:  # twice a cell's size around its middle
                        hidden[y, x] = PHOTO_OCCLUDER if image.shape[2] == 3 else 0
            drops[row, column] = softmax(image) - softmax(hidden)
    expected = np.maximum(drops, 0) / drops.max()
    found = run_steps(
        occlusion_sensitivity(lambda images: images.reshape(len(images), -1) @ weights, image, label, cells=4)
    )
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_the_evidence_lies_where_the_network_looks() -> None:
    def corner(images: Array) -> Array:
        seen = images[:, :7, :7].mean((1, 2, 3))
        return np.stack([4 * seen, 0 * seen], 1)

    found = run_steps(occlusion_sensitivity(corner, np.ones((28, 28, 1), np.float32), 0, cells=4))
    assert found.argmax() == 0
    assert (found[2:] == 0).all()
    assert (found[:, 2:] == 0).all()


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_network_that_does_not_look_gives_zero(value: float) -> None:
    with np.errstate(all="raise"):
        found = run_steps(
            occlusion_sensitivity(lambda images: np.ones((len(images), 2), np.float32), np.full_like(DIGIT, value), 1)
        )
    np.testing.assert_array_equal(found, np.zeros((14, 14)))


def test_a_picture_that_is_blank_already_gives_zero() -> None:
    for image in (np.zeros_like(DIGIT), np.full_like(PHOTO, PHOTO_OCCLUDER)):
        weights = weigher(image)
        found = run_steps(
            occlusion_sensitivity(lambda images, w=weights: images.reshape(len(images), -1) @ w, image, 1)
        )
        np.testing.assert_array_equal(found, np.zeros_like(found))


@pytest.mark.parametrize(("height", "width"), [(28, 28), (32, 32), (224, 224), (299, 299), (5, 9)])
def test_the_patches_cover_every_pixel_and_stay_inside(height: int, width: int) -> None:
    covered = np.zeros((height, width), int)
    for place in occlusion_patches(height, width):
        assert covered[place].size
        covered[place] += 1
    assert covered.min() >= 1
    assert len(occlusion_patches(height, width)) == min(14, height) * min(14, width)


def test_it_tells_how_far_it_is() -> None:
    shares: list[float] = []
    asked = occlusion_sensitivity(lambda images: np.zeros((len(images), 2), np.float32), DIGIT, 0)
    run_steps(asked, lambda progress: shares.append(progress.share))
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_near_certainty_still_differs() -> None:
    logits = np.array([[20, 0], [22, 0]], np.float32)
    one, other = class_probability(logits, 0)
    assert 0 < other - one < 1e-8


def test_a_digit_is_hidden_by_paper_and_a_photo_by_grey() -> None:
    assert (occluder_value(DIGIT), occluder_value(PHOTO)) == (0, PHOTO_OCCLUDER)
