"""The pictures that excite each unit most and least, against looking at every map of every picture."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from cnn.datasets.evaluation_sets import find_picture_set
from cnn.errors import BadInput, Cancelled, UnknownName
from cnn.graph import receptive_field
from cnn.layers import activations, dataset_examples, feature_maps
from cnn.layers.dataset_examples import EXAMPLES, LEAST, MOST, DatasetExamples

NAMES = ("mnist/lenet", "cifar10/resnet", "cifar10/inception")  # tanh; shortcuts; branches side by side
COUNT = 30  # pictures: more than a call of the engine takes of the larger networks
AGREE = 1e-4  # of the greatest value: a batch is added up in another order than one picture


@cache
def pictures(name: str) -> np.ndarray:
    of = "mnist" if name.startswith("mnist") else "cifar10-2000"
    return find_picture_set(of).read().images[: 20 * COUNT : 20]


@cache
def found(name: str) -> DatasetExamples:
    return dataset_examples.find_dataset_examples(activations.open_network(name), pictures(name))


@cache
def every_map(name: str) -> list[dict[str, np.ndarray]]:
    opened = activations.open_network(name)
    images = pictures(name).astype(np.float32) / np.float32(255)
    return [{layer: maps.copy() for layer, maps in opened.maps(image).items()} for image in images]


@pytest.mark.parametrize("name", NAMES)
def test_units_of_every_layer_have_their_best_pictures_and_places(name: str) -> None:
    graph = activations.open_network(name).graph
    for layer in graph.layers[1:]:
        maps = np.stack([feature_maps.as_maps(one[layer.name]) for one in every_map(name)])  # (n, height, width, units)
        peaks = np.sort(maps.max((1, 2)), 0)  # (n, units), upwards
        most = AGREE * max(1.0, float(np.abs(maps).max()))
        for kind, wanted in ((MOST, peaks[::-1]), (LEAST, peaks)):
            for unit in range(0, layer.units, 3):
                examples = dataset_examples.unit_examples(found(name), graph, layer.name, unit, kind)
                values = [one.value for one in examples]
                np.testing.assert_allclose(values, wanted[:EXAMPLES, unit], atol=most)
                assert len({one.picture for one in examples}) == EXAMPLES
                for one in examples:
                    at = one.place or (0, 0)
                    assert maps[(one.picture, *at, unit)] == pytest.approx(one.value, abs=most)
                    assert (one.place is None) == (one.value == 0)


@pytest.mark.parametrize(("name", "layer"), [(NAMES[0], "s2"), (NAMES[1], "block2_1_add"), (NAMES[2], "inception3a")])
def test_what_lies_outside_the_receptive_field_of_the_place_does_not_count(name: str, layer: str) -> None:
    opened = activations.open_network(name)
    reach = receptive_field.visible_pixels(opened.graph, layer)
    for unit in range(0, opened.graph.layer(layer).units, 5):
        one = dataset_examples.unit_examples(found(name), opened.graph, layer, unit, MOST)[0]
        if one.place is None:
            continue
        left, top, width, height = reach.box(*one.place)
        image = pictures(name)[one.picture].astype(np.float32) / np.float32(255)
        inside = np.zeros(image.shape[:2], bool)
        inside[top : top + height, left : left + width] = True
        assert 0 < inside.sum() < inside.size
        noise = np.random.default_rng(unit).random(image.shape, np.float32)
        outside_changed = opened.maps(np.where(inside[..., None], image, noise))[layer][(*one.place, unit)]
        inside_changed = opened.maps(np.where(inside[..., None], noise, image))[layer][(*one.place, unit)]
        assert outside_changed == pytest.approx(one.value, abs=1e-5)
        assert inside_changed != pytest.approx(one.value, abs=1e-5)


def test_silent_pictures_are_counted() -> None:
    name = NAMES[1]
    graph = activations.open_network(name).graph
    layer = next(one for one in graph.layers if one.kind == "ReLU")
    peaks = np.stack([one[layer.name].max((0, 1)) for one in every_map(name)])
    first = dataset_examples.unit_number(graph, layer.name, 0)
    assert found(name).silent[first : first + layer.units].tolist() == (peaks == 0).sum(0).tolist()


def test_two_sets_joined_are_as_one() -> None:
    name = NAMES[0]
    opened = activations.open_network(name)
    parts = [dataset_examples.find_dataset_examples(opened, half) for half in np.split(pictures(name), [7])]
    joined = dataset_examples.merge_examples(*parts)
    for field in ("pictures", "places", "values", "silent", "count"):
        np.testing.assert_array_equal(getattr(joined, field), getattr(found(name), field))


def test_what_was_kept_is_read_again_and_nothing_else(tmp_path: Path) -> None:
    lenet, resnet = (activations.open_network(name).graph for name in NAMES[:2])
    path = tmp_path / "new" / "lenet.npz"
    assert dataset_examples.read_examples(path, lenet) is None
    dataset_examples.write_examples(path, found(NAMES[0]))
    again, content = dataset_examples.read_examples(path, lenet), path.read_bytes()
    assert again is not None
    assert again.count == COUNT
    np.testing.assert_array_equal(again.pictures, found(NAMES[0]).pictures)
    np.testing.assert_array_equal(again.places, found(NAMES[0]).places)
    assert dataset_examples.read_examples(path, resnet) is None
    for damaged in (content[: len(content) // 2], b"", content[:2000] + bytes(50) + content[2050:]):
        path.write_bytes(damaged)
        assert dataset_examples.read_examples(path, lenet) is None


def test_fewer_pictures_than_examples_all_stay() -> None:
    opened = activations.open_network(NAMES[0])
    few = dataset_examples.find_dataset_examples(opened, pictures(NAMES[0])[:3])
    units = [dataset_examples.unit_examples(few, opened.graph, "c1", unit, MOST) for unit in range(6)]
    assert {tuple(sorted(one.picture for one in examples)) for examples in units} == {(0, 1, 2)}


def test_it_tells_how_far_it_is_and_gives_up_when_told() -> None:
    opened, told = activations.open_network(NAMES[1]), []
    dataset_examples.find_dataset_examples(opened, pictures(NAMES[1]), lambda *counts: told.append(counts))
    assert told[0] == (0, COUNT)
    assert told[-1] == (COUNT, COUNT)
    assert len(told) > 2
    with pytest.raises(Cancelled):
        dataset_examples.find_dataset_examples(opened, pictures(NAMES[1]), stopped=lambda: len(told) > 0)


def test_what_does_not_fit_is_refused() -> None:
    opened = activations.open_network(NAMES[0])
    with pytest.raises(BadInput):
        dataset_examples.find_dataset_examples(opened, pictures(NAMES[1]))
    with pytest.raises(BadInput):
        dataset_examples.find_dataset_examples(opened, pictures(NAMES[0])[:0])
    with pytest.raises(UnknownName):
        dataset_examples.unit_number(opened.graph, "conv9", 0)
