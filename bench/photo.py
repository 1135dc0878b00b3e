"""A photo to its answer against ONNX Runtime, and a folder of photos against `keras.applications`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

from bench import keras_side
from bench.engines import ONNX_TOOLS, Answer, agree, converted, session
from bench.figure import Missing, Sample, need
from bench.timing import medians
from cnn import zoo
from cnn.inference import photo_classification
from cnn.media import image_decoding
from cnn.zoo.litert_runner import RUNNER_THREADS

NETWORK = "imagenet/efficientnet_lite0"
PHOTO = zoo.NETWORKS_FOLDER.parent / "photos" / "cat.jpg"
SIZE, RESIZE = 224, 256  # px, of the network's input and of the photo's shorter side before the crop
ROUNDS = 100


def one(folder: Path) -> Iterator[Sample]:
    """Time a JPEG file's bytes to the answer; both have THREADS threads."""
    need(ONNX_TOOLS)
    if NETWORK not in zoo.network_names(folder=folder):
        raise Missing(f"{NETWORK} is not shipped.")
    network, data = zoo.load_network(NETWORK, folder), PHOTO.read_bytes()
    with converted(folder, (NETWORK,)) as onnx:
        peer = session(onnx / f"{NETWORK}.onnx", RUNNER_THREADS)
        agree(
            NETWORK,
            network.runner,
            peer,
            photo_classification.photo_input(network, image_decoding.decode_image(data, "").pixels)[None],
        )
        ours, theirs = medians([lambda: _ours(network, data), _plainly(peer, data)], ROUNDS)
    yield Sample(ours, theirs, f"a JPEG of {len(data) // 1000} kB to its answer, median of {ROUNDS} in turns", NETWORK)


def _ours(network: zoo.Network, data: bytes) -> object:
    return photo_classification.classify_photo(network, image_decoding.decode_image(data, "").pixels)


def _plainly(peer: Answer, data: bytes) -> Callable[[], object]:
    """Read, resize and crop with nothing but Pillow, as the documentation of a peer shows it."""

    def answer() -> object:
        picture = Image.open(BytesIO(data)).convert("RGB")
        scale = RESIZE / min(picture.size)
        whole = picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.BICUBIC)
        x, y = (whole.width - SIZE) // 2, (whole.height - SIZE) // 2
        cut = whole.crop((x, y, x + SIZE, y + SIZE))
        return peer(np.asarray(cut, np.float32)[None] / np.float32(255)).argmax()

    return answer


def many(folder: Path) -> Iterator[Sample]:
    """Count photos a second over a folder, against the nearest network of `keras.applications` with `predict`."""
    if NETWORK not in zoo.network_names(folder=folder):
        raise Missing(f"{NETWORK} is not shipped.")
    with TemporaryDirectory() as out:
        keras_side.run("folder", folder, (NETWORK,), Path(out))
        ours, theirs = json.loads((Path(out) / "folder.json").read_text())
    detail = f"{keras_side.PHOTOS} JPEG files, against EfficientNetB0 in batches of {keras_side.PREDICT_BATCH}"
    yield Sample(ours, theirs, detail, NETWORK)
