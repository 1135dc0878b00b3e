"""AlexNet (Krizhevsky, Sutskever & Hinton 2012), small and at full size.

The small one keeps the paper's order: five convolutions, local response normalisation after
the first two, overlapping 3x3 pooling of stride 2 after the first, second and fifth, two
dense layers with dropout, ReLU throughout. Departures: 5x5 and 3x3 kernels of stride 1 instead
of 11x11 of stride 4, for 28 to 32 px; fewer filters; padding "same"; a third of the dense
units dropped, not half; He's initial weights instead of a fixed 0.01.

The full size is the paper's table: 227x227x3 (the paper says 224, of which its own code makes
55 places by rounding up), 60,965,224 parameters with convolutions 2, 4 and 5 in two groups, 62,378,344 without groups.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnn.architectures.architecture import Architecture, Shape

if TYPE_CHECKING:
    import keras

# (filters, kernel, normalise, pool) of the five convolutions
SMALL_CONVOLUTIONS = (
    (32, 5, True, True),
    (64, 5, True, True),
    (96, 3, False, False),
    (96, 3, False, False),
    (64, 3, False, True),
)
FULL_CONVOLUTIONS = (
    (96, 11, True, True),
    (256, 5, True, True),
    (384, 3, False, False),
    (384, 3, False, False),
    (256, 3, False, True),
)
FULL_SHAPE = (227, 227, 3)
FULL_GROUPS = (1, 2, 1, 2, 2)  # the paper's two graphics cards


def build_alexnet(shape: Shape, classes: int) -> keras.Model:
    """Make the small AlexNet; see `Architecture.build`."""
    import keras
    from keras import layers

    from cnn.architectures.blocks import LocalResponseNormalization

    image = x = keras.Input(shape, name="image")
    for i, (filters, size, normalise, pool) in enumerate(SMALL_CONVOLUTIONS, 1):
        x = layers.Conv2D(
            filters, size, padding="same", activation="relu", kernel_initializer="he_normal", name=f"conv{i}"
        )(x)
        if normalise:
            x = LocalResponseNormalization(name=f"norm{i}")(x)
        if pool:
            x = layers.MaxPooling2D(3, 2, padding="same", name=f"pool{i}")(x)
    x = layers.Flatten(name="flatten")(x)
    for i in (6, 7):
        x = layers.Dropout(1 / 3, name=f"dropout{i}")(x)
        x = layers.Dense(256, activation="relu", kernel_initializer="he_normal", name=f"dense{i}")(x)
    return keras.Model(image, layers.Dense(classes, name="logits")(x), name="alexnet")


def build_full_alexnet(classes: int = 1000, grouped: bool = True) -> keras.Model:
    """Make AlexNet at the paper's size, untrained.

    Args:
        classes: how many logits it returns.
        grouped: convolutions 2, 4 and 5 see only the half of the maps on their own graphics
            card, as in the paper (60,965,224 parameters); else all of them (62,378,344).
    Returns: a model from float32 (batch, 227, 227, 3) to logits (batch, classes).
    """
    import keras
    from keras import layers

    from cnn.architectures.blocks import LocalResponseNormalization

    image = x = keras.Input(FULL_SHAPE, name="image")
    for i, ((filters, size, normalise, pool), groups) in enumerate(zip(FULL_CONVOLUTIONS, FULL_GROUPS, strict=True), 1):
        strides, padding = (4, "valid") if i == 1 else (1, "same")
        x = layers.Conv2D(
            filters, size, strides, padding, groups=groups if grouped else 1, activation="relu", name=f"conv{i}"
        )(x)
        if normalise:
            x = LocalResponseNormalization(name=f"norm{i}")(x)
        if pool:
            x = layers.MaxPooling2D(3, 2, name=f"pool{i}")(x)
    x = layers.Flatten(name="flatten")(x)
    for i in (6, 7):
        x = layers.Dropout(0.5, name=f"dropout{i}")(x)
        x = layers.Dense(4096, activation="relu", name=f"dense{i}")(x)
    return keras.Model(image, layers.Dense(classes, name="logits")(x), name="alexnet_full")


ARCHITECTURE = Architecture(
    title="AlexNet",
    year=2012,
    paper="Krizhevsky, Sutskever & Hinton: ImageNet Classification with Deep Convolutional "
    "Neural Networks, NeurIPS 2012, doi:10.1145/3065386",
    idea="Deeper and wider, with ReLU, overlapping max pooling and dropout.",
    min_size=8,
    maps=64,
    builder=build_alexnet,
)
