"""The networks that are fetched on first use: where their weights are, and how large. No TensorFlow."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cnn import zoo
from cnn.errors import BrokenNetwork, ConvScopeError
from cnn.zoo import Network

CACHE_VARIABLE: Final = "CONVSCOPE_CACHE"
PRETRAINED_DATA: Final = "imagenet"
SHIPPED_IMAGENET_NETWORK: Final = "imagenet/efficientnet_lite0"  # shipped: answers without a network
PUBLISHED: Final = "the ImageNet validation set, as published by"
MEASURED_ON: Final = f"{PUBLISHED} Keras"


@dataclass(frozen=True, slots=True)
class PretrainedSource:
    """Where the weights of a network come from.

    Attributes:
        architecture: its name in the table of architectures.
        title: what people call it.
        size: height and width of its input, in px.
        address: of the weights, HDF5 as `keras.applications` writes it.
        bytes: of that file.
        md5: of that file, as Keras publishes it.
        memory_gb: what converting it takes for a minute, as measured.
        accuracy: share of right answers at the first guess on MEASURED_ON (keras.io/api/applications).
        licence: of the weights, and who made them.
        classes: names, by label; () for ImageNet's thousand.
    """

    architecture: str
    title: str
    size: int
    address: str
    bytes: int
    md5: str
    memory_gb: int
    accuracy: float
    licence: str
    classes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name the network, such as "imagenet/vgg16"."""
        return f"{PRETRAINED_DATA}/{self.architecture}"

    @property
    def megabytes(self) -> int:
        """Size of what is fetched, in units of 2**20 bytes."""
        return round(self.bytes / 2**20)


KERAS_APPLICATIONS_URL: Final = "https://storage.googleapis.com/tensorflow/keras-applications"
VGG16_SOURCE: Final = PretrainedSource(
    architecture="vgg16",
    title="VGG16",
    size=224,
    address=f"{KERAS_APPLICATIONS_URL}/vgg16/vgg16_weights_tf_dim_ordering_tf_kernels.h5",
    bytes=553_467_096,
    md5="64373286793e3c8b2b4e3219cbf3544b",
    memory_gb=6,
    accuracy=0.713,
    licence="CC BY 4.0, Visual Geometry Group, University of Oxford; ported by Keras",
)
INCEPTION_V3_SOURCE: Final = PretrainedSource(
    architecture="inception_v3",
    title="InceptionV3",
    size=299,
    address=f"{KERAS_APPLICATIONS_URL}/inception_v3/inception_v3_weights_tf_dim_ordering_tf_kernels.h5",
    bytes=96_112_376,
    md5="9a0d58056eeedaa3f26cb7ebd46da564",
    memory_gb=2,
    accuracy=0.779,
    licence="MIT, François Chollet, Keras",
)
PRETRAINED: Final[Mapping[str, PretrainedSource]] = {
    source.name: source for source in (VGG16_SOURCE, INCEPTION_V3_SOURCE)
}


def pretrained_folder() -> Path:
    """Name the folder of fetched networks, in the user's cache; CONVSCOPE_CACHE sets another."""
    chosen = os.environ.get(CACHE_VARIABLE)
    return Path(chosen) if chosen else _caches() / "convscope" / "networks"


def _caches() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def fetched_networks(place: Path | None = None) -> tuple[str, ...]:
    """List the networks that were fetched whole, in the order of TABLE."""
    return tuple(name for name in PRETRAINED if is_fetched(name, place or pretrained_folder()))


def is_fetched(name: str, place: Path) -> bool:
    """Say whether a network was fetched whole: its card is written last. An older ConvScope's does not count."""
    try:
        return zoo.read_card(name, place).name == name
    except ConvScopeError:
        return False


def load_pretrained(name: str, place: Path | None = None) -> Network:
    """Load a network that was fetched.

    Raises: UnknownName: it was not.
        BrokenNetwork: a file is missing or damaged; from now on it is not there, so that it is fetched again.
    """
    place = place or pretrained_folder()
    try:
        return zoo.load_network(name, place)
    except BrokenNetwork as error:
        (place / f"{name}.json").unlink(missing_ok=True)
        raise BrokenNetwork(
            f"{name} is damaged on this machine ({error.__cause__ or 'checksum'}). Fetch it again."
        ) from error


def available_networks(data: str) -> tuple[str, ...]:
    """List the networks that answer, of a data set, on this machine, the shipped ones first."""
    return (*zoo.answering_networks(data), *(fetched_networks() if data == PRETRAINED_DATA else ()))


def load_available(name: str) -> Network:
    """Load a network, shipped or fetched.

    Raises: UnknownName, BrokenNetwork.
    """
    return load_pretrained(name) if name in PRETRAINED else zoo.load_network(name)
