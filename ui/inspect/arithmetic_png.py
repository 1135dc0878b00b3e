"""One number and what it was made of, as a picture to keep."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from cnn.array_types import Array, Pixels
from cnn.graph import Graph
from cnn.graph.sliding_window import layer_window
from cnn.layers import channel_contributions
from cnn.layers.unit_arithmetic import UnitArithmetic
from cnn.layers.unit_steps import ConvolutionStep, DenseStep, PoolingStep, UnitPlace
from ui.images import colormap, figure_png
from ui.images.figure_png import FigurePanel
from ui.text.arithmetic_text import digits, unit_sentence

Numbers = npt.NDArray[np.floating]

LOSS, GAIN = (tuple(map(int, colour)) for colour in colormap.paint_signed(np.array([-0.6, 0.6]), 1))
LEAST_FONT, MOST_FONT, SHARE = 12, 48, 0.26  # px, px, of a cell
LISTED: Final = 12  # inputs of a dense layer


def arithmetic_figure(made: UnitArithmetic, graph: Graph, maps: dict[str, Array]) -> bytes:
    """Draw what a number was made of: the maps with the place framed, the numbers, and the sum in a sentence.

    Args:
        made: the number.
        graph: of the network.
        maps: of every layer.
    Returns: a PNG.
    """
    panels = [*_read(made, graph, maps), *_numbers(made), *_result(made, maps)]
    return figure_png.figure_png(panels, f"{unit_sentence(made)} Amber is above 0, blue below, black 0.")


def draw_number_grid(values: Numbers) -> Pixels:
    """Write numbers into coloured cells, uint8 (height, width, 3)."""
    rows, columns = values.shape
    side = max(1, figure_png.SIDE // max(rows, columns))
    shades = colormap.paint_signed(values, float(np.abs(values).max()))
    page = Image.fromarray(shades).resize((columns * side, rows * side), Image.Resampling.NEAREST)
    font = ImageFont.load_default(min(MOST_FONT, max(LEAST_FONT, round(side * SHARE))))
    pen = ImageDraw.Draw(page)
    for row, column in np.ndindex(rows, columns):
        middle = ((column + 0.5) * side, (row + 0.5) * side)
        dark = shades[row, column] @ (0.299, 0.587, 0.114) < 128
        pen.text(middle, f"{values[row, column]:.3g}", "white" if dark else "black", font, anchor="mm")
    return np.asarray(page)


def _read(made: UnitArithmetic, graph: Graph, maps: dict[str, Array]) -> list[FigurePanel]:
    """Draw the map that was read, with the window."""
    if not isinstance(made.step, ConvolutionStep | PoolingStep):
        return []
    source = graph.layer(made.layer.inputs[0])
    channel = _strongest(made.step)[0] if isinstance(made.step, ConvolutionStep) else made.place.unit
    own = maps[source.name][..., channel]
    (top, left), (rows, columns) = made.step.start, made.step.patch.shape[:2]
    if "strides" in made.layer.config:
        dilation = layer_window(made.layer, source.shape).dilation
        rows, columns = (rows - 1) * dilation[0] + 1, (columns - 1) * dilation[1] + 1
    return [FigurePanel(f"{source.name}, channel {channel}", _map(own), box=_box(top, left, rows, columns, own.shape))]


def _box(top: int, left: int, rows: int, columns: int, shape: tuple[int, ...]) -> tuple[float, float, float, float]:
    """Give a window's part of a map as shares, without what lies in the padding."""
    height, width = shape[:2]
    low, high = max(0, top), min(height, top + rows)
    near, far = max(0, left), min(width, left + columns)
    return near / width, low / height, (far - near) / width, (high - low) / height


def _map(values: Numbers) -> Pixels:
    return colormap.paint_signed(values, float(np.abs(values).max()))


def _strongest(step: ConvolutionStep) -> tuple[int, int]:
    """Name the channel that adds most, and its place among those that are read."""
    (at,) = channel_contributions.largest_indices(step.partial.tolist(), 1)
    return step.channels[at], at


def _numbers(made: UnitArithmetic) -> list[FigurePanel]:
    step = made.step
    if isinstance(step, ConvolutionStep):
        at = _strongest(step)[1]
        several = f" of the strongest of {len(step.channels)} channels" if len(step.channels) > 1 else ""
        parts = (("Read", step.patch), ("Kernel", step.kernel), ("Products", step.products))
        return [
            FigurePanel(title + several, draw_number_grid(np.asarray(numbers, np.float64)[..., at]))
            for title, numbers in parts
        ]
    if isinstance(step, PoolingStep):
        return [FigurePanel("The window", draw_number_grid(step.patch))]
    return [FigurePanel("Input x weight, the strongest", _list(step))] if isinstance(step, DenseStep) else []


def _list(step: DenseStep) -> Pixels:
    """Write the strongest contributions below each other."""
    page = Image.new("RGB", (figure_png.SIDE, LISTED * 2 * figure_png.TEXT), figure_png.PAPER)
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(figure_png.TEXT)
    for row, at in enumerate(channel_contributions.largest_indices(step.products.tolist(), LISTED)):
        parts = (float(step.inputs[at]), float(step.weights[at]), float(step.products[at]))
        words = "unit {}: {:.3g} x {:.3g} = {:.3g}".format(at, *parts)
        pen.text((0, row * 2 * figure_png.TEXT), words, LOSS if parts[2] < 0 else GAIN, font)
    return np.asarray(page)


def _result(made: UnitArithmetic, maps: dict[str, Array]) -> list[FigurePanel]:
    """Draw the map that was made, with the place; else the number alone."""
    place: UnitPlace = made.place
    if not made.layer.has_maps:
        return [FigurePanel(made.layer.name, draw_number_grid(np.full((1, 1), made.step.value)))]
    own = maps[place.layer][..., place.unit]
    title = f"{place.layer}, channel {place.unit}: {digits(made.step.value)}"
    return [FigurePanel(title, _map(own), box=_box(place.y, place.x, 1, 1, own.shape))]
