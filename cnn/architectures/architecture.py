"""What every architecture is: a name, a paper, an idea, a smallest input and a builder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cnn.errors import TooSmall

if TYPE_CHECKING:
    import keras

Shape = tuple[int, int, int]
FEATURES: Final = "features"  # the last layer of a network without a classifier: float32 (batch, maps)


@dataclass(frozen=True, slots=True)
class Architecture:
    """A family of networks.

    Attributes:
        title: the name people use, such as "ResNet-20".
        year: of the paper; 0 where a person built it.
        paper: authors, title and where to read it.
        idea: what it brought, in one sentence.
        min_size: the smallest height and width in pixels that it takes, so that each halving
            still has two pixels to halve.
        maps: of its last layer of maps, which class activation maps weigh ...
        colour_maps: ... and of the form that pictures in colour get, where it is another; 0 where it is the same.
        builder: (height, width, channels), classes -> an untrained model that returns logits.
            It imports Keras itself, so that this table can be read without TensorFlow.
        relu: it has ReLUs, which guided backpropagation needs.
        classifier: it ends in logits; else in the layer FEATURES, the means of its last maps.
    """

    title: str
    year: int
    paper: str
    idea: str
    min_size: int
    maps: int
    builder: Callable[[Shape, int], keras.Model]
    colour_maps: int = 0
    relu: bool = True
    classifier: bool = True

    def build(self, shape: Shape, classes: int) -> keras.Model:
        """Make an untrained network.

        Args:
            shape: (height, width, channels) of one input, height and width in pixels.
            classes: how many logits it returns, at least 2; 0 of a network without a classifier.
        Returns: a model from float32 (batch, *shape) in [0, 1] to logits, float32 (batch, classes); without a
            classifier to features, float32 (batch, maps).
        Raises: TooSmall: height or width is under `min_size`.
        """
        height, width, _ = shape
        if min(height, width) < self.min_size:
            raise TooSmall(
                f"{self.title} cannot take {height}x{width} pixels: "
                f"its smallest input is {self.min_size}x{self.min_size}."
            )
        return self.builder(shape, classes)
