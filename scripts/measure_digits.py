"""Measure the digit networks on hands that none of them saw, under noise, and on what is no digit.

    python -m scripts.measure_digits [mnist/lenet ...]

Prints each share as a row, and keeps them in `bench/measured_digits.json` with the checksum of the network that they
are of, whence `python -m scripts.write_readme_tables` takes them. Needs scikit-learn for its 1,797 digits of 8x8 pixels
by 43 people (UCI, Alpaydin & Kaynak 1998): nothing is trained on them, but they were looked at while the method and the
reading of pictures were made, so they are no untouched test set. Characters of scripts that no network saw need the
fonts of `cnn.datasets.writing_systems`.
"""

import json
import sys
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnn import zoo
from cnn.array_types import Array
from cnn.atomic_files import write_text
from cnn.datasets.evaluation_sets import find_picture_set
from cnn.evaluation.ood_samples import ood_digits
from cnn.inference.predict import predict
from cnn.metrics.calibration_error import expected_calibration_error, reliability_bins
from cnn.paths import ROOT
from cnn.perturbations import find_perturbation
from cnn.preprocessing import from_picture
from cnn.preprocessing.rasterize import BOX_PX, SIZE_PX, centre_of_mass

MEASURED = ROOT / "bench" / "measured_digits.json"
NOISE = (0.2, 0.3)  # standard deviations, of full brightness
SEED = 20_261_128  # of what is no digit: none that a training or a calibration has


class Digits(NamedTuple):
    """Pictures as the networks take them, and their labels."""

    images: Array
    labels: npt.NDArray[np.int64]


def mnist() -> Digits:
    """Take MNIST's test digits."""
    test = find_picture_set("mnist").read()
    return Digits(test.images / np.float32(255), test.labels)


def small_scans() -> Digits:
    """Take scikit-learn's digits, in a box of 20 px and centred by mass as MNIST's are (LeCun et al. 1998)."""
    from sklearn.datasets import load_digits

    found = load_digits()
    return Digits(np.stack([_as_mnist(grid) for grid in found.images])[..., None], found.target)


def small_pictures() -> Digits:
    """Read scikit-learn's digits as anybody's pictures: 8x8 px, no margin. What is no digit becomes an empty one."""
    from sklearn.datasets import load_digits

    found = load_digits()
    pictures = np.rint(found.images * (255 / 16)).astype(np.uint8)
    readings = [from_picture(picture).digits for picture in pictures]
    empty = np.zeros((SIZE_PX, SIZE_PX, 1), np.float32)
    return Digits(np.stack([digits[0].pixels if len(digits) == 1 else empty for digits in readings]), found.target)


def _as_mnist(grid: npt.NDArray[np.float64]) -> Array:
    """Enlarge the ink of a grid of 0 to 16: float32 (28, 28) in [0, 1]."""
    rows, columns = np.flatnonzero(grid.any(axis=1)), np.flatnonzero(grid.any(axis=0))
    ink = Image.fromarray(grid[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float32) / 16)
    size = tuple(max(1, round(side * BOX_PX / max(ink.size))) for side in ink.size)
    ink = np.clip(np.asarray(ink.resize(size, Image.Resampling.BICUBIC)), 0, 1)
    frame = np.zeros((3 * SIZE_PX, 3 * SIZE_PX), np.float32)
    frame[SIZE_PX : SIZE_PX + size[1], SIZE_PX : SIZE_PX + size[0]] = ink
    left, top = np.round(centre_of_mass(frame) - SIZE_PX / 2).astype(int)
    return frame[top : top + SIZE_PX, left : left + SIZE_PX]


def on_digits(network: zoo.Network, digits: Digits) -> tuple[float, float, float]:
    """Say how many are right, how many are refused, and the expected calibration error."""
    answers = predict(network, digits.images)
    right = np.array([answer.label for answer in answers]) == digits.labels
    confidence = np.array([answer.confidence for answer in answers], np.float32)
    refused = np.mean([not answer.in_distribution for answer in answers])
    return float(right.mean()), float(refused), expected_calibration_error(reliability_bins(confidence, right))


def measure(network: zoo.Network, sets: dict[str, Digits]) -> dict[str, float]:
    """Measure every share of one network, by what it is a share of."""
    shares: dict[str, float] = {}
    for title, digits in sets.items():
        for what, share in zip(("right", "refused", "calibration error"), on_digits(network, digits), strict=True):
            shares[f"{title}: {what}"] = share
    for deviation in NOISE:
        noisy = find_perturbation("noise")(sets["MNIST"].images, deviation, seed=0)
        right = network.runner(noisy).argmax(axis=1) == sets["MNIST"].labels
        shares[f"MNIST under noise of {deviation}: right"] = float(right.mean())
    for kind, drawn in ood_digits(SEED).items():
        shares[f"{kind} told as no digit"] = float(
            np.mean([not answer.in_distribution for answer in predict(network, drawn)])
        )
    return shares


def main(names: list[str]) -> None:
    """Print a row a figure and a column a network, and keep the figures."""
    networks = [zoo.load_network(name) for name in names or zoo.network_names("mnist")]
    sets = {"MNIST": mnist(), "scikit-learn's": small_scans(), "the same as pictures": small_pictures()}
    measured = {network.name: measure(network, sets) for network in networks}
    print("| |" + "|".join(network.card.title for network in networks) + "|\n|" + "---|" * (1 + len(networks)))
    for row in next(iter(measured.values())):
        print(f"|{row}|" + "|".join(f"{shares[row]:.2%}" for shares in measured.values()) + "|")
    kept = json.loads(MEASURED.read_text("utf-8")) if MEASURED.exists() else {}
    for network in networks:
        shares = {row: round(share, 6) for row, share in measured[network.name].items()}
        kept[network.name] = {"sha256": network.card.sha256, "shares": shares}
    write_text(MEASURED, json.dumps(kept, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
