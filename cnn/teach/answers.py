"""What a taught classifier says of photos, a row a photo. No TensorFlow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from cnn.errors import reason
from cnn.inference.photo_classification import TOP_CLASSES, photo_input
from cnn.media import image_decoding
from cnn.teach.classifier import TaughtClassifier
from cnn.zoo import Network
from cnn.zoo.feature_extractor import FeatureExtractor


def classify_with_taught(
    classifier: TaughtClassifier, name: str, network: Network, files: Iterable[Path]
) -> Iterator[dict[str, Any]]:
    """Answer every file, in order; one that cannot be read gives a row with its error.

    Args:
        classifier: what was taught ...
        name: ... and how it is called.
        network: its trunk.
        files: of photos.
    Yields: "input", "network", "top" and "known", as `cnn.inference.photo_classification.prediction_row` has them.
    """
    features = FeatureExtractor(network)
    for path in files:
        row: dict[str, Any] = {"input": str(path), "network": name}
        try:
            pixels = image_decoding.decode_image_file(path, least_px=network.runner.shape[0]).pixels
            seen = features(photo_input(network, pixels)[None])
        except Exception as error:  # one bad file never takes down the others
            yield row | {"error": reason(path.name, error)}
            continue
        shares = classifier.probabilities(seen)[0]
        top = [
            {"class": int(i), "label": classifier.classes[i], "probability": round(float(shares[i]), 6)}
            for i in np.argsort(-shares)[:TOP_CLASSES]
        ]
        yield row | {"top": top, "known": not classifier.is_none(seen)[0]}
