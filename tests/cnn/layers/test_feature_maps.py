"""Where units are strong, in numbers and in words, and what shares a colour scale."""

import numpy as np
import pytest

from cnn.layers import feature_maps
from cnn.layers.feature_maps import ActivationPeak
from cnn.metrics import localization


def blobs() -> np.ndarray:
    """A unit for each of nine places, one that is strong everywhere, a silent one, and one of two corners."""
    maps = np.zeros((9, 12, 12), np.float32)
    for place in range(9):
        row, column = divmod(place, 3)
        maps[3 * row + 1, 4 * column + 1, place] = -2 if place % 2 else 2
    maps[..., 9] = 1
    maps[[0, -1], [0, -1], 11] = 1
    return maps


def test_every_place_has_its_words() -> None:
    words = feature_maps.describe_unit_locations(blobs())
    assert words[:9] == tuple(word for row in localization.PLACES for word in row)
    assert words[9:] == (localization.ALL_OVER, localization.NOWHERE, localization.SCATTERED)


def test_the_words_are_those_of_a_single_heat_map() -> None:
    maps = np.random.default_rng(0).random((13, 10, 40), np.float32) ** 9
    assert feature_maps.describe_unit_locations(maps) == tuple(
        localization.describe_location(maps[..., unit]) for unit in range(40)
    )


def test_the_strongest_places_come_first_whatever_their_sign() -> None:
    maps = np.zeros((16, 16, 2), np.float32)
    maps[2, 3, 0], maps[3, 4, 0], maps[9, 9, 0], maps[15, 0, 0] = 5, 4, -7, 1
    first, second = feature_maps.find_activation_peaks(maps)
    assert first == (
        ActivationPeak(9, 9, -7),
        ActivationPeak(2, 3, 5),
        ActivationPeak(15, 0, 1),
    )  # (3, 4) lies beside (2, 3)
    assert second == ()


def test_a_single_number_is_its_own_strongest_place() -> None:
    maps = feature_maps.as_maps(np.array([0, -3], np.float32))
    assert feature_maps.find_activation_peaks(maps) == ((), (ActivationPeak(0, 0, -3),))


def test_a_unit_far_below_zero_is_not_the_most_active() -> None:
    maps = blobs() * np.where(np.arange(12) == 4, 2, 1).astype(np.float32)
    maps[..., 5] = -99
    assert feature_maps.most_active_unit(maps) == 4


@pytest.mark.parametrize(
    ("values", "ends"), [([0, 2], (0, 2)), ([-3, 2], (-3, 3)), ([-1, 2], (-2, 2)), ([0, 0], (0, 1)), ([5, 6], (0, 6))]
)
def test_a_scale_holds_all_values_and_shows_zero(values: list[float], ends: tuple[float, float]) -> None:
    assert feature_maps.color_bounds(np.array(values, np.float32)) == ends


def test_who_shares_a_scale_is_a_choice() -> None:
    maps = np.array([[[1, 0, 4]]], np.float32)
    whole = [maps, np.array([-9, 3], np.float32)]
    assert feature_maps.unit_color_bounds(maps, whole, "unit") == ((0, 1), (0, 1), (0, 4))
    assert feature_maps.unit_color_bounds(maps, whole, "layer") == ((0, 4),)
    assert feature_maps.unit_color_bounds(maps, whole, "network") == ((-9, 9),)
    assert feature_maps.unit_color_bounds(-maps, whole, "unit") == ((-1, 1), (-1, 1), (-4, 4))
