"""Make a moment of a run a network of one's own, which opens on every page. Importing this loads TensorFlow."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from cnn.architectures import find_architecture
from cnn.datasets.dataset import Split, find_data_set
from cnn.datasets.evaluation_sets import find_picture_set
from cnn.datasets.training_sets import Splits, training_set
from cnn.evaluation.calibration import calibrate_card, measure_card
from cnn.export import keras_to_tflite, layer_outputs
from cnn.export.model_card import unmeasured_card
from cnn.keras_backend import keras
from cnn.runs.frames import FULL_PRECISION, Frame, read_frame
from cnn.runs.learner import assign_weights
from cnn.runs.settings import AUGMENTATIONS, OPTIMIZERS, SCHEDULES, RunSettings
from cnn.runs.table import RunRow
from cnn.shelf import Shelf, ShelfEntry
from cnn.zoo import Card, Network
from cnn.zoo.litert_runner import LiteRTRunner

FAMILIARITY: Final = "energy"  # it was never shown what is none of its classes


def keep_network(
    row: RunRow, step: int, title: str, shelf: Shelf, description: str = "", owner: str = ""
) -> ShelfEntry:
    """Put the network of a moment on the shelf: exported for LiteRT, calibrated and measured; 10 to 20 seconds.

    Args:
        row: the run.
        step: of one of its frames.
        title: what it shall be called.
        shelf: takes it.
        description: a person's own words about it.
        owner: who keeps it.
    Raises: BadInput: there is no such frame, the title is empty or too long.
        DiskFull: a file could not be written.
    """
    data = training_set(row.settings.data)
    frame = read_frame(row.folder, step)
    keras.mixed_precision.set_dtype_policy("float32")
    model = find_architecture(row.settings.architecture).build(data.shape, len(data.classes))
    assign_weights(model, frame.weights)
    lite, weights = keras_to_tflite.to_tflite(model), keras_to_tflite.pack_weights(model)
    card = replace(
        _card(row, frame, model),
        title=title,
        bytes=len(lite),
        sha256=hashlib.sha256(lite).hexdigest(),
        weights_sha256=hashlib.sha256(weights).hexdigest(),
    )
    splits = data.read()
    card = calibrate_card(Network(card, runner := LiteRTRunner(lite)), splits["validation"], FAMILIARITY)
    card = measure_card(Network(card, runner), *_test(row.settings, splits))
    return shelf.add(card, {".tflite": lite, ".weights.h5": weights} | _layers(model, weights), description, owner)


def _test(settings: RunSettings, splits: Splits) -> tuple[Split, str]:
    """Choose what it is measured on: of the digits that come with the app all test digits, not 500 alone."""
    data = find_data_set(training_set(settings.data).like)
    test = find_picture_set("mnist").read() if settings.data == "digits" else splits["test"]
    return test, f"all {len(test.labels):,} test pictures of {data.title}"


def _layers(model: keras.Model, weights: bytes) -> dict[str, bytes]:
    """Make the two files that open its layers."""
    with TemporaryDirectory() as folder:
        layer_outputs.write_layer_outputs(model, Path(folder) / "network", weights)
        return {path.name.removeprefix("network"): path.read_bytes() for path in Path(folder).iterdir()}


def _card(row: RunRow, frame: Frame, model: keras.Model) -> Card:
    settings, data = row.settings, training_set(row.settings.data)
    like = find_data_set(data.like)
    held_out = len(data.read()["validation"].labels)
    return replace(
        unmeasured_card(
            model, settings.architecture, data.like, data.classes, familiarity=FAMILIARITY, licence=like.licence
        ),
        seed=settings.seed,
        epochs=round(frame.figures.epoch),
        seconds=round(frame.figures.seconds),
        protocol=protocol(row, frame),
        learning_rate=settings.rate,
        calibrated_on=f"{held_out:,} pictures held out of the training",
    )


def protocol(row: RunRow, frame: Frame) -> str:
    """Say how the network of a moment was trained; its learning rate stands elsewhere in the card."""
    settings = row.settings
    done = f"{frame.figures.epoch:.3g} of {settings.epochs} epochs"
    passes = f"{settings.epochs} epochs" if frame.figures.step == settings.steps else done
    precision = sum(one.size for one in frame.weights.values()) > FULL_PRECISION
    return "".join(
        (
            f"{passes} of {settings.training_pictures:,} pictures ({training_set(settings.data).title}), "
            f"{settings.batch} a step, {OPTIMIZERS[settings.optimizer].title}, rate: "
            f"{SCHEDULES[settings.schedule]}, pictures "
            f"{'unchanged' if settings.augmentation == 'none' else AUGMENTATIONS[settings.augmentation].title}",
            ", begun with the weights of an earlier run" if row.parent else "",
            ", weights rounded to steps of an eighth of their deviation" if row.shipped else "",
            ", weights rounded to 16 bits" if precision and not row.shipped else "",
        )
    )
