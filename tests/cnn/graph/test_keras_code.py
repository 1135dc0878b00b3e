"""The line that makes a layer: built again with Keras, it has the layer's own settings."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from cnn import zoo
from cnn.graph import Layer
from cnn.graph.keras_code import CODE_FORMS, keras_code_line
from cnn.layers import activations


def built(text: str) -> Any:
    """Make the layer that a line names; its arguments are plain values."""
    from keras import layers

    call = ast.parse(text, mode="eval").body
    assert isinstance(call, ast.Call)
    assert isinstance(call.func, ast.Attribute)
    values = [ast.literal_eval(one) for one in call.args]
    named = {one.arg: ast.literal_eval(one.value) for one in call.keywords if one.arg}
    return getattr(layers, call.func.attr)(*values, **named)


def same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, float | int) and isinstance(theirs, float | int):
        return ours == pytest.approx(theirs, rel=1e-5)
    if isinstance(ours, tuple | list) and isinstance(theirs, tuple | list):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    return bool(ours == theirs)


@pytest.mark.parametrize("name", zoo.network_names())
def test_keras_makes_the_same_layer_of_it(name: str) -> None:
    seen = 0
    for layer in activations.open_network(name).graph.layers:
        if layer.kind not in CODE_FORMS:
            continue
        settings = built(keras_code_line(layer)).get_config()
        for setting in layer.config.keys() & settings.keys() - {"axis"}:
            assert same(layer.config[setting], settings[setting]), (keras_code_line(layer), setting)
            seen += 1
    assert seen > 20


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        ("c1", 'layers.Conv2D(6, 5, padding="same", activation="tanh")'),
        ("s2", "layers.AveragePooling2D(2)"),
        ("image", "keras.Input((28, 28, 1))"),
        ("f6", 'layers.Dense(84, activation="tanh")'),
    ],
)
def test_lines_of_lenet(layer: str, text: str) -> None:
    assert keras_code_line(activations.open_network("mnist/lenet").graph.layer(layer)) == text


def test_what_keras_has_no_layer_for() -> None:
    padded = Layer("it", "Pad", ("a",), (1, 1, 2), 0, {"pad_width": ([0, 0], [0, 0], [0, 0], [0, 1])}, {})
    assert keras_code_line(padded) == "ops.pad(x, (0, 0, 0, (0, 1)))"
    assert keras_code_line(Layer("it", "CaffeInput", ("a",), (1, 1, 3), 0, {}, {})) == "CaffeInput()"
    sides = Layer("it", "ZeroPadding2D", ("a",), (5, 5, 3), 0, {"padding": ([3, 3], [3, 3])}, {})
    assert keras_code_line(sides) == "layers.ZeroPadding2D((3, 3))"
