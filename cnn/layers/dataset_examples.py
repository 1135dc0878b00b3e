"""Real pictures that excite each unit most, and least, and the place in each that does it. No TensorFlow.

A unit's answer to a picture is the greatest value in its map; the picture's place is where that stands. What the place
sees of the picture is `cnn.graph.receptive_field`'s to say.
Source: dataset examples in Olah, Mordvintsev & Schubert 2017, "Feature Visualization", distill.pub; cut out by the
receptive field as in Zeiler & Fergus 2014, arXiv:1311.2901, figure 2.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from math import prod
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from cnn.array_types import Array, Pixels
from cnn.atomic_files import write_bytes
from cnn.errors import BadInput, Cancelled
from cnn.graph import Graph
from cnn.layers.activations import InspectableNetwork, LayerOutputEngine

EXAMPLES: Final = 9  # pictures of each kind that a unit keeps
BATCH_NUMBERS: Final = 8_000_000  # that all layers of the pictures of one call may leave behind: 32 MB
MOST, LEAST = 0, 1  # the two kinds
BEST_FIRST: Final = np.array((-1, 1), np.float32)[:, None, None]  # what answers are multiplied with to sort them so
NOWHERE: Final = -1  # the place of a picture that a unit answers with 0: none stands out
UNSEEN: Final = -2  # a place that was not looked up yet

Indices = npt.NDArray[np.int32]
Kept = tuple[Indices, Indices, Array]  # pictures, places and values, see `DatasetExamples`


@dataclass(frozen=True, slots=True, eq=False)
class DatasetExamples:
    """For each unit of all layers, one after the other: the pictures that excite it most, and least, in that order.

    Attributes:
        pictures: int32 (2, units, examples), numbers of pictures; the first axis is MOST and LEAST.
        places: int32 (2, units, examples): row * width + column in the unit's map, 0 for a row of numbers; NOWHERE.
        values: float32 (2, units, examples): the unit's answers.
        silent: int32 (units,): how many pictures it answers with 0.
        count: of all pictures.
    """

    pictures: Indices
    places: Indices
    values: Array
    silent: Indices
    count: int


@dataclass(frozen=True, slots=True)
class Example:
    """A picture for a unit: its number, the row and column of the place (None: it answers with 0), and the answer."""

    picture: int
    place: tuple[int, int] | None
    value: float


def find_dataset_examples(
    network: InspectableNetwork,
    images: Pixels,
    came: Callable[[int, int], None] = lambda done, total: None,
    stopped: Callable[[], bool] = lambda: False,
) -> DatasetExamples:
    """Show a network all pictures, and keep for each unit those that it answers most and least.

    The engine is its own, and gone in the end: nobody waits for it. Of equal answers the first pictures stay.

    Args:
        network: that was opened.
        images: uint8 (n, height, width, channels), its inputs, of 255; at least one.
        came: is told how many pictures are done, of how many.
        stopped: is asked between two calls of the engine whether to give up.
    Raises: BadInput: a wrong shape, or no picture.
        Cancelled: `stopped` said so.
    """
    if not len(images) or images.shape[1:] != network.graph.layers[0].shape:
        raise BadInput(f"{network.name} takes pictures of {network.graph.layers[0].shape}, not {images.shape}.")
    engine, layers = LayerOutputEngine(network.engine.content), network.graph.layers
    size = max(1, BATCH_NUMBERS // sum(prod(layer.shape) for layer in layers))
    found = _none_yet(sum(layer.units for layer in layers[1:]))
    while found.count < len(images):
        came(found.count, len(images))
        if stopped():
            raise Cancelled("Looking through the pictures was cancelled.")
        batch = images[found.count : found.count + size].astype(np.float32) / np.float32(255)
        outputs = engine.run_batch(batch)
        found = _with_batch(
            found, [outputs[one.name].reshape(len(outputs[one.name]), -1, one.units) for one in layers[1:]]
        )
    came(found.count, len(images))
    return found


def merge_examples(first: DatasetExamples, second: DatasetExamples) -> DatasetExamples:
    """Join what was found in two sets of pictures; those of the second are numbered after those of the first."""
    after = second.pictures + first.count, second.places, second.values
    pictures, places, values = _best_of((first.pictures, first.places, first.values), after)
    return DatasetExamples(pictures, places, values, first.silent + second.silent, first.count + second.count)


def unit_examples(examples: DatasetExamples, graph: Graph, layer: str, unit: int, kind: int) -> tuple[Example, ...]:
    """List a unit's pictures, the one that excites it most (or least) first.

    Raises: UnknownName: no layer has that name.
    """
    at, width = unit_number(graph, layer, unit), graph.layer(layer).shape[1] if graph.layer(layer).has_maps else 1
    found = zip(examples.pictures[kind, at], examples.places[kind, at], examples.values[kind, at], strict=True)
    return tuple(
        Example(int(picture), None if place == NOWHERE else divmod(int(place), width), float(value))
        for picture, place, value in found
    )


def unit_number(graph: Graph, layer: str, unit: int) -> int:
    """Say where a unit stands among those of all layers but the input.

    Raises: UnknownName: no layer has that name.
    """
    index = graph.names.index(graph.layer(layer).name)
    return sum(one.units for one in graph.layers[1:index]) + unit


def write_examples(path: Path, examples: DatasetExamples) -> None:
    """Write them to keep: the arrays alone, no picture.

    Raises: OSError: no room, or no leave to write.
    """
    file = io.BytesIO()
    np.savez_compressed(
        file,
        pictures=examples.pictures,
        places=examples.places,
        values=examples.values,
        silent=examples.silent,
        count=np.int32(examples.count),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, file.getvalue())


def read_examples(path: Path, graph: Graph) -> DatasetExamples | None:
    """Read what `write_examples` wrote of the units of `graph`; None where nothing is, or damaged, or of others."""
    try:
        with np.load(io.BytesIO(path.read_bytes())) as arrays:
            read = DatasetExamples(
                arrays["pictures"], arrays["places"], arrays["values"], arrays["silent"], int(arrays["count"])
            )
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile, zlib.error):
        return None
    units = sum(layer.units for layer in graph.layers[1:])
    fits = all(array.shape[:2] == (2, units) for array in (read.pictures, read.places, read.values))
    inside = read.pictures.size > 0 and 0 <= read.pictures.min() <= read.pictures.max() < read.count
    return read if fits and inside and read.silent.shape == (units,) else None


def _with_batch(before: DatasetExamples, maps: Sequence[Array]) -> DatasetExamples:
    """Keep the best of the pictures `before` and of the next ones; `maps` are (n, places, units) of each layer."""
    peaks = np.concatenate([_peaks(one) for one in maps], 1)  # (n, units)
    units = _improved(before, peaks)
    shape = 2, len(units), len(peaks)
    numbers = np.arange(before.count, before.count + len(peaks), dtype=np.int32)
    new = np.broadcast_to(numbers, shape), np.full(shape, UNSEEN, np.int32), np.broadcast_to(peaks[:, units].T, shape)
    pictures, places, values = _best_of(
        (before.pictures[:, units], before.places[:, units], before.values[:, units]), new
    )
    ends = np.cumsum([0, *(one.shape[2] for one in maps)])
    for one, first, (start, stop) in zip(maps, ends, pairwise(np.searchsorted(units, ends)), strict=False):
        of = slice(start, stop)
        _look_up(one, units[of] - first, pictures[:, of] - before.count, places[:, of], values[:, of])
    silent = before.silent + (peaks == 0).sum(0, dtype=np.int32)
    if len(units) < peaks.shape[1]:
        pictures, places, values = (
            _replaced(old, units, found)
            for old, found in ((before.pictures, pictures), (before.places, places), (before.values, values))
        )
    return DatasetExamples(pictures, places, values, silent, before.count + len(peaks))


def _peaks(maps: Array) -> Array:
    """Find the greatest of all places, (n, units), of maps, (n, places, units).

    One half against the other, again and again: NumPy's maximum over a middle axis takes five times as long.
    """
    while (places := maps.shape[1]) > 1:
        half = places // 2
        folded = np.maximum(maps[:, :half], maps[:, half : 2 * half])
        if places % 2:
            np.maximum(folded[:, 0], maps[:, -1], out=folded[:, 0])
        maps = folded
    return maps[:, 0]


def _improved(before: DatasetExamples, peaks: Array) -> npt.NDArray[np.intp]:
    """List the units of which one of the next pictures is to be kept: all, until each has enough."""
    if before.count < EXAMPLES:
        return np.arange(peaks.shape[1])
    most, least = before.values[MOST, :, -1], before.values[LEAST, :, -1]
    return np.flatnonzero((peaks.max(0) > most) | (peaks.min(0) < least))


def _replaced(old: npt.NDArray[Any], units: npt.NDArray[np.intp], new: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Give `old`, (2, units, examples), with what is `new` of some units."""
    whole = old.copy()
    whole[:, units] = new
    return whole


def _best_of(first: Kept, second: Kept) -> Kept:
    """Keep the best of both: pictures, places and values, (2, units, at most EXAMPLES) each."""
    pictures, places = np.concatenate((first[0], second[0]), 2), np.concatenate((first[1], second[1]), 2)
    values = np.concatenate((first[2], second[2]), 2)
    best = np.argsort(values * BEST_FIRST, 2, "stable")[..., :EXAMPLES]
    take = partial(np.take_along_axis, indices=best, axis=2)
    return take(pictures), take(places), take(values)


def _look_up(maps: Array, units: npt.NDArray[np.intp], pictures: Indices, places: Indices, values: Array) -> None:
    """Write into `places` where the answers stand that were not looked up yet; `pictures` are numbers in `maps`."""
    of = np.nonzero(places == UNSEEN)
    answers = maps[pictures[of], :, units[of[1]]]  # (not looked up, places of the layer)
    places[of] = np.where(values[of] == 0, NOWHERE, answers.argmax(1))


def _none_yet(units: int) -> DatasetExamples:
    empty = np.zeros((2, units, 0), np.int32)
    return DatasetExamples(empty, empty, empty.astype(np.float32), np.zeros(units, np.int32), 0)
