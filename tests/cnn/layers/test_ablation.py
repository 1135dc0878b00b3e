"""Units that are switched off, on a small network by hand and on those that are shipped."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from cnn import zoo
from cnn.array_types import Array
from cnn.datasets.dataset import Split
from cnn.datasets.evaluation_sets import find_picture_set
from cnn.errors import BadInput, Cancelled, UnknownName
from cnn.graph import Graph, Layer
from cnn.layers import ablation, activations
from cnn.layers.activations import InspectableNetwork, LayerOutputEngine
from cnn.layers.partial_forward import PartialForward
from tests.cnn.layers.test_partial_forward import image
from tests.support.slow import each_network


def layer(name: str, kind: str, inputs: tuple[str, ...], units: int, **config: object) -> Layer:
    return Layer(name, kind, inputs, (units,), 0, config, {})


BY_HAND = Graph(
    (
        layer("image", "InputLayer", (), 2),
        layer("hidden", "Dense", ("image",), 2),
        layer("rectified", "ReLU", ("hidden",), 2),
        layer("sum", "Add", ("image", "rectified"), 2),
        layer("logits", "Dense", ("sum",), 2),
    )
)


def by_hand() -> tuple[PartialForward, dict[str, np.ndarray]]:
    """Make a network whose logits are [3, 10] for the input [1, 2]: hidden [3, -1], sum [4, 2]."""
    forward = PartialForward(InspectableNetwork("by/hand", BY_HAND, LayerOutputEngine(b""), Path()))
    hidden = {"kernel": np.array([[1, 1], [1, -1]], np.float32)}
    last = {"kernel": np.array([[1, 2], [0, 1]], np.float32), "bias": np.array([-1, 0], np.float32)}
    forward._weights.update({"hidden": hidden, "logits": last, "rectified": {}, "sum": {}})
    numbers = {"image": [1, 2], "hidden": [3, -1], "rectified": [3, 0], "sum": [4, 2], "logits": [3, 10]}
    return forward, {name: np.array(row, np.float32) for name, row in numbers.items()}


def shipped(name: str) -> tuple[PartialForward, dict[str, np.ndarray]]:
    """Open a network; whoever writes into its maps gets an error."""
    opened = activations.open_network(name)
    maps = opened.maps(image(opened))
    for one in maps.values():
        one.setflags(write=False)
    return PartialForward(opened), maps


@pytest.mark.parametrize(
    ("off", "wanted"),
    [
        ({}, [3, 10]),
        ({"rectified": {0}}, [0, 4]),
        ({"rectified": {1}}, [3, 10]),
        ({"sum": {1}}, [3, 8]),
        ({"sum": {0, 1}}, [-1, 0]),
        ({"rectified": {0}, "sum": {1}}, [0, 2]),
    ],
)
def test_by_hand(off: dict[str, set[int]], wanted: list[float]) -> None:
    forward, maps = by_hand()
    found = ablation.ablated_logits(forward, maps, {name: frozenset(units) for name, units in off.items()})
    assert found.tolist() == wanted


def test_each_unit_by_hand() -> None:
    forward, maps = by_hand()
    seen: list[tuple[int, int]] = []
    found = ablation.ablate_each_unit(forward, maps, "sum", lambda done, total: seen.append((done, total)))
    assert found.tolist() == [[-1, 2], [3, 8]]
    assert seen == [(2, 2)]


def test_units_are_switched_where_the_next_layers_read_them() -> None:
    assert [one.name for one in ablation.ablatable_layers(BY_HAND)] == ["rectified", "sum"]
    assert ablation.ablation_point(BY_HAND, "hidden") == "rectified"
    resnet = activations.open_network("mnist/resnet").graph
    assert ablation.ablation_point(resnet, "stem") == "stem_relu"
    assert ablation.ablation_point(resnet, "block1_1_conv2") == "block1_1_conv2_norm"  # the sum reads it
    assert ablation.ablation_point(resnet, "block1_1_add") == "block1_1"


@each_network
def test_a_layer_that_is_off_as_a_whole_gives_zeros(name: str) -> None:
    forward, maps = shipped(name)
    layers = ablation.ablatable_layers(forward.graph)
    assert len(layers) >= 4
    for one in (layers[0], layers[len(layers) // 2], layers[-1]):
        found = ablation.ablated_logits(forward, maps, {one.name: frozenset(range(one.units))})
        wanted = _with_zeros(forward, maps, one.name)
        assert np.allclose(found, wanted, atol=1e-5 * np.abs(wanted).max())


def _with_zeros(forward: PartialForward, maps: dict[str, np.ndarray], name: str) -> np.ndarray:
    """Run the layers after `name` one by one, on zeros instead of its output."""
    values = {layer: one[None] for layer, one in maps.items()} | {name: np.zeros((1, *maps[name].shape), np.float32)}
    changed = {name}
    for one in forward.graph.layers:
        if changed & set(one.inputs):
            values[one.name] = forward.layer(one, [values[read] for read in one.inputs])
            changed.add(one.name)
    return values[forward.graph.logits.name][0]


@each_network
def test_the_order_does_not_matter_and_nothing_changes(name: str) -> None:
    forward, maps = shipped(name)
    early, late = ablation.ablatable_layers(forward.graph)[1], ablation.ablatable_layers(forward.graph)[-1]
    off = {early.name: frozenset({0, 3}), late.name: frozenset({1, 2})}
    before = {layer: one.tobytes() for layer, one in maps.items()}
    found = ablation.ablated_logits(forward, MappingProxyType(maps), off)
    assert np.array_equal(found, ablation.ablated_logits(forward, maps, dict(reversed(off.items()))))
    assert {layer: one.tobytes() for layer, one in maps.items()} == before
    assert np.array_equal(ablation.ablated_logits(forward, maps, {}), maps[forward.graph.logits.name])


@pytest.mark.parametrize("name", ["mnist/lenet", "mnist/inception", "cifar10/alexnet"])
def test_one_by_one_is_each_by_itself(name: str) -> None:
    forward, maps = shipped(name)
    one = ablation.ablatable_layers(forward.graph)[1]
    found = ablation.ablate_each_unit(forward, maps, one.name)
    assert found.shape == (one.units, 10)
    for unit in (0, one.units - 1):
        alone = ablation.ablated_logits(forward, maps, {one.name: frozenset({unit})})
        assert np.allclose(found[unit], alone, atol=1e-3)


def test_the_toll_counts_answers() -> None:
    forward, _ = by_hand()
    images = np.array([[255, 0], [0, 255], [255, 255]], np.uint8)
    split = Split(images, np.array([1, 1, 0]))
    intact = forward.logits({"image": images / np.float32(255)}).argmax(1)
    assert intact.tolist() == [1, 1, 1]
    seen: list[tuple[int, int]] = []
    found = ablation.measure_ablation_cost(
        forward, split, intact, {"sum": frozenset({0, 1})}, lambda done, total: seen.append((done, total))
    )
    assert (found.asked, found.before, found.after, found.changed) == (3, 2, 2, 0)  # [-1, 0] still says 1
    assert seen == [(3, 3)]
    before, after = found.intervals
    assert before == after
    assert 0 < before.low < 2 / 3 < before.high < 1


def test_no_unit_off_costs_nothing() -> None:
    forward, _ = shipped("mnist/lenet")
    shape = forward.graph.layers[0].shape
    images = np.random.default_rng(1).integers(0, 256, (40, *shape), np.uint8)
    intact = zoo.load_network("mnist/lenet").runner(images / np.float32(255)).argmax(1)
    found = ablation.measure_ablation_cost(forward, Split(images, intact), intact, {})
    assert (found.before, found.after, found.changed) == (40, 40, 0)


def test_photo_by_photo_it_costs_the_same_as_in_batches() -> None:
    network, off = activations.open_network("mnist/lenet"), {"c3": frozenset(range(12))}
    forward, _ = shipped("mnist/lenet")
    split = find_picture_set("mnist").read().first(60)
    intact = zoo.load_network("mnist/lenet").runner(split.images / np.float32(255)).argmax(1)
    whole = ablation.measure_ablation_cost(forward, split, intact, off)
    assert whole.changed
    assert ablation.measure_ablation_cost_on_photos(network, forward, split, off) == whole
    with pytest.raises(Cancelled, match="0 of 60"):
        ablation.measure_ablation_cost_on_photos(network, forward, split, off, stopped=lambda: True)


def test_long_work_can_be_cancelled() -> None:
    forward, maps = by_hand()
    with pytest.raises(Cancelled, match="0 of 2"):
        ablation.ablate_each_unit(forward, maps, "sum", stopped=lambda: True)
    split = Split(np.zeros((3, 2), np.uint8), np.zeros(3, np.int64))
    with pytest.raises(Cancelled, match="0 of 3"):
        ablation.measure_ablation_cost(forward, split, split.labels, {}, stopped=lambda: True)


def test_what_cannot_be_switched_is_refused() -> None:
    forward, maps = by_hand()
    with pytest.raises(UnknownName, match="rectified, sum"):
        ablation.ablated_logits(forward, maps, {"logits": frozenset({0})})
    with pytest.raises(UnknownName, match="rectified, sum"):
        ablation.ablate_each_unit(forward, maps, "hidden")
    with pytest.raises(BadInput, match=r"units 0 to 1, not \[2\]"):
        ablation.ablated_logits(forward, maps, {"sum": frozenset({2})})


@each_network
def test_a_batch_stays_small(name: str) -> None:
    graph = activations.open_network(name).graph
    count = ablation.ablation_batch_size(graph)
    assert 1 <= count <= ablation.MOST
    assert count == 1 or count * max(np.prod(one.shape) for one in graph.layers) <= ablation.NUMBERS


@dataclass
class TinyForward:
    """Six units that each add a vector to the logits: as much of a network as the search asks for."""

    votes: np.ndarray  # (units, classes)
    graph: Graph

    def logits(self, known: Mapping[str, Array], keep: Mapping[str, Array] | None = None) -> Array:
        on = (keep or {}).get("units", np.ones((1, len(self.votes)), np.float32))
        return np.asarray(on @ self.votes, np.float32)


def turning_sets(votes: np.ndarray) -> list[set[int]]:
    """List every set of units without which the answer is another, the smallest first."""
    label, units = votes.sum(0).argmax(), range(len(votes))
    every = (set(one) for size in units for one in itertools.combinations(units, size + 1))
    return [off for off in every if votes[[unit for unit in units if unit not in off]].sum(0).argmax() != label]


@pytest.mark.parametrize("seed", range(40))
def test_the_fewest_units_against_every_set(seed: int) -> None:
    votes = np.random.default_rng(seed).normal(size=(6, 3)).astype(np.float32)
    parts = (layer("image", "InputLayer", (), 2), layer("units", "Dense", ("image",), 6))
    graph = Graph((*parts, layer("logits", "Dense", ("units",), 3)))
    found = ablation.fewest_units_to_turn(TinyForward(votes, graph), {"image": np.ones(2, np.float32)}, "units")  # type: ignore[arg-type]
    every = turning_sets(votes)
    assert set(found.units) in every
    assert not any(off < found.units for off in every if len(off) == len(found.units) - 1)  # each of them is needed
    assert len(every[0]) <= len(found.units) <= len(every[0]) + 1
    assert found.fewest == (len(found.units) <= 2)
    assert not found.fewest or len(found.units) == len(every[0])
    left = [unit for unit in range(6) if unit not in found.units]
    assert found.answer == votes[left].sum(0).argmax() != found.label == votes.sum(0).argmax()


def test_where_no_unit_matters_nothing_turns_the_answer() -> None:
    forward, maps = by_hand()
    found = ablation.fewest_units_to_turn(forward, maps, "rectified")  # [0, 4] and [3, 10] without: always the second
    assert (found.units, found.label, found.answer) == (frozenset(), 1, 1)


def test_a_search_for_the_fewest_that_nobody_waits_for_ends() -> None:
    forward, maps = by_hand()
    with pytest.raises(Cancelled):
        ablation.fewest_units_to_turn(forward, maps, "rectified", stopped=lambda: True)
