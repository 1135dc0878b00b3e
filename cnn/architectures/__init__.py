"""The architectures, two typed tables: small ones, trained here, and large ones. Reading them loads no TensorFlow.

May import `keras_backend`.
"""

from collections.abc import Mapping
from typing import Final

from cnn.architectures import (
    alexnet,
    brought,
    built,
    convolutional_features,
    efficientnet_lite,
    inception,
    keras_applications,
    lenet,
    resnet,
    squeezenet,
    taught,
    vgg,
)
from cnn.architectures.architecture import FEATURES, Architecture, Shape
from cnn.errors import UnknownName

__all__ = ["ARCHITECTURES", "FEATURES", "LARGE_ARCHITECTURES", "Architecture", "Shape", "find_architecture"]

ARCHITECTURES: Final[Mapping[str, Architecture]] = {
    "lenet": lenet.ARCHITECTURE,
    "alexnet": alexnet.ARCHITECTURE,
    "vgg": vgg.ARCHITECTURE,
    "inception": inception.ARCHITECTURE,
    "resnet": resnet.ARCHITECTURE,
    "plain": resnet.PLAIN,
}
LARGE_ARCHITECTURES: Final[Mapping[str, Architecture]] = {
    "efficientnet_lite0": efficientnet_lite.ARCHITECTURE,
    "squeezenet": squeezenet.ARCHITECTURE,
    "vgg16": keras_applications.VGG16,
    "inception_v3": keras_applications.INCEPTION_V3,
    "resnet50": keras_applications.RESNET50,
    "alexnet_features": convolutional_features.ALEXNET_FEATURES,
    "vgg16_features": convolutional_features.VGG16_FEATURES,
}
_ALL: Final = {**ARCHITECTURES, **LARGE_ARCHITECTURES}


def find_architecture(name: str) -> Architecture:
    """Look one up in either table, or make one of a stack that was built, a file that was brought, or taught classes.

    See `cnn.architectures.built`, `cnn.architectures.brought` and `cnn.architectures.taught`.

    Raises: UnknownName: no architecture has that `name`.
        BadInput: it names a stack that cannot be.
    """
    if name.startswith(brought.BROUGHT):
        return brought.brought_architecture(name)
    if name.startswith(taught.TAUGHT):
        return taught.taught_architecture(find_architecture(name.removeprefix(taught.TAUGHT)))
    if name.startswith(built.BUILT):
        return built.built_architecture(name)
    if name not in _ALL:
        raise UnknownName("architecture", name, _ALL)
    return _ALL[name]
