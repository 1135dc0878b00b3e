"""Read a .tflite file: its operations become layers of Keras, with its weights. In the process of its own.

The file itself answers only there, to be compared with what was made of it; gradients and every layer come from Keras'
layers. Weights in 8 or 16 bits become float32; activations in 8 bits are computed without rounding, so answers may
differ by a few percent. Loads TensorFlow.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter

from cnn.array_types import Array
from cnn.errors import BadInput
from cnn.evaluation.ood_samples import SAMPLE_PHOTOS
from cnn.importing.class_names import MOST_TEXT, split_names
from cnn.importing.exported_file import BRING_KERAS, PICTURE, PROBABILITIES
from cnn.importing.layer_maker import LayerMaker
from cnn.keras_backend import keras
from cnn.media import image_decoding

Tensor = Any  # a symbolic one; Keras has no types
IDENTIFIER: Final = b"TFL3"  # at byte 4
MOST_OPERATIONS: Final = 5_000
FLOAT_TOLERANCE, QUANTIZED_TOLERANCE = 1e-3, 0.1  # of a probability, or of the largest logit
PHOTOS: Final = 4  # that a file in 8 bits is asked, beside noise
TYPES: Final = {
    schema.TensorType.FLOAT32: np.float32,
    schema.TensorType.FLOAT16: np.float16,
    schema.TensorType.INT8: np.int8,
    schema.TensorType.UINT8: np.uint8,
    schema.TensorType.INT32: np.int32,
    schema.TensorType.INT64: np.int64,
}
WHOLE: Final = (schema.TensorType.INT8, schema.TensorType.UINT8)
FUSED: Final = {
    schema.ActivationFunctionType.NONE: "linear",
    schema.ActivationFunctionType.RELU: "relu",
    schema.ActivationFunctionType.RELU6: "relu6",
    schema.ActivationFunctionType.TANH: "tanh",
}
PADDING: Final = {schema.Padding.SAME: "same", schema.Padding.VALID: "valid"}


def load_tflite_file(path: Path) -> tuple[keras.Model, tuple[str, ...]]:
    """Build a network out of the operations of a file.

    Returns: the network, and the names of its classes where the file has them.
    Raises: BadInput: it is damaged, or has operations that are not known here, which are named.
    """
    content = path.read_bytes()
    if content[4:8] != IDENTIFIER:
        raise BadInput("This is no .tflite file. Convert the network again.")
    try:
        whole = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
        model = _Reader(whole).model()
    except BadInput:
        raise
    except Exception as error:  # a damaged flat buffer raises whatever it likes
        raise BadInput(f"This .tflite file cannot be read ({type(error).__name__}). Convert it again.") from error
    _compare(model, content)
    return model, _labels(content)


class _Reader:
    """Turns the operations of one graph into layers."""

    def __init__(self, whole: Any) -> None:
        if len(whole.subgraphs) != 1:
            raise BadInput(f"This .tflite file has {len(whole.subgraphs)} graphs; one is read.")
        self._whole, self._graph = whole, whole.subgraphs[0]
        self._kinds = {code: name for name, code in vars(schema.BuiltinOperator).items() if not name.startswith("_")}
        self._made: dict[int, Tensor] = {}
        self._constants: dict[int, Array] = {}
        self.layer: Final = LayerMaker()

    def model(self) -> keras.Model:
        """Build it."""
        graph = self._graph
        operations = graph.operators or []
        named = {one.name for both in self._whole.signatureDefs or [] for one in (*both.inputs, *both.outputs)}
        if {PICTURE.encode(), PROBABILITIES.encode()} <= named:
            raise BadInput(BRING_KERAS)
        unknown = Counter(kind for one in operations if (kind := self.kind(one)) not in OPERATIONS)
        if unknown:
            told = ", ".join(f"{name} ({count} times)" for name, count in unknown.most_common(8))
            raise BadInput(
                f"This .tflite file has operations that are not known here: {told}. Bring the .keras or .h5 file that "
                "it was converted from."
            )
        if len(graph.inputs) != 1 or len(graph.outputs) != 1 or len(operations) > MOST_OPERATIONS:
            raise BadInput(
                f"This network has {len(graph.inputs)} inputs and {len(graph.outputs)} outputs; one of each is needed."
            )
        shape = tuple(int(side) for side in graph.tensors[graph.inputs[0]].shape)
        image = self._made[int(graph.inputs[0])] = keras.Input(shape[1:], name="image")
        for one in operations:
            self._made[int(one.outputs[0])] = OPERATIONS[self.kind(one)](self, one)
        return keras.Model(image, self._made[int(graph.outputs[0])])

    def kind(self, operation: Any) -> str:
        """Name an operation."""
        code = self._whole.operatorCodes[operation.opcodeIndex]
        number = max(code.builtinCode, code.deprecatedBuiltinCode)
        if number == schema.BuiltinOperator.CUSTOM:
            return str(code.customCode)[:40]
        return str(self._kinds.get(number, f"operation {number}"))

    def constant(self, place: int) -> Array | None:
        """Read the numbers of a tensor as float32, or whole numbers as they are; None where it is computed."""
        tensor = self._graph.tensors[place]
        data = self._whole.buffers[tensor.buffer].data
        if place in self._made or data is None or len(data) == 0:
            return self._constants.get(place)
        shape = tuple(int(side) for side in (() if tensor.shape is None else tensor.shape))
        kind = TYPES[tensor.type]
        if math.prod(shape) * np.dtype(kind).itemsize != len(data):
            raise BadInput(f"A tensor of this .tflite file declares {shape}, and holds {len(data):,} bytes.")
        values = np.frombuffer(bytes(data), kind).reshape(shape)
        scales = getattr(tensor.quantization, "scale", None)
        if scales is not None and len(scales) and tensor.type in (*WHOLE, schema.TensorType.INT32):
            axis = int(tensor.quantization.quantizedDimension or 0) if len(scales) > 1 else 0
            wide = [-1 if at == axis else 1 for at in range(len(shape))] if len(scales) > 1 else [1] * len(shape)
            zeros = np.asarray(tensor.quantization.zeroPoint, np.float32)
            return np.asarray(
                (values.astype(np.float32) - zeros.reshape(wide)) * np.asarray(scales, np.float32).reshape(wide),
                np.float32,
            )
        return values if values.dtype.kind == "i" else values.astype(np.float32)

    def needed(self, operation: Any, at: int) -> Array | None:
        """Read the constant that an operation takes at a place; None where it takes none there."""
        return (
            self.constant(int(operation.inputs[at]))
            if at < len(operation.inputs) and operation.inputs[at] >= 0
            else None
        )

    def given(self, operation: Any, at: int = 0) -> Tensor:
        """Give what an operation reads."""
        place = int(operation.inputs[at])
        if place not in self._made:
            raise BadInput(f"{self.kind(operation)} of this .tflite file reads what nothing has made.")
        return self._made[place]

    def is_made(self, place: int) -> bool:
        """Say whether a tensor holds a picture's values, neither constants nor sizes."""
        return self._made.get(place) is not None

    def shape(self, operation: Any) -> tuple[int, ...]:
        """Give the shape of what an operation makes, the batch in front."""
        return tuple(int(side) for side in self._graph.tensors[int(operation.outputs[0])].shape)

    def fold(self, operation: Any) -> bool:
        """Take an operation on a constant, such as one that widens weights, for a constant."""
        held = self.needed(operation, 0)
        if held is not None:
            self._constants[int(operation.outputs[0])] = held.astype(np.float32)
        return held is not None


