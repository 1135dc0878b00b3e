"""Make a fetched file of weights a network of ours. Loads TensorFlow.

Run as `python -m cnn.export.convert_pretrained SOURCE FILE FOLDER`.

A child process of `cnn.zoo.fetch`; what goes wrong is the last line on standard error.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from cnn import zoo
from cnn.architectures import find_architecture
from cnn.array_types import Array
from cnn.atomic_files import sha256, write_bytes
from cnn.errors import BrokenNetwork, ConvScopeError
from cnn.export import keras_to_tflite, layer_outputs
from cnn.export.model_card import unmeasured_card
from cnn.keras_backend import keras
from cnn.zoo import Card, pretrained
from cnn.zoo.litert_runner import LiteRTRunner
from cnn.zoo.pretrained import PretrainedSource

AGREEMENT_TOLERANCE: Final = 1e-3  # of a logit, absolutely and of its size: the two engines add up in another order


def convert_weights(source: PretrainedSource, fetched: Path, place: Path) -> Card:
    """Write the weights, both .tflite, the layers and, last, the card of a network.

    Args:
        source: of the network.
        fetched: its weights, HDF5 as `keras.applications` writes it; ends in .h5.
        place: the folder of fetched networks.
    Raises: BrokenNetwork: the two engines do not agree.
        ValueError: the weights are not of that architecture.
    """
    classes = source.classes or zoo.read_card(pretrained.SHIPPED_IMAGENET_NETWORK).classes
    model = find_architecture(source.architecture).build((source.size, source.size, 3), len(classes))
    model.load_weights(fetched)
    noise = np.random.default_rng(0).random((1, source.size, source.size, 3), np.float32)
    wanted = np.asarray(model(noise, training=False))
    lite = keras_to_tflite.to_tflite(model)
    _agree(LiteRTRunner(lite)(noise), wanted)
    weights = place / f"{source.name}.weights.h5"
    write_bytes(weights, keras_to_tflite.pack_weights(model))
    layer_outputs.write_layer_outputs(model, place / source.name, weights)
    write_bytes(place / f"{source.name}.tflite", lite)
    card = _card(source, model, place, tuple(classes))
    card.write(place / f"{source.name}.json")
    return card


def _agree(ours: Array, theirs: Array) -> None:
    """Compare the logits of both engines."""
    if not np.allclose(ours, theirs, atol=AGREEMENT_TOLERANCE, rtol=AGREEMENT_TOLERANCE):
        raise BrokenNetwork(f"LiteRT and Keras differ by {np.abs(ours - theirs).max():.2g} of a logit")


def _card(source: PretrainedSource, model: keras.Model, place: Path, classes: tuple[str, ...]) -> Card:
    lite, data = place / f"{source.name}.tflite", pretrained.PRETRAINED_DATA
    return replace(  # what is not replaced: the temperature is as published, and how far photos are was not measured
        unmeasured_card(model, source.architecture, data, classes, familiarity="prominence", licence=source.licence),
        title=source.title,
        bytes=lite.stat().st_size,
        accuracy=source.accuracy,
        measured_on=pretrained.MEASURED_ON,
        sha256=sha256(lite),
        weights_sha256=sha256(place / f"{source.name}.weights.h5"),
    )


def main(source: str, fetched: str, place: str) -> None:
    """Convert as told on the command line."""
    try:
        convert_weights(PretrainedSource(**json.loads(source)), Path(fetched), Path(place))
    except ConvScopeError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(*sys.argv[1:])
