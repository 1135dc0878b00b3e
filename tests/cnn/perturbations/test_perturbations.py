"""Changes to pictures: each does what its name says, and nothing at rest."""

from __future__ import annotations

import colorsys

import numpy as np
import pytest

from cnn.errors import UnknownName
from cnn.perturbations import PERTURBATIONS, Perturbation, applicable_perturbations, find_perturbation
from cnn.perturbations.geometric import resample_affine

ALL = list(PERTURBATIONS.values())


def pictures(change: Perturbation) -> np.ndarray:
    shape = (3, 32, 32, 3) if change.photos else (3, 28, 28, 1)
    return np.random.default_rng(0).random(shape, np.float32)


def named(*names: str) -> pytest.MarkDecorator:
    chosen = [PERTURBATIONS[name] for name in names] if names else ALL
    return pytest.mark.parametrize("change", chosen, ids=lambda change: change.name)


@named()
def test_at_rest_nothing_changes(change: Perturbation) -> None:
    images = pictures(change)
    assert np.array_equal(change(images, change.rest), images)
    assert change.low <= change.rest <= change.high


@named()
def test_every_strength_gives_a_picture_and_leaves_the_old_one(change: Perturbation) -> None:
    images = pictures(change)
    before = images.copy()
    for level in change.levels(7):
        changed = change(images, level)
        assert changed.shape == images.shape
        assert changed.dtype == np.float32
        assert 0 <= changed.min() <= changed.max() <= 1
        assert np.array_equal(changed, images) == (level == change.rest)
    assert np.array_equal(images, before)


@named()
def test_the_same_seed_gives_the_same_picture(change: Perturbation) -> None:
    images = pictures(change)
    assert np.array_equal(change(images, change.high, seed=4), change(images, change.high, seed=4))


@named()
def test_more_of_it_changes_more(change: Perturbation) -> None:
    images = np.repeat(pictures(change), 8, axis=0)
    images = PERTURBATIONS["blur"](images, 0.05)  # smooth pictures: a small change moves little
    far = max((change.low, change.high), key=lambda level: abs(level - change.rest))
    near = change.rest + (far - change.rest) / 4
    little, much = (np.abs(change(images, level) - images).mean() for level in (near, far))
    assert little < much


@named()
def test_what_lies_outside_counts_as_the_bound(change: Perturbation) -> None:
    images = pictures(change)
    assert np.array_equal(change(images, change.high + 1e6), change(images, change.high))


@named(*(one.name for one in ALL if one.name not in ("noise", "occlusion")))  # whose chance is drawn for the batch
def test_one_picture_is_changed_as_in_a_batch(change: Perturbation) -> None:
    images = pictures(change)
    assert np.allclose(change(images[:1], change.high)[0], change(images, change.high)[0], atol=1e-6)


@named()
def test_levels_hold_rest_and_both_ends(change: Perturbation) -> None:
    levels = change.levels(11)
    assert len(levels) == 11
    assert list(levels) == sorted(levels)
    assert change.rest in levels
    assert {change.low, change.high} <= set(levels) | {change.rest}


def digit() -> np.ndarray:
    image = np.zeros((1, 28, 28, 1), np.float32)
    image[0, 10:18, 12:16] = 1
    return image


def test_a_shift_moves_to_the_right() -> None:
    moved = PERTURBATIONS["shift"](digit(), 7 / 28)
    assert np.allclose(moved[0, :, 7:], digit()[0, :, :-7], atol=1e-5)


def test_a_shift_leaves_paper_behind_on_digits_and_a_mirror_on_photos() -> None:
    assert PERTURBATIONS["shift"](np.ones((1, 28, 28, 1), np.float32), 0.25)[0, :, :6].max() == 0
    assert PERTURBATIONS["shift"](np.ones((1, 32, 32, 3), np.float32), 0.25).min() == pytest.approx(1, abs=1e-5)


def test_a_quarter_turn_is_numpys() -> None:
    images = np.random.default_rng(1).random((1, 28, 28, 1), np.float32)
    assert np.allclose(PERTURBATIONS["turn"](images, 90)[0], np.rot90(images[0]), atol=1e-4)


def test_a_half_scale_is_half_as_wide() -> None:
    small = PERTURBATIONS["scale"](digit(), 0.5)[0, ..., 0]
    assert small.sum() == pytest.approx(digit().sum() / 4, rel=0.3)


