"""What a converted network answers is what the package answers that its weights came from, on 64 crops of photos.

`scripts/compare_sources.py` writes the packages' answers; published sizes are beside them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pytest

from cnn import zoo
from cnn.array_types import Array
from cnn.evaluation.sample_crops import sample_crops
from tests.support.slow import but_heavy

ANSWERS: Final = Path(__file__).parent / "source_answers"
CROPS: Final = 64


class Published(NamedTuple):
    """What is published of a network, and how far ours may be from its source."""

    parameters: int
    multiply_adds: int
    apart: float  # of the greatest output, at most
    from_mean: bool = False  # its source is known up to one number a picture


PUBLISHED: Final = {
    # torchvision's table: 1,235,496 parameters, 0.35 billion multiply-adds at 224 px
    "squeezenet": Published(1_235_496, 349_151_936, apart=1e-5),
    # He et al. 2015, table 1: 3.8 billion; kernels of 100,000 numbers and more have 8 bits
    "resnet50": Published(25_636_712, 3_857_973_248, apart=0.015, from_mean=True),
    # torchvision's AlexNet, 61,100,840 and 0.71 billion, without its dense layers' 58,631,144 and 58,621,952
    # torchvision's VGG-16, 138,357,544 and 15.47 billion, without its dense layers; large kernels have 8 bits
    "vgg16_features": Published(138_357_544 - 123_642_856, 15_470_264_320 - 123_633_664, apart=0.01),
    "alexnet_features": Published(61_100_840 - 58_631_144, 714_188_480 - 58_621_952, apart=1e-5),
}


@pytest.fixture(scope="module")
def crops() -> Array:
    return sample_crops(CROPS, 224)


@pytest.mark.parametrize("name", PUBLISHED)
def test_it_has_the_published_size(name: str) -> None:
    card = zoo.read_card(f"imagenet/{name}")
    assert (card.parameters, card.multiply_adds) == (PUBLISHED[name].parameters, PUBLISHED[name].multiply_adds)


@pytest.mark.parametrize("name", [but_heavy(f"imagenet/{name}") for name in PUBLISHED])
def test_it_answers_what_its_source_answers(name: str, crops: Array) -> None:
    published, source = PUBLISHED[name.split("/")[1]], np.load(ANSWERS / f"{name.split('/')[1]}.npz")
    places, values = source["places"].astype(int), source["values"]
    runner = zoo.load_network(name).runner
    ours = np.concatenate([runner(one[None]) for one in crops])
    if published.from_mean:
        ours -= ours.mean(1, keepdims=True)
    assert np.abs(np.take_along_axis(ours, places, 1) - values).max() <= published.apart * values.max()
    if zoo.has_classifier(name):
        np.testing.assert_array_equal(ours.argmax(1), places[:, 0])
