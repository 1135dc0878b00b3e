"""Pictures: what is shown is what the array holds."""

from base64 import b64decode
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from cnn.array_types import Array
from ui.images.data_uri import gray_png_uri, network_input_uri, palette_png_uri


def pixels(uri: str) -> Array:
    head, body = uri.split(",")
    assert head == "data:image/png;base64"
    with Image.open(BytesIO(b64decode(body, validate=True))) as picture:
        assert (picture.format, picture.mode) == ("PNG", "L")
        return np.asarray(picture, np.float32)


def test_every_grey_level_comes_back() -> None:
    levels = np.arange(256, dtype=np.float32).reshape(8, 32)
    np.testing.assert_array_equal(pixels(gray_png_uri(levels / 255)), levels)


def test_each_value_becomes_a_square() -> None:
    picture = np.array([[0, 1, 0], [1, 0, 0]], np.float32)
    np.testing.assert_array_equal(pixels(gray_png_uri(picture, scale=3)), np.kron(picture, np.ones((3, 3))) * 255)


def test_what_lies_outside_is_clipped() -> None:
    wild = np.array([[-1, 2, np.nan, np.inf, -np.inf]], np.float32)
    np.testing.assert_array_equal(pixels(gray_png_uri(wild)), [[0, 255, 0, 255, 0]])


@pytest.mark.parametrize("shape", [(28, 28, 1), (28,), (), (0, 5), (5, 0)])
def test_refuses_what_is_no_grey_picture(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="shape"):
        gray_png_uri(np.zeros(shape, np.float32))


def test_refuses_a_scale_under_one() -> None:
    with pytest.raises(ValueError, match="scale"):
        gray_png_uri(np.zeros((2, 2), np.float32), scale=0)


def test_each_number_gets_its_colour() -> None:
    table = np.random.default_rng(0).integers(0, 256, (256, 3), np.uint8)
    levels = np.arange(256, dtype=np.uint8).reshape(8, 32)
    with Image.open(BytesIO(b64decode(palette_png_uri(levels, table).split(",")[1]))) as picture:
        assert picture.mode == "P"
        np.testing.assert_array_equal(np.asarray(picture.convert("RGB")), table[levels])


@pytest.mark.parametrize("channels", [1, 3])
def test_an_input_is_shown_value_by_value(channels: int) -> None:
    levels = np.random.default_rng(0).integers(0, 256, (5, 4, channels))
    with Image.open(BytesIO(b64decode(network_input_uri((levels / 255).astype(np.float32)).split(",")[1]))) as picture:
        assert picture.mode == {1: "L", 3: "RGB"}[channels]
        np.testing.assert_array_equal(np.asarray(picture).reshape(levels.shape), levels)
