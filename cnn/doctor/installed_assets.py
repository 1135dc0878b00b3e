"""What ConvScope keeps: networks, whole or damaged, and data sets. Only the standard library."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, Final

from cnn import graph, zoo
from cnn.architectures import ARCHITECTURES, LARGE_ARCHITECTURES
from cnn.atomic_files import sha256
from cnn.doctor.finding import Finding, short_path
from cnn.errors import ConvScopeError
from cnn.zoo import Card, pretrained

FOLDER_VARIABLE: Final = "CONVSCOPE_DATA"  # as in cnn.datasets.dataset, which needs NumPy
NETWORK_FILE_SUFFIXES: Final = (".json", ".tflite", ".weights.h5", ".layers.json", ".layers.tflite")
NEEDED_NETWORKS: Final = (
    *(f"mnist/{name}" for name in ARCHITECTURES if name != "plain"),
    pretrained.SHIPPED_IMAGENET_NETWORK,
)
FETCH_AGAIN_ADVICE: Final = "`git checkout -- assets/networks` brings it back; without git, unpack ConvScope anew."
# data set -> what it is in (any one of the files, below CONVSCOPE_DATA or Keras' own folder), and MB to download
BATCHES: Final = "cifar-10-batches-py-target/cifar-10-batches-py/test_batch"
DATA: Final = {
    "MNIST": (("mnist.npz",), 11),
    "Fashion-MNIST": (("fashion-mnist/t10k-images-idx3-ubyte.gz",), 31),
    "CIFAR-10": (("cifar10-jpeg.zip", BATCHES), 163),
}


def check_shipped_networks(folder: Path = zoo.NETWORKS_FOLDER) -> Iterator[Finding]:
    """Check the shipped networks against their cards: those the pages need, and whatever else is there."""
    names = sorted({*NEEDED_NETWORKS, *_stems(folder)})
    troubles = {name: _trouble(name, folder) for name in names}
    for name, trouble in troubles.items():
        if trouble:
            yield Finding("Networks", f"{name}: {trouble}.", "bad", FETCH_AGAIN_ADVICE)
    whole = sum(not trouble for trouble in troubles.values())
    yield Finding("Networks", f"{whole} of {len(names)} shipped networks are whole, as their checksums say.")


def check_fetched_networks(folder: Path | None = None) -> Iterator[Finding]:
    """Check those that were fetched; one that was not is no fault."""
    place = folder or pretrained.pretrained_folder()
    stems = _stems(place)
    for name, source in pretrained.PRETRAINED.items():
        again = f"Fetch it again, on the Photo page or with `python -m cnn fetch {source.architecture}`."
        if (place / f"{name}.part.h5").exists():
            yield Finding("Networks", f"{source.title} was fetched in part.", "note", f"The rest comes: {again}")
        elif name in stems and (trouble := _trouble(name, place)):
            yield Finding("Networks", f"{source.title}, fetched: {trouble}.", "bad", again)
        elif name in stems:
            yield Finding("Networks", f"{source.title}, fetched, is whole.")
        else:
            yield Finding("Networks", f"{source.title} was not fetched; the Photo page offers it.")


def _stems(folder: Path) -> set[str]:
    """List whatever has at least one file of a network: a card or weights left alone are found, too."""
    files = [
        (path, ending) for path in folder.glob("*/*") for ending in NETWORK_FILE_SUFFIXES if path.name.endswith(ending)
    ]
    named = {f"{path.parent.name}/{path.name.removesuffix(ending)}" for path, ending in files}
    return {
        name for name in named if not name.split("/")[1].startswith("beside-") and "." not in name
    }  # x.layers.json is x.json's


def _trouble(name: str, folder: Path) -> str:
    """Say what is wrong with a network's files; "" where nothing is."""
    engine = _engine_suffix(name)
    needed = [ending for ending in NETWORK_FILE_SUFFIXES if ending != ".tflite" or ending == engine]
    missing = [ending for ending in needed if not (folder / f"{name}{ending}").is_file()]
    if missing:
        return f"{' and '.join(name.split('/')[1] + ending for ending in missing)} missing"
    try:
        card, (_, layers) = _card(folder / f"{name}.json"), graph.read_graph(folder / f"{name}.layers.json")
        sums = {".layers.tflite": layers, ".weights.h5": card["weights_sha256"], engine: card["sha256"]}
        bad = [ending for ending, wanted in sums.items() if wanted and sha256(folder / f"{name}{ending}") != wanted]
    except (ConvScopeError, OSError, ValueError, KeyError, TypeError) as error:
        return f"cannot be read ({type(error).__name__})"
    return f"{' and '.join(bad)} damaged: not what the card's checksum says" if bad else ""


def _engine_suffix(name: str) -> str:
    """Say which file a network runs from; one of an architecture that nobody knows is checked like most."""
    architecture = name.rpartition("/")[2]
    known = architecture in ARCHITECTURES or architecture in LARGE_ARCHITECTURES
    return ".tflite" if not known or zoo.has_classifier(name) else zoo.LAYERS_TFLITE


def _card(file: Path) -> dict[str, Any]:
    """Read a card without NumPy, which `zoo.read_card` may need.

    Raises: OSError, ValueError, KeyError, TypeError: it is damaged.
    """
    card = json.loads(file.read_text("utf-8"))
    return {field.name: card[field.name] for field in fields(Card) if field.default is MISSING}


def check_data_sets() -> Iterator[Finding]:
    """Say where the data sets are; answers need none, and 5,000 digits come with the app."""
    named = os.environ.get(FOLDER_VARIABLE)
    folder = Path(named) if named else Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser() / "datasets"
    for title, (files, megabytes) in DATA.items():
        there = next((folder / file for file in files if (folder / file).is_file()), None)
        if there is None:
            what = f"{title} is not in {short_path(folder)}."
            yield Finding("Data", what, "note" if named else "fine", _offer(bool(named), files[0], megabytes))
        elif there.suffix in (".npz", ".zip") and not zipfile.is_zipfile(there):
            yield Finding(
                "Data", f"{title}: {short_path(there)} is damaged.", "bad", "Delete it; copy or download it again."
            )
        else:
            yield Finding("Data", f"{title} is {short_path(there)}.")


def _offer(named: bool, file: str, megabytes: int) -> str:
    if named:
        return f"{FOLDER_VARIABLE} names that folder: put {file} there, or unset it, and Keras downloads its own."
    return f"Answers need none. Keras downloads it ({megabytes} MB) for a training; {FOLDER_VARIABLE} names a copy."
