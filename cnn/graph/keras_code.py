"""The line of Keras that makes a layer, from its settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cnn.graph import IMAGE, Layer


@dataclass(frozen=True, slots=True)
class Form:
    """How a kind of layer is written.

    Attributes:
        first: settings that stand without a name.
        named: settings that are left out where they are what Keras takes by itself: that value, or the name of
            the setting whose value it is.
    """

    first: tuple[str, ...] = ()
    named: Mapping[str, Any] = field(default_factory=dict)


ONE: Final = (1, 1)
LAST: Final = {"activation": "linear", "use_bias": True}
POOL: Final = Form(("pool_size",), {"strides": "pool_size", "padding": "valid"})
FORMS: Final[Mapping[str, Form]] = {
    "Activation": Form(("activation",)),
    "Add": Form(),
    "AveragePooling2D": POOL,
    "BatchNormalization": Form((), {"epsilon": 1e-3, "momentum": 0.99, "scale": True}),
    "Concatenate": Form(),
    "Conv2D": Form(
        ("filters", "kernel_size"), {"strides": ONE, "padding": "valid", "dilation_rate": ONE, "groups": 1, **LAST}
    ),
    "Dense": Form(("units",), LAST),
    "DepthwiseConv2D": Form(
        ("kernel_size",), {"strides": ONE, "padding": "valid", "dilation_rate": ONE, "depth_multiplier": 1, **LAST}
    ),
    "Dropout": Form(("rate",)),
    "Flatten": Form(),
    "GlobalAveragePooling2D": Form(),
    "MaxPooling2D": POOL,
    "ReLU": Form((), {"max_value": None, "negative_slope": 0.0, "threshold": 0.0}),
    "Rescaling": Form(("scale",), {"offset": 0.0}),
    "ZeroPadding2D": Form(("padding",)),
}


def line(layer: Layer) -> str:
    """Write a layer as one line, such as `layers.Conv2D(16, 3, padding="same", activation="relu")`."""
    if layer.kind == IMAGE:
        return f"keras.Input({layer.shape})"
    if layer.kind == "Pad":
        return f"ops.pad(x, {_value(layer.config['pad_width'])})"
    if layer.kind not in FORMS:
        return f"{layer.kind}()"  # a layer of the project's own
    form = FORMS[layer.kind]
    first = [_value(layer.config[name]) for name in form.first]
    named = [f"{name}={_value(layer.config[name])}" for name in form.named if _counts(layer, name, form.named[name])]
    return f"layers.{layer.kind}({', '.join([*first, *named])})"


def _counts(layer: Layer, name: str, idle: Any) -> bool:
    """Say whether a setting differs from what Keras takes by itself."""
    usual = layer.config[idle] if isinstance(idle, str) and idle in layer.config else idle
    return name in layer.config and layer.config[name] != usual


def _value(value: Any) -> str:
    """Write a setting; (3, 3) is 3, as Keras reads it."""
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, tuple | list):
        whole = isinstance(value[0], int) and len(value) == 2 and value[0] == value[1]
        return str(value[0]) if whole else f"({', '.join(map(_value, value))})"
    return f"{value:g}" if isinstance(value, float) else str(value)
