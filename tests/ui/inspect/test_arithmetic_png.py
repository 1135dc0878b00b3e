"""The picture and the sentence of one number."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from cnn import zoo
from cnn.layers import activations, unit_arithmetic
from cnn.layers.unit_arithmetic import UnitArithmetic
from cnn.layers.unit_steps import UnitPlace
from ui.images.colormap import paint_signed
from ui.inspect import arithmetic_png
from ui.inspect.arithmetic_png import draw_number_grid
from ui.text.arithmetic_text import digits, probability_sentence, unit_sentence


def made(name: str, layer: str, unit: int, y: int = 0, x: int = 0) -> tuple[UnitArithmetic, bytes]:
    opened = activations.open_network(name)
    maps = opened.maps(np.random.default_rng(3).random(opened.graph.layers[0].shape, np.float32))
    one = unit_arithmetic.compute_unit(opened, maps, UnitPlace(layer, unit, y, x))
    return one, arithmetic_png.arithmetic_figure(one, opened.graph, maps)


@pytest.mark.parametrize("name", zoo.network_names())
def test_every_kind_of_layer_has_a_picture_and_a_sentence(name: str) -> None:
    kinds = {layer.kind: layer.name for layer in activations.open_network(name).graph.layers}
    for layer in kinds.values():
        one, png = made(name, layer, 0)
        assert Image.open(BytesIO(png)).format == "PNG"
        assert unit_sentence(one).endswith(f"The network computed {digits(one.computed)}.")
        assert digits(one.step.value)[:4] in unit_sentence(one)


def test_a_convolution_in_a_sentence() -> None:
    one, _ = made("mnist/lenet", "c1", 2, 10, 12)
    words = unit_sentence(one)
    assert words.startswith("c1, channel 2 at row 10, column 12: 25 products add up to ")
    assert f"; with the bias {digits(one.step.bias)} that is " in words  # type: ignore[union-attr]
    assert "; tanh makes " in words


def test_a_probability_in_a_sentence() -> None:
    step = unit_arithmetic.build_softmax_step(np.array([2, 1], np.float32), 2.0, 1)
    words = probability_sentence(step, "seven")
    assert words.startswith("seven: e to the power of its logit, 1.0000, over the temperature 2.0000, ")
    assert words.endswith(f"is {digits(step.value)}.")


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (1.23456, "1.2346"), (-0.012345678, "-0.012346"), (123456.7, "1.2346e+05"), (3e-7, "3.00e-07")],
)
def test_numbers_have_five_digits(number: float, text: str) -> None:
    assert digits(number) == text


def test_a_grid_has_its_cells_and_its_numbers() -> None:
    drawn = draw_number_grid(np.array([[1.0, 0.0, -1.0]]))
    side = drawn.shape[0]
    assert drawn.shape[1] == 3 * side
    assert [tuple(drawn[2, at]) for at in (2, side + 2, -2)] == list(map(tuple, paint_signed(np.array([1, 0, -1]), 1)))
    middle = drawn[:, side : 2 * side]
    assert (middle > 128).any(), "the number 0 is written in its cell"
