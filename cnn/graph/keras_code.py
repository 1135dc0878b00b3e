"""The line of Keras that makes a layer, from its settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cnn.graph import INPUT_KIND, Layer


@dataclass(frozen=True, slots=True)
class CodeForm:
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
POOL_ARGUMENTS: Final = CodeForm(("pool_size",), {"strides": "pool_size", "padding": "valid"})
CODE_FORMS: Final[Mapping[str, CodeForm]] = {
    "Activation": CodeForm(("activation",)),
    "Add": CodeForm(),
    "AveragePooling2D": POOL_ARGUMENTS,
    "BatchNormalization": CodeForm((), {"epsilon": 1e-3, "momentum": 0.99, "scale": True}),
    "Concatenate": CodeForm(),
    "Conv2D": CodeForm(
        ("filters", "kernel_size"), {"strides": ONE, "padding": "valid", "dilation_rate": ONE, "groups": 1, **LAST}
    ),
    "Dense": CodeForm(("units",), LAST),
    "DepthwiseConv2D": CodeForm(
        ("kernel_size",), {"strides": ONE, "padding": "valid", "dilation_rate": ONE, "depth_multiplier": 1, **LAST}
    ),
    "Dropout": CodeForm(("rate",)),
    "Flatten": CodeForm(),
    "GlobalAveragePooling2D": CodeForm(),
    "MaxPooling2D": POOL_ARGUMENTS,
    "ReLU": CodeForm((), {"max_value": None, "negative_slope": 0.0, "threshold": 0.0}),
    "Rescaling": CodeForm(("scale",), {"offset": 0.0}),
    "UnitNormalization": CodeForm(),
    "ZeroPadding2D": CodeForm(("padding",)),
}


def keras_code_line(layer: Layer) -> str:
    """Write a layer as one line, such as `layers.Conv2D(16, 3, padding="same", activation="relu")`."""
    if layer.kind == INPUT_KIND:
        return f"keras.Input({layer.shape})"
    if layer.kind == "Pad":
        return f"ops.pad(x, {_value(layer.config['pad_width'])})"
    if layer.kind not in CODE_FORMS:
        return f"{layer.kind}()"  # a layer of the project's own
    form = CODE_FORMS[layer.kind]
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
