"""Put a taught classifier on the shelf: its trunk and its head as one network. Importing this loads TensorFlow."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from cnn import zoo
from cnn.architectures.brought import BROUGHT, MODEL_JSON
from cnn.architectures.taught import CENTRE, EPSILON, LOGITS, TAUGHT, put_head_on
from cnn.array_types import Array
from cnn.export import keras_to_tflite, keras_twin, layer_outputs
from cnn.export.model_card import unmeasured_card
from cnn.keras_backend import keras
from cnn.shelf import Shelf, ShelfEntry, network_folder
from cnn.teach.classifier import FALSE_ALARM_RATE, SCALE, TaughtClassifier
from cnn.zoo import BACKGROUND_FILE, FEATURES_FILE, NEIGHBOURS, OWN_CLASSES, Card

LICENCE = "pictures of one's own, which stay on this machine"


OnStep = Callable[[int, int], None]  # steps done, of how many
STEPS = 4  # built, converted, with its layers, on the shelf


def keep_classifier(
    taught: TaughtClassifier,
    title: str,
    shelf: Shelf,
    description: str = "",
    weights: list[Array] | None = None,
    on_step: OnStep = lambda done, of: None,
) -> ShelfEntry:
    """Put a classifier on the shelf, where it is a network like the others; 10 to 20 seconds.

    Args:
        taught: the classifier.
        title: what it shall be called.
        shelf: takes it.
        description: a person's own words about it.
        weights: of the whole network where it was fine-tuned; see `cnn.teach.fine_tuning`.
        on_step: told after each of STEPS.
    Raises: BadInput: the title is empty or too long.
        DiskFull: a file could not be written.
        UnknownName, BrokenNetwork: of the trunk.
    """
    folder = network_folder(taught.trunk)
    trunk = zoo.load_network(taught.trunk, folder)
    model = build_taught(taught, keras_twin.build_keras_twin(taught.trunk, trunk.runner.shape, folder))
    if weights is not None:
        model.set_weights(weights)
    on_step(1, STEPS)
    lite, packed = keras_to_tflite.to_tflite(model), keras_to_tflite.pack_weights(model)
    on_step(2, STEPS)
    card = replace(
        taught_card(taught, model, trunk.card),
        title=title,
        bytes=len(lite),
        sha256=hashlib.sha256(lite).hexdigest(),
        weights_sha256=hashlib.sha256(packed).hexdigest(),
    )
    files = {".tflite": lite, ".weights.h5": packed, FEATURES_FILE: _halves(taught.known)}
    if taught.background is not None:
        files[BACKGROUND_FILE] = _halves(taught.background)
    with TemporaryDirectory() as made:
        if BROUGHT in card.architecture:
            files[MODEL_JSON] = model.to_json().encode()
        layer_outputs.write_layer_outputs(model, Path(made) / "network", packed)
        files |= {path.name.removeprefix("network"): path.read_bytes() for path in Path(made).iterdir()}
    on_step(3, STEPS)
    entry = shelf.add(card, files, description)
    on_step(4, STEPS)
    return entry


def _halves(rows: Array) -> bytes:
    """Write rows as NumPy's file, in 16 bits."""
    content = BytesIO()
    np.save(content, rows.astype(np.float16))
    return content.getvalue()


def build_taught(taught: TaughtClassifier, trunk: keras.Model) -> keras.Model:
    """Build a classifier in Keras: float32 (batch, height, width, 3) in [0, 1] to logits, float32 (batch, classes).

    Args:
        taught: the classifier.
        trunk: its trunk, with weights, whose layers it shares.
    """
    model = put_head_on(trunk, len(taught.classes))
    model.get_layer(CENTRE).set_weights([taught.centre, np.full_like(taught.centre, 1 - EPSILON)])
    kernel, bias = SCALE * taught.head.kernel, SCALE * taught.head.bias
    model.get_layer(LOGITS).set_weights([kernel.astype(np.float32), bias.astype(np.float32)])
    return model


def taught_card(taught: TaughtClassifier, model: keras.Model, trunk: Card) -> Card:
    """Fill in the card of a classifier; its title, sizes and checksums are still to be replaced."""
    right, asked = taught.validation
    head = taught.head
    how = f"ridge of penalty {head.penalty:.3g}" if head.method == "ridge" else "mean of each class"
    frozen = f"the features of {trunk.title}, frozen, under a linear head in closed form ({how})"
    tuned = f"the features of {trunk.title}, its last block and the head fine-tuned, its batch normalisation frozen"
    fine = head.method == "fine-tuned"
    card = unmeasured_card(
        model,
        TAUGHT + trunk.architecture.removeprefix(TAUGHT),
        OWN_CLASSES,
        taught.classes,
        familiarity=NEIGHBOURS,
        licence=LICENCE,
    )
    return replace(
        card,
        accuracy=right / asked,
        measured_on=f"the {asked:,} taught pictures, each left out of the learning once, then read",
        temperature=taught.temperature,
        threshold=taught.least,
        false_alarms=FALSE_ALARM_RATE,
        protocol=tuned if fine else frozen,
        calibrated_on=f"{asked:,} pictures, each left out in turn",
    )
