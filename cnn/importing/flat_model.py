"""Make one flat model of ours out of a person's: nested ones taken apart, ending in logits. Loads TensorFlow.

Layers that change nothing in an answer go, such as noise and random crops of the training; a layer that is used twice
becomes two with the same weights; every layer gets a name that is unique and harmless.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from cnn.errors import BadInput
from cnn.importing.class_names import MOST_CLASSES
from cnn.importing.input_forms import LUMA, InputForm
from cnn.importing.picture_shape import picture_shape
from cnn.keras_backend import keras

Tensor = Any  # a symbolic one; Keras has no types

IDLE: Final = re.compile(  # kinds that do nothing in an answer
    r"Random\w+|AutoContrast|RandAugment|AugMix|CutMix|MixUp|SpatialDropout\dD|GaussianNoise|GaussianDropout"
    r"|AlphaDropout|ActivityRegularization|Identity"
)
ENDINGS: Final[Mapping[str, Callable[[Tensor], Tensor]]] = {  # what may stand behind logits
    "softmax": keras.ops.softmax,
    "log_softmax": keras.ops.log_softmax,
    "sigmoid": keras.ops.sigmoid,
}
TOLERANCE: Final = 1e-3  # of an answer: what taking it apart may change
LONGEST_NAME: Final = 40


@dataclass(slots=True)
class FlatModel:
    """What was made of a model.

    Attributes:
        model: flat, from pictures as the file takes them, (batch, height, width, channels), to logits.
        ending: see `cnn.importing.arrival.ModelFacts`.
        any_size: the file takes any size.
        dropped: layers that were left out.
        difference: see `ModelFacts`.
    """

    model: keras.Model
    ending: str
    any_size: bool
    dropped: int
    difference: float


def flatten_model(model: keras.Model, side: int | None = None) -> FlatModel:
    """Take a model apart and put it together flat.

    Args:
        model: as Keras loaded it.
        side: height and width in px, where it takes any; DEFAULT_SIDE if None.
    Raises: BadInput: it is no classifier of pictures.
    """
    shape, any_size = picture_shape(_only(model.inputs, "picture").shape[1:], side)
    wanted = tuple(_only(model.inputs, "picture").shape[1:])
    image = keras.Input(shape, name="image")
    builder = _Builder()
    try:
        x = _as_given(image, wanted)
        made = builder.run(model, x)
    except Exception as error:  # a size that its layers cannot take, a layer that cannot be copied
        said = " ".join(str(error).split())[:200]
        raise BadInput(f"This network cannot be taken apart for pictures of {shape} ({said}).") from error
    whole = keras.Model(image, _row(_only(keras.tree.flatten(made), "answer")), name="brought")
    logits, ending = _to_logits(whole)
    flat = keras.Model(image, logits, name="brought")
    _check_shapes(flat)
    return FlatModel(flat, ending, any_size, builder.dropped, _difference(model, flat, wanted, ending))


def _check_shapes(model: keras.Model) -> None:
    """Refuse, by name, layers that give neither maps nor a row of numbers, as transformers and recurrent ones do."""
    odd = [f"{one.name} ({type(one).__name__})" for one in model.layers if len(one.output.shape) not in (2, 4)]
    if odd:
        raise BadInput(
            f"{len(odd)} layers of this network give neither maps nor a row of numbers, so it is no convolutional "
            f"network that the pages could show: {', '.join(odd[:8])}."
        )


def _only(tensors: list[Tensor], what: str) -> Tensor:
    if len(tensors) != 1:
        raise BadInput(f"This network has {len(tensors)} {what}s; one is needed to name what a picture shows.")
    return tensors[0]


def _as_given(image: Tensor, wanted: tuple[int | None, ...]) -> Tensor:
    """Bring (batch, height, width, channels) to a row of pixels, where the file takes one.

    A file that takes (height, width) flattens or reshapes it next, which gives the same of (height, width, 1).
    """
    if len(wanted) == 1:
        return keras.layers.Flatten(name="row_of_pixels")(image)
    return image


@dataclass(slots=True)
class _Builder:
    """Runs models on a symbolic picture, with a copy of each of their layers."""

    dropped: int = 0
    _names: Counter[str] = field(default_factory=lambda: Counter({"image": 1, "logits": 0}))

    def run(self, model: keras.Model, given: Tensor) -> Tensor:
        whole = getattr(model, "_functional", None) or model  # a sequential model holds a functional one
        if not hasattr(whole, "_run_through_graph"):
            raise BadInput(f"{type(model).__name__} is no model of layers.")
        return whole._run_through_graph(given, operation_fn=self._again)

    def _again(self, operation: Any) -> Callable[..., Tensor]:
        if isinstance(operation, keras.Model):
            return lambda given, **_: self.run(operation, given)
        if IDLE.fullmatch(type(operation).__name__):
            self.dropped += 1
            return lambda given, **_: given

        def call(*given: Any, **settings: Any) -> Tensor:
            settings = {name: value for name, value in settings.items() if name not in ("training", "mask")}
            config = operation.get_config() | {"name": self._free(operation)}
            if "dtype" in config:
                config["dtype"] = "float32"
            copy = type(operation).from_config(config)
            made = copy(*given, **settings)
            if isinstance(operation, keras.layers.Layer) and operation.weights:
                copy.set_weights(operation.get_weights())
            return made

        return call

    def _free(self, operation: Any) -> str:
        """Find a name of letters, digits and _ that is not taken."""
        plain = re.sub(r"[^A-Za-z0-9]+", "_", str(operation.name)).strip("_")[:LONGEST_NAME]
        name = plain or type(operation).__name__.lower()
        self._names[name] += 1
        while self._names[name] > 1:
            name = f"{name}_{self._names[name]}"
            self._names[name] += 1
        return name


def _row(answer: Tensor) -> Tensor:
    """Bring an answer to (batch, classes)."""
    shape = answer.shape[1:]
    if any(side is None for side in shape) or len([side for side in shape if side != 1]) > 1:
        raise BadInput(f"This network gives {tuple(shape)} for a picture, no probability for each class.")
    if math.prod(shape) > MOST_CLASSES:
        raise BadInput(f"This network tells {math.prod(shape):,} classes apart; up to {MOST_CLASSES:,} are shown.")
    return answer if len(shape) == 1 else keras.layers.Flatten(name="answers")(answer)


def _to_logits(model: keras.Model) -> tuple[Tensor, str]:
    """Take off what turns logits into probabilities; one number becomes two logits, for no and yes."""
    last, answer = _maker(model.outputs[0]), model.outputs[0]
    while _is(last, "Flatten", "Reshape") and last.input.shape[-1] == answer.shape[-1]:
        last, answer = _maker(last.input), last.input
    name = _activation(last)
    if name in ENDINGS:
        ending = name
        if _is(last, "Dense", "Conv2D"):
            last.activation = keras.activations.linear
        else:
            answer = last.input
            last = _maker(answer)
    else:
        ending, answer = "logits", model.outputs[0]
        last = _maker(answer)
    answer = answer if len(answer.shape) == 2 else keras.layers.Flatten(name="flat_logits")(answer)
    return (_two_logits(answer, last), ending) if answer.shape[-1] == 1 else (answer, ending)


def _two_logits(answer: Tensor, last: Any) -> Tensor:
    """Give 0 for no and the logit for yes: the softmax of both is the sigmoid of one, exactly."""
    if not _is(last, "Dense"):
        raise BadInput("This network gives one number, and not by a dense layer: it is no classifier that we know.")
    kernel, *bias = last.get_weights()
    both = keras.layers.Dense(2, name="logits")
    logits = both(last.input)
    both.set_weights([np.pad(kernel, ((0, 0), (1, 0))), np.array([0, *(bias[0] if bias else [0])], np.float32)])
    return logits


def _maker(tensor: Tensor) -> Any:
    return tensor._keras_history.operation


def _is(operation: Any, *kinds: str) -> bool:
    return type(operation).__name__ in kinds


def _activation(operation: Any) -> str:
    """Name what an operation applies last: one of ENDINGS, or another."""
    if _is(operation, "Softmax", "LogSoftmax", "Sigmoid"):
        return {"LogSoftmax": "log_softmax"}.get(kind := type(operation).__name__, kind.lower())
    return str(getattr(getattr(operation, "activation", None), "__name__", ""))


def _difference(model: keras.Model, flat: keras.Model, wanted: tuple[int | None, ...], ending: str) -> float:
    """Compare answers of both to noise; raises BadInput where they differ."""
    noise = np.random.default_rng(0).random((2, *flat.input_shape[1:]), np.float32)
    given = noise.reshape(2, *(-1 if one is None else one for one in wanted)) if len(wanted) < 3 else noise
    before = np.asarray(model(given, training=False)).reshape(2, -1)
    logits = keras.ops.convert_to_tensor(flat(noise, training=False))
    one = before.shape[1] == 1
    after = np.asarray(_ended(logits[:, 1:] if one and ending in ("sigmoid", "logits") else logits, ending))
    found = float(np.abs(before - after).max() / max(1.0, float(np.abs(before).max())))
    if not found <= TOLERANCE:
        raise BadInput(
            f"Taken apart, this network answers otherwise (by {found:.2g}): a layer of it is not what it says."
        )
    return found


def _ended(logits: Tensor, ending: str) -> Tensor:
    return ENDINGS.get(ending, lambda x: x)(logits)


def put_in_front(core: keras.Model, form: InputForm, digits: bool) -> keras.Model:
    """Put what brings our pictures to those of a network into it, so that it takes ours.

    Args:
        core: flat, from pictures as its file takes them to logits.
        form: how it takes them.
        digits: ours are drawn digits, (28, 28, 1); else photos in colour, (side, side, 3). All are in [0, 1].
    Raises: BadInput: no digit fits its size.
    """
    from cnn.architectures.caffe_input import CaffeInput
    from cnn.importing.input_forms import INPUT_FORMS

    height, width, channels = core.input_shape[1:]
    image = x = keras.Input((28, 28, 1) if digits else (height, width, 3), name="image")
    if digits:
        x = _digit(x, height, channels)
    elif channels == 1:
        x = _mixed(x, np.array(LUMA, np.float32)[:, None], "grey")
    if form == INPUT_FORMS["caffe"].form:
        x = CaffeInput(name="preprocess")(x)
    elif not form.unchanged:
        x = _mixed(x, np.eye(3, dtype=np.float32)[::-1], "blue_first") if form.bgr else x
        both = [list(one) if len(one) > 1 else one[0] for one in (form.scale, form.offset)]
        x = keras.layers.Rescaling(*both, name="preprocess")(x)
    builder = _Builder()
    return keras.Model(image, builder.run(core, x), name="brought")


def _digit(image: Tensor, side: int, channels: int) -> Tensor:
    """Bring a drawn digit to a network's size by a frame, and to its channels by repeating it."""
    if side not in (28, 32):
        raise BadInput(f"Drawn digits have 28x28 pixels and fit networks of 28 or 32, not {side}. Take photos.")
    x = keras.layers.ZeroPadding2D(2, name="frame")(image) if side == 32 else image
    return x if channels == 1 else _mixed(x, np.ones((1, 3), np.float32), "three_channels")


def _mixed(image: Tensor, weights: np.ndarray[Any, Any], name: str) -> Tensor:
    """Mix channels, (in, out), place by place."""
    layer = keras.layers.Conv2D(weights.shape[1], 1, use_bias=False, name=name)
    mixed = layer(image)
    layer.set_weights([weights[None, None]])
    return mixed