def _convolution(reader: _Reader, one: Any) -> Tensor:
    kernel, bias, how, given = reader.needed(one, 1), reader.needed(one, 2), one.builtinOptions, reader.given(one)
    if kernel is None:
        raise BadInput("A convolution of this .tflite file has no constant kernel.")
    deep = isinstance(how, schema.DepthwiseConv2DOptionsT)
    config = {
        "kernel_size": tuple(kernel.shape[1:3]),
        "strides": (how.strideH, how.strideW),
        "dilation_rate": (how.dilationHFactor, how.dilationWFactor),
        "padding": PADDING[how.padding],
        "activation": FUSED[how.fusedActivationFunction],
        "use_bias": bias is not None,
    }
    if deep:
        channels = given.shape[-1]
        turned = kernel[0].reshape(*kernel.shape[1:3], channels, -1)
        return reader.layer("DepthwiseConv2D", given, [turned, bias], depth_multiplier=turned.shape[-1], **config)
    groups = given.shape[-1] // kernel.shape[3]
    return reader.layer(
        "Conv2D", given, [kernel.transpose(1, 2, 3, 0), bias], filters=kernel.shape[0], groups=groups, **config
    )


def _dense(reader: _Reader, one: Any) -> Tensor:
    kernel, bias, given = reader.needed(one, 1), reader.needed(one, 2), reader.given(one)
    if kernel is None:
        raise BadInput("A dense layer of this .tflite file has no constant weights.")
    given = given if len(given.shape) == 2 else reader.layer("Flatten", given)
    activation = FUSED[one.builtinOptions.fusedActivationFunction]
    return reader.layer(
        "Dense", given, [kernel.T, bias], units=kernel.shape[0], activation=activation, use_bias=bias is not None
    )


