"""The three formats: each written to a file, then read again and asked. Importing this loads TensorFlow."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from cnn.array_types import Array, Pixels
from cnn.errors import BrokenNetwork
from cnn.export import int8_weights, keras_to_tflite
from cnn.keras_backend import keras, tf

Answer = Callable[[Pixels], dict[str, Array]]  # a picture without the batch -> what it gives, each without the batch
SOME_PX: Final = 64  # of a picture of any size
OPSET: Final = 17  # of ONNX: what runtimes of 2022 and later read


@dataclass(frozen=True, slots=True)
class Format:
    """A format.

    Attributes:
        title: what people call it.
        engine: the package that answers with it.
        write: writes a model to a path; kernels in 8 bits where the flag says so and the format can.
        read: reads what was written, and gives what answers.
    """

    title: str
    engine: str
    write: Callable[[keras.Model, Path, bool], None]
    read: Callable[[Path], Answer]


def _write_keras(model: keras.Model, path: Path, in_8_bits: bool) -> None:
    model.save(path)


def _read_keras(path: Path) -> Answer:
    model = keras.saving.load_model(path, compile=False, safe_mode=True)
    kind = tf.TensorSpec([None, *model.input_shape[1:]], tf.uint8)
    graph = tf.function(lambda picture: model(picture, training=False), input_signature=[kind])
    return lambda picture: {name: np.asarray(one)[0] for name, one in graph(picture[None]).items()}


def _write_tflite(model: keras.Model, path: Path, in_8_bits: bool) -> None:
    made = keras_to_tflite.to_tflite(model)
    path.write_bytes(int8_weights.store_kernels_in_int8(made) if in_8_bits else made)


def _read_tflite(path: Path) -> Answer:
    from ai_edge_litert.interpreter import Interpreter

    engine = Interpreter(str(path)).get_signature_runner()
    return lambda picture: {name: one[0] for name, one in engine(picture=picture[None]).items()}


def _write_onnx(model: keras.Model, path: Path, in_8_bits: bool) -> None:
    sides = (side or SOME_PX for side in model.input_shape[1:])
    model(np.zeros((1, *sides), np.uint8))  # Keras exports only what has run once
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras looks whether NumPy still has `object`
        model.export(path, format="onnx", verbose=False, opset_version=OPSET)


def _read_onnx(path: Path) -> Answer:
    import onnxruntime

    try:
        engine = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    except Exception as error:  # of ONNX Runtime's own kinds: tf2onnx has no grouped convolution, and calls a function
        raise BrokenNetwork(
            "This network has a layer that tf2onnx writes as no operation of ONNX, such as a convolution in groups. "
            "Take it home as keras or tflite."
        ) from error
    names = [one.name for one in engine.get_outputs()]
    return lambda picture: {
        name: np.asarray(one[0], np.float32)
        for name, one in zip(names, engine.run(None, {"picture": picture[None]}), strict=True)
    }


FORMATS: Final[Mapping[str, Format]] = {
    "network.keras": Format("Keras", "keras", _write_keras, _read_keras),
    "network.tflite": Format("LiteRT", "ai-edge-litert", _write_tflite, _read_tflite),
    "network.onnx": Format("ONNX", "onnxruntime", _write_onnx, _read_onnx),
}
