"""The Keras twin of a shipped network, with its weights. Importing this loads TensorFlow."""

from __future__ import annotations

from pathlib import Path

from cnn import graph, zoo
from cnn.architectures import Shape, find_architecture
from cnn.architectures.brought import BROUGHT, MODEL_JSON
from cnn.atomic_files import sha256
from cnn.errors import BrokenNetwork
from cnn.keras_backend import keras
from cnn.layers import activations
from cnn.layers.activations import JSON
from cnn.layers.packed_kernels import is_packed
from cnn.zoo import Card


def build_keras_twin(name: str, shape: Shape, folder: Path = zoo.NETWORKS_FOLDER) -> keras.Model:
    """Build a network in Keras, after checking its weights against its card.

    Args:
        name: such as "mnist/resnet".
        shape: (height, width, channels) of its input.
        folder: of the networks.
    Raises: UnknownName: no network of that `name` is there.
        BrokenNetwork: its weights are missing, damaged, or not of that `shape`.
    """
    card = zoo.read_card(name, folder)
    path = folder / f"{name}.weights.h5"
    try:
        if sha256(path) != card.weights_sha256:
            raise BrokenNetwork(f"The weights of {name} are damaged. Fetch assets/networks anew.")
        keras.mixed_precision.set_dtype_policy("float32")
        model = _untrained(card, shape, folder)
        _fill(model, name, folder)
    except OSError as error:
        raise BrokenNetwork(
            f"The weights of {name} cannot be read ({error.strerror}). Fetch assets/networks anew."
        ) from error
    except ValueError as error:
        raise BrokenNetwork(f"The weights of {name} do not fit an input of {shape}.") from error
    return model


def _untrained(card: Card, shape: Shape, folder: Path) -> keras.Model:
    """Build its layers: as its architecture does or, where a person brought them, as they stand in its file."""
    if BROUGHT not in card.architecture:
        return find_architecture(card.architecture).build(shape, len(card.classes))
    from cnn.architectures import caffe_input  # noqa: F401  # Keras finds our layer by its name

    return keras.models.model_from_json((folder / f"{card.name}{MODEL_JSON}").read_text("utf-8"))


def _fill(model: keras.Model, name: str, folder: Path) -> None:
    """Give a model its weights; where kernels are kept once for both engines, layer by layer."""
    layers, _ = graph.read_graph(folder / f"{name}{JSON}") if (folder / f"{name}{JSON}").exists() else (None, "")
    if layers is None or not any(is_packed(place) for layer in layers.layers for place in layer.weights.values()):
        model.load_weights(folder / f"{name}.weights.h5")
        return
    inside = activations.open_network(name, folder)
    for layer in layers.layers:
        if layer.weights:
            model.get_layer(layer.name).set_weights(list(inside.weights(layer.name).values()))
