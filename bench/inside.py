"""What every layer makes of an input against one plain forward pass, both of the same engine."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from bench.figure import Missing, Sample
from bench.photo import PHOTO
from bench.timing import medians
from cnn import zoo
from cnn.array_types import Array
from cnn.inference import photo_classification
from cnn.layers import activations
from cnn.media import image_decoding
from cnn.zoo import Network

ROUNDS = 100


def every_layer(folder: Path) -> Iterator[Sample]:
    """Time the maps of all layers for the network's own kind of input; both have THREADS threads."""
    names = zoo.network_names(folder=folder)
    if not names:
        raise Missing("No network is shipped. Make one: python -m cnn train lenet --data mnist")
    for name in names:
        network, opened = zoo.load_network(name, folder), activations.open_network(name, folder)
        image = _image(network)
        ours, theirs = medians([partial(opened.maps, image), partial(network.runner, image[None])], ROUNDS)
        layers = len(opened.graph.layers)
        yield Sample(ours, theirs, f"{layers} layers for one input, median of {ROUNDS} in turns", name)


def _image(network: Network) -> Array:
    """Give a photo as the network sees it, or noise where it reads digits."""
    if network.runner.shape[2] == 1:
        return np.random.default_rng(0).random(network.runner.shape, np.float32)
    return photo_classification.photo_input(network, image_decoding.decode_image(PHOTO.read_bytes(), PHOTO.name).pixels)
