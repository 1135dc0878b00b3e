"""Read a .keras or .h5 file with Keras, after `file_checks`, in the process of its own. Loads TensorFlow.

What Keras is handed is written anew out of what was checked: nothing else of the file reaches it.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import h5py

from cnn.errors import BadInput
from cnn.importing import file_checks
from cnn.importing.file_checks import Config
from cnn.keras_backend import keras

OF_KERAS_2: Final = "If Keras 2 wrote it, save it there as model.h5; else save it again with Keras 3."
NO_BATCH_YET: Final = "groups"  # of depthwise layers in files of Keras 2, always 1: Keras 3 knows no such setting
OF_EXPORTS: Final = ("Cast", "Rsqrt", "TopK")  # what files taken home from here have of `ops.core` and `ops.math`
MODELS: Final = {"Functional": "keras.src.models.functional", "Model": "keras", "Sequential": "keras"}  # in Keras 3


def load_keras_file(path: Path, scratch: Path) -> keras.Model:
    """Read a whole network.

    Args:
        path: ends in .keras or .h5.
        scratch: a folder of ours, for the copy that Keras reads.
    Raises: BadInput: the file is damaged, needs code, or is no network.
    """
    config, clean = (_keras_config if path.suffix == ".keras" else _h5_config)(path, scratch)
    try:
        model = keras.models.load_model(clean, compile=False, safe_mode=True)
    except Exception as error:  # Keras raises whatever it likes
        instead = "Save it as .keras instead." if path.suffix == ".h5" else OF_KERAS_2
        raise BadInput(f"Keras cannot build this network ({_sentence(error)}). {instead}") from error
    finally:
        clean.unlink(missing_ok=True)
    if not isinstance(model, keras.Model):
        raise BadInput(f"This file holds a {config.get('class_name', 'thing')!s:.40}, no network.")
    return model


def _keras_config(path: Path, scratch: Path) -> tuple[Config, Path]:
    config, metadata, weights = file_checks.read_keras_archive(path)
    file_checks.check_layers(config, known_kinds())
    arrays = scratch / "checked.h5"
    arrays.write_bytes(weights)
    file_checks.check_hdf5(arrays)
    clean = scratch / "checked.keras"
    with zipfile.ZipFile(clean, "w") as archive:
        archive.writestr(file_checks.CONFIG, json.dumps(_mended(config)))
        archive.writestr(file_checks.METADATA, metadata)
        archive.write(arrays, file_checks.WEIGHTS)
    arrays.unlink()
    return config, clean


def _h5_config(path: Path, scratch: Path) -> tuple[Config, Path]:
    config = file_checks.read_h5_config(path)
    file_checks.check_layers(config, known_kinds())
    clean = scratch / "checked.h5"
    shutil.copyfile(path, clean)
    with h5py.File(clean, "r+") as file:
        file.attrs["model_config"] = json.dumps(_mended(config))
        for name in ("training_config", "optimizer_weights"):
            if name in file.attrs:
                del file.attrs[name]
    return config, clean


def _mended(value: Any) -> Any:
    """Take out what Keras 2 wrote and Keras 3 does not take, and other types of number than float32."""
    if isinstance(value, list):
        return [_mended(one) for one in value]
    if not isinstance(value, dict):
        return value
    made = {name: _mended(one) for name, one in value.items()}
    if isinstance(made.get("config"), dict):
        _mend_settings(str(made.get("class_name")), made["config"])
    if made.get("class_name") in MODELS and "engine" in str(made.get("module", "")):
        made["module"] = MODELS[made["class_name"]]
    if isinstance(made.get("layers"), list) and "output_layers" in made:
        _count_calls_from_zero(made)
        for ends in ("input_layers", "output_layers"):  # a list of one: the next layer of a sequential model took two
            if isinstance(made[ends], list) and len(made[ends]) == 1 and isinstance(made[ends][0], list):
                made[ends] = made[ends][0]
    return made


def _mend_settings(kind: str, config: Config) -> None:
    """Bring a layer's settings from how Keras 2 wrote them to what Keras 3 takes."""
    if kind == "DepthwiseConv2D":
        config.pop(NO_BATCH_YET, None)
    if "batch_input_shape" in config and kind != "InputLayer":  # which takes it
        config["input_shape"] = config.pop("batch_input_shape")[1:]
    if kind == "BatchNormalization" and isinstance(config.get("axis"), list) and len(config["axis"]) == 1:
        config["axis"] = config["axis"][0]


def _count_calls_from_zero(model: Config) -> None:
    """Number the calls of models inside a model of Keras 2 as Keras 3 looks for them.

    In Keras 2 a model that was built from its input has been called once, with that; so the call in the outer model is
    number 1. Keras 3 counts from 0, and takes the difference off for a functional model's outputs alone.
    """
    inner = {one.get("name"): one.get("class_name") for one in model["layers"] if one.get("class_name") in MODELS}
    calls = [call for one in model["layers"] for call in _calls(one.get("inbound_nodes"))]
    outputs = [call for call in _calls(model["output_layers"]) if inner.get(call[0]) == "Sequential"]
    first = {name: min([call[1] for call in (*calls, *outputs) if call[0] == name], default=0) for name in inner}
    for call in (*calls, *outputs):
        if first.get(call[0]):
            call[1] -= 1


def _calls(nodes: Any) -> Iterator[list[Any]]:
    """Find what Keras 2 writes of a call, however deep: [name of a layer, number of its call, number of the output]."""
    if not isinstance(nodes, list):
        return
    if len(nodes) >= 3 and isinstance(nodes[0], str) and type(nodes[1]) is int:
        yield nodes
        return
    for one in nodes:
        yield from _calls(one)


def known_kinds() -> frozenset[str]:
    """List the names of all that a network may be made of: layers, models, initializers, operations of Keras."""
    rooms = (
        *(keras.layers, keras.models, keras.initializers, keras.regularizers, keras.constraints),
        *(keras.src.ops.numpy, keras.src.ops.nn, keras.dtype_policies),
    )
    names = {name for room in rooms for name in dir(room) if name[0].isupper()}
    return frozenset(names | {"Functional", *OF_EXPORTS}) - file_checks.REFUSED


def _sentence(error: Exception) -> str:
    """Give the first line of what Keras said, without the file's own words in full."""
    return " ".join(str(error).split())[:200] or type(error).__name__
