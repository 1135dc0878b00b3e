"""Maps in one picture: each value where it belongs, in the colour that the scale says."""

from base64 import b64decode
from io import BytesIO

import numpy as np
from PIL import Image

from ui.images import colormap, tiling


def test_each_map_stands_where_its_number_says() -> None:
    values = np.random.default_rng(0).integers(0, 256, (3, 4, 7), np.uint8)
    picture = tiling.tile_maps(values)
    wide = tiling.maps_across(7)
    assert picture.shape == (9, 12)
    for unit in range(7):
        row, column = divmod(unit, wide)
        np.testing.assert_array_equal(picture[3 * row :, 4 * column :][:3, :4], values[..., unit])


def test_maps_may_stand_apart() -> None:
    picture = tiling.tile_maps(np.ones((2, 2, 4), np.uint8), 1)
    assert picture.tolist()[:3] == [[1, 1, 0, 1, 1, 0], [1, 1, 0, 1, 1, 0], [0] * 6]


def test_between_them_it_is_white() -> None:
    table = np.zeros((256, 3), np.uint8)
    picture = tiling.tile_colored(np.zeros((2, 2, 3), np.uint8), table)
    assert picture.shape == (6, 6, 3)
    assert (picture[:2, :2] == 0).all()
    assert (picture[2] == 255).all()
    assert (picture[3:5, 3:5] == 255).all()  # there is no fourth


def test_one_scale_for_all_or_one_each() -> None:
    values = np.array([[[1, 2]]], np.float32)
    assert tiling.quantize_maps(values, [(0, 2)]).tolist() == [[[128, 255]]]
    assert tiling.quantize_maps(values, [(0, 1), (0, 2)]).tolist() == [[[255, 255]]]


def test_zero_is_the_middle_where_there_are_both_signs() -> None:
    values = np.array([[[-2, -1, 0, 2]]], np.float32)
    assert tiling.quantize_maps(values, [(-2, 2)]).tolist() == [[[1, 64, colormap.ZERO, 255]]]


def test_the_sheet_is_a_palette_picture_at_native_size() -> None:
    maps = np.random.default_rng(0).random((5, 5, 64), np.float32)
    with Image.open(BytesIO(b64decode(tiling.tile_sheet_uri(maps, [(0, 1)]).split(",")[1]))) as picture:
        assert (picture.mode, picture.size) == ("P", (40, 40))
        expected = colormap.sequential_colormap()[tiling.tile_maps(tiling.quantize_maps(maps, [(0, 1)]))]
        np.testing.assert_array_equal(np.asarray(picture.convert("RGB")), expected)


def test_the_ramp_runs_over_the_whole_scale() -> None:
    assert (tiling.scale_ramp((-1, 1))[0, [0, -1]] == colormap.diverging_colormap()[[0, 255]]).all()
    assert (tiling.scale_ramp((0, 1))[0, [0, -1]] == colormap.sequential_colormap()[[0, 255]]).all()
