"""What is checked of a .keras or .h5 file before Keras sees it: no code, no way out of it, no more than it holds.

Runs in the process of its own. No TensorFlow.
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Final

import h5py

from cnn.errors import BadInput

Config = dict[str, Any]

CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
ASSETS: Final = re.compile(r"assets/([\w.-]+/)*[\w.-]*")
MOST_TEXT_BYTES: Final = 16 * 2**20  # of config.json: ResNet-152's has 0.5 MB
MOST_NUMBER_BYTES: Final = 800 * 2**20  # that a file may declare: four times the largest file
MOST_RATIO: Final = 20  # of what is declared to what is there, past ROOM: numbers hardly shrink
ROOM: Final = 2**20  # bytes
PIECE: Final = 2**20  # bytes read at once
MOST_ITEMS: Final = 50_000  # groups and arrays in a file of weights
MOST_LAYERS: Final = 3_000
# Kinds of Keras that run code from the file, read other files, or keep tables of text.
REFUSED: Final = frozenset(
    {
        *("Lambda", "TFSMLayer", "TorchModuleWrapper", "FlaxLayer", "JaxLayer", "TextVectorization"),
        *("StringLookup", "IntegerLookup", "Hashing", "HashedCrossing", "FeatureSpace"),
    }
)
CODE: Final = "it can run code, which no file may do here"
MODULES: Final = re.compile(
    r"keras(\.(layers|models|initializers|regularizers|constraints|activations|dtype_policies)"
    r"|\.src\.(models|layers|initializers|regularizers|constraints|activations|dtype_policies|ops\.(core|math|numpy|nn))"
    r"(\.\w+)*)?|builtins"
    r"|(tf_)?keras(\.src)?\.engine\.\w+"  # where Keras 2 has its models
)
DATA_KINDS: Final = frozenset(  # what Keras writes beside layers, and means no layer
    {"__tensor__", "__keras_tensor__", "__numpy__", "__tuple__", "__slice__", "__ellipsis__", "function", "DTypePolicy"}
)


class CustomLayers(BadInput):
    """A file whose layers need code that is not in it, or must not be run."""


def read_keras_archive(path: Path) -> tuple[Config, bytes, bytes]:
    """Take a .keras file apart: its configuration, its metadata, and its weights as HDF5.

    Raises: BadInput: it is no such file, damaged, or holds what no such file has.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(archive.infolist(), path.stat().st_size)
            return (
                _config(_member(archive, CONFIG, MOST_TEXT_BYTES)),
                _member(archive, METADATA, MOST_TEXT_BYTES),
                _member(archive, WEIGHTS, MOST_NUMBER_BYTES),
            )
    except KeyError as error:
        raise BadInput(f"This .keras file is not whole: {error.args[0]}. Save it again.") from error
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
        raise BadInput(
            f"This is no whole .keras file ({error}). Save it again with model.save('model.keras')."
        ) from error


def _check_members(members: list[zipfile.ZipInfo], size: int) -> None:
    for one in members:
        link = one.external_attr >> 28 == 0xA  # S_IFLNK of what unzip would make
        if link or (one.filename not in (CONFIG, METADATA, WEIGHTS) and not ASSETS.fullmatch(one.filename)):
            raise BadInput(
                f"This .keras file holds {one.filename[:80]!r}, which no network has. Save it again with model.save."
            )
        if ".." in one.filename.split("/"):
            raise BadInput("This .keras file holds a way out of its folder. It is not opened.")
    declared = sum(one.file_size for one in members)
    if declared > MOST_NUMBER_BYTES or declared > MOST_RATIO * size + ROOM:
        raise BadInput(f"This .keras file of {size / 2**20:,.1f} MB would unfold to {declared / 2**20:,.0f} MB.")


