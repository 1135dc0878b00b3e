"""A unit's examples -> patches: what its places see, cut out, in words, and the whole pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from cnn.graph import Graph
from cnn.layers import dataset_examples
from cnn.layers.dataset_examples import LEAST, MOST, DatasetExamples, Example
from ui.components.dataset_examples.dataset_examples import Box, Patch, Patches, PatchGroup
from ui.images import data_uri
from ui.inspect.layers_example_pictures import ExamplePictures

SMALL_PX: Final = 64  # pictures up to this side are sent without loss
MAJORITY: Final = 3  # that show one thing, before it is said


def unit_patches(
    graph: Graph,
    sets: Sequence[ExamplePictures],
    found: DatasetExamples,
    layer: str,
    view: Mapping[str, Any],
    unit: int,
) -> Patches:
    """Gather what is shown of a unit.

    Args:
        graph: of the network.
        sets: the pictures in which `found` was found, one set after the other.
        found: of all units.
        layer: name of one.
        view: of that layer, from `ui.inspect.layers_data.layer_view`: what its places see.
        unit: of that layer.
    """
    most, least = (dataset_examples.unit_examples(found, graph, layer, unit, kind) for kind in (MOST, LEAST))
    numbers = sorted({example.picture for example in (*most, *least)})
    place = {number: at for at, number in enumerate(numbers)}
    silent = int(found.silent[dataset_examples.unit_number(graph, layer, unit)])
    groups = (
        PatchGroup("Excite it most", _most_note(most, sets, found), _patches(most, sets, place, view)),
        PatchGroup("Excite it least", _least_note(least, silent, found), _patches(least, sets, place, view)),
    )
    return Patches(tuple(_uri(sets, number) for number in numbers), view["sides"], groups)


def _patches(
    examples: Sequence[Example], sets: Sequence[ExamplePictures], place: Mapping[int, int], view: Mapping[str, Any]
) -> tuple[Patch, ...]:
    return tuple(_patch(one, sets, place[one.picture], view) for one in examples)


def _patch(one: Example, sets: Sequence[ExamplePictures], at: int, view: Mapping[str, Any]) -> Patch:
    pictures, number = _lookup(sets, one.picture)
    name = ", ".join(filter(None, (pictures.shows[number], pictures.parts[number])))
    value = f"{one.value:.3g}"
    if one.place is None:
        height, width = view["sides"]
        return Patch(at, (0, 0, width, height), name, value, f"{name}: 0 at every place.")
    (top, bottom), (left, right) = view["rows"][one.place[0]], view["columns"][one.place[1]]
    if bottom < top or right < left:
        height, width = view["sides"]
        return Patch(at, (0, 0, width, height), name, value, f"{name}: {value}; what its place sees is not known.")
    box = left, top, right - left + 1, bottom - top + 1
    return Patch(at, box, name, value, f"{name}: {value} {_where(one.place, box, view)}.")


def _where(place: tuple[int, int], box: Box, view: Mapping[str, Any]) -> str:
    left, top, width, height = box
    if (height, width) == tuple(view["sides"]):
        return "from the whole picture"
    return (
        f"in row {place[0]}, column {place[1]} of its map, which sees {width}x{height} px from row {top}, column {left}"
    )


def _lookup(sets: Sequence[ExamplePictures], number: int) -> tuple[ExamplePictures, int]:
    """Find a picture by its number among all sets."""
    for pictures in sets:
        if number < len(pictures.images):
            return pictures, number
        number -= len(pictures.images)
    raise IndexError(number)


def _uri(sets: Sequence[ExamplePictures], number: int) -> str:
    pictures, at = _lookup(sets, number)
    image = pictures.images[at]
    return data_uri.color_png_uri(image) if len(image) <= SMALL_PX else data_uri.thumbnail_uri(image, max(image.shape))


def _most_note(examples: Sequence[Example], sets: Sequence[ExamplePictures], found: DatasetExamples) -> str:
    if examples[0].value == 0:
        return f"It is silent: 0 for all {found.count:,} pictures."
    shows = Counter(pictures.shows[at] for pictures, at in (_lookup(sets, one.picture) for one in examples))
    (name, times), *_ = shows.most_common(1)
    said = f" {times} of {len(examples)}: {name}." if times >= MAJORITY else ""
    return f"{_range(examples)}, of {found.count:,} pictures.{said}"


def _least_note(examples: Sequence[Example], silent: int, found: DatasetExamples) -> str:
    if examples[0].value == 0 == examples[-1].value:
        return f"{silent:,} of {found.count:,} pictures leave it at 0; these are the first."
    return f"{_range(examples)}, even at the strongest place of each."


def _range(examples: Sequence[Example]) -> str:
    return f"{examples[0].value:.3g} to {examples[-1].value:.3g}"
