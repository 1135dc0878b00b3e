"""The contract of every architecture in the table, and the published sizes."""

import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from cnn.architectures import ARCHITECTURES, Shape, alexnet, find_architecture
from cnn.errors import TooSmall, UnknownName
from cnn.keras_backend import keras

CLASSES = 10
NAMES = tuple(ARCHITECTURES)
SHAPES: tuple[Shape, ...] = ((28, 28, 1), (32, 32, 3))  # MNIST and CIFAR-10

every_architecture = pytest.mark.parametrize("name", NAMES)
every_shape = pytest.mark.parametrize("shape", SHAPES, ids=str)


@cache
def built(name: str, shape: Shape) -> keras.Model:
    """Build a network once for all tests that only ask it; the same weights whichever test comes first."""
    keras.utils.set_random_seed(0)
    return find_architecture(name).build(shape, CLASSES)


def pictures(shape: Shape, count: int = 3) -> np.ndarray:
    return np.random.default_rng(0).random((count, *shape), np.float32)


def logits(model: keras.Model, images: np.ndarray) -> np.ndarray:
    return np.asarray(model(images, training=False))


@every_shape
@every_architecture
def test_returns_one_logit_a_class(name: str, shape: Shape) -> None:
    answer = logits(built(name, shape), pictures(shape))
    assert answer.shape == (3, CLASSES)
    assert answer.dtype == np.float32
    assert np.isfinite(answer).all()
    assert not np.allclose(answer.sum(axis=1), 1), "these are probabilities, not logits"


@every_architecture
def test_tells_pictures_apart(name: str) -> None:
    one, other, _ = logits(built(name, SHAPES[0]), pictures(SHAPES[0]))
    assert not np.allclose(one, other)


@every_shape
@every_architecture
def test_saved_and_loaded_it_answers_the_same(name: str, shape: Shape, tmp_path: Path) -> None:
    model = built(name, shape)
    model.save(tmp_path / "network.keras")
    loaded = keras.models.load_model(tmp_path / "network.keras")
    np.testing.assert_array_equal(logits(loaded, pictures(shape)), logits(model, pictures(shape)))


@every_architecture
def test_takes_its_smallest_input(name: str) -> None:
    size = ARCHITECTURES[name].min_size
    answer = logits(ARCHITECTURES[name].build((size, size, 1), CLASSES), pictures((size, size, 1)))
    assert answer.shape == (3, CLASSES)


@pytest.mark.parametrize("tall", [True, False], ids=["too narrow", "too low"])
@every_architecture
def test_refuses_one_pixel_less(name: str, tall: bool) -> None:
    size = ARCHITECTURES[name].min_size
    shape = (size, size - 1, 1) if tall else (size - 1, size, 1)
    with pytest.raises(TooSmall, match=f"smallest input is {size}x{size}"):
        ARCHITECTURES[name].build(shape, CLASSES)


@every_architecture
def test_layers_have_names_to_point_at(name: str) -> None:
    one, other = built(name, SHAPES[0]), find_architecture(name).build(SHAPES[0], CLASSES)
    counted_up = "a name that Keras counts up differs from build to build"
    assert [layer.name for layer in one.layers] == [layer.name for layer in other.layers], counted_up


@every_architecture
def test_tells_what_it_is(name: str) -> None:
    told = ARCHITECTURES[name]
    assert told.title
    assert told.idea.endswith(".")
    assert "arXiv:" in told.paper or "doi:" in told.paper


def test_an_unknown_name_is_told_the_known_ones() -> None:
    with pytest.raises(UnknownName, match=r"'vgg9'.*: alexnet, .*, efficientnet_lite0, .*, vgg16"):
        find_architecture("vgg9")


@pytest.mark.parametrize(("shape", "parameters"), [((28, 28, 1), 61_706), ((32, 32, 1), 61_706), ((32, 32, 3), 62_006)])
def test_lenet_has_the_papers_parameters_with_full_connections(shape: Shape, parameters: int) -> None:
    # 156 + 2,416 + 48,120 + 10,164 + 850; the paper's 60,000 leave out some connections of C3. Two more channels: 300
    assert find_architecture("lenet").build(shape, 10).count_params() == parameters


@pytest.mark.parametrize(("grouped", "parameters"), [(True, 60_965_224), (False, 62_378_344)])
def test_full_alexnet_has_the_published_parameters(grouped: bool, parameters: int) -> None:
    # The paper's "60 million" is the net split over two graphics cards: convolutions 2, 4 and 5 see half
    # of the maps each. Single-card versions join the halves, which costs 1,413,120 weights more.
    assert alexnet.build_full_alexnet(grouped=grouped).count_params() == parameters


def test_resnet_20_has_the_papers_parameters() -> None:
    model = find_architecture("resnet").build((32, 32, 3), 10)
    trained = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    assert round(trained / 1e6, 2) == 0.27  # table 6 of the paper


@every_shape
def test_the_plain_twin_differs_by_its_shortcuts_alone(shape: Shape) -> None:
    resnet, plain = built("resnet", shape), find_architecture("plain").build(shape, CLASSES)
    assert [w.shape for w in plain.weights] == [w.shape for w in resnet.weights]
    plain.set_weights(resnet.get_weights())
    assert not np.allclose(logits(plain, pictures(shape)), logits(resnet, pictures(shape)))


def test_reading_the_table_loads_no_tensorflow() -> None:
    code = (
        "import sys, cnn.architectures as table\n"
        "assert len(table.ARCHITECTURES) > 5\n"
        "print(*sorted({'keras', 'tensorflow'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
