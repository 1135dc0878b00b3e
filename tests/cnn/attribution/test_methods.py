"""One contract for every method on every shipped network, and what the table says of them."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from cnn import zoo
from cnn.architectures import ARCHITECTURES, LARGE_ARCHITECTURES, find_architecture
from cnn.array_types import Array
from cnn.attribution import attribute, keras_hooks, methods
from cnn.attribution.methods import ATTRIBUTION_METHODS, NetworkTraits
from cnn.errors import BadInput, UnknownName
from cnn.inference import photo_classification
from cnn.media import image_decoding
from cnn.progress import run_steps
from cnn.worker.handlers import NetworkEngines
from tests.support.slow import slow_but_for

SMALL = zoo.network_names("mnist") + zoo.network_names("cifar10")
ONE_OF_EACH = ("mnist/lenet", "cifar10/resnet")  # tanh and ReLU, grey and colour
LARGE_ONE = "imagenet/efficientnet_lite0"
QUICK = tuple(
    name for name in ATTRIBUTION_METHODS if name not in ("score-cam", "smoothgrad", "integrated-gradients", "occlusion")
)


@cache
def asked(name: str) -> NetworkEngines:
    return NetworkEngines(name, zoo.NETWORKS_FOLDER)


def facts(name: str) -> NetworkTraits:
    card = zoo.read_card(name)
    return methods.network_traits(card.architecture, card.multiply_adds, 1 if card.data == "mnist" else 3)


def picture(shape: tuple[int, int, int]) -> Array:
    return np.random.default_rng(4).random(shape, np.float32)


def expect_heat(heat: Array, name: str, method: str) -> None:
    assert heat.dtype == np.float32
    assert np.isfinite(heat).all()
    assert heat.min() >= 0
    assert heat.max() in (0, 1)
    shape = asked(name).network.runner.shape
    if ATTRIBUTION_METHODS[method].detail == "pixels":
        assert heat.shape == shape[:2]
    elif ATTRIBUTION_METHODS[method].detail == "maps":
        model = asked(name).gradient_model.model
        assert heat.shape == keras_hooks.flatten_layers(model)[keras_hooks.last_spatial_layer(model)].output.shape[1:3]
    else:
        assert heat.shape == (14, 14)


@pytest.mark.parametrize("name", [slow_but_for(ONE_OF_EACH, name) for name in SMALL])
@pytest.mark.parametrize("method", ATTRIBUTION_METHODS)
def test_every_method_on_every_small_network(name: str, method: str) -> None:
    one = asked(name)
    for image in (picture(one.network.runner.shape), np.zeros(one.network.runner.shape, np.float32)):
        with np.errstate(divide="raise", invalid="raise"):
            expect_heat(run_steps(attribute.compute_attribution(method, one, image, 3)), name, method)


@pytest.mark.parametrize("method", [slow_but_for(QUICK, method) for method in ATTRIBUTION_METHODS])
def test_every_method_on_a_photo(method: str) -> None:
    one = asked(LARGE_ONE)
    pixels = image_decoding.decode_image((zoo.NETWORKS_FOLDER.parent / "photos" / "cat.jpg").read_bytes(), "cat").pixels
    heat = run_steps(
        attribute.compute_attribution(method, one, photo_classification.photo_input(one.network, pixels), 285)
    )
    expect_heat(heat, LARGE_ONE, method)
    assert heat.max() == 1


@pytest.mark.parametrize("method", ATTRIBUTION_METHODS)
def test_a_wrong_shape_a_label_out_of_range_and_a_layer_that_is_not_there(method: str) -> None:
    one = asked("mnist/vgg")
    with pytest.raises(BadInput, match="takes an input of"):
        run_steps(attribute.compute_attribution(method, one, picture((20, 20, 1)), 3))
    with pytest.raises(BadInput, match="has the labels 0 to 9"):
        run_steps(attribute.compute_attribution(method, one, picture((28, 28, 1)), 10))
    if ATTRIBUTION_METHODS[method].detail == "maps":
        with pytest.raises(UnknownName, match="No layer named 'nowhere'"):
            run_steps(attribute.compute_attribution(method, one, picture((28, 28, 1)), 3, "nowhere"))


@pytest.mark.parametrize("method", [name for name in ATTRIBUTION_METHODS if ATTRIBUTION_METHODS[name].detail == "maps"])
def test_maps_are_those_of_the_layer_that_one_asks_for(method: str) -> None:
    one = asked("mnist/vgg")
    layer = next(
        name for name, layer in keras_hooks.flatten_layers(one.gradient_model.model).items() if "conv2_1" in name
    )
    heat = run_steps(attribute.compute_attribution(method, one, picture((28, 28, 1)), 3, layer))
    assert heat.shape == keras_hooks.flatten_layers(one.gradient_model.model)[layer].output.shape[1:3]


def test_an_unknown_method_names_the_known() -> None:
    with pytest.raises(UnknownName, match=r"No method named 'guesswork'. Choose one of: grad-cam, "):
        attribute.compute_attribution("guesswork", asked("mnist/vgg"), picture((28, 28, 1)), 3)


def test_every_method_of_the_table_can_be_asked() -> None:
    assert tuple(attribute.ATTRIBUTION_FUNCTIONS) == tuple(ATTRIBUTION_METHODS)


SHAPES = [(name, (32, 32, channels)) for name in ARCHITECTURES for channels in (1, 3)]
SHAPES += [(name, (139, 139, 3)) for name in LARGE_ARCHITECTURES]


@pytest.mark.parametrize(("name", "shape"), SHAPES)
def test_the_table_knows_what_decides_about_a_network(name: str, shape: tuple[int, int, int]) -> None:
    large, classifier = name in LARGE_ARCHITECTURES, find_architecture(name).classifier
    model = find_architecture(name).build(shape, 1000 if large and classifier else 4 if classifier else 0)
    found = methods.network_traits(name, 5, shape[2])
    assert found.maps == keras_hooks.flatten_layers(model)[keras_hooks.last_spatial_layer(model)].output.shape[-1]
    assert found.relu == keras_hooks.has_relu(model)


@pytest.mark.parametrize("name", zoo.network_names())
def test_what_needs_relus_is_offered_where_there_are_some(name: str) -> None:
    offered = methods.applicable_methods(facts(name))
    without = {"guided-backpropagation"} if name.endswith("/lenet") else set()
    assert set(ATTRIBUTION_METHODS) - set(offered) == without


@pytest.mark.parametrize("method", ATTRIBUTION_METHODS)
def test_a_larger_network_takes_longer(method: str) -> None:
    small, large = NetworkTraits(10**6, 64, True), NetworkTraits(4 * 10**8, 1280, True)
    assert 0 < methods.estimate_seconds(method, small) < methods.estimate_seconds(method, large)
