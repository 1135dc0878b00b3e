"""Heat maps in colour."""

import numpy as np

from scripts import make_colormaps
from ui.images import colormap


def test_little_is_transparent_and_much_is_opaque_and_bright() -> None:
    little, much = colormap.paint_heatmap(np.array([[0, 1]], np.float32))[0].astype(int)
    assert (little[3], much[3]) == (0, 255)
    assert much[:3].sum() > little[:3].sum()


def test_the_scale_grows_brighter_all_along() -> None:
    """Whoever sees no colours reads the brightness."""
    brightness = colormap.sequential_colormap() @ np.array([0.299, 0.587, 0.114])
    assert (np.diff(brightness) > -1).all()
    assert colormap.heatmap_ramp().shape[2] == 4


def test_what_lies_outside_is_clipped() -> None:
    below, least, most, above = colormap.paint_heatmap(np.array([[-3, 0, 1, 7]], np.float32))[0]
    assert (below == least).all()
    assert (above == most).all()


def test_the_scale_runs_from_little_to_much_and_so_do_its_rows() -> None:
    scale = colormap.heatmap_ramp()
    assert scale.shape == (*reversed(colormap.RAMP_PX), 4)
    assert (np.diff(scale[0, :, 3].astype(int)) >= 0).all()
    assert (scale == scale[0]).all()


def test_nobody_changes_the_colours_of_the_others() -> None:
    assert not colormap.sequential_colormap().flags.writeable
    assert not colormap.diverging_colormap().flags.writeable


def test_numbers_of_both_signs_grow_brighter_away_from_zero() -> None:
    """Dark is little here as in the other palette; the sign is blue or red, which colour-blind people tell apart."""
    brightness = colormap.diverging_colormap() @ np.array([0.299, 0.587, 0.114])
    assert (np.diff(brightness[: colormap.ZERO - 20]) < 1).all()
    assert (np.diff(brightness[colormap.ZERO + 20 :]) > -1).all()
    assert brightness[colormap.ZERO] < 30
    assert min(brightness[1], brightness[255]) > 150
    low, high = colormap.diverging_colormap()[[20, 235]].astype(int)
    assert low[2] > low[0] + 60
    assert high[0] > high[2] + 60


def test_the_shipped_colours_are_what_the_script_writes() -> None:
    shipped = np.stack([colormap.sequential_colormap(), colormap.diverging_colormap()])
    np.testing.assert_array_equal(shipped, make_colormaps.palettes())
    assert colormap.ZERO == make_colormaps.ZERO
