"""VGG (Simonyan & Zisserman 2014, arXiv:1409.1556, table 1): only 3x3 convolutions, stacked.

    conv3-32 conv3-32 | pool | conv3-64 conv3-64 | pool | conv3-128 conv3-128 | pool | dense

Colour photos get a fourth stage, conv3-256 conv3-256 | pool, before the dense layers.

Departures: three or four stages instead of five and half the filters, for 28 to 32 px; batch normalisation after
each convolution (the paper predates it and started deep networks from shallow ones);
one hidden dense layer of 256 instead of two of 4,096.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnn.architectures.architecture import Architecture, Shape

if TYPE_CHECKING:
    import keras

STAGES = ((32, 2), (64, 2), (128, 2))  # (filters, 3x3 convolutions) before each pooling
COLOUR_STAGES = (*STAGES, (256, 2))


def build_vgg(shape: Shape, classes: int) -> keras.Model:
    """Make the small VGG; see `Architecture.build`."""
    import keras
    from keras import layers

    from cnn.architectures.blocks import conv_norm_relu

    image = x = keras.Input(shape, name="image")
    for stage, (filters, convolutions) in enumerate(COLOUR_STAGES if shape[2] == 3 else STAGES, 1):
        for i in range(1, convolutions + 1):
            x = conv_norm_relu(x, filters, 3, f"conv{stage}_{i}")
        x = layers.MaxPooling2D(2, name=f"pool{stage}")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dropout(0.3, name="dropout1")(x)
    x = layers.Dense(256, activation="relu", kernel_initializer="he_normal", name="dense1")(x)
    x = layers.Dropout(0.3, name="dropout2")(x)
    return keras.Model(image, layers.Dense(classes, name="logits")(x), name="vgg")


ARCHITECTURE = Architecture(
    title="VGG",
    year=2014,
    paper="Simonyan & Zisserman: Very Deep Convolutional Networks for Large-Scale Image Recognition, arXiv:1409.1556",
    idea="Nothing but 3x3 convolutions: two see as far as a 5x5, with fewer weights.",
    min_size=8,
    maps=128,
    colour_maps=256,
    builder=build_vgg,
)
