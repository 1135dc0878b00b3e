"""Classes of one's own on the features of another architecture. No TensorFlow to read them.

    the layers of the trunk, up to what its last weights read | mean over places | less a centre | length 1 | dense

An architecture of this kind has its trunk's behind the word, such as "taught efficientnet_lite0". Features of length 1,
less the mean of all, are what a linear head tells few pictures apart by: Chen et al. 2019, arXiv:1904.04232; Wang et
al. 2019, arXiv:1911.04623.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cnn.architectures.architecture import FEATURES, Architecture

if TYPE_CHECKING:
    import keras

TAUGHT: Final = "taught "  # begins the names of such architectures
CENTRE, UNIT_LENGTH, LOGITS = "taught_centre", "taught_length", "logits"  # layers of the head
EPSILON: Final = 1e-3  # of the layer that takes the centre off; its variance is 1 less that


def taught_architecture(trunk: Architecture) -> Architecture:
    """Make the architecture that learns other classes on the features of `trunk`."""
    return replace(
        trunk,
        title=f"Classes on {trunk.title}",
        idea=f"The features of {trunk.title}, centred and of length 1, weighed for classes of one's own.",
        builder=lambda shape, classes: put_head_on(trunk.builder(shape, 2 if trunk.classifier else 0), classes),
        classifier=True,
    )


def put_head_on(trunk: keras.Model, classes: int) -> keras.Model:
    """Make the network of taught classes; it shares the layers of its trunk.

    Args:
        trunk: that names what it sees, or ends in the layer FEATURES; of one that was itself taught, its head goes.
        classes: how many logits it returns.
    """
    import keras
    from keras import layers

    x = features_of(trunk)
    for layer in keras.Model(trunk.input, x).layers:
        if layer.name in (CENTRE, UNIT_LENGTH, LOGITS):  # so may a layer in a person's own file be called
            layer.name = f"trunk_{layer.name}"
    x = layers.BatchNormalization(epsilon=EPSILON, center=False, scale=False, name=CENTRE)(x)
    x = layers.UnitNormalization(name=UNIT_LENGTH)(x)
    return keras.Model(trunk.input, layers.Dense(classes, name=LOGITS)(x), name="taught")


def features_of(model: keras.Model) -> keras.KerasTensor:
    """Give what the last weights of `model` read, averaged over places where it has any: (batch, features).

    Of a network that was taught those are its trunk's, as its head finds them.
    """
    from keras import layers

    by_name = {layer.name: layer for layer in model.layers}
    if CENTRE in by_name:
        return by_name[CENTRE].input
    if model.layers[-1].name == FEATURES:
        return model.output
    last = [layer for layer in model.layers if any(one.path.endswith("/kernel") for one in layer.weights)][-1]
    features = last.input
    if len(features.shape) != 4:
        return features
    if FEATURES in by_name:
        by_name[FEATURES].name = f"trunk_{FEATURES}"
    return layers.GlobalAveragePooling2D(name=FEATURES)(features)
