"""A .tflite file becomes layers of Keras that answer as the file does: float32, 16 and 8 bits; others are named."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnn import zoo
from cnn.errors import BadInput

SIDE = 16


@cache
def converted(bits: int) -> bytes:
    """Convert a small network with every operation that is known, its weights and activations in so many bits."""
    from cnn.keras_backend import keras, tf

    layers = keras.layers
    keras.utils.set_random_seed(2)
    image = keras.Input((SIDE, SIDE, 3), batch_size=1)
    x = layers.Rescaling(2.0, -1.0)(image)
    x = layers.Conv2D(8, 3, 2, padding="same", use_bias=False)(layers.ZeroPadding2D(((0, 1), (1, 0)))(x))
    x = layers.ReLU(6)(layers.BatchNormalization()(x))
    y = layers.DepthwiseConv2D(3, padding="same", activation="relu")(x)
    y = layers.Activation("hard_silu")(layers.Conv2D(8, 1, activation="tanh")(y))
    gate = layers.Conv2D(8, 1, activation="sigmoid")(layers.GlobalAveragePooling2D(keepdims=True)(y))
    x = layers.Concatenate()([layers.Add()([x, layers.Multiply()([y, gate])]), layers.Subtract()([x, y])])
    x = layers.AveragePooling2D(2)(layers.MaxPooling2D(2)(x))
    x = layers.Dense(12, activation="relu")(layers.Flatten()(x))
    model = keras.Model(image, layers.Dense(5, activation="softmax")(x))
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    if bits < 32:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if bits == 16:
        converter.target_spec.supported_types = [tf.float16]
    if bits == 8:
        noise = np.random.default_rng(0).random((16, 1, SIDE, SIDE, 3), np.float32)
        converter.representative_dataset = lambda: ([one] for one in noise)
        converter.inference_input_type = converter.inference_output_type = tf.uint8
    return bytes(converter.convert())


def read(folder: Path, content: bytes) -> tuple[Any, tuple[str, ...]]:
    from cnn.importing.tflite_file import load_tflite_file

    (folder / "file.tflite").write_bytes(content)
    return load_tflite_file(folder / "file.tflite")


def layer_kinds(model: Any) -> Iterator[str]:
    return (type(one).__name__ for one in model.layers)


@pytest.mark.filterwarnings("ignore:Statistics for quantized inputs")  # TensorFlow's, of every such conversion
@pytest.mark.parametrize("bits", [32, 16, 8])
def test_its_layers_answer_as_the_file_does(tmp_path: Path, bits: int) -> None:
    """`load_tflite_file` compares both itself; what is looked at here is that it found all layers."""
    model, labels = read(tmp_path, converted(bits))
    assert labels == ()
    kinds = list(layer_kinds(model))
    assert kinds.count("Conv2D") == 3
    assert {"DepthwiseConv2D", "Dense", "Softmax", "MaxPooling2D", "Concatenate", "Add", "Multiply"} <= set(kinds)
    assert model.output_shape == (None, 5)


@pytest.mark.filterwarnings("ignore:Statistics for quantized inputs")
def test_what_8_bits_cut_off_on_noise_alone_is_no_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A network that was calibrated with photos was refused for what it made of noise; a wrong one still is."""
    from cnn.importing import tflite_file

    noise = np.random.default_rng(0).random((SIDE, SIDE, 3), np.float32)
    apart = iter([0.2, 0.05, 0.01, 0.03, 0.02])
    monkeypatch.setattr(tflite_file, "_apart", lambda interpreter, model, one: next(apart))
    content = converted(8)
    read(tmp_path, content)
    assert next(apart, None) is None  # noise and four photos were asked
    monkeypatch.setattr(
        tflite_file, "_apart", lambda interpreter, model, one: 0.05 if np.array_equal(one, noise) else 0.2
    )
    with pytest.raises(BadInput, match=r"otherwise than the file, by 0\.2"):
        read(tmp_path, content)


def test_a_shipped_network_is_read(tmp_path: Path) -> None:
    content = (zoo.NETWORKS_FOLDER / "mnist" / "resnet.tflite").read_bytes()
    model, _ = read(tmp_path, content)
    assert model.input_shape == (None, 28, 28, 1)


def test_names_of_classes_are_taken_from_its_metadata(tmp_path: Path) -> None:
    content = io.BytesIO(converted(32))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("labels.txt", "0 cats\n1 dogs\n2 emus\n3 fish\n4 gnus")
    assert read(tmp_path, content.getvalue())[1] == ("cats", "dogs", "emus", "fish", "gnus")


def test_a_damaged_one_is_a_sentence(tmp_path: Path) -> None:
    for content in (b"", b"\0\0\0\0TFL3", converted(32)[:2000], b"x" * 100):
        with pytest.raises(BadInput):
            read(tmp_path, content)


def test_an_operation_that_is_not_known_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cnn.importing import tflite_file

    known = {name: do for name, do in tflite_file.OPERATIONS.items() if name != "CONV_2D"}
    monkeypatch.setattr(tflite_file, "OPERATIONS", known)
    with pytest.raises(BadInput, match=r"CONV_2D \(\d times\)"):
        read(tmp_path, converted(32))
