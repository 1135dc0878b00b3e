"""The methods that look for evidence, one typed table: what each needs and how long it takes. No TensorFlow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from cnn.architectures import find_architecture
from cnn.attribution.input_gradients import SMOOTHGRAD_SAMPLES, SMOOTHGRAD_SAMPLES_LARGE
from cnn.attribution.occlusion import OCCLUSION_CELLS

DEFAULT_METHOD: Final = "grad-cam"
LARGE_MULTIPLY_ADDS: Final = 100_000_000  # of networks whose pictures are large; the small ones have 41 million at most


@dataclass(frozen=True, slots=True)
class NetworkTraits:
    """What decides which methods fit a network, and how long they take.

    Attributes:
        multiply_adds: of one answer.
        maps: of its last layer of maps.
        relu: it has ReLUs.
    """

    multiply_adds: int
    maps: int
    relu: bool


@dataclass(frozen=True, slots=True)
class AttributionMethod:
    """A way to look for evidence.

    Attributes:
        title: what people call it.
        paper: authors, year and where to read it.
        idea: how it works, in one sentence.
        detail: how fine it is: of the layer's maps, of the pixels, or of the patches that hide.
        passes: how many answers, with or without their gradients, it takes.
        gradients: it needs them; else answers alone.
        relu: it fits only networks with ReLUs.
    """

    title: str
    paper: str
    idea: str
    detail: Literal["maps", "pixels", "patches"]
    passes: Callable[[NetworkTraits], int]
    gradients: bool = True
    relu: bool = False


ATTRIBUTION_METHODS: Final[Mapping[str, AttributionMethod]] = {
    "grad-cam": AttributionMethod(
        "Grad-CAM",
        "Selvaraju et al. 2017, arXiv:1610.02391",
        "Adds the last maps, each weighed by how much the class would gain from more of it.",
        "maps",
        lambda _: 1,
    ),
    "grad-cam++": AttributionMethod(
        "Grad-CAM++",
        "Chattopadhay et al. 2018, arXiv:1710.11063",
        "As Grad-CAM, but counts positive gradients alone, so that several things of one class all show.",
        "maps",
        lambda _: 1,
    ),
    "layer-cam": AttributionMethod(
        "Layer-CAM",
        "Jiang et al. 2021, doi:10.1109/TIP.2021.3089943",
        "Weighs each place of each map by its own gradient, not each map as a whole.",
        "maps",
        lambda _: 1,
    ),
    "score-cam": AttributionMethod(
        "Score-CAM",
        "Wang et al. 2020, arXiv:1910.01279",
        "Shows the network the picture through each map in turn and weighs the map by the score; no gradients.",
        "maps",
        lambda facts: facts.maps,
        gradients=False,
    ),
    "saliency": AttributionMethod(
        "Gradient saliency",
        "Simonyan et al. 2014, arXiv:1312.6034",
        "Shows which pixels change the score most if they change a little.",
        "pixels",
        lambda _: 1,
    ),
    "smoothgrad": AttributionMethod(
        "SmoothGrad",
        "Smilkov et al. 2017, arXiv:1706.03825",
        f"Averages the gradients of {SMOOTHGRAD_SAMPLES} noisy copies of the picture, of {SMOOTHGRAD_SAMPLES_LARGE} "
        "where it is large: less speckled than one gradient. On a large photo other noise would give another map.",
        "pixels",
        lambda facts: SMOOTHGRAD_SAMPLES if facts.multiply_adds < LARGE_MULTIPLY_ADDS else SMOOTHGRAD_SAMPLES_LARGE,
    ),
    "integrated-gradients": AttributionMethod(
        "Integrated gradients",
        "Sundararajan et al. 2017, arXiv:1703.01365",
        "Follows the gradient from a black picture to this one; the shares of all pixels add up to by how much this "
        "one's score is above the black one's.",
        "pixels",
        lambda _: 128,  # 32 to 1024 steps: as many as the sum needs; the median of what was measured
    ),
    "guided-backpropagation": AttributionMethod(
        "Guided backpropagation",
        "Springenberg et al. 2015, arXiv:1412.6806",
        "A gradient that follows only paths that speak for the class; sharp, but it hardly depends on the class.",
        "pixels",
        lambda _: 1,
        relu=True,
    ),
    "occlusion": AttributionMethod(
        "Occlusion",
        "Zeiler & Fergus 2014, arXiv:1311.2901",
        "Hides one place after the other and sees how far the probability falls; no gradients.",
        "patches",
        lambda _: OCCLUSION_CELLS * OCCLUSION_CELLS,
        gradients=False,
    ),
}

# Multiply-adds a second on two cores of an AVX2 processor: the slower end of what was measured beside other work
# (5.7 to 7.7 and 12 to 21 thousand million), and the least that one pass takes whatever the network.
GRADIENT_SPEED: Final = 4e9
ANSWER_SPEED: Final = 12e9
LEAST_MS: Final = 0.05
SLOW_S: Final = 1.0  # from here on a method says how long it takes


def network_traits(architecture: str, multiply_adds: int, channels: int) -> NetworkTraits:
    """Say what decides which methods fit a network of that architecture.

    Args:
        architecture: a key of the tables in `cnn.architectures`.
        multiply_adds: of one answer.
        channels: of its input, 1 or 3.
    Raises: UnknownName: there is no such architecture.
    """
    found = find_architecture(architecture)
    maps = found.colour_maps if channels == 3 and found.colour_maps else found.maps
    return NetworkTraits(multiply_adds, maps, found.relu)


def applicable_methods(network: NetworkTraits) -> tuple[str, ...]:
    """List the methods that fit a network, in the order of METHODS."""
    return tuple(name for name, method in ATTRIBUTION_METHODS.items() if network.relu or not method.relu)


def estimate_seconds(name: str, network: NetworkTraits) -> float:
    """Estimate how long a method takes on a network, once the process has loaded both."""
    method = ATTRIBUTION_METHODS[name]
    speed = GRADIENT_SPEED if method.gradients else ANSWER_SPEED
    return method.passes(network) * max(LEAST_MS / 1000, network.multiply_adds / speed)
