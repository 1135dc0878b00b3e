"""Which pixels of the input a unit can see: through stride, padding, pooling, branches and shortcuts. No TensorFlow.

Source: Araujo, Norris & Sim 2019, "Computing Receptive Fields of Convolutional Neural Networks", distill.pub.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from cnn.errors import BrokenNetwork, ConvScopeError
from cnn.graph import INPUT_KIND, Graph, Layer
from cnn.graph.sliding_window import Pair, SlidingWindow, layer_window

Spans = npt.NDArray[np.int64]  # (places, 2): the first and the last pixel along one axis
Marks = npt.NDArray[np.bool_]  # (places, pixels along one axis): which of them each place sees

# Kinds that read one place at each of theirs. A kind that is in none of these tables is refused by name: a wrong field
# looks like a right one.
PLACE_BY_PLACE: Final = frozenset(
    {
        *("Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax", "Relu", "Relu6", "Tanh", "Sigmoid", "Silu"),
        *("Gelu", "BatchNormalization", "LocalResponseNormalization", "Rescaling", "Normalization", "CaffeInput"),
        *("Dropout", "SpatialDropout2D", "GaussianNoise", "GaussianDropout", "ActivityRegularization", "Identity"),
        *("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Pad"),
    }
)
WINDOW_KINDS: Final = frozenset(
    {"Conv2D", "DepthwiseConv2D", "SeparableConv2D", "MaxPooling2D", "AveragePooling2D"}  # read forwards, step by step
)
EDGE_KINDS: Final = frozenset({"ZeroPadding2D", "Cropping2D"})


class UnknownReceptiveField(ConvScopeError):
    """A network with a kind of layer whose receptive field is not worked out."""


@dataclass(frozen=True, slots=True)
class ReceptiveField:
    """The receptive field of a layer's places as papers give it: as if the picture had no edge.

    Attributes:
        size: height and width in pixels of the input.
        stride: how far the field goes, in pixels of the input, from one place to the next; 0 where there is one place.
        start: where the field of the first place begins; under 0 it begins in the padding.
    """

    size: Pair
    stride: Pair
    start: Pair


@dataclass(frozen=True, slots=True, eq=False)
class VisiblePixels:
    """What each place of a layer sees inside the picture.

    Attributes:
        rows: int64 (height of the layer, 2): first and last row of the input, (0, -1) where it sees none;
            (1, 2) for a row of numbers.
        columns: int64 (width of the layer, 2).
    """

    rows: Spans
    columns: Spans

    def box(self, y: int, x: int) -> tuple[int, int, int, int]:
        """Give left, top, width and height in pixels of what the place (y, x) sees; 0 where it sees nothing."""
        (top, bottom), (left, right) = (spans.tolist() for spans in (self.rows[y], self.columns[x]))
        return left, top, right - left + 1, bottom - top + 1


def receptive_fields(graph: Graph) -> dict[str, ReceptiveField]:
    """Give the field of every layer, from the input to the logits; where branches meet it spans all of them.

    Raises: UnknownReceptiveField: a layer is of a kind that is not known here, such as UpSampling2D.
    """
    found: dict[str, ReceptiveField] = {}
    for layer in graph.layers:
        seen = [_onwards(layer, graph.layer(name), found[name]) for name in layer.inputs]
        found[layer.name] = _hull(seen) if seen else ReceptiveField((1, 1), (1, 1), (0, 0))
    return found


def known_receptive_fields(graph: Graph) -> dict[str, ReceptiveField | None]:
    """As `receptive_fields`, with None for what lies at or behind a layer of a kind that is not known here."""
    found: dict[str, ReceptiveField | None] = {}
    for layer in graph.layers:
        before = {name: field for name in layer.inputs if (field := found[name]) is not None}
        try:
            seen = [_onwards(layer, graph.layer(name), field) for name, field in before.items()]
        except UnknownReceptiveField:
            seen = []
        known = _hull(seen) if seen else None if layer.inputs else ReceptiveField((1, 1), (1, 1), (0, 0))
        found[layer.name] = known if len(before) == len(set(layer.inputs)) else None
    return found


def _onwards(layer: Layer, before: Layer, field: ReceptiveField) -> ReceptiveField:
    """Say what `layer` sees through `before`, one of its inputs."""
    if not before.has_maps:
        return field
    if _sees_all(layer):
        ends = [field.size[i] + field.stride[i] * (before.shape[i] - 1) for i in range(2)]
        return ReceptiveField((ends[0], ends[1]), (0, 0), field.start)
    at = _window(layer, before)
    size = [field.size[i] + field.stride[i] * at.dilation[i] * (at.size[i] - 1) for i in range(2)]
    stride = [field.stride[i] * at.strides[i] for i in range(2)]
    start = [field.start[i] - field.stride[i] * at.before[i] for i in range(2)]
    return ReceptiveField((size[0], size[1]), (stride[0], stride[1]), (start[0], start[1]))


def _hull(seen: list[ReceptiveField]) -> ReceptiveField:
    first = [min(field.start[i] for field in seen) for i in range(2)]
    last = [max(field.start[i] + field.size[i] for field in seen) for i in range(2)]
    stride = [max(field.stride[i] for field in seen) for i in range(2)]
    return ReceptiveField((last[0] - first[0], last[1] - first[1]), (stride[0], stride[1]), (first[0], first[1]))


def visible_pixels(graph: Graph, name: str) -> VisiblePixels:
    """Say what every place of the layer `name` sees, exactly: padding is no pixel, at no layer on the way.

    Raises: UnknownName: no layer has that `name`.
        UnknownReceptiveField: a layer on the way is of a kind that is not known here, such as UpSampling2D.
    """
    layer = graph.layer(name)
    sides = _sides(layer)
    rows, columns = (_ends(_back(graph, name, axis, np.eye(sides[axis], dtype=bool))) for axis in range(2))
    return VisiblePixels(rows, columns)


def visible_pixels_if_known(graph: Graph, name: str) -> VisiblePixels:
    """As `visible_pixels`, with no pixel for any place where a layer on the way is of a kind that is not known here."""
    try:
        return visible_pixels(graph, name)
    except UnknownReceptiveField:
        rows, columns = (np.tile(np.array((0, -1), np.int64), (side, 1)) for side in _sides(graph.layer(name)))
        return VisiblePixels(rows, columns)


def _sides(layer: Layer) -> Pair:
    return (layer.shape[0], layer.shape[1]) if layer.has_maps else (1, 1)


def _back(graph: Graph, name: str, axis: int, seen: Marks) -> Marks:
    """Follow what is `seen` of a layer along one axis backwards to the input."""
    marks = {name: seen}
    for layer in reversed(graph.layers):
        if layer.name not in marks:
            continue
        seen = marks.pop(layer.name)
        if layer.kind == INPUT_KIND:
            return seen
        for source in map(graph.layer, layer.inputs):
            through = _through(layer, source, axis, seen)
            marks[source.name] = marks.get(source.name, through) | through
    raise BrokenNetwork(f"The layer {name} does not read the input. Fetch assets/networks anew.")


def _through(layer: Layer, source: Layer, axis: int, seen: Marks) -> Marks:
    """Mark which places of `source` are read by the marked places of `layer`."""
    if not source.has_maps:
        return seen
    side = source.shape[axis]
    if _sees_all(layer):
        return _all(seen, side)
    if side == 1:  # spread over all places of the layer
        return _all(seen, 1)
    at, found = _window(layer, source), np.zeros((len(seen), side), bool)
    for tap in range(at.size[axis]):
        reads = np.arange(at.output[axis]) * at.strides[axis] - at.before[axis] + tap * at.dilation[axis]
        real = (reads >= 0) & (reads < side)
        found[:, reads[real]] |= seen[:, real]
    return found


def _all(seen: Marks, side: int) -> Marks:
    return np.tile(np.any(seen, 1)[:, None], (1, side))


def _ends(seen: Marks) -> Spans:
    """Find the first and the last mark of each row; (0, -1) where there is none."""
    last = seen.shape[1] - 1 - seen[:, ::-1].argmax(1)
    return np.where(_all(seen, 1), np.stack([seen.argmax(1), last], 1), np.array((0, -1)))


def _sees_all(layer: Layer) -> bool:
    """Say whether every one of its numbers comes from all places of its maps: flattened, or averaged over all."""
    return not layer.has_maps or layer.kind.startswith("Global")


def _window(layer: Layer, source: Layer) -> SlidingWindow:
    """Give the window through which it reads; a layer that works place by place has one of 1x1.

    Raises: UnknownReceptiveField.
    """
    if layer.kind in WINDOW_KINDS:
        return layer_window(layer, source.shape)
    same_places = all(source.shape[i] in (1, layer.shape[i]) for i in range(2))  # else they are joined along a side
    if layer.kind not in EDGE_KINDS and not (layer.kind in PLACE_BY_PLACE and same_places):
        raise UnknownReceptiveField(
            f"What {layer.name} sees of the picture is not known: {layer.kind} is no kind of layer whose receptive "
            f"field is worked out here. These are: {', '.join(sorted(WINDOW_KINDS | EDGE_KINDS | PLACE_BY_PLACE))}."
        )
    return SlidingWindow((1, 1), (1, 1), (1, 1), _skipped(layer), (0, 0), (layer.shape[0], layer.shape[1]))


def _skipped(layer: Layer) -> Pair:
    """Count the rows and columns that it adds above and on the left; under 0 it takes them away."""
    if layer.kind == "ZeroPadding2D":
        return layer.config["padding"][0][0], layer.config["padding"][1][0]
    if layer.kind == "Cropping2D":
        return -layer.config["cropping"][0][0], -layer.config["cropping"][1][0]
    return 0, 0
