"""Inception (Szegedy et al. 2014, arXiv:1409.4842, figure 2b and table 1).

    stem 3x3-32, pool | 3a 3b | pool | 4a 4b | global average pooling | dropout | dense

Each block runs 1x1, 3x3, 5x5 and pooling side by side and joins their maps; 1x1 bottlenecks
in front keep the larger kernels cheap. Colour photos get a third pair, 5a 5b, and twice the filters.

Departures: four or six blocks instead of nine and an eighth to a half of the filters, for 28 to 32 px; a 3x3
stem instead of 7x7; batch normalisation (Ioffe & Szegedy 2015); no auxiliary classifiers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnn.architectures.architecture import Architecture, Shape

if TYPE_CHECKING:
    import keras

STEM = 32  # filters
# (1x1, 3x3 bottleneck, 3x3, 5x5 bottleneck, 5x5, pooling projection) filters of a block
STAGES = (
    {"3a": (24, 24, 40, 8, 16, 16), "3b": (32, 32, 56, 8, 20, 20)},
    {"4a": (48, 40, 80, 12, 32, 32), "4b": (64, 48, 96, 12, 32, 32)},
)
COLOUR_STEM = 48
COLOUR_STAGES = (
    {"3a": (32, 48, 64, 16, 32, 32), "3b": (48, 64, 96, 16, 48, 32)},
    {"4a": (96, 64, 128, 32, 48, 48), "4b": (112, 96, 160, 32, 64, 64)},
    {"5a": (128, 112, 192, 32, 64, 64), "5b": (160, 128, 224, 32, 64, 64)},
)


def build_inception(shape: Shape, classes: int) -> keras.Model:
    """Make the small Inception; see `Architecture.build`."""
    import keras
    from keras import layers

    from cnn.architectures.blocks import conv_norm_relu

    stem, stages = (COLOUR_STEM, COLOUR_STAGES) if shape[2] == 3 else (STEM, STAGES)
    image = keras.Input(shape, name="image")
    x = conv_norm_relu(image, stem, 3, "stem")
    for i, stage in enumerate(stages, 1):
        x = layers.MaxPooling2D(3, 2, padding="same", name=f"pool{i}")(x)
        for name, filters in stage.items():
            x = inception_block(x, filters, f"inception{name}")
    x = layers.GlobalAveragePooling2D(name="average")(x)
    x = layers.Dropout(0.2, name="dropout")(x)
    return keras.Model(image, layers.Dense(classes, name="logits")(x), name="inception")


def inception_block(x: keras.KerasTensor, filters: tuple[int, int, int, int, int, int], name: str) -> keras.KerasTensor:
    """Join four branches over (batch, height, width, channels); height and width stay."""
    from keras import layers

    from cnn.architectures.blocks import conv_norm_relu

    one, three_in, three, five_in, five, pool = filters
    small = conv_norm_relu(x, one, 1, f"{name}_1x1")
    middle = conv_norm_relu(conv_norm_relu(x, three_in, 1, f"{name}_3x3_in"), three, 3, f"{name}_3x3")
    large = conv_norm_relu(conv_norm_relu(x, five_in, 1, f"{name}_5x5_in"), five, 5, f"{name}_5x5")
    pooled = layers.MaxPooling2D(3, 1, padding="same", name=f"{name}_pool")(x)
    pooled = conv_norm_relu(pooled, pool, 1, f"{name}_pool_1x1")
    return layers.Concatenate(name=name)([small, middle, large, pooled])


ARCHITECTURE = Architecture(
    title="Inception",
    year=2014,
    paper="Szegedy et al.: Going Deeper with Convolutions, arXiv:1409.4842",
    idea="Kernels of several sizes side by side, made cheap by 1x1 bottlenecks.",
    min_size=4,
    maps=224,
    colour_maps=512,
    builder=build_inception,
)
