"""SqueezeNet 1.1 (Iandola et al. 2016, arXiv:1602.07360; version 1.1 in its authors' repository, the same year).

    conv 3x3-64, stride 2 | pool | fire2, 3 | pool | fire4, 5 | pool | fire6 to 9 | conv 1x1-classes | average

A fire module squeezes with 1x1 and expands with 1x1 and 3x3 side by side. There is no dense layer: the last convolution
has a map for each class, and the mean of a map is the logit. 1,235,496 parameters for 1,000 classes.

Departures: 224 px, where all sides divide as in the paper, not 227; no dropout, as it is not trained here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cnn.architectures.architecture import Architecture, Shape

if TYPE_CHECKING:
    import keras

STEM: Final = 64  # maps of the first convolution
# (maps after squeezing, maps of each kind after expanding) of the fire modules between two poolings
STAGES: Final = (
    ((16, 64), (16, 64)),
    ((32, 128), (32, 128)),
    ((48, 192), (48, 192), (64, 256), (64, 256)),
)


def build_squeezenet(shape: Shape, classes: int) -> keras.Model:
    """Make SqueezeNet, with Caffe's order of colours and mean inside; see `Architecture.build`."""
    import keras
    from keras import layers

    from cnn.architectures.caffe_input import CaffeInput

    image = keras.Input(shape, name="image")
    x = CaffeInput(name="preprocess")(image)
    x = layers.Conv2D(STEM, 3, 2, activation="relu", name="conv1")(x)
    number = 1
    for stage in STAGES:
        x = layers.MaxPooling2D(3, 2, name=f"pool{number}")(x)
        for squeezed, expanded in stage:
            number += 1
            x = fire(x, squeezed, expanded, f"fire{number}")
    x = layers.Conv2D(classes, 1, activation="relu", name=f"conv{number + 1}")(x)
    return keras.Model(image, layers.GlobalAveragePooling2D(name="logits")(x), name="squeezenet")


def fire(x: keras.KerasTensor, squeezed: int, expanded: int, name: str) -> keras.KerasTensor:
    """Fire module over (batch, height, width, channels): to (batch, height, width, 2 * expanded).

    Source: Iandola et al. 2016, section 3.1 and figure 1.
    """
    from keras import layers

    x = layers.Conv2D(squeezed, 1, activation="relu", name=f"{name}_squeeze1x1")(x)
    both = [
        layers.Conv2D(expanded, size, padding="same", activation="relu", name=f"{name}_expand{size}x{size}")(x)
        for size in (1, 3)
    ]
    return layers.Concatenate(name=f"{name}_join")(both)


ARCHITECTURE = Architecture(
    title="SqueezeNet 1.1",
    year=2016,
    paper="Iandola et al.: SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and <0.5MB model size, "
    "arXiv:1602.07360",
    idea="Squeeze to few maps, expand with 1x1 and 3x3 side by side: AlexNet's accuracy, a fiftieth of its weights.",
    min_size=31,
    maps=1000,
    builder=build_squeezenet,
)
