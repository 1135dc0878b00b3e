"""Read a .keras or .h5 file with Keras, after `file_checks`, in the process of its own. Loads TensorFlow.

What Keras is handed is written anew out of what was checked: nothing else of the file reaches it.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any, Final

import h5py

from cnn.errors import BadInput
from cnn.importing import file_checks
from cnn.importing.file_checks import Config
from cnn.keras_backend import keras

NO_BATCH_YET: Final = "groups"  # of depthwise layers in files of Keras 2, always 1: Keras 3 knows no such setting


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
        instead = "Save it as .keras instead." if path.suffix == ".h5" else "Save it again with Keras 3."
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
    if made.get("class_name") == "DepthwiseConv2D" and isinstance(made.get("config"), dict):
        made["config"].pop(NO_BATCH_YET, None)
    return made


def known_kinds() -> frozenset[str]:
    """List the names of all that a network may be made of: layers, models, initializers, operations of Keras."""
    rooms = (
        *(keras.layers, keras.models, keras.initializers, keras.regularizers, keras.constraints),
        *(keras.src.ops.numpy, keras.src.ops.nn, keras.dtype_policies),
    )
    names = {name for room in rooms for name in dir(room) if name[0].isupper()}
    return frozenset(names | {"Functional"}) - file_checks.REFUSED


def _sentence(error: Exception) -> str:
    """Give the first line of what Keras said, without the file's own words in full."""
    return " ".join(str(error).split())[:200] or type(error).__name__
