"""Read an .onnx file, as PyTorch writes it: its operations become layers of Keras. In the process of its own.

No well-kept library makes layers of Keras out of ONNX; this knows the operations of convolutional classifiers, and
names the others. ONNX has channels before height and width, Keras behind them: kernels are turned, and so are the rows
of a dense layer behind flattened maps. The file itself answers only here, in ONNX Runtime, to be compared. Loads
TensorFlow.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
from onnx import numpy_helper
from onnx.reference import ReferenceEvaluator

from cnn.array_types import Array
from cnn.errors import BadInput
from cnn.importing.exported_file import BRING_KERAS, PICTURE, PROBABILITIES
from cnn.importing.file_checks import MOST_NUMBER_BYTES
from cnn.importing.layer_maker import LayerMaker
from cnn.keras_backend import keras

Tensor = Any  # a symbolic one; Keras has no types
MOST_NODES: Final = 5_000
TOLERANCE: Final = 1e-3  # of a probability, or of the largest logit
TO_FIRST, TO_LAST = [0, 3, 1, 2], [0, 2, 3, 1]  # permutations that move channels
INSTEAD: Final = "Bring the .keras, .h5 or .tflite file of the same network."


@dataclass(frozen=True, slots=True)
class _Value:
    """What an operation made: in Keras' order of axes, whatever ONNX sees.

    Attributes:
        tensor: (batch, height, width, channels), or (batch, units).
        first: ONNX sees the channels of maps first.
        flat: (height, width, channels) of the maps that a row was flattened from, channels first; None of another row.
    """

    tensor: Tensor
    first: bool = True
    flat: tuple[int, int, int] | None = None

    @property
    def maps(self) -> bool:
        return len(self.tensor.shape) == 4

    @property
    def shape(self) -> tuple[int, ...]:
        """Give its shape as ONNX sees it, of one picture."""
        sides = self.tensor.shape[1:]
        return (1, *((sides[2], *sides[:2]) if self.maps and self.first else sides))


def load_onnx_file(path: Path) -> keras.Model:
    """Build a network out of the operations of a file.

    Raises: BadInput: it is damaged, keeps numbers elsewhere, or has operations that are not known here, by name.
    """
    content = path.read_bytes()
    try:
        whole = onnx.load_model_from_string(content)
        opsets = {one.domain: one.version for one in whole.opset_import}
        model, first = _Reader(whole.graph, opsets).model()
        _compare(model, content, first)
    except BadInput:
        raise
    except Exception as error:  # a damaged file raises whatever it likes
        said = " ".join(str(error).split())[:120]
        raise BadInput(f"This .onnx file cannot be read ({type(error).__name__}: {said}). {INSTEAD}") from error
    return model


class _Reader:
    """Turns the operations of a graph into layers."""

    def __init__(self, graph: Any, opsets: Mapping[str, int]) -> None:
        self._graph, self._opsets = graph, dict(opsets)
        if any(one.data_location == onnx.TensorProto.EXTERNAL for one in graph.initializer):
            raise BadInput("This .onnx file keeps its numbers in another file. Export it as one file.")
        declared = sum(4 * math.prod(one.dims) for one in graph.initializer)
        if declared > MOST_NUMBER_BYTES or any(side < 0 for one in graph.initializer for side in one.dims):
            raise BadInput(f"This .onnx file declares {declared / 2**20:,.0f} MB of numbers; that is no classifier.")
        self._constants = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
        self._values: dict[str, _Value] = {}
        self.layer: Final = LayerMaker()

    def model(self) -> tuple[keras.Model, bool]:
        """Build it; also whether its input has the channels first."""
        graph = self._graph
        if any(one.name == PICTURE for one in graph.input) and any(one.name == PROBABILITIES for one in graph.output):
            raise BadInput(BRING_KERAS)
        unknown = Counter(one.op_type[:40] for one in graph.node if one.op_type not in (*OPERATIONS, *FOLDED))
        if unknown:
            told = ", ".join(f"{name} ({count} times)" for name, count in unknown.most_common(8))
            raise BadInput(f"This .onnx file has operations that are not known here: {told}. {INSTEAD}")
        inputs = [one for one in graph.input if one.name not in self._constants]
        if len(inputs) != 1 or len(graph.output) != 1 or len(graph.node) > MOST_NODES:
            raise BadInput(
                f"This network has {len(inputs)} inputs and {len(graph.output)} outputs; one of each is needed."
            )
        sides = [one.dim_value or None for one in inputs[0].type.tensor_type.shape.dim][1:]
        first = len(sides) == 3 and sides[0] in (1, 3)
        image = keras.Input((*sides[1:], sides[0]) if first else tuple(sides), name="image")
        self._values[inputs[0].name] = _Value(image, first)
        for node in graph.node:
            if (constant := self._folded(node)) is not None:
                self._constants[node.output[0]] = constant
            elif node.op_type in OPERATIONS:
                self._values[node.output[0]] = OPERATIONS[node.op_type](self, node, _settings(node))
            else:
                raise BadInput(f"{node.op_type} of a picture's values is not known here. {INSTEAD}")
        return keras.Model(image, self._values[graph.output[0].name].tensor), first

    def _folded(self, node: Any) -> Array | None:
        """Work out what is the same for every picture, such as the shape to which maps are flattened; else None.

        PyTorch writes that as operations where the batch may have any size, and shared weights as copies.
        """
        if node.op_type == "Shape" and node.input[0] in self._values:
            how, sides = _settings(node), self._values[node.input[0]].shape
            return np.array(sides[how.get("start", 0) : how.get("end")], np.int64)
        if node.op_type not in FOLDED or any(name and name not in self._constants for name in node.input):
            return None
        given = {name: self._constants[name] for name in node.input if name}
        made: Any = ReferenceEvaluator(node, opsets=self._opsets).run(None, given)
        return np.asarray(made[0])

    def given(self, node: Any, at: int = 0) -> _Value:
        """Give what an operation reads."""
        return self._values[node.input[at]]

    def constant(self, node: Any, at: int) -> Array | None:
        """Give a constant that it reads; None where it reads none there."""
        return self._constants.get(node.input[at]) if at < len(node.input) else None

    def needed(self, node: Any, at: int) -> Array:
        """Give a constant that it needs."""
        found = self.constant(node, at)
        if found is None:
            raise BadInput(f"{node.op_type} with numbers that are computed is not known here. {INSTEAD}")
        return found

    def maps(self, node: Any) -> Tensor:
        """Give maps whose channels ONNX sees first."""
        given = self.given(node)
        if not given.maps or not given.first:
            raise BadInput(f"{node.op_type} over other axes than an image's is not known here. {INSTEAD}")
        return given.tensor

    def padded(self, tensor: Tensor, how: Mapping[str, Any]) -> tuple[Tensor, str]:
        """Put zeros around maps, and say how the layer behind is to pad by itself."""
        if how.get("auto_pad", b"NOTSET") in (b"SAME_UPPER", b"SAME_LOWER"):
            return tensor, "same"
        top, left, bottom, right = how.get("pads") or (0, 0, 0, 0)
        if not any((top, left, bottom, right)):
            return tensor, "valid"
        return self.layer("ZeroPadding2D", tensor, padding=((top, bottom), (left, right))), "valid"


def _settings(node: Any) -> dict[str, Any]:
    return {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute}


def _convolution(reader: _Reader, node: Any, how: Mapping[str, Any]) -> _Value:
    tensor, padding = reader.padded(reader.maps(node), how)
    kernel, bias = reader.needed(node, 1), reader.constant(node, 2)
    groups, channels = how.get("group", 1), tensor.shape[-1]
    config = {
        "kernel_size": kernel.shape[2:],
        "strides": tuple(how.get("strides") or (1, 1)),
        "dilation_rate": tuple(how.get("dilations") or (1, 1)),
        "padding": padding,
        "use_bias": bias is not None,
    }
    if groups == channels > 1:
        turned = kernel.reshape(channels, -1, *kernel.shape[2:]).transpose(2, 3, 0, 1)
        return _Value(
            reader.layer("DepthwiseConv2D", tensor, [turned, bias], depth_multiplier=turned.shape[-1], **config)
        )
    turned = kernel.transpose(2, 3, 1, 0)
    return _Value(reader.layer("Conv2D", tensor, [turned, bias], filters=kernel.shape[0], groups=groups, **config))


def _pool(kind: str) -> Callable[[_Reader, Any, Mapping[str, Any]], _Value]:
    def pool(reader: _Reader, node: Any, how: Mapping[str, Any]) -> _Value:
        inside = kind == "AveragePooling2D" and any(how.get("pads") or ()) and not how.get("count_include_pad")
        if inside or any(one != 1 for one in how.get("dilations") or ()):
            raise BadInput(f"{node.op_type} that leaves out its padding, or places, is not known here. {INSTEAD}")
        tensor, padding = reader.padded(reader.maps(node), how)
        size, strides = tuple(how["kernel_shape"]), tuple(how.get("strides") or (1, 1))
        if how.get("ceil_mode") and padding == "valid":  # the last places may reach past the end
            past = [-(side - width) % step for side, width, step in zip(tensor.shape[1:3], size, strides, strict=True)]
            if any(past) and kind == "AveragePooling2D":
                raise BadInput(f"{node.op_type} that rounds up is not known here. {INSTEAD}")
            if any(past):
                tensor = reader.layer("ZeroPadding2D", tensor, padding=((0, past[0]), (0, past[1])))
        return _Value(reader.layer(kind, tensor, pool_size=size, strides=strides, padding=padding))

    return pool


def _normalised(reader: _Reader, node: Any, how: Mapping[str, Any]) -> _Value:
    weights = [reader.needed(node, at) for at in range(1, 5)]
    given = reader.given(node)
    made = reader.layer("BatchNormalization", given.tensor, weights, epsilon=how.get("epsilon", 1e-5))
    return replace(given, tensor=made)


def _averaged(reader: _Reader, node: Any, how: Mapping[str, Any]) -> _Value:
    keeps = bool(how.get("keepdims", 1))
    if node.op_type == "ReduceMean":
        axes = how.get("axes") or reader.needed(node, 1).tolist()
        if sorted(axis % 4 for axis in axes) != ([2, 3] if reader.given(node).first else [1, 2]):
            raise BadInput(f"A mean over other axes than height and width is not known here. {INSTEAD}")
    given = reader.given(node)
    return _Value(reader.layer("GlobalAveragePooling2D", given.tensor, keepdims=keeps), given.first)


def _row(reader: _Reader, node: Any, how: Mapping[str, Any]) -> _Value:
    """Flatten maps; which order their numbers have in ONNX is kept for the dense layer behind."""
    given = reader.given(node)
    if not given.maps:
        return given
    if node.op_type == "Reshape" and len(reader.needed(node, 1)) != 2:
        raise BadInput(f"Reshape to anything but a row of numbers is not known here. {INSTEAD}")
    height, width, channels = given.tensor.shape[1:]
    turned = given.first and height * width > 1
    return _Value(reader.layer("Flatten", given.tensor), flat=(height, width, channels) if turned else None)


def _dense(reader: _Reader, node: Any, how: Mapping[str, Any]) -> _Value:
    given, kernel, bias = reader.given(node), reader.needed(node, 1), reader.constant(node, 2)
    if how.get("transA") or how.get("alpha", 1.0) != 1 or how.get("beta", 1.0) != 1 or given.maps or kernel.ndim != 2:
        raise BadInput(f"{node.op_type} of anything but a row of numbers is not known here. {INSTEAD}")
    kernel = kernel.T if how.get("transB") else kernel
    if given.flat:  # its rows follow channels, then height and width; those of Keras height, width, then channels
        height, width, channels = given.flat
        kernel = kernel.reshape(channels, height, width, -1).transpose(1, 2, 0, 3).reshape(kernel.shape)
    bias = None if bias is None else np.broadcast_to(bias.ravel(), kernel.shape[1:])
    made = reader.layer("Dense", given.tensor, [kernel, bias], units=kernel.shape[1], use_bias=bias is not None)
    return _Value(made)


def _pair(kind: str) -> Callable[[_Reader, Any, Mapping[str, Any]], _Value]:
    """Add, subtract, multiply or divide two values, or each channel of one with a number."""

    def pair(reader: _Reader, node: Any, how: Mapping[str, Any]) -> _Value:
        held = [reader.constant(node, at) for at in range(2)]
        if held[0] is None and held[1] is None and kind != "Divide":
            one, other = reader.given(node, 0), reader.given(node, 1)
            if (one.maps, one.first, one.flat) != (other.maps, other.first, other.flat):
                raise BadInput(f"{node.op_type} of values of other shapes is not known here. {INSTEAD}")
            return replace(one, tensor=reader.layer(kind, [one.tensor, other.tensor]))
        at = 0 if held[0] is None else 1
        given, numbers = reader.given(node, at), held[1 - at]
        channels = given.tensor.shape[-1]
        behind = (1, 1) if given.maps and given.first else ()
        fits = numbers is not None and (numbers.size == 1 or numbers.shape[-1 - len(behind) :] == (channels, *behind))
        if numbers is None or not fits or numbers.size not in (1, channels) or given.flat or (at and kind in BACKWARDS):
            raise BadInput(f"{node.op_type} with such numbers is not known here. {INSTEAD}")
        flat = numbers.ravel().astype(float)
        if kind in ("Add", "Subtract"):
            scale, offset = np.ones_like(flat), flat if kind == "Add" else -flat
        else:
            scale, offset = 1 / flat if kind == "Divide" else flat, np.zeros_like(flat)
        settings = [values.tolist() if values.size > 1 else float(values[0]) for values in (scale, offset)]
        return replace(given, tensor=reader.layer("Rescaling", given.tensor, scale=settings[0], offset=settings[1]))

    return pair


BACKWARDS: Final = ("Subtract", "Divide")  # whose order counts


def _activation(name: str) -> Callable[[_Reader, Any, Mapping[str, Any]], _Value]:
    def activation(reader: _Reader, node: Any, how: Mapping[str, Any]) -> _Value:
        given = reader.given(node)
        return replace(given, tensor=reader.layer("Activation", given.tensor, activation=name))

    return activation


def _leaky(reader: _Reader, node: Any, how: Mapping[str, Any]) -> _Value:
    given = reader.given(node)
    return replace(given, tensor=reader.layer("LeakyReLU", given.tensor, negative_slope=how.get("alpha", 0.01)))


def _elu(reader: _Reader, node: Any, how: Mapping[str, Any]) -> _Value:
    given = reader.given(node)
    return replace(given, tensor=reader.layer("ELU", given.tensor, alpha=how.get("alpha", 1.0)))


def _prelu(reader: _Reader, node: Any, how: Mapping[str, Any]) -> _Value:
    given, slopes = reader.given(node), reader.needed(node, 1).ravel()
    channels = given.tensor.shape[-1]
    if slopes.size not in (1, channels) or given.flat:
        raise BadInput(f"PRelu with such slopes is not known here. {INSTEAD}")
    alone = np.broadcast_to(slopes, channels).reshape((1, 1, channels) if given.maps else (channels,))
    shared = [1, 2] if given.maps else None
    return replace(given, tensor=reader.layer("PReLU", given.tensor, [alone], shared_axes=shared))


def _gelu(reader: _Reader, node: Any, how: Mapping[str, Any]) -> _Value:
    if how.get("approximate", b"none") != b"none":
        raise BadInput(f"Gelu that is only approximate is not known here. {INSTEAD}")
    return _activation("gelu")(reader, node, how)


def _hard_sigmoid(reader: _Reader, node: Any, how: Mapping[str, Any]) -> _Value:
    if abs(how.get("alpha", 0.2) - 1 / 6) > 1e-4 or how.get("beta", 0.5) != 0.5:
        raise BadInput(f"HardSigmoid of another slope than a sixth is not known here. {INSTEAD}")
    return _activation("hard_sigmoid")(reader, node, how)


def _pad(reader: _Reader, node: Any, how: Mapping[str, Any]) -> _Value:
    given = reader.given(node)
    pads = list(how.get("pads") or reader.needed(node, 1).tolist())
    value = reader.constant(node, 2)
    before, after = pads[: len(pads) // 2], pads[len(pads) // 2 :]
    high, wide = (2, 3) if given.first else (1, 2)
    rest = [at for at in range(len(before)) if at not in (high, wide)]
    if not given.maps or len(pads) != 8 or any(before[at] or after[at] for at in rest) or min(pads) < 0:
        raise BadInput(f"Padding of anything but height and width is not known here. {INSTEAD}")
    if how.get("mode", b"constant") != b"constant" or (value is not None and value.any()):
        raise BadInput(f"Padding with anything but zeros is not known here. {INSTEAD}")
    around = ((before[high], after[high]), (before[wide], after[wide]))
    return replace(given, tensor=reader.layer("ZeroPadding2D", given.tensor, padding=around))


def _highest(reader: _Reader, node: Any, how: Mapping[str, Any]) -> _Value:
    return _Value(reader.layer("GlobalMaxPooling2D", reader.maps(node), keepdims=True))


def _clipped(reader: _Reader, node: Any, how: Mapping[str, Any]) -> _Value:
    low, high = (how.get(name, reader.constant(node, at)) for at, name in ((1, "min"), (2, "max")))
    if low is None or float(low) != 0:
        raise BadInput(f"Clip from anything but 0 is not known here. {INSTEAD}")
    given = reader.given(node)
    return replace(given, tensor=reader.layer("ReLU", given.tensor, max_value=None if high is None else float(high)))


def _joined(reader: _Reader, node: Any, how: Mapping[str, Any]) -> _Value:
    values = [reader.given(node, at) for at in range(len(node.input))]
    wanted = 1 if values[0].first or not values[0].maps else 3
    if how["axis"] % len(values[0].tensor.shape) != wanted or any(one.flat for one in values):
        raise BadInput(f"Joining along anything but channels is not known here. {INSTEAD}")
    return replace(values[0], tensor=reader.layer("Concatenate", [one.tensor for one in values]))


def _turned(reader: _Reader, node: Any, how: Mapping[str, Any]) -> _Value:
    given, order = reader.given(node), list(how.get("perm", ()))
    if not given.maps or order != (TO_LAST if given.first else TO_FIRST):
        raise BadInput(f"Transpose of anything but an image's channels is not known here. {INSTEAD}")
    return replace(given, first=not given.first)


def _same(reader: _Reader, node: Any, how: Mapping[str, Any]) -> _Value:
    return reader.given(node)


FOLDED: Final = (  # that are worked out where nothing of a picture is in them
    *("Add", "Cast", "Concat", "Constant", "Div", "Gather", "Identity", "Mul", "Reshape", "Shape", "Slice"),
    *("Squeeze", "Sub", "Transpose", "Unsqueeze"),
)
Operation = Callable[[_Reader, Any, Mapping[str, Any]], _Value]
OPERATIONS: Final[Mapping[str, Operation]] = {
    "Add": _pair("Add"),
    "AveragePool": _pool("AveragePooling2D"),
    "BatchNormalization": _normalised,
    "Clip": _clipped,
    "Concat": _joined,
    "Conv": _convolution,
    "Div": _pair("Divide"),
    "Dropout": _same,
    "Elu": _elu,
    "Flatten": _row,
    "Gelu": _gelu,
    "Gemm": _dense,
    "GlobalAveragePool": _averaged,
    "GlobalMaxPool": _highest,
    "HardSigmoid": _hard_sigmoid,
    "HardSwish": _activation("hard_silu"),
    "Identity": _same,
    "LeakyRelu": _leaky,
    "LogSoftmax": _activation("log_softmax"),
    "MatMul": _dense,
    "MaxPool": _pool("MaxPooling2D"),
    "Mish": _activation("mish"),
    "Mul": _pair("Multiply"),
    "PRelu": _prelu,
    "Pad": _pad,
    "ReduceMean": _averaged,
    "Relu": _activation("relu"),
    "Reshape": _row,
    "Sigmoid": _activation("sigmoid"),
    "Softmax": _activation("softmax"),
    "Squeeze": _row,
    "Sub": _pair("Subtract"),
    "Tanh": _activation("tanh"),
    "Transpose": _turned,
}


def _compare(model: keras.Model, content: bytes, first: bool) -> None:
    """Ask the file itself and what was made of it about noise; raises BadInput where they differ."""
    import onnxruntime

    if None in model.input_shape[1:]:
        raise BadInput("This .onnx file takes pictures of any size. Export it for one size.")
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    noise = np.random.default_rng(0).random((1, *model.input_shape[1:]), np.float32)
    given = noise.transpose(TO_FIRST) if first else noise
    found = np.asarray(session.run(None, {session.get_inputs()[0].name: given})[0]).ravel()
    wanted = np.asarray(model(noise, training=False)).ravel()
    away = math.inf
    if found.shape == wanted.shape:
        away = float(np.abs(found - wanted).max() / max(1.0, float(np.abs(found).max())))
    if not away <= TOLERANCE:
        raise BadInput(f"What was made of this .onnx file answers otherwise than the file, by {away:.2g}. {INSTEAD}")
