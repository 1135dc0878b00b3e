"""What stands behind each method of `methods.METHODS`. Importing this loads no TensorFlow; a network does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, Protocol

from cnn.array_types import Array
from cnn.attribution import class_activation, input_gradients
from cnn.attribution.occlusion import occlusion
from cnn.errors import UnknownName
from cnn.progress import Steps

if TYPE_CHECKING:
    from cnn.attribution.gradient_model import Compiled

AtOnce = Callable[..., Array]


class Asked(Protocol):
    """A network's two engines."""

    @property
    def compiled(self) -> Compiled:
        """Gives gradients."""

    def scores(self, images: Array) -> Array:
        """Give logits (n, classes), the fastest way."""


Way = Callable[[Asked, Array, int, "str | None"], Steps[Array]]


def _of_maps(method: AtOnce) -> Way:
    """Take the layer into account, in one step."""

    def way(asked: Asked, image: Array, label: int, layer: str | None) -> Steps[Array]:
        yield from ()
        return method(asked.compiled, image, label, layer)

    return way


def _of_pixels(method: AtOnce) -> Way:
    def way(asked: Asked, image: Array, label: int, _: str | None) -> Steps[Array]:
        yield from ()
        return method(asked.compiled, image, label)

    return way


def _occlusion(asked: Asked, image: Array, label: int, _: str | None) -> Steps[Array]:
    asked.compiled.check(image, label)
    return occlusion(asked.scores, image, label)


WAYS: Final[Mapping[str, Way]] = {
    "grad-cam": _of_maps(class_activation.grad_cam),
    "grad-cam++": _of_maps(class_activation.grad_cam_plus_plus),
    "layer-cam": _of_maps(class_activation.layer_cam),
    "score-cam": lambda asked, image, label, layer: class_activation.score_cam(
        asked.compiled, asked.scores, image, label, layer
    ),
    "saliency": _of_pixels(input_gradients.saliency),
    "smoothgrad": lambda asked, image, label, _: input_gradients.smooth_grad(asked.compiled, image, label),
    "integrated-gradients": lambda asked, image, label, _: input_gradients.integrated_gradients(
        asked.compiled, image, label
    ),
    "guided-backpropagation": _of_pixels(input_gradients.guided_backpropagation),
    "occlusion": _occlusion,
}


def look(name: str, asked: Asked, image: Array, label: int, layer: str | None = None) -> Steps[Array]:
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
    if name not in WAYS:
        raise UnknownName("method", name, WAYS)
    return WAYS[name](asked, image, label, layer)
