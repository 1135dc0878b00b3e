"""What pictures of all kinds differ by to a network: computed once, and kept beside the collections. No TensorFlow."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Final

import numpy as np

from cnn.array_types import Array
from cnn.atomic_files import write_bytes
from cnn.datasets.evaluation_sets import find_picture_set
from cnn.home import make_home
from cnn.inference.photo_classification import photo_input
from cnn.metrics.background import fit_background
from cnn.zoo import Network
from cnn.zoo.feature_extractor import FeatureExtractor

FOLDER: Final = "backgrounds"  # in the folder of a person's own networks
PICTURES: Final = "cifar10-2000"  # they come with the app: animals and vehicles of ten kinds ...
COUNT: Final = 300  # ... of which so many, spread over all kinds


def background_of(network: Network) -> Array:
    """Give the background of a network's features, float32 (1 + directions, features); see `fit_background`.

    The first time it has to look at `COUNT` pictures: 4 s of EfficientNet-Lite0, on two cores.

    Raises: DiskFull: it cannot be kept.
    """
    sha = hashlib.sha256(network.runner.model).hexdigest()[:16]  # a name is given anew, a network is not
    path = make_home(FOLDER) / FOLDER / f"{sha}.npy"
    if path.exists():
        return np.asarray(np.load(path, allow_pickle=False), np.float32)
    images = find_picture_set(PICTURES).read().images
    some = images[np.arange(COUNT) * len(images) // COUNT]
    background = fit_background(FeatureExtractor(network)(np.stack([photo_input(network, one) for one in some])))
    content = BytesIO()
    np.save(content, background)
    write_bytes(path, content.getvalue())
    return background