def test_shear_leans_to_the_right() -> None:
    leaning = PERTURBATIONS["shear"](digit(), 45)[0, ..., 0]
    columns = [np.average(np.arange(28), weights=leaning[row]) for row in (10, 17)]
    assert columns[0] > columns[1]


def test_resampling_by_nothing_is_nothing() -> None:
    images = np.random.default_rng(2).random((2, 20, 30, 3), np.float32)
    assert np.allclose(resample_affine(images, np.array([[1.0, 0, 0], [0, 1, 0]])), images, atol=1e-5)


def test_a_pen_makes_lines_thicker_and_thinner() -> None:
    ink = digit().sum()
    thick, thin = (PERTURBATIONS["pen"](digit(), width).sum() for width in (2, -2))
    assert (thick, thin) == (10 * 6, 6 * 2)
    assert thin < ink < thick


def test_a_full_turn_of_the_hue_is_none_and_grey_stays_grey() -> None:
    grey = np.full((1, 8, 8, 3), 0.4, np.float32)
    assert np.allclose(PERTURBATIONS["hue"](grey, 120), grey, atol=2e-3)
    red = np.zeros((1, 8, 8, 3), np.float32) + np.array([0.8, 0.2, 0.2], np.float32)
    there, back = PERTURBATIONS["hue"](red, 180), PERTURBATIONS["hue"](red, -180)
    assert np.allclose(there, back, atol=1e-4)
    assert there[0, 0, 0, 0] < there[0, 0, 0, 2]


def test_noise_has_its_deviation() -> None:
    grey = np.full((4, 64, 64, 3), 0.5, np.float32)
    assert PERTURBATIONS["noise"](grey, 0.1).std() == pytest.approx(0.1, rel=0.03)


@pytest.mark.parametrize("added", [-0.3, 0.25, 0.5])
def test_brightness_is_added_to_the_value_of_hsv(added: float) -> None:
    images = np.random.default_rng(8).random((1, 4, 5, 3), np.float32)
    images[0, 0, 0] = 0  # black has no hue
    changed = PERTURBATIONS["brightness"](images, added)
    for pixel, found in zip(images.reshape(-1, 3), changed.reshape(-1, 3), strict=True):
        hue, saturation, value = colorsys.rgb_to_hsv(*pixel.tolist())
        wanted = colorsys.hsv_to_rgb(hue, saturation, min(1, max(0, value + added)))
        np.testing.assert_allclose(found, wanted, atol=1e-6)


@pytest.mark.parametrize(  # of 224 px, from their code
    ("name", "severity_5"),
    [("noise", 0.38), ("blur", 6 / 224), ("jpeg", 100 - 7), ("brightness", 0.5), ("contrast", 0.05)],
)
def test_the_severest_corruptions_of_the_benchmark_can_be_chosen(name: str, severity_5: float) -> None:
    change = find_perturbation(name)
    assert change.low <= severity_5 <= change.high
    assert change.corruption


def test_contrast_keeps_the_mean() -> None:
    images = 0.3 + 0.4 * np.random.default_rng(3).random((1, 16, 16, 3), np.float32)
    assert PERTURBATIONS["contrast"](images, 0.5).mean() == pytest.approx(images.mean(), abs=1e-5)
    assert PERTURBATIONS["contrast"](images, 0.5).std() < images.std()


def test_an_occlusion_hides_its_share() -> None:
    hidden = PERTURBATIONS["occlusion"](np.ones((5, 28, 28, 1), np.float32), 0.5)
    assert np.allclose((hidden == 0).mean(axis=(1, 2, 3)), 0.25)


def test_jpeg_of_a_flat_picture_is_flat() -> None:
    flat = np.full((1, 32, 32, 3), 128 / 255, np.float32)
    assert np.allclose(PERTURBATIONS["jpeg"](flat, 50), flat, atol=2 / 255)


def test_each_kind_of_picture_has_its_changes() -> None:
    digits, photos = ({one.name for one in applicable_perturbations(kind)} for kind in (True, False))
    assert digits - photos == {"pen"}
    assert photos - digits == {"hue"}


def test_an_unknown_change_names_the_known() -> None:
    with pytest.raises(UnknownName, match="occlusion"):
        find_perturbation("melt")
