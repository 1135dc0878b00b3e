"""Photos -> answers, the same for the page and for the command line. No TensorFlow."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import local
from typing import Any

from cnn.array_types import Array, Pixels
from cnn.errors import reason
from cnn.inference.predict import Prediction, predict
from cnn.media import image_decoding
from cnn.preprocessing.clothing import read_clothing
from cnn.zoo import Card, Network

PredictionRow = dict[str, Any]

TOP_CLASSES = 5  # classes a row
CENTRAL_CROP = 0.875  # of the shorter side: what the ImageNet networks are shown (224 of 256 px)
SMALL_PX = 64  # a network under it is shown the whole shorter side
LIGHT_BYTES = 64 * 2**20  # networks up to it, together, are loaded once a thread
PHOTOS_AHEAD = 8  # photos whose rows may wait
WORKERS = min(4, os.cpu_count() or 1)


def photo_input(network: Network, pixels: Pixels) -> Array:
    """Make a network's exact input of a photo.

    Args:
        network: that looks at photos, of a square input; one of Fashion-MNIST's takes a photo of one garment.
        pixels: uint8 (height, width, 3).
    Returns: float32 (size, size, channels) in [0, 1].
    """
    return fit_photo(network.runner.shape, pixels)


def fit_photo(shape: Sequence[int], pixels: Pixels) -> Array:
    """Make the input of a network that takes `shape`, (size, size, channels), of a photo; see `photo_input`."""
    size, _, channels = shape
    if channels == 1:
        return read_clothing(pixels)
    return image_decoding.resize_for_network(pixels, size, size if size < SMALL_PX else round(size / CENTRAL_CROP))


def classify_photo(network: Network, pixels: Pixels) -> Prediction:
    """Answer one photo."""
    return predict(network, photo_input(network, pixels)[None])[0]


def classify_photo_files(paths: Iterable[Path], networks: Sequence[Network]) -> Iterator[PredictionRow]:
    """Answer every file with every network, in order; one that cannot be read gives one row with its error.

    Each thread takes a whole photo from its file to its rows, with engines of its own: threads that share one photo's
    engine or its reading wait for each other. Large networks would not fit in memory twice, and have one thread.
    """
    light = sum(len(network.runner.model) for network in networks) <= LIGHT_BYTES
    mine = local()
    crew = ThreadPoolExecutor(
        WORKERS if light else 1,
        initializer=lambda: setattr(
            mine, "networks", [one.with_own_runner() for one in networks] if light else networks
        ),
    )
    waiting: deque[Future[list[PredictionRow]]] = deque()
    try:
        for path in paths:
            waiting.append(crew.submit(lambda file: answer_photo_file(file, mine.networks), path))
            if len(waiting) > PHOTOS_AHEAD:
                yield from waiting.popleft().result()
        for made in waiting:
            yield from made.result()
    finally:
        crew.shutdown(cancel_futures=True)


def answer_photo_file(path: Path, networks: Sequence[Network]) -> list[PredictionRow]:
    """Make each network's row of a file, or one that says why it cannot be read; nothing is raised."""
    try:
        pixels = image_decoding.decode_image_file(path).pixels
        return [
            {"input": str(path)} | prediction_row(network.card, classify_photo(network, pixels)) for network in networks
        ]
    except Exception as error:
        return [{"input": str(path), "error": reason(path.name, error)}]


def prediction_row(card: Card, prediction: Prediction) -> PredictionRow:
    """Write an answer as the command line's JSON and the page's table hold it."""
    return {
        "network": card.name,
        "top": [
            {"class": label, "label": card.classes[label], "probability": round(probability, 6)}
            for label, probability in prediction.top(TOP_CLASSES)
        ],
        "known": prediction.in_distribution,
        "milliseconds": round(prediction.milliseconds, 4),
    }
