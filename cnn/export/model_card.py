"""The card of a Keras model before anything is measured of it. Importing this loads no TensorFlow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnn.architectures import find_architecture
from cnn.export.multiply_adds import count_multiply_adds
from cnn.zoo import Card

if TYPE_CHECKING:
    import keras


def unmeasured_card(
    model: keras.Model, architecture: str, data: str, classes: tuple[str, ...], *, familiarity: str, licence: str
) -> Card:
    """Fill in what is known of a network before it is measured, which takes everything for known.

    Args:
        model: of the network.
        architecture: its name, in the tables of `cnn.architectures`.
        data: what it was trained on.
        classes: names, by label.
        familiarity: how it will be measured that an input is one of the classes; see `Card`.
        licence: of the data set, and who made it.
    Returns: a card whose accuracy, sizes and checksums are still to be replaced.
    """
    return Card(
        architecture=architecture,
        data=data,
        title=find_architecture(architecture).title,
        classes=classes,
        parameters=model.count_params(),
        multiply_adds=count_multiply_adds(model),
        bytes=0,
        accuracy=0.0,
        measured_on="",
        temperature=1.0,
        familiarity=familiarity,
        threshold=float("-inf"),
        caught={},
        false_alarms=0.0,
        seed=0,
        epochs=0,
        seconds=0,
        licence=licence,
        sha256="",
        weights_sha256="",
    )
