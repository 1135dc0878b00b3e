"""The function behind each of `ATTRIBUTION_METHODS`. Importing this loads no TensorFlow; a network does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from cnn.array_types import Array
from cnn.attribution import class_activation, input_gradients
from cnn.attribution.occlusion import occlusion_sensitivity
from cnn.errors import UnknownName
from cnn.progress import ProgressSteps

if TYPE_CHECKING:
    from cnn.attribution.gradient_model import GradientModel

ImmediateAttribution = Callable[..., Array]


class AttributionEngines(Protocol):
    """A network's two engines."""

    @property
    def gradient_model(self) -> GradientModel:
        """Gives gradients."""

    @property
    def temperature(self) -> float:
        """Say what logits are divided by before the softmax, so that probabilities are those of the answers."""

    def scores(self, images: Array) -> Array:
        """Give logits (n, classes), the fastest way."""


AttributionFunction = Callable[[AttributionEngines, Array, int, "str | None"], ProgressSteps[Array]]


def _of_maps(method: ImmediateAttribution) -> AttributionFunction:
    """Take the layer into account, in one step."""

    def way(asked: AttributionEngines, image: Array, label: int, layer: str | None) -> ProgressSteps[Array]:
        yield from ()
        return method(asked.gradient_model, image, label, layer)

    return way


def _of_pixels(method: ImmediateAttribution) -> AttributionFunction:
    def way(asked: AttributionEngines, image: Array, label: int, _: str | None) -> ProgressSteps[Array]:
        yield from ()
        return method(asked.gradient_model, image, label)

    return way


def _occlusion(asked: AttributionEngines, image: Array, label: int, _: str | None) -> ProgressSteps[Array]:
    asked.gradient_model.check_input(image, label)
    return occlusion_sensitivity(lambda images: asked.scores(images) / np.float32(asked.temperature), image, label)


ATTRIBUTION_FUNCTIONS: Final[Mapping[str, AttributionFunction]] = {
    "grad-cam": _of_maps(class_activation.grad_cam),
    "grad-cam++": _of_maps(class_activation.grad_cam_plus_plus),
    "layer-cam": _of_maps(class_activation.layer_cam),
    "score-cam": lambda asked, image, label, layer: class_activation.score_cam(
        asked.gradient_model, asked.scores, image, label, layer
    ),
    "saliency": _of_pixels(input_gradients.saliency),
    "smoothgrad": lambda asked, image, label, _: input_gradients.smooth_grad(asked.gradient_model, image, label),
    "integrated-gradients": lambda asked, image, label, _: input_gradients.integrated_gradients(
        asked.gradient_model, image, label
    ),
    "guided-backpropagation": _of_pixels(input_gradients.guided_backpropagation),
    "occlusion": _occlusion,
}


def compute_attribution(
    name: str, asked: AttributionEngines, image: Array, label: int, layer: str | None = None
) -> ProgressSteps[Array]:
    """Look for evidence.

    Args:
        name: of the method.
        asked: the network.
        image: float32 (height, width, channels) in [0, 1].
        label: of the class.
        layer: whose maps are weighed; the last ones if None.
    Returns: steps to a map, float32 (height, width) in [0, 1], as fine as the method is.
    Raises: UnknownName: the method or the layer. BadInput: a wrong shape, or a label out of range.
    """
    if name not in ATTRIBUTION_FUNCTIONS:
        raise UnknownName("method", name, ATTRIBUTION_FUNCTIONS)
    return ATTRIBUTION_FUNCTIONS[name](asked, image, label, layer)
