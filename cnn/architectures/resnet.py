"""ResNet for small pictures, and its plain twin (He et al. 2015, arXiv:1512.03385, section 4.2).

    conv 3x3-16 | n blocks of 16 | n of 32, halved | n of 64, halved | global average | dense

6n + 2 layers: 20 for n = 3, 56 for n = 9. A block is two 3x3 convolutions whose result is
added to the block's own input; where the size halves, the shortcut takes every second pixel and fills
the new channels with zeros (option A, no weights). The plain twin is the same without the addition.
No departures: about 0.27 million parameters at 20 layers, as in the paper's table 6.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cnn.architectures.architecture import Architecture, Shape

if TYPE_CHECKING:
    import keras

STAGES = (16, 32, 64)  # filters
PAPER = "He, Zhang, Ren & Sun: Deep Residual Learning for Image Recognition, arXiv:1512.03385"


def build_resnet(shape: Shape, classes: int, blocks: int = 3, shortcuts: bool = True) -> keras.Model:
    """Make a ResNet of 6 * `blocks` + 2 layers; see `Architecture.build`."""
    import keras
    from keras import layers

    from cnn.architectures.blocks import conv_norm_relu

    image = keras.Input(shape, name="image")
    x = conv_norm_relu(image, STAGES[0], 3, "stem")
    for stage, filters in enumerate(STAGES, 1):
        for i in range(1, blocks + 1):
            strides = 2 if stage > 1 and i == 1 else 1
            x = residual_block(x, filters, strides, shortcuts, f"block{stage}_{i}")
    x = layers.GlobalAveragePooling2D(name="average")(x)
    name = "resnet" if shortcuts else "plain"
    return keras.Model(image, layers.Dense(classes, name="logits")(x), name=name)


def residual_block(x: keras.KerasTensor, filters: int, strides: int, shortcut: bool, name: str) -> keras.KerasTensor:
    """Two convolutions, and what came in added to what they made (figure 2 of the paper)."""
    from keras import layers

    from cnn.architectures.blocks import conv_norm, conv_norm_relu

    y = conv_norm_relu(x, filters, 3, f"{name}_conv1", strides)
    y = conv_norm(y, filters, 3, f"{name}_conv2")
    if shortcut:
        y = layers.Add(name=f"{name}_add")([identity_shortcut(x, filters, strides, name), y])
    return layers.ReLU(name=name)(y)


def identity_shortcut(x: keras.KerasTensor, filters: int, strides: int, name: str) -> keras.KerasTensor:
    """Bring the block's input to the shape of the block's output without weights (option A)."""
    from keras import layers, ops

    if strides > 1:
        x = layers.MaxPooling2D(1, strides, padding="same", name=f"{name}_every_second")(x)
    missing = filters - x.shape[-1]
    return ops.pad(x, ((0, 0), (0, 0), (0, 0), (0, missing))) if missing else x


ARCHITECTURE = Architecture(
    title="ResNet-20",
    year=2015,
    paper=PAPER,
    idea="Each block only adds to what it was given, so that networks of a hundred layers and more can be trained.",
    min_size=4,
    maps=64,
    builder=build_resnet,
)
PLAIN = Architecture(
    title="Plain-20",
    year=2015,
    paper=PAPER,
    idea="ResNet-20 without its shortcuts, to see what they are for.",
    min_size=4,
    maps=64,
    builder=partial(build_resnet, shortcuts=False),
)
