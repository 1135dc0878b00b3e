"""What the process that opens files is asked: to examine one, to put it on the shelf. Loads TensorFlow."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from cnn.architectures.brought import MODEL_JSON, brought_name
from cnn.atomic_files import write_bytes, write_text
from cnn.attribution import keras_hooks
from cnn.errors import BadInput, BrokenNetwork
from cnn.export import keras_to_tflite, layer_outputs
from cnn.export.model_card import unmeasured_card
from cnn.importing import exported_file, flat_model, keras_file, onnx_file, tflite_file
from cnn.importing.arrival import (
    CORE_JSON,
    CORE_TFLITE,
    CORE_WEIGHTS,
    FACTS,
    Arrival,
    ModelFacts,
    format_of,
)
from cnn.importing.class_names import DIGIT_CLASSES, DIGITS, clean_labels
from cnn.importing.input_forms import InputForm, form_in_words
from cnn.keras_backend import keras
from cnn.shelf import Shelf
from cnn.zoo import Card
from cnn.zoo.litert_runner import LiteRTRunner

AGREEMENT_TOLERANCE: Final = 1e-3  # of a logit, absolutely and of its size: two engines add up in another order
UNIT: Final = "unit"  # of INPUT_FORMS: how a network takes pictures that was taken home from here
FAMILIARITY: Final = "energy"  # nothing is known of what is none of its classes: all is taken for known
LICENCE: Final = "your own file: what its author allows"


def examine(arrival: str, name: str, side: int | None = None) -> dict[str, Any]:
    """Read a file, take it apart, and write what the guesses and the shelf need beside it.

    Args:
        arrival: its id.
        name: of the file.
        side: height and width in px, where it takes any.
    Raises: BadInput: it is damaged, needs code, or is no classifier of pictures.
        BrokenNetwork: the two engines do not agree.
    """
    here = Arrival(arrival, name)
    model, labels = READERS[format_of(name)](here.file, here.folder)
    inside = exported_file.network_inside(model)
    flat = flat_model.flatten_model(inside or model, side)
    core, lite = flat.model, keras_to_tflite.to_tflite(flat.model)
    check_agreement(core, lite)
    write_bytes(here.folder / CORE_TFLITE, lite)
    write_bytes(here.folder / CORE_WEIGHTS, keras_to_tflite.pack_weights(core))
    write_text(here.folder / CORE_JSON, core.to_json())
    maps, relu = _last_maps(core)
    facts = ModelFacts(
        format=format_of(name),
        shape=core.input_shape[1:],
        any_size=flat.any_size,
        classes=core.output_shape[-1],
        ending=flat.ending,
        parameters=core.count_params(),
        layers=len(core.layers),
        dropped=flat.dropped,
        labels=clean_labels(labels, core.output_shape[-1]) if len(labels) == core.output_shape[-1] else (),
        likely=UNIT if inside else likely_form(core),
        maps=maps,
        relu=relu,
        difference=flat.difference,
    )
    write_text(here.folder / FACTS, facts.to_json())
    return {"facts": facts.to_json()}


def _keras_reader(path: Path, scratch: Path) -> tuple[keras.Model, tuple[str, ...]]:
    return keras_file.load_keras_file(path, scratch), ()


READERS: Final[Mapping[str, Callable[[Path, Path], tuple[keras.Model, tuple[str, ...]]]]] = {
    "keras": _keras_reader,
    "h5": _keras_reader,
    "onnx": lambda path, _: (onnx_file.load_onnx_file(path), ()),
    "tflite": lambda path, _: tflite_file.load_tflite_file(path),
}


def check_agreement(model: keras.Model, lite: bytes) -> None:
    """Compare both engines on noise; raises BrokenNetwork where they differ."""
    noise = np.random.default_rng(0).random((1, *model.input_shape[1:]), np.float32)
    wanted, found = np.asarray(model(noise, training=False)), LiteRTRunner(lite)(noise)
    if not np.allclose(found, wanted, AGREEMENT_TOLERANCE, AGREEMENT_TOLERANCE):
        raise BrokenNetwork(
            f"LiteRT and Keras disagree on this network by {np.abs(found - wanted).max():.2g}: it is not shown."
        )


def _last_maps(model: keras.Model) -> tuple[int, bool]:
    """Count the maps of the last layer of maps, 0 without one, and say whether there are ReLUs."""
    relu = keras_hooks.has_relu(model)
    try:
        return int(model.get_layer(keras_hooks.last_spatial_layer(model)).output.shape[-1]), relu
    except BadInput:
        return 0, relu


def likely_form(core: keras.Model) -> str:
    """Guess from the first layers how a network takes pictures: one that rescales by itself takes 0 to 255."""
    first = [type(layer).__name__ for layer in core.layers[1:4]]
    if "Rescaling" in first or "Normalization" in first:
        return "bytes"
    return "signed" if any(type(layer).__name__ == "DepthwiseConv2D" for layer in core.layers) else "unit"


def add(  # as the form asks
    arrival: str,
    name: str,
    form: dict[str, Any],
    data: str,
    labels: list[str],
    title: str,
    description: str = "",
) -> dict[str, Any]:
    """Put an arrival on the shelf as a network like the others.

    Args:
        arrival: id of the file that was examined.
        name: of that file.
        form: how it takes pictures, as `InputForm` has it.
        data: whose pictures it is asked, from `cnn.importing.class_names.data_set_of`.
        labels: names of its classes; [] for numbers.
        title: what it shall be called.
        description: a person's own words about it.
    Raises: BadInput: there is no such arrival, or the labels do not fit.
        DiskFull: a file could not be written.
    """
    here = Arrival(arrival, name)
    facts = here.facts
    wanted = InputForm(tuple(form["scale"]), tuple(form["offset"]), bool(form["bgr"]))
    core = keras.models.model_from_json((here.folder / CORE_JSON).read_text("utf-8"))
    core.load_weights(here.folder / CORE_WEIGHTS)
    model = flat_model.put_in_front(core, wanted, data == DIGITS)
    lite, weights = keras_to_tflite.to_tflite(model), keras_to_tflite.pack_weights(model)
    check_agreement(model, lite)
    architecture = brought_name(facts.format, facts.maps, facts.relu)
    card = replace(
        unmeasured_card(
            model, architecture, data, clean_labels(labels, facts.classes), familiarity=FAMILIARITY, licence=LICENCE
        ),
        title=title,
        bytes=len(lite),
        brought=f"{here.short_name}, which takes pictures as {form_in_words(wanted)}",
        sha256=hashlib.sha256(lite).hexdigest(),
        weights_sha256=hashlib.sha256(weights).hexdigest(),
    )
    files = {".tflite": lite, ".weights.h5": weights, MODEL_JSON: model.to_json().encode()}
    entry = Shelf().add(_measured(card, lite), files | _layers(model, weights), description)
    return {"name": entry.name, "title": entry.title}


def _measured(card: Card, lite: bytes) -> Card:
    """Measure what names the ten digits, in their order, on the test digits that come with the app."""
    from cnn.datasets.evaluation_sets import find_picture_set
    from cnn.evaluation.calibration import measure_card
    from cnn.zoo import Network

    if card.data != DIGITS or card.classes != DIGIT_CLASSES:
        return card
    test = find_picture_set("mnist").read()
    return measure_card(Network(card, LiteRTRunner(lite)), test, f"all {len(test.labels):,} test pictures of MNIST")


def _layers(model: keras.Model, weights: bytes) -> dict[str, bytes]:
    """Make the two files that open its layers."""
    with TemporaryDirectory() as folder:
        layer_outputs.write_layer_outputs(model, Path(folder) / "network", weights)
        return {path.name.removeprefix("network"): path.read_bytes() for path in Path(folder).iterdir()}


REQUESTS: Final[Mapping[str, Callable[..., dict[str, Any]]]] = {"examine": examine, "add": add}
