"""LeNet-5 (LeCun, Bottou, Bengio & Haffner 1998, section II.B).

    C1 convolution 5x5, 6 maps     S2 average pooling 2x2
    C3 convolution 5x5, 16 maps    S4 average pooling 2x2
    C5 dense 120                   F6 dense 84              output 10

61,706 parameters for 32x32x1 and ten classes, as C1 pads a 28x28 digit to the paper's 32x32.
Departures: every map of C3 sees every map of S2 (the paper's table I leaves some out); the
squashing function is tanh without the factors 1.7159 and 2/3; pooling has no coefficients;
the output is dense logits instead of radial basis functions. Colour photos, which the paper never
met, come in three channels (62,006 parameters for 32x32x3), centred as the paper centres its digits:
a mean of 0 and a deviation of 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnn.architectures.architecture import Architecture, Shape

if TYPE_CHECKING:
    import keras

CENTRE = (4.0, -1.9)  # times, plus: photos in [0, 1] have a mean of about 0.47 and a deviation of about 0.25
PAPER_SIZE = 32  # px; a smaller digit is padded by C1 instead


def build_lenet(shape: Shape, classes: int) -> keras.Model:
    """Make LeNet-5; see `Architecture.build`."""
    import keras
    from keras import layers

    padding = "valid" if min(shape[:2]) >= PAPER_SIZE else "same"
    image = keras.Input(shape, name="image")
    x = layers.Rescaling(*CENTRE, name="centre")(image) if shape[2] == 3 else image
    x = layers.Conv2D(6, 5, padding=padding, activation="tanh", name="c1")(x)
    x = layers.AveragePooling2D(2, name="s2")(x)
    x = layers.Conv2D(16, 5, activation="tanh", name="c3")(x)
    x = layers.AveragePooling2D(2, name="s4")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(120, activation="tanh", name="c5")(x)
    x = layers.Dense(84, activation="tanh", name="f6")(x)
    return keras.Model(image, layers.Dense(classes, name="logits")(x), name="lenet")


ARCHITECTURE = Architecture(
    title="LeNet-5",
    year=1998,
    paper="LeCun, Bottou, Bengio & Haffner: Gradient-Based Learning Applied to Document "
    "Recognition, Proceedings of the IEEE 86(11), doi:10.1109/5.726791",
    idea="Small filters that slide over the picture, then pooling, then dense layers.",
    min_size=12,
    maps=16,
    relu=False,
    builder=build_lenet,
)
