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

Answer = Callable[[Pixels], Array]  # a picture without the batch -> what it gives, (classes,)
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
    return lambda picture: np.asarray(graph(picture[None]))[0]


def _write_tflite(model: keras.Model, path: Path, in_8_bits: bool) -> None:
    made = keras_to_tflite.to_tflite(model)
    path.write_bytes(int8_weights.store_kernels_in_int8(made) if in_8_bits else made)


def _read_tflite(path: Path) -> Answer:
    from ai_edge_litert.interpreter import Interpreter

    engine = Interpreter(str(path))
    taken, given = engine.get_input_details()[0]["index"], engine.get_output_details()[0]["index"]

    def answer(picture: Pixels) -> Array:
        engine.resize_tensor_input(taken, (1, *picture.shape))
        engine.allocate_tensors()
        engine.set_tensor(taken, picture[None])
        engine.invoke()
        return np.asarray(engine.get_tensor(given)[0], np.float32)

    return answer


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
    taken = engine.get_inputs()[0].name
    return lambda picture: np.asarray(engine.run(None, {taken: picture[None]})[0][0], np.float32)


FORMATS: Final[Mapping[str, Format]] = {
    "network.keras": Format("Keras", "keras", _write_keras, _read_keras),
    "network.tflite": Format("LiteRT", "ai-edge-litert", _write_tflite, _read_tflite),
    "network.onnx": Format("ONNX", "onnxruntime", _write_onnx, _read_onnx),
}
