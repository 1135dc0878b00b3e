"""The architectures, one typed table. Reading it loads no TensorFlow."""

from collections.abc import Mapping
from typing import Final

from cnn.architectures import alexnet, inception, lenet, resnet, vgg
from cnn.architectures.architecture import Architecture, Shape
from cnn.errors import UnknownName

__all__ = ["ARCHITECTURES", "Architecture", "Shape", "architecture"]

ARCHITECTURES: Final[Mapping[str, Architecture]] = {
    "lenet": lenet.ARCHITECTURE,
    "alexnet": alexnet.ARCHITECTURE,
    "vgg": vgg.ARCHITECTURE,
    "inception": inception.ARCHITECTURE,
    "resnet": resnet.ARCHITECTURE,
    "plain": resnet.PLAIN,
}


def architecture(name: str) -> Architecture:
    """Look one up.

    Raises: UnknownName: no architecture has that `name`.
    """
    if name not in ARCHITECTURES:
        raise UnknownName("architecture", name, ARCHITECTURES)
    return ARCHITECTURES[name]
