"""The proof: every format, read back from its file, answers the same pictures as the pages do. No TensorFlow."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from cnn.array_types import Array, Pixels
from cnn.bundle.source import DIGITS, FEATURES, Source
from cnn.datasets.evaluation_sets import evaluation_sets_for
from cnn.errors import BrokenNetwork
from cnn.evaluation.ood_samples import SAMPLE_PHOTOS
from cnn.media import image_decoding

PICTURES: Final = 64  # that each format answers
TOLERANCE: Final = 1e-3  # of a probability or a likeness; of features, of the largest one
CIFAR10: Final = "cifar10"
LEAST_PX: Final = 120  # of a side of a sample photo's part


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a format's proof came to.

    Attributes:
        file: of the format.
        title: what people call it.
        engine: that answered, with its version.
        pictures: that it answered.
        difference: the largest one to what the pages answer; see TOLERANCE.
        bytes: of the file.
        sha256: of the file.
    """

    file: str
    title: str
    engine: str
    pictures: int
    difference: float
    bytes: int
    sha256: str


def proof_pictures(source: Source) -> list[Pixels]:
    """Choose what is asked, always the same: test pictures, or parts of the sample photos, of as many sizes."""
    data = source.network.card.data
    if data in (DIGITS, CIFAR10):
        test = next(one for one in evaluation_sets_for(data) if not one.files).read()
        step = len(test.images) // PICTURES
        return list(test.images[::step][:PICTURES])
    random = np.random.default_rng(0)
    photos = [image_decoding.decode_image_file(path).pixels for path in sorted(SAMPLE_PHOTOS.glob("*.jpg"))]
    return [_part(photos[number % len(photos)], random) for number in range(PICTURES)]


def _part(pixels: Pixels, random: np.random.Generator) -> Pixels:
    height, width = (int(random.integers(min(LEAST_PX, side), side + 1)) for side in pixels.shape[:2])
    top, left = random.integers(pixels.shape[0] - height + 1), random.integers(pixels.shape[1] - width + 1)
    return np.ascontiguousarray(pixels[top : top + height, left : left + width])


def largest_difference(
    title: str, answer: Callable[[Pixels], dict[str, Array]], pictures: list[Pixels], wanted: dict[str, Array]
) -> float:
    """Ask a format all pictures, and compare.

    Args:
        title: of the format, for the error.
        answer: asks it one picture.
        pictures: what is asked.
        wanted: what the pages answer, as `Source.page_answers` gives it.
    Raises: BrokenNetwork: it differs by more than TOLERANCE, gives no numbers, or does not give all that is wanted.
    """
    answers = [answer(one) for one in pictures]
    apart = max(_apart(name, [one.get(name) for one in answers], rows) for name, rows in wanted.items())
    if not apart <= TOLERANCE:
        raise BrokenNetwork(
            f"{title} does not answer as the pages do: they differ by {apart:.2g}, and up to {TOLERANCE:g} is allowed. "
            "Nothing was handed over."
        )
    return apart


def _apart(name: str, found: list[Array | None], wanted: Array) -> float:
    """Give the largest difference; of features by the largest one; infinite where something is no number."""
    scale = max(float(np.abs(wanted).max()), 1e-12) if name == FEATURES else 1.0
    if any(one is None or one.shape != wanted.shape[1:] for one in found):
        return math.inf
    apart = float(np.abs(np.stack(found) - wanted).max()) / scale  # type: ignore[arg-type]
    return apart if math.isfinite(apart) else math.inf
