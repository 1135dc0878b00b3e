"""Networks that a person brought in a file: what is known of them without it. No TensorFlow to read them.

An architecture of this kind has for its name what the pages need to know: "brought keras 64 relu" came as .keras, its
last layer of maps has 64 (0: it has none), and it has ReLUs; "smooth" has none. Its layers stand beside its weights,
in `<name>.model.json`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cnn.architectures.architecture import Architecture, Shape
from cnn.errors import BadInput, UnknownName

if TYPE_CHECKING:
    import keras

BROUGHT: Final = "brought "  # begins the names of such architectures
MODEL_JSON: Final = ".model.json"  # ending of the file that holds the layers, as Keras writes them
FORMATS: Final = ("keras", "h5", "tflite", "onnx")
FORM: Final = re.compile(rf"{BROUGHT}({'|'.join(FORMATS)}) (\d{{1,6}}) (relu|smooth)")


def brought_name(format_: str, maps: int, relu: bool) -> str:
    """Name the architecture of a file; see the top."""
    return f"{BROUGHT}{format_} {maps} {'relu' if relu else 'smooth'}"


def brought_architecture(name: str) -> Architecture:
    """Make what the pages need of it; it is built from its file alone.

    Raises: UnknownName: the name is not of the form above.
    """
    found = FORM.fullmatch(name)
    if found is None:
        raise UnknownName("architecture", name, (f"{BROUGHT}keras 64 relu",))
    return Architecture(
        title=f"Brought as .{found[1]}",
        year=0,
        paper="",
        idea="a network of your own, from a file",
        min_size=1,
        maps=int(found[2]),
        builder=_refuse,
        relu=found[3] == "relu",
    )


def _refuse(shape: Shape, classes: int) -> keras.Model:
    raise BadInput(
        "A network that was brought in a file is built from that file alone; it cannot be trained anew here."
    )