def _pool(kind: str) -> Callable[[_Reader, Any], Tensor]:
    def pool(reader: _Reader, one: Any) -> Tensor:
        how = one.builtinOptions
        made = reader.layer(
            kind,
            reader.given(one),
            pool_size=(how.filterHeight, how.filterWidth),
            strides=(how.strideH, how.strideW),
            padding=PADDING[how.padding],
        )
        return _then(reader, made, how)

    return pool


def _then(reader: _Reader, made: Tensor, how: Any) -> Tensor:
    name = FUSED[how.fusedActivationFunction]
    return made if name == "linear" else reader.layer("Activation", made, activation=name)


def _pair(kind: str) -> Callable[[_Reader, Any], Tensor]:
    """Add, multiply or subtract two layers; with a constant, each channel is rescaled."""

    def pair(reader: _Reader, one: Any) -> Tensor:
        held = [reader.needed(one, at) for at in range(2)]
        if held[0] is None and held[1] is None:
            made = reader.layer(kind, [reader.given(one, 0), reader.given(one, 1)])
        else:
            at = 0 if held[0] is None else 1
            given, number = reader.given(one, at), held[1 - at]
            assert number is not None
            if number.size not in (1, given.shape[-1]) or (kind == "Subtract" and at):
                raise BadInput(f"{kind} with numbers of {number.shape} is not known here.")
            flat = number.ravel().astype(float).tolist()
            numbers = flat if len(flat) > 1 else flat[0]
            if kind == "Multiply":
                made = reader.layer("Rescaling", given, scale=numbers)
            else:
                back = np.negative(numbers).tolist() if kind == "Subtract" else numbers
                made = reader.layer("Rescaling", given, scale=1.0, offset=back)
        return _then(reader, made, one.builtinOptions)

    return pair


def _mean(reader: _Reader, one: Any) -> Tensor:
    axes = reader.needed(one, 1)
    if axes is None or sorted(np.ravel(axes).tolist()) != [1, 2]:
        raise BadInput("A mean over other axes than height and width is not known here.")
    return reader.layer("GlobalAveragePooling2D", reader.given(one), keepdims=len(reader.shape(one)) == 4)


def _reshape(reader: _Reader, one: Any) -> Tensor:
    given, shape = reader.given(one), reader.shape(one)[1:]
    if len(shape) == 1 and math.prod(given.shape[1:]) == shape[0]:
        return given if len(given.shape) == 2 else reader.layer("Flatten", given)
    return reader.layer("Reshape", given, target_shape=shape)


def _pad(reader: _Reader, one: Any) -> Tensor:
    around = reader.needed(one, 1)
    if around is None or around.shape != (4, 2) or around[0].any():
        raise BadInput("Padding by numbers that the file does not hold is not known here.")
    if around[3].any():  # channels, as ResNet's shortcuts
        return keras.ops.pad(reader.given(one), around.astype(int).tolist())
    return reader.layer("ZeroPadding2D", reader.given(one), padding=tuple(map(tuple, around[1:3].tolist())))


def _join(reader: _Reader, one: Any) -> Tensor:
    made = reader.layer(
        "Concatenate", [reader.given(one, at) for at in range(len(one.inputs))], axis=one.builtinOptions.axis
    )
    return _then(reader, made, one.builtinOptions)


def _same(reader: _Reader, one: Any) -> Tensor:
    return None if reader.fold(one) else reader.given(one)


def _activation(name: str) -> Callable[[_Reader, Any], Tensor]:
    return lambda reader, one: reader.layer("Activation", reader.given(one), activation=name)


def _leaky(reader: _Reader, one: Any) -> Tensor:
    return reader.layer("LeakyReLU", reader.given(one), negative_slope=float(one.builtinOptions.alpha))


def _prelu(reader: _Reader, one: Any) -> Tensor:
    given, slopes = reader.given(one), reader.needed(one, 1)
    shape = tuple(given.shape[1:])
    if slopes is None or slopes.shape[-len(shape) :] not in (shape, (1, 1, shape[-1])):
        raise BadInput("A PReLU with such slopes is not known here.")
    shared = [1, 2] if slopes.shape[-len(shape) :] != shape else None
    return reader.layer("PReLU", given, [slopes.reshape(slopes.shape[-len(shape) :])], shared_axes=shared)


def _gelu(reader: _Reader, one: Any) -> Tensor:
    if one.builtinOptions is not None and one.builtinOptions.approximate:
        raise BadInput("A GELU that is only approximate is not known here.")
    return reader.layer("Activation", reader.given(one), activation="gelu")


def _sizes(reader: _Reader, one: Any) -> Tensor:
    """Take what works out a shape, which the file declares beside it; of maps it would be a cut, which is not known."""
    kind = reader.kind(one)
    if kind != "SHAPE" and any(reader.is_made(int(place)) for place in one.inputs):
        raise BadInput(f"{kind} of a picture's values is not known here.")


