"""Pictures come in and are seen by a network, batch by batch, so that a head can answer meanwhile. No TensorFlow."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import numpy as np

from cnn.errors import BadInput, Cancelled, reason
from cnn.inference.photo_classification import photo_input
from cnn.media import image_decoding
from cnn.teach.background import background_of
from cnn.teach.collection import Collection, IncomingPicture, read_incoming
from cnn.teach.photo_classes import BATCH
from cnn.zoo import Network
from cnn.zoo.feature_extractor import FeatureExtractor

OnCount = Callable[[int, int], None]
Brought = tuple[str, str, bytes]  # a class, the path of a file, its bytes
TOGETHER: Final = 4 * BATCH  # pictures that are kept as one step, before the network looks at them


def take_in(
    collection: Collection,
    network: Network,
    brought: Iterable[Brought],
    count: int,
    on_count: OnCount = lambda done, of: None,
    stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Take pictures into a collection and have a network see them; one that cannot be read is noted and skipped.

    Args:
        collection: takes them.
        network: sees them, and all that it has not seen yet.
        brought: class, path and bytes of each.
        count: how many those are, at most.
        on_count: told after every picture how many are done, of how many.
        stopped: asked now and then whether to give up; what came so far stays.
    Raises: Cancelled: it said so.
        DiskFull: nothing more can be kept.
    """
    features = FeatureExtractor(network)
    background_of(network)  # which is kept: the page that shows what was learned need not wait for it
    taken, batch = 0, _Batch(collection)
    try:
        for taken, (name, path, data) in enumerate(brought, 1):
            _stop_if(stopped)
            batch.read(name, path, data)
            if taken % TOGETHER == 0:
                batch.keep()
                see_unseen(collection, network, features, stopped=stopped)
            on_count(taken, count)
    finally:
        batch.keep()
    see_unseen(collection, network, features, (lambda done, of: None) if taken else on_count, stopped)


class _Batch:
    """Pictures that were read and are not kept yet, and those that could not be read."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._known = collection.known_files()
        self._read: list[IncomingPicture] = []
        self._skipped: list[tuple[str, str]] = []

    def read(self, class_name: str, path: str, data: bytes) -> None:
        try:
            self._read.append(read_incoming(class_name, path, data, self._known))
        except Exception as error:  # one bad file never takes down the others
            self._skipped.append((path, reason(path, error)))

    def keep(self) -> None:
        """Keep them as one step; where that fails, none of them will come again."""
        read, skipped, self._read, self._skipped = self._read, self._skipped, [], []
        if read or skipped:
            self._collection.add_pictures(read, skipped)


def see_unseen(
    collection: Collection,
    network: Network,
    features: FeatureExtractor,
    on_count: OnCount = lambda done, of: None,
    stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Have a network see the pictures that it has not seen yet; arguments and errors as in `take_in`."""
    waiting = collection.unseen(network.name)
    for start in range(0, len(waiting), BATCH):
        _stop_if(stopped)
        batch = waiting[start : start + BATCH]
        inputs, seen = [], []
        for one in batch:
            try:
                name, content = collection.picture(one)
                pixels = image_decoding.decode_image(content, name, least_px=network.runner.shape[0]).pixels
            except BadInput:  # it was deleted meanwhile
                continue
            inputs.append(photo_input(network, pixels))
            seen.append(one)
        if seen:
            collection.add_features(network.name, seen, features(np.stack(inputs)))
        on_count(min(start + BATCH, len(waiting)), len(waiting))


def _stop_if(stopped: Callable[[], bool]) -> None:
    if stopped():
        raise Cancelled("Stopped. What came so far is kept.")
