"""What stands behind a sum: ReLU and its kin, and tanh, as the layers' settings name them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cnn.errors import UnknownName
from cnn.graph import Layer

LINEAR, RELU, TANH = "linear", "relu", "tanh"
RELU6_CAP = 6.0


@dataclass(frozen=True, slots=True)
class ActivationFunction:
    """A function of one number.

    Attributes:
        name: "linear", "relu" or "tanh".
        most: where a ReLU is cut off, such as 6; None where it is not.
        slope: of a ReLU under its threshold.
        threshold: of a ReLU.
    """

    name: str = LINEAR
    most: float | None = None
    slope: float = 0.0
    threshold: float = 0.0

    def __call__(self, number: float) -> float:
        """Apply it, as `keras.ops` does."""
        if self.name == TANH:
            return float(np.tanh(number))
        if self.name == LINEAR:
            return number
        if self.most is not None and number >= self.most:
            return self.most
        return number if number >= self.threshold else self.slope * (number - self.threshold)

    @property
    def title(self) -> str:
        """Name it for people, such as "ReLU6"."""
        cut = "" if self.most is None else f"{self.most:g}"
        return {LINEAR: "nothing", TANH: "tanh"}.get(self.name, f"ReLU{cut}")


def activation_function_of(layer: Layer) -> ActivationFunction:
    """Find what a layer applies last.

    Raises: UnknownName: it applies something else.
    """
    config = layer.config
    if layer.kind == "ReLU":
        return ActivationFunction(RELU, config.get("max_value"), config["negative_slope"], config["threshold"])
    name = config.get("activation", LINEAR)
    if name == "relu6":
        return ActivationFunction(RELU, RELU6_CAP)
    if name not in (LINEAR, RELU, TANH):
        raise UnknownName("activation", name, (LINEAR, RELU, "relu6", TANH))
    return ActivationFunction(name)
