"""How a network takes pictures: what range, what mean and deviation, which order of colours. No TensorFlow.

A file of weights does not say. The table holds what people use most; what its guess gives for a photo shows which is
right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from cnn.architectures.imagenet_mean import CAFFE_MEAN, RGB_SCALE_OFFSET
from cnn.array_types import Array
from cnn.errors import BadInput

LEVELS: Final = 255.0
MNIST_MEAN, MNIST_DEVIATION = 0.1307, 0.3081  # of MNIST's training pixels, as PyTorch's example takes them off
LUMA: Final = (0.299, 0.587, 0.114)  # of red, green, blue: grey as Pillow and OpenCV make it (ITU-R BT.601)


@dataclass(frozen=True, slots=True)
class InputForm:
    """What is made of a picture in [0, 1] before a network sees it: each channel times `scale` plus `offset`.

    Attributes:
        scale, offset: one number, or one for each channel in the order in which the network takes them.
        bgr: the network takes blue first.
    """

    scale: tuple[float, ...] = (1.0,)
    offset: tuple[float, ...] = (0.0,)
    bgr: bool = False

    def __call__(self, images: Array) -> Array:
        """Turn float32 (..., channels) in [0, 1] into what the network takes, of the same shape."""
        turned = images[..., ::-1] if self.bgr else images
        return np.asarray(turned * np.array(self.scale, np.float32) + np.array(self.offset, np.float32), np.float32)

    @property
    def unchanged(self) -> bool:
        """Say whether it changes nothing."""
        return not self.bgr and set(self.scale) == {1.0} and set(self.offset) == {0.0}


@dataclass(frozen=True, slots=True)
class GuessedForm:
    """A form that many networks take.

    Attributes:
        title: what it is called.
        users: who takes pictures so.
        form: of it.
        channels: for networks with so many; 0 for any.
    """

    title: str
    users: str
    form: InputForm
    channels: int = 0


INPUT_FORMS: Final[Mapping[str, GuessedForm]] = {
    "unit": GuessedForm("0 to 1", "most networks that people train themselves", InputForm()),
    "signed": GuessedForm("-1 to 1", "MobileNet, Inception, Xception, Teachable Machine", InputForm((2.0,), (-1.0,))),
    "bytes": GuessedForm("0 to 255", "networks that rescale by themselves, such as EfficientNet", InputForm((LEVELS,))),
    "imagenet": GuessedForm(
        "ImageNet's mean and deviation, RGB",
        "PyTorch's and timm's networks, DenseNet",
        InputForm(tuple(RGB_SCALE_OFFSET[0]), tuple(RGB_SCALE_OFFSET[1])),
        3,
    ),
    "caffe": GuessedForm(
        "0 to 255 less ImageNet's mean, BGR",
        "VGG and ResNet of Keras, networks from Caffe",
        InputForm((LEVELS,), tuple(-one for one in CAFFE_MEAN), bgr=True),
        3,
    ),
    "inverted": GuessedForm("1 to 0: dark is 1", "digits, of networks for dark ink", InputForm((-1.0,), (1.0,)), 1),
    "mnist": GuessedForm(
        "MNIST's mean and deviation",
        "PyTorch's example of digits",
        InputForm((1 / MNIST_DEVIATION,), (-MNIST_MEAN / MNIST_DEVIATION,)),
        1,
    ),
}


def forms_for(channels: int) -> dict[str, GuessedForm]:
    """List the guesses that fit a network of so many channels."""
    return {name: guess for name, guess in INPUT_FORMS.items() if guess.channels in (0, channels)}


def own_form(
    highest: float, mean: tuple[float, ...] = (0.0,), deviation: tuple[float, ...] = (1.0,), bgr: bool = False
) -> InputForm:
    """Make a form: pixels in [0, highest], less `mean`, over `deviation`.

    Args:
        highest: what white is before the mean is taken off, such as 1 or 255.
        mean: one number, or one for each channel in the order in which the network takes them.
        deviation: likewise.
        bgr: the network takes blue first.
    Raises: BadInput: a number is not finite, or a deviation or `highest` is 0.
    """
    numbers = (highest, *mean, *deviation)
    if not np.isfinite(numbers).all() or highest == 0 or 0 in deviation:
        raise BadInput("A mean and a deviation are numbers, and neither a deviation nor the highest value is 0.")
    if {len(mean), len(deviation)} - {1, 3}:
        raise BadInput("A mean and a deviation are one number, or three: for red, green and blue.")
    both = max(len(mean), len(deviation))
    wide = mean * both if len(mean) == 1 else mean, deviation * both if len(deviation) == 1 else deviation
    return InputForm(
        tuple(highest / one for one in wide[1]), tuple(-one / over for one, over in zip(*wide, strict=True)), bgr
    )


def form_in_words(form: InputForm) -> str:
    """Say how a network takes pictures."""
    for guess in INPUT_FORMS.values():
        if guess.form == form:
            return guess.title
    scale, offset = (", ".join(f"{one:.4g}" for one in numbers) for numbers in (form.scale, form.offset))
    return f"each pixel in [0, 1] times {scale} plus {offset}{', blue first' if form.bgr else ''}"
