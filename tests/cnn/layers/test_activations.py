"""Every layer of every shipped network, as LiteRT returns it, against its Keras twin."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnn import graph, zoo
from cnn.architectures import find_architecture
from cnn.errors import BadInput, BrokenNetwork, UnknownName
from cnn.layers import activations
from cnn.layers.activations import InspectableNetwork
from tests.support.slow import each_network

AGREE = 1e-4  # of the layer's largest value: the engines add up in another order
DEPTHS = {
    "lenet": 5,
    "alexnet": 8,
    "vgg": 8,
    "resnet": 20,
    "plain": 20,
    "efficientnet_lite0": 50,
    "resnet50": 50,
    "squeezenet": 18,
    "alexnet_features": 5,
    "vgg16_features": 13,
    "cifar10/vgg": 10,  # a fourth stage
}  # as papers count
JSON, TFLITE = activations.JSON, activations.TFLITE


def noise(opened: InspectableNetwork) -> np.ndarray:
    return np.random.default_rng(3).random(opened.graph.layers[0].shape, np.float32)


def twin(name: str) -> Any:
    from cnn.export import keras_twin

    return keras_twin.build_keras_twin(name, activations.open_network(name).graph.layers[0].shape)


@each_network
def test_every_layer_is_what_keras_computes(name: str) -> None:
    import keras

    opened, model = activations.open_network(name), twin(name)
    image = noise(opened)
    found = opened.maps(image)
    names = [layer.name for layer in model.layers]
    wanted = keras.Model(model.inputs, [layer.output for layer in model.layers])([image[None]], training=False)
    assert set(names) <= set(opened.graph.names)
    assert set(found) == set(opened.graph.names)
    for layer, answer in zip(names, wanted, strict=True):
        ours, theirs = found[layer], np.asarray(answer)[0]
        assert ours.shape == theirs.shape == opened.graph.layer(layer).shape
        assert np.abs(ours - theirs).max() <= AGREE * max(1, np.abs(theirs).max()), layer


@each_network
def test_the_graph_and_the_weights_are_the_models(name: str) -> None:
    opened, model = activations.open_network(name), twin(name)
    assert opened.graph.layers[0].kind == graph.INPUT_KIND
    assert opened.graph.logits.shape == (
        len(zoo.read_card(name).classes) or find_architecture(name.split("/")[1]).maps,
    )
    assert sum(layer.parameters for layer in opened.graph.layers) == zoo.read_card(name).parameters
    for layer in model.layers:
        ours = opened.weights(layer.name)
        assert len(ours) == len(layer.weights)
        for variable in layer.weights:
            assert np.array_equal(ours[variable.path.rsplit("/", 1)[-1]], np.asarray(variable))


@each_network
def test_every_layer_reads_layers_before_it(name: str) -> None:
    seen: set[str] = set()
    for layer in activations.open_network(name).graph.layers:
        assert set(layer.inputs) <= seen
        assert bool(layer.inputs) == (layer.kind != graph.INPUT_KIND)
        seen.add(layer.name)
    assert len(seen) == len(activations.open_network(name).graph.layers)


@each_network
def test_depth_is_what_papers_count(name: str) -> None:
    depth = activations.open_network(name).graph.depth
    assert depth == DEPTHS.get(name, DEPTHS.get(name.split("/")[1], depth)) > 4


@each_network
def test_the_last_layer_is_the_answer(name: str) -> None:
    opened = activations.open_network(name)
    image = noise(opened)
    answer = zoo.load_network(name).runner(image[None])[0]
    assert np.allclose(opened.maps(image)[opened.graph.logits.name], answer, atol=1e-3, rtol=1e-3)


def test_shortcuts_and_branches_are_in_the_graph() -> None:
    layers = activations.open_network("mnist/resnet").graph
    assert layers.layer("block1_3_add").inputs == ("block1_2", "block1_3_conv2_norm")
    assert [layer.kind for layer in layers.readers("block2_1_every_second")] == ["Pad"]
    assert len(activations.open_network("mnist/inception").graph.layer("inception3a").inputs) == 4


def test_an_unknown_layer_names_the_known() -> None:
    with pytest.raises(UnknownName, match="stem_norm"):
        activations.open_network("mnist/resnet").weights("stem9")


def test_a_wrong_input_is_refused() -> None:
    with pytest.raises(BadInput, match="28, 28, 1"):
        activations.open_network("mnist/lenet").maps(np.zeros((32, 32, 3), np.float32))


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    (tmp_path / "mnist").mkdir()
    for path in (zoo.NETWORKS_FOLDER / "mnist").glob("lenet.*"):
        shutil.copy(path, tmp_path / "mnist")
    return tmp_path


@pytest.mark.parametrize("ending", [JSON, TFLITE, ".weights.h5"])
def test_a_missing_file_is_named(copied: Path, ending: str) -> None:
    (copied / f"mnist/lenet{ending}").unlink()
    with pytest.raises(BrokenNetwork, match="lenet"):
        activations.open_network("mnist/lenet", copied)


@pytest.mark.parametrize("ending", [TFLITE, ".weights.h5"])
def test_a_changed_file_is_refused(copied: Path, ending: str) -> None:
    """Of changed weights the Arithmetic page showed sums that the network never made."""
    path = copied / f"mnist/lenet{ending}"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(BrokenNetwork, match="checksum"):
        activations.open_network("mnist/lenet", copied)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"layers": [{}]}'])
def test_an_unreadable_graph_is_named(copied: Path, text: str) -> None:
    (copied / f"mnist/lenet{JSON}").write_text(text)
    with pytest.raises(BrokenNetwork, match=r"lenet\.layers\.json"):
        activations.open_network("mnist/lenet", copied)


def test_weights_that_go_missing_later_are_named(copied: Path) -> None:
    opened = activations.open_network("mnist/lenet", copied)
    (copied / "mnist/lenet.weights.h5").unlink()
    with pytest.raises(BrokenNetwork, match="lenet"):
        opened.weights("c1")


def test_what_was_returned_stays_while_it_is_held() -> None:
    opened = activations.open_network("mnist/lenet")
    first = opened.maps(noise(opened))
    kept = {name: values.copy() for name, values in first.items()}
    part = opened.maps(np.zeros((28, 28, 1), np.float32))["c3"][2:, :, 1]  # a part of it is enough
    before = part.copy()
    opened.maps(np.ones((28, 28, 1), np.float32))
    assert all(np.array_equal(first[name], kept[name]) for name in kept)
    np.testing.assert_array_equal(part, before)


def test_memory_is_used_again_once_nobody_holds_it() -> None:
    opened = activations.open_network("mnist/lenet")
    for _ in range(5):
        opened.maps(noise(opened))
    assert len(opened.engine._interpreters) == 1


def test_nobody_writes_into_it() -> None:
    opened = activations.open_network("mnist/lenet")
    with pytest.raises(ValueError, match="read-only"):
        opened.maps(noise(opened))["c1"][0, 0, 0] = 1