def _member(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """Read one member, however large it says that it is."""
    with archive.open(name) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise BadInput(f"{name} in this .keras file is larger than {most / 2**20:,.0f} MB.")
    return content


def _config(text: bytes | str) -> Config:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(
            f"The description of this network is damaged ({type(error).__name__}). Save it again."
        ) from error
    if not isinstance(found, dict):
        raise BadInput("The description of this network is no description. Save it again.")
    found.pop("compile_config", None)  # optimizer, losses and metrics: only training needs them
    return found


def read_h5_config(path: Path) -> Config:
    """Read the configuration of a whole network in HDF5, after checking what the file declares.

    Raises: BadInput: it is no HDF5 file, holds weights alone, or declares more than it holds.
    """
    check_hdf5(path)
    with h5py.File(path) as file:
        text = file.attrs.get("model_config")
        if not isinstance(text, bytes | str):
            raise BadInput(
                "This .h5 file holds weights alone, and not which layers they belong to. Save the whole network with "
                "model.save('model.keras')."
            )
        if len(text) > MOST_TEXT_BYTES:
            raise BadInput("The description of this network is longer than any network's.")
        return _config(text)


def check_hdf5(path: Path) -> None:
    """Check that a file of arrays holds what it declares, and that nothing in it leads elsewhere.

    Raises: BadInput: it is damaged, leads to another file, or declares more numbers than it could hold.
    """
    size, declared, items = path.stat().st_size, 0, 0
    try:
        with h5py.File(path) as file:
            for found in _arrays(file):
                items += 1
                if items > MOST_ITEMS:
                    raise BadInput(f"This file holds more than {MOST_ITEMS:,} arrays.")
                if isinstance(found, h5py.Dataset):
                    declared += _declared(found)
                    if declared > MOST_NUMBER_BYTES or declared > MOST_RATIO * size + ROOM:
                        raise BadInput(
                            f"This file of {size / 2**20:,.1f} MB declares {declared / 2**20:,.0f} MB of numbers; "
                            f"{MOST_NUMBER_BYTES / 2**20:,.0f} MB are the most, and what it declares has to be there."
                        )
    except (OSError, RuntimeError, KeyError, ValueError, TypeError) as error:
        raise BadInput(f"The arrays in this file cannot be read ({_short(error)}). Save it again.") from error


def _arrays(group: h5py.Group, depth: int = 0) -> Iterator[h5py.Group | h5py.Dataset]:
    if depth > 50:
        raise BadInput("This file nests more than 50 groups.")
    for name in group:
        if not isinstance(group.get(name, getlink=True), h5py.HardLink):
            raise BadInput("An array in this file is a link to somewhere else. Save the network again.")
        found = group[name]
        yield found
        if isinstance(found, h5py.Group):
            yield from _arrays(found, depth + 1)


def _declared(array: h5py.Dataset) -> int:
    if array.external or array.is_virtual:
        raise BadInput("An array in this file lies in another file. Save the network again.")
    if array.dtype.kind not in "fiubSOU":
        raise BadInput(f"An array in this file is of {array.dtype}, no numbers.")
    return int(array.size or 0) * int(array.dtype.itemsize)


def check_layers(config: Config, known: Collection[str]) -> None:
    """Refuse a configuration that names anything but layers of Keras itself.

    Args:
        config: of the network; see `read_keras_archive`.
        known: names of Keras' kinds of layers, models, initializers and operations.
    Raises: CustomLayers: with the names of those that are not, and why.
        BadInput: there are too many layers.
    """
    wrong, layers = dict[str, str](), 0
    for entry in _entries(config):
        kind = str(entry["class_name"])[:60]
        registered, module = entry.get("registered_name"), entry.get("module")
        name = entry.get("config", {}).get("name", "") if isinstance(entry.get("config"), dict) else ""
        called = f"{str(name)[:40]} ({kind})" if name else kind
        layers += 1
        if layers > 20 * MOST_LAYERS:
            raise BadInput(f"This network has more than {MOST_LAYERS:,} layers.")
        if kind in REFUSED or kind == "__lambda__":
            wrong[called] = CODE
        elif kind in DATA_KINDS:
            continue
        elif kind not in known or ">" in str(registered or "") or not MODULES.fullmatch(str(module or "builtins")):
            wrong[called] = "its code is not in the file"
    if wrong:
        told = "; ".join(f"{name}: {why}" for name, why in list(wrong.items())[:8])
        raise CustomLayers(
            f"{len(wrong)} layer{'s' * (len(wrong) > 1)} of this network cannot be read. {told}. Where it was trained, "
            "build the same network of Keras' own layers, give it these weights, and save that."
        )


def _entries(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Find every object that Keras would make, however deep."""
    if depth > 200:
        raise BadInput("The description of this network is nested too deeply.")
    if isinstance(value, dict):
        if "class_name" in value:
            yield value
        for inner in value.values():
            yield from _entries(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _entries(inner, depth + 1)


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:120]
