"""Photos -> answers, the same for the page and for the command line. No TensorFlow."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn import photos
from cnn.errors import BadInput
from cnn.predict import Prediction, predict
from cnn.zoo import Card, Network

Row = dict[str, Any]
Pixels = npt.NDArray[np.uint8]
Inputs = list[npt.NDArray[np.float32]]  # a photo as each network is shown it
Source = Inputs | str  # or why it cannot be read

TOP = 5  # classes a row
CROP = 0.875  # of the shorter side: what the ImageNet networks are shown (224 of 256 px)
SMALL_PX = 64  # a network under it is shown the whole shorter side
BATCH = 8  # photos asked at once; more gained nothing, and of a large network would not fit in memory
AHEAD = 8  # photos that wait as inputs, at most about 1 MB each
READERS = min(4, os.cpu_count() or 1)


def shown(network: Network, pixels: Pixels) -> npt.NDArray[np.float32]:
    """Make a network's exact input of a photo.

    Args:
        network: a photo network, of a square input.
        pixels: uint8 (height, width, 3).
    Returns: float32 (size, size, 3) in [0, 1].
    """
    size = network.runner.shape[0]
    return photos.network_input(pixels, size, size if size < SMALL_PX else round(size / CROP))


def ask(network: Network, pixels: Pixels) -> Prediction:
    """Answer one photo."""
    return predict(network, shown(network, pixels)[None])[0]


def rows(paths: Iterable[Path], networks: Sequence[Network]) -> Iterator[Row]:
    """Answer every file with every network, in order; one that cannot be read gives one row with its error.

    Threads read ahead while the networks work, and a batch is asked at once.
    """
    sources = _read_ahead(paths, networks)
    while batch := list(islice(sources, BATCH)):
        answers = _answers(networks, [source for _, source in batch if not isinstance(source, str)])
        for path, source in batch:
            if isinstance(source, str):
                yield {"input": str(path), "error": source}
                continue
            for network, answer in zip(networks, next(answers), strict=True):
                yield {"input": str(path)} | row(network.card, answer)


def _answers(networks: Sequence[Network], inputs: Sequence[Inputs]) -> Iterator[tuple[Prediction, ...]]:
    """Answer photo by photo, in the order of the networks; each network is asked once for all of them."""
    if not inputs:
        return iter(())
    each = zip(networks, zip(*inputs, strict=True), strict=True)
    return zip(*(predict(network, np.stack(same)) for network, same in each), strict=True)


def _read_ahead(paths: Iterable[Path], networks: Sequence[Network]) -> Iterator[tuple[Path, Source]]:
    """Read up to AHEAD photos before they are asked for, in READERS threads: Pillow decodes without the GIL."""
    readers = ThreadPoolExecutor(READERS)
    waiting: deque[tuple[Path, Future[Source]]] = deque()
    try:
        for path in paths:
            waiting.append((path, readers.submit(_inputs, path, networks)))
            if len(waiting) > AHEAD:
                first, source = waiting.popleft()
                yield first, source.result()
        for first, source in waiting:
            yield first, source.result()
    finally:
        readers.shutdown(cancel_futures=True)


def _inputs(path: Path, networks: Sequence[Network]) -> Source:
    """Make each network's input of a file, or say why it cannot be read."""
    try:
        pixels = photos.read(_content(path), path.name).pixels
    except BadInput as error:
        return str(error)
    return [shown(network, pixels) for network in networks]


def row(card: Card, prediction: Prediction) -> Row:
    """Write an answer as the command line's JSON and the page's table hold it."""
    return {
        "network": card.name,
        "top": [
            {"class": label, "label": card.classes[label], "probability": round(probability, 6)}
            for label, probability in prediction.top(TOP)
        ],
        "known": prediction.known,
        "milliseconds": round(prediction.milliseconds, 4),
    }


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > photos.MOST_BYTES:
            raise BadInput(f"{path.name} is over {photos.MOST_BYTES // 2**20} MB. Save it smaller.")
        return path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path.name} could not be read ({error}).") from error
