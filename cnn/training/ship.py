"""Put a trained network where the app finds it: weights, both .tflite, layers and card. Loads TensorFlow."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from cnn.atomic_files import write_bytes
from cnn.datasets.dataset import Split, SplitName, find_data_set
from cnn.errors import DiskFull
from cnn.evaluation.calibration import calibrate_and_measure
from cnn.export import keras_to_tflite, layer_outputs
from cnn.export.model_card import unmeasured_card
from cnn.keras_backend import keras
from cnn.training.checkpoint import TrainingRun
from cnn.training.trainer import TrainedNetwork, recipes_until
from cnn.zoo import Card, Network
from cnn.zoo.litert_runner import LiteRTRunner


def ship_network(trained: TrainedNetwork, run: TrainingRun, splits: dict[SplitName, Split], folder: Path) -> Card:
    """Calibrate on the validation part, measure on the test part, write the files.

    The card is written last, so that a network without one is never listed.

    Args:
        trained: the network and its history.
        run: what it was trained with.
        splits: of the data set of `run`.
        folder: becomes the place of <architecture>.tflite, .weights.h5 and .json.
    Raises: DiskFull: a file could not be written.
    """
    model = keras_to_tflite.inference_copy(trained.model)
    network = Network(_card(trained, run, model), LiteRTRunner(keras_to_tflite.to_tflite(model)))
    files = {".weights.h5": keras_to_tflite.pack_weights(model), ".tflite": network.runner.model}
    card = replace(
        calibrate_and_measure(network, splits),
        bytes=len(files[".tflite"]),
        sha256=hashlib.sha256(files[".tflite"]).hexdigest(),
        weights_sha256=hashlib.sha256(files[".weights.h5"]).hexdigest(),
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for ending, content in files.items():
            write_bytes(folder / f"{run.architecture}{ending}", content)
        layer_outputs.write_layer_outputs(model, folder / run.architecture, files[".weights.h5"])
        card.write(folder / f"{run.architecture}.json")
    except OSError as error:
        raise DiskFull(
            f"The network could not be written to {folder} ({error}). Free some space, then --resume."
        ) from error
    return card


def _card(trained: TrainedNetwork, run: TrainingRun, model: keras.Model) -> Card:
    """Fill in what is known before anything is measured."""
    data = find_data_set(run.data)
    stages = recipes_until(run)
    return replace(
        unmeasured_card(
            model, run.architecture, run.data, data.classes, familiarity="divergence", licence=data.licence
        ),
        seed=run.seed,
        epochs=len(trained.history),
        outliers=trained.outliers,
        protocol="; ".join((*(stage.protocol for stage in stages), trained.augmentation)),
        learning_rate=max(stage.rate for stage in stages),
        seconds=round(sum(row["seconds"] for row in trained.history)),
    )
