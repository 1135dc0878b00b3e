"""The convolutions of AlexNet and of VGG-16 at full size, without the dense layers that would name what is seen.

    AlexNet   conv 11x11-64, stride 4 | pool | 5x5-192 | pool | 3x3-384 | 3x3-256 | 3x3-256       2,469,696 parameters
    VGG-16    3x3-64 twice | pool | 128 twice | pool | 256 thrice | pool | 512 thrice | pool | 512 thrice   14,714,688

ReLU follows each. AlexNet is that of Krizhevsky 2014 (arXiv:1404.5997), one tower without local response normalisation,
as torchvision trained it: 64 maps first, not 96. Both end before their last pooling, in the mean of each of their last
maps: the features that others learn from. Departures: ImageNet's mean and deviation are taken off inside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cnn.architectures.architecture import FEATURES, Architecture, Shape
from cnn.architectures.imagenet_mean import RGB_SCALE_OFFSET

if TYPE_CHECKING:
    import keras

# (filters, kernel, pool before it) of AlexNet's convolutions behind the first
ALEXNET: Final = ((192, 5, True), (384, 3, True), (256, 3, False), (256, 3, False))
VGG16: Final = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))  # (filters, convolutions) between two poolings


def build_alexnet_features(shape: Shape, classes: int) -> keras.Model:
    """Make AlexNet's five convolutions; see `Architecture.build`."""
    from keras import layers

    image, x = _normalized(shape)
    x = layers.ZeroPadding2D(2, name="conv1_pad")(x)
    x = layers.Conv2D(64, 11, 4, activation="relu", name="conv1")(x)
    for number, (filters, size, pool) in enumerate(ALEXNET, 2):
        if pool:
            x = layers.MaxPooling2D(3, 2, name=f"pool{number - 1}")(x)
        x = layers.Conv2D(filters, size, padding="same", activation="relu", name=f"conv{number}")(x)
    return _ending_in_features(image, x, "alexnet_features", classes)


def build_vgg16_features(shape: Shape, classes: int) -> keras.Model:
    """Make VGG-16's thirteen convolutions; see `Architecture.build`."""
    from keras import layers

    image, x = _normalized(shape)
    for stage, (filters, count) in enumerate(VGG16, 1):
        if stage > 1:
            x = layers.MaxPooling2D(2, name=f"pool{stage - 1}")(x)
        for number in range(1, count + 1):
            x = layers.Conv2D(filters, 3, padding="same", activation="relu", name=f"conv{stage}_{number}")(x)
    return _ending_in_features(image, x, "vgg16_features", classes)


def _normalized(shape: Shape) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    import keras

    image = keras.Input(shape, name="image")
    return image, keras.layers.Rescaling(*RGB_SCALE_OFFSET, name="normalize")(image)


def _ending_in_features(image: keras.KerasTensor, maps: keras.KerasTensor, name: str, classes: int) -> keras.Model:
    import keras

    if classes:
        raise ValueError(f"{name} ends in features and tells no classes apart, so it cannot have {classes}.")
    return keras.Model(image, keras.layers.GlobalAveragePooling2D(name=FEATURES)(maps), name=name)


ALEXNET_FEATURES = Architecture(
    title="AlexNet, eyes only",
    year=2014,
    paper="Krizhevsky: One weird trick for parallelizing convolutional neural networks, arXiv:1404.5997",
    idea="AlexNet's five convolutions, whose first 64 kernels of 11x11 became the best known picture of the field.",
    min_size=63,
    maps=256,
    builder=build_alexnet_features,
    classifier=False,
)
VGG16_FEATURES = Architecture(
    title="VGG-16, eyes only",
    year=2014,
    paper="Simonyan & Zisserman: Very Deep Convolutional Networks for Large-Scale Image Recognition, arXiv:1409.1556",
    idea="Thirteen convolutions of nothing but 3x3, the features that much of later work looked through.",
    min_size=32,
    maps=512,
    builder=build_vgg16_features,
    classifier=False,
)
