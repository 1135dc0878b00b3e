"""EfficientNet-Lite0 (Tan & Le 2019, arXiv:1905.11946, table 1, in the Lite form of Google's TPU repository, 2020).

    stem 3x3-32 | 16 inverted bottlenecks in seven stages | head 1x1-1280 | global average pooling | dense

A block widens with 1x1, filters each map by itself with 3x3 or 5x5, and narrows with 1x1 again; where its
shape stays, it adds to what it was given. Lite leaves out the squeeze-and-excitation of the paper and has
ReLU6 for swish, so that it runs on small devices. Departures: no stochastic depth, as it is not trained here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnn.architectures.architecture import Architecture, Shape
from cnn.architectures.imagenet_mean import RGB_SCALE_OFFSET

if TYPE_CHECKING:
    import keras

# (blocks, kernel, stride of the first block, expansion, filters) of a stage
STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
STEM, HEAD = 32, 1280  # filters
EPSILON = 1e-3  # of the batch normalisation, as it was trained


def build_efficientnet_lite0(shape: Shape, classes: int) -> keras.Model:
    """Make EfficientNet-Lite0, with ImageNet's mean and deviation inside; see `Architecture.build`."""
    import keras
    from keras import layers

    image = keras.Input(shape, name="image")
    x = layers.Rescaling(*RGB_SCALE_OFFSET, name="normalize")(image)
    x = _norm_relu6(layers.Conv2D(STEM, 3, 2, padding="same", use_bias=False, name="stem")(x), "stem")
    number = 0
    for blocks, kernel, stride, expansion, filters in STAGES:
        for i in range(blocks):
            number += 1
            x = inverted_bottleneck(x, kernel, stride if i == 0 else 1, expansion, filters, f"block{number}")
    x = _norm_relu6(layers.Conv2D(HEAD, 1, use_bias=False, name="head")(x), "head")
    x = layers.GlobalAveragePooling2D(name="average")(x)
    x = layers.Dropout(0.2, name="dropout")(x)
    return keras.Model(image, layers.Dense(classes, name="logits")(x), name="efficientnet_lite0")


def inverted_bottleneck(
    x: keras.KerasTensor, kernel: int, stride: int, expansion: int, filters: int, name: str
) -> keras.KerasTensor:
    """Inverted bottleneck over (batch, height, width, channels); see the top of the file.

    Source: Sandler et al. 2018, arXiv:1801.04381, section 3.4.
    """
    from keras import layers

    given, channels = x, x.shape[-1]
    if expansion > 1:
        wide = layers.Conv2D(channels * expansion, 1, use_bias=False, name=f"{name}_expand")(x)
        x = _norm_relu6(wide, f"{name}_expand")
    x = layers.DepthwiseConv2D(kernel, stride, padding="same", use_bias=False, name=f"{name}_depthwise")(x)
    x = _norm_relu6(x, f"{name}_depthwise")
    x = layers.Conv2D(filters, 1, use_bias=False, name=f"{name}_project")(x)
    x = layers.BatchNormalization(epsilon=EPSILON, name=f"{name}_project_norm")(x)
    return layers.Add(name=f"{name}_add")([given, x]) if stride == 1 and channels == filters else x


def _norm_relu6(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
    from keras import layers

    x = layers.BatchNormalization(epsilon=EPSILON, name=f"{name}_norm")(x)
    return layers.ReLU(6.0, name=f"{name}_relu6")(x)


ARCHITECTURE = Architecture(
    title="EfficientNet-Lite0",
    year=2019,
    paper="Tan & Le: EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks, arXiv:1905.11946",
    idea="Widen, filter each map by itself, narrow: many layers for few sums.",
    min_size=32,
    maps=1280,
    builder=build_efficientnet_lite0,
)