OPERATIONS: Final[Mapping[str, Callable[[_Reader, Any], Tensor]]] = {
    "ADD": _pair("Add"),
    "AVERAGE_POOL_2D": _pool("AveragePooling2D"),
    "CONCATENATION": _join,
    "CONV_2D": _convolution,
    "DEPTHWISE_CONV_2D": _convolution,
    "DEQUANTIZE": _same,
    "ELU": _activation("elu"),
    "FULLY_CONNECTED": _dense,
    "GELU": _gelu,
    "HARD_SWISH": _activation("hard_silu"),
    "LEAKY_RELU": _leaky,
    "LOGISTIC": _activation("sigmoid"),
    "LOG_SOFTMAX": _activation("log_softmax"),
    "MAX_POOL_2D": _pool("MaxPooling2D"),
    "MEAN": _mean,
    "MUL": _pair("Multiply"),
    "PACK": _sizes,
    "PAD": _pad,
    "PRELU": _prelu,
    "QUANTIZE": _same,
    "RELU": _activation("relu"),
    "RELU6": _activation("relu6"),
    "RESHAPE": _reshape,
    "SHAPE": _sizes,
    "SOFTMAX": lambda reader, one: reader.layer("Softmax", reader.given(one)),
    "SQUEEZE": _reshape,
    "STRIDED_SLICE": _sizes,
    "SUB": _pair("Subtract"),
    "TANH": _activation("tanh"),
}


def _compare(model: keras.Model, content: bytes) -> None:
    """Ask the file itself and what was made of it; raises BadInput where they differ.

    Of a file in 8 bits the median over noise and photos counts: activations that no picture had with which it was
    calibrated are cut off there. A small VGG that knows CIFAR-10 differed by 0.2 on noise, on photos by 0.05 at most.
    """
    interpreter = Interpreter(model_content=content)
    interpreter.allocate_tensors()
    whole = any(one["dtype"] in (np.int8, np.uint8) for one in interpreter.get_tensor_details())
    shape = tuple(model.input_shape[1:])
    asked = [np.random.default_rng(0).random(shape, np.float32), *(_photos(shape) if whole else [])]
    away = float(np.median([_apart(interpreter, model, one) for one in asked]))
    if not away <= (QUANTIZED_TOLERANCE if whole else FLOAT_TOLERANCE):
        raise BadInput(
            f"What was made of this .tflite file answers otherwise than the file, by {away:.2g}. Bring the .keras or "
            ".h5 file that it was converted from."
        )


def _photos(shape: tuple[int, ...]) -> list[Array]:
    """Give some of the photos that come with the app, float32 of `shape`, in [0, 1]; none where it is no picture's."""
    if len(shape) != 3 or shape[2] not in (1, 3):
        return []
    side = max(shape[:2])
    decoded = [image_decoding.decode_image_file(path).pixels for path in sorted(SAMPLE_PHOTOS.glob("*.jpg"))[:PHOTOS]]
    resized = [image_decoding.resize_for_network(pixels, side, side)[: shape[0], : shape[1]] for pixels in decoded]
    return resized if shape[2] == 3 else [one.mean(axis=2, keepdims=True) for one in resized]


def _apart(interpreter: Interpreter, model: keras.Model, picture: Array) -> float:
    """Ask both about a picture in [0, 1]: the largest difference, of a probability or of the largest logit."""
    into, out = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    scale, zero = into["quantization"]
    given = picture = picture[None]
    if scale:  # what stands for the real numbers of a network in 8 bits
        given = np.clip(np.rint(picture * 255), 0, 255).astype(np.float32) + np.iinfo(into["dtype"]).min
        picture = ((given - zero) * scale).astype(np.float32)
    interpreter.set_tensor(into["index"], given.astype(into["dtype"]))
    interpreter.invoke()
    found = interpreter.get_tensor(out["index"]).astype(np.float32)
    scale_out, zero_out = out["quantization"]
    found = (found - zero_out) * scale_out if scale_out else found
    wanted = np.asarray(model(picture, training=False))
    return float(np.abs(found.ravel() - wanted.ravel()).max() / max(1.0, float(np.abs(found).max())))


def _labels(content: bytes) -> tuple[str, ...]:
    """Read the names of classes that TensorFlow Lite's metadata keep, as a zip behind the flat buffer."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [one for one in archive.infolist() if one.filename.lower().endswith(".txt")]
            if not names or names[0].file_size > MOST_TEXT:
                return ()
            with archive.open(names[0]) as file:
                return tuple(split_names(file.read(MOST_TEXT).decode("utf-8", "replace").strip()))
    except Exception:  # most files have none
        return ()
