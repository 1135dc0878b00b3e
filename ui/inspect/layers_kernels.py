"""The kernels behind a layer's units, drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import streamlit as st

from cnn.layers import conv_kernels
from cnn.layers.conv_kernels import LayerKernels
from ui.components.kernel_wall.kernel_wall import KernelWall
from ui.images import colormap, data_uri
from ui.images.figure_png import FigurePanel
from ui.images.tiling import Pair, quantize_maps, tile_colored
from ui.resources import network_cache
from ui.text import layer_text

PICTURE_PX: Final = 5  # height and width of a kernel, at least, to be looked at as a picture


@st.cache_resource(max_entries=24, show_spinner=False)
def kernel_sheet(name: str, layer: str, scale: str) -> dict[str, Any] | None:
    """Draw the kernels behind a layer's units as one sheet: a row a unit, in it the channels side by side.

    Kernels that read colours are drawn in colour, grey where they are 0.
    """
    found = conv_kernels.read_kernels(network_cache.opened_network(name), layer)
    if found is None:
        return None
    height, width, channels, units = found.kernels.shape
    coloured = _is_coloured(found)
    limits = kernel_bounds(found, scale)
    return {
        "shape": (height, width, 1 if coloured else channels, units),
        "sheet": _coloured(found, limits) if coloured else _kernels(found, limits),
        "limits": limits,
        "palette": colormap.diverging_hex(),
        "coloured": coloured,
        "caption": _kernel_caption(found, layer),
    }


def _is_coloured(found: LayerKernels) -> bool:
    """Say whether it reads colours, and more than a point of them."""
    height, width, *_ = found.kernels.shape
    return found.colours != "" and height * width > 1


@st.cache_resource(max_entries=8, show_spinner=False)
def kernel_wall(name: str, layer: str) -> KernelWall | None:
    """Draw all kernels of a layer in colour, each on its own scale; None where they are no pictures by themselves."""
    found = conv_kernels.read_kernels(network_cache.opened_network(name), layer)
    if found is None or not _is_coloured(found) or min(found.kernels.shape[:2]) < PICTURE_PX:
        return None
    height, width, _, units = found.kernels.shape
    caption = (
        f"All {units} kernels of {found.layer.name}: {height}x{width} weights {_reads(found, 0)}, each kernel on "
        "its own scale, grey is 0. Click one to see what it finds."
    )
    return KernelWall(
        f"{name} {layer}", (height, width, units), _coloured(found, kernel_bounds(found, "unit")), caption
    )


def kernel_bounds(found: LayerKernels, scale: str) -> tuple[Pair, ...]:
    """Give the ends of the kernels' scale: one of each unit, or one of the layer."""
    most = np.abs(found.kernels).max((0, 1, 2))  # (units,)
    chosen = most if scale == "unit" else most.max(keepdims=True)
    return tuple((-m, m) for m in np.where(chosen > 0, chosen, 1).tolist())


def _kernels(found: LayerKernels, limits: Sequence[Pair]) -> str:
    """Lay all kernels out: (units * height, channels * width)."""
    height, width, channels, units = found.kernels.shape
    numbers = quantize_maps(found.kernels, limits).transpose(3, 0, 2, 1).reshape(units * height, channels * width)
    return data_uri.palette_png_uri(numbers, colormap.diverging_colormap())


def _coloured(found: LayerKernels, limits: Sequence[Pair]) -> str:
    height, width, _, units = found.kernels.shape
    return data_uri.color_png_uri(
        quantize_maps(found.rgb, limits).transpose(3, 0, 1, 2).reshape(units * height, width, 3)
    )


def _kernel_caption(found: LayerKernels, layer: str) -> str:
    height, width, channels, _ = found.kernels.shape
    whose = "" if found.layer.name == layer else f" of {found.layer.name}, which it follows"
    what = f"{height}x{width} weights" if height * width > 1 else "a weight"
    kind = layer_text.layer_label(found.layer).split()[0].capitalize()
    return f"{kind} kernel{whose}: {what} {_reads(found, channels)}."


def _reads(found: LayerKernels, channels: int) -> str:
    if _is_coloured(found):
        return "for each of " + ("red, green and blue" if found.colours == "rgb" else "blue, green and red")
    if found.layer.kind == "DepthwiseConv2D":
        return f"on the same channel of {found.source.name}"
    return (
        f"for each of {channels} {layer_text.channel_word(found.source)}s of {found.source.name}"
        if channels > 1
        else f"on {found.source.name}"
    )


def kernel_panel(name: str, layer: str, scale: str, unit: int) -> list[FigurePanel]:
    """Draw the kernel of one unit to keep, its channels tiled; none where the layer has none."""
    found = conv_kernels.read_kernels(network_cache.opened_network(name), layer)
    if found is None:
        return []
    limits = kernel_bounds(found, scale)
    own = quantize_maps(found.rgb[..., unit], limits[unit : unit + 1] if len(limits) > 1 else limits)
    if _is_coloured(found):
        return [FigurePanel("Its kernel", own)]
    ends = limits[unit if len(limits) > 1 else 0]
    return [
        FigurePanel(f"Its kernel, {ends[0]:.2g} to {ends[1]:.2g}", tile_colored(own, colormap.diverging_colormap()))
    ]
