"""The two colour maps: read in grey, by colour-blind people and on a projector; what is above 0 looks alike in both."""

import numpy as np
import pytest

from cnn.array_types import Array
from scripts import make_colormaps
from ui.images import colormap

# What two kinds of dichromats see, in linear RGB: Machado, Oliveira & Fernandes 2009, severity 1.
SEEN = {
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
}


def linear(colours: Array) -> Array:
    shares = colours / 255
    return np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)


def luminance(colours: Array) -> Array:
    return linear(colours) @ np.array([0.2126, 0.7152, 0.0722])


def test_both_grow_brighter_away_from_zero_and_use_the_whole_range() -> None:
    whole, signed = luminance(colormap.sequential_colormap()), luminance(colormap.diverging_colormap())
    for rising in (whole, signed[: colormap.ZERO][::-1], signed[colormap.ZERO :]):
        assert (np.diff(rising) > -0.002).all()
        assert rising[0] < 0.01
        assert rising[-1] > 0.6


@pytest.mark.parametrize("kind", SEEN)
def test_colour_blind_people_tell_the_signs_apart(kind: str) -> None:
    below, above = (
        linear(colormap.paint_signed(np.array([sign * share for share in (0.3, 0.5, 0.8)]), 1)) @ np.array(SEEN[kind]).T
        for sign in (-1, 1)
    )
    assert (below[:, 2] > 1.4 * below[:, :2].max(1)).all()
    assert (above[:, 2] < 0.7 * above[:, :2].max(1)).all()


def test_what_is_above_zero_looks_alike_in_both() -> None:
    signed = colormap.paint_signed(np.linspace(0, 1, 256), 1).astype(int)
    assert np.abs(signed - colormap.sequential_colormap()).max() <= 6  # half as many steps


def test_what_lies_outside_is_clipped_and_nothing_is_black() -> None:
    assert (colormap.paint_signed(np.array([-9.0, 9.0]), 1) == colormap.paint_signed(np.array([-1.0, 1.0]), 1)).all()
    assert (colormap.paint_signed(np.zeros(1), 0) == colormap.diverging_colormap()[colormap.ZERO]).all()


def test_nobody_changes_the_colours_of_the_others() -> None:
    assert not colormap.sequential_colormap().flags.writeable
    assert not colormap.diverging_colormap().flags.writeable


def test_the_shipped_colours_are_what_the_script_writes() -> None:
    shipped = np.stack([colormap.sequential_colormap(), colormap.diverging_colormap()])
    np.testing.assert_array_equal(shipped, make_colormaps.palettes())
    assert colormap.ZERO == make_colormaps.ZERO
