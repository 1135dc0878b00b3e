"""Know a .keras file that was taken home from here, and take what is around its network off. Loads TensorFlow.

    picture of any size | resized, cut, in [0, 1] | the network | temperature, softmax
                                                        | likeness to what was taught

What a person brings again is the network with its temperature: our pages bring pictures to its size themselves.
"""

from __future__ import annotations

from typing import Any, Final

from cnn.keras_backend import keras

PICTURE: Final = "picture"  # names and numbers as `cnn.bundle.exported_model` gives them: bytes
PROBABILITIES: Final = "probabilities"
BRING_KERAS: Final = (
    "This file was taken home from here, with its resizing inside. Bring network.keras of the same zip."
)


def network_inside(model: keras.Model) -> keras.Model | None:
    """Give what stands behind the resizing, from pictures in [0, 1] to probabilities; None of any other model."""
    outputs = getattr(model, "_outputs_struct", None)
    if not isinstance(outputs, dict) or PROBABILITIES not in outputs or len(model.inputs) != 1:
        return None
    if model.inputs[0].name != PICTURE or str(model.inputs[0].dtype) != "uint8":
        return None
    inner = [one for one in model.operations if isinstance(one, keras.Model)]
    if len(inner) != 1:
        return None
    given: Any = inner[0]._inbound_nodes[-1].input_tensors[0]  # of its call in here, not of its own making
    return keras.Model(given, outputs[PROBABILITIES], name="brought")
