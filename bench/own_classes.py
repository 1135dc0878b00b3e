"""Classes of one's own: an answer against the plain network's, and features of many photos against ONNX Runtime."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bench import keras_side
from bench.engines import ONNX_TOOLS, Answer, agree, session
from bench.figure import Missing, Sample, need
from bench.keras_side import A_CLASS, CLASSES
from bench.photo import NETWORK, PHOTO
from bench.timing import medians
from cnn import zoo
from cnn.array_types import Array
from cnn.inference import photo_classification
from cnn.media import image_decoding
from cnn.teach import embed_folder
from cnn.teach.photo_classes import BATCH
from cnn.zoo.feature_extractor import FeatureExtractor
from cnn.zoo.litert_runner import RUNNER_THREADS

ROUNDS = 60
PHOTOS = 200  # that are embedded
EMBED_ROUNDS = 5


def one(folder: Path) -> Iterator[Sample]:
    """Time a JPEG file's bytes to the answer: classes that were taught, with "none of these", against the network."""
    plain, data = _network(folder), PHOTO.read_bytes()
    with TemporaryDirectory() as out:
        keras_side.run("taught", folder, (NETWORK,), Path(out))
        name = (Path(out) / "name.txt").read_text(encoding="utf-8")
        taught = zoo.load_network(name, Path(out) / "networks")
        with_own, without = medians([_answer(taught, data), _answer(plain, data)], ROUNDS)
    detail = f"{CLASSES} classes, {CLASSES * A_CLASS} photos taught, median of {ROUNDS} in turns; theirs: its 1,000"
    yield Sample(with_own, without, detail, NETWORK)


def _answer(network: zoo.Network, data: bytes) -> Callable[[], object]:
    return lambda: photo_classification.classify_photo(network, image_decoding.decode_image(data, "").pixels)


def embed(folder: Path) -> Iterator[Sample]:
    """Time a folder of photos to their features; the peer decodes and resizes as we do, and answers in batches."""
    need(ONNX_TOOLS)
    network = _network(folder)
    features = FeatureExtractor(network)
    with TemporaryDirectory() as out:
        keras_side.run("features", folder, (NETWORK,), Path(out))
        peer = session(Path(out) / f"{NETWORK}.onnx", RUNNER_THREADS)
        photos = _photo_folder(Path(out) / "photos")
        inputs = np.random.default_rng(0).random((2, *features.shape), np.float32)
        agree(NETWORK, features, peer, inputs)
        calls: list[Callable[[], object]] = [
            lambda: embed_folder(network, photos),
            lambda: _embedded(network, peer, sorted(photos.rglob("*.jpg"))),
        ]
        ours, theirs = medians(calls, EMBED_ROUNDS)
    yield Sample(ours, theirs, f"{PHOTOS} JPEG files, batches of {BATCH}, median of {EMBED_ROUNDS} in turns", NETWORK)


def _network(folder: Path) -> zoo.Network:
    if NETWORK not in zoo.network_names(folder=folder):
        raise Missing(f"{NETWORK} is not shipped.")
    return zoo.load_network(NETWORK, folder)


def _photo_folder(place: Path) -> Path:
    """Write the sample photos again and again, in two folders."""
    samples = sorted(PHOTO.parent.glob("*.jpg"))
    for number in range(PHOTOS):
        one = place / f"class {number % 2}"
        one.mkdir(parents=True, exist_ok=True)
        (one / f"{number}.jpg").write_bytes(samples[number % len(samples)].read_bytes())
    return place


def _embedded(network: zoo.Network, peer: Answer, files: Sequence[Path]) -> Array:
    size = network.runner.shape[0]
    parts = []
    for start in range(0, len(files), BATCH):
        photos = [image_decoding.decode_image_file(path, least_px=size).pixels for path in files[start : start + BATCH]]
        parts.append(peer(np.stack([photo_classification.photo_input(network, pixels) for pixels in photos])))
    return np.concatenate(parts)
