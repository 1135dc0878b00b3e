"""A file that a person brought, between its arrival and the shelf. No TensorFlow.

<home>/arrivals/<id>/file.keras       what came, under a name of ours
<home>/arrivals/<id>/core.tflite      its layers, flat, up to the logits, as we converted them ...
<home>/arrivals/<id>/core.json        ... as Keras writes them ...
<home>/arrivals/<id>/core.weights.h5  ... and their weights
<home>/arrivals/<id>/facts.json       what was found out; written last
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final

from cnn.errors import BadInput, DiskFull
from cnn.home import check_room, home_folder, make_home
from cnn.shelf import LONGEST_TITLE

FOLDER: Final = "arrivals"
READ: Final = ("keras", "h5", "tflite", "onnx")  # formats
FACTS, CORE_JSON, CORE_WEIGHTS, CORE_TFLITE = "facts.json", "core.json", "core.weights.h5", "core.tflite"
MOST_FILE_BYTES: Final = 200 * 2**20
COPIES: Final = 6  # of the file that are needed at once: itself, what is made of it here and on the shelf
KEPT_S: Final = 86_400.0  # that an arrival waits to be put on the shelf
LONGEST_NAME: Final = 40  # letters of a file's name that are told


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What a file holds.

    Attributes:
        format: a member of READ.
        shape: (height, width, channels) of an input, in pixels.
        any_size: the file takes pictures of any size; that of `shape` was chosen here.
        classes: how many it tells apart.
        ending: what it ends in: "softmax", "log_softmax", "sigmoid" (each class by itself) or "logits".
        parameters: trained or not.
        layers: of it, flat.
        dropped: layers that change nothing in an answer, and were left out.
        labels: names of the classes, where the file has them; else ().
        likely: the key in `INPUT_FORMS` that its layers speak for.
        maps: of the last layer of maps; 0 where it has none.
        relu: it has ReLUs.
        difference: largest one between an answer of the file and of what was made of it.
    """

    format: str
    shape: tuple[int, int, int]
    any_size: bool
    classes: int
    ending: str
    parameters: int
    layers: int
    dropped: int
    labels: tuple[str, ...]
    likely: str
    maps: int
    relu: bool
    difference: float

    def to_json(self) -> str:
        """Write them."""
        return json.dumps(asdict(self))


def facts_from_json(text: str) -> ModelFacts:
    """Read what `ModelFacts.to_json` wrote.

    Raises: BadInput: it is not of that form.
    """
    try:
        entries: dict[str, Any] = json.loads(text)
        entries |= {"shape": tuple(entries["shape"]), "labels": tuple(entries["labels"])}
        return ModelFacts(**{field.name: entries[field.name] for field in fields(ModelFacts)})
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(f"What was found out of this file cannot be read ({error!r}). Bring it again.") from error


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that waits.

    Attributes:
        id: names its folder.
        name: of the file, as it came; for people alone.
    """

    id: str
    name: str

    @property
    def folder(self) -> Path:
        """Say where it waits."""
        return home_folder() / FOLDER / self.id

    @property
    def file(self) -> Path:
        """Name the file as it is kept."""
        return self.folder / f"file.{format_of(self.name)}"

    @property
    def facts(self) -> ModelFacts:
        """Read what was found out; raises BadInput where nothing was yet."""
        try:
            return facts_from_json((self.folder / FACTS).read_text("utf-8"))
        except OSError as error:
            raise BadInput(f"{self.short_name} is not here any more. Bring it again.") from error

    @property
    def short_name(self) -> str:
        """Name the file in at most LONGEST_NAME letters of the kind that names have: no markup, no path."""
        return re.sub(r"[^\w .-]+", " ", self.name)[-LONGEST_NAME:].strip(" .") or f"file.{format_of(self.name)}"

    @property
    def title(self) -> str:
        """Say what its network is called at first: as the file is, without what no name on the shelf has."""
        words = re.sub(r"[^\w-]|_", " ", Path(self.name).stem).strip("- ")
        return " ".join(words.split())[:LONGEST_TITLE].strip() or "Mine"

    def forget(self) -> None:
        """Remove all that was kept of it."""
        shutil.rmtree(self.folder, ignore_errors=True)


def format_of(name: str) -> str:
    """Say by its ending which format a file has.

    Raises: BadInput: another one, with what to type to get one of these.
    """
    ending = Path(name).suffix.lower().removeprefix(".").replace("hdf5", "h5")
    if ending not in READ:
        raise BadInput(OTHER_FORMATS.get(ending, NO_FORMAT))
    return ending


NO_FORMAT: Final = (
    "This is no file of a network that we read. Bring a .keras, .h5, .tflite or .onnx file; the page Help says how to "
    "get one."
)
_TORCH: Final = (
    "A PyTorch file holds a pickle, which can run any code, so it is not read. Where it was trained, type: "
    "torch.onnx.export(model.eval(), torch.zeros(1, 3, 224, 224), 'mine.onnx', external_data=False)."
)
OTHER_FORMATS: Final = {
    **dict.fromkeys(("pt", "pth", "ckpt", "bin", "safetensors"), _TORCH),
    **dict.fromkeys(("pkl", "pickle", "joblib"), "A pickle can run any code, so it is not read. Save a .keras file."),
    "pb": "A SavedModel is a folder, and runs code. Where it was trained, make one file of it: the bytes of "
    "tf.lite.TFLiteConverter.from_saved_model('FOLDER').convert() are a .tflite.",
}


def receive_file(content: bytes, name: str) -> Arrival:
    """Keep what came, under a name of ours.

    Args:
        content: of the file.
        name: as the person calls it.
    Raises: BadInput: it is too large, empty, or its ending names no format that we read.
        DiskFull: it could not be written.
    """
    format_of(name)
    if not content:
        raise BadInput("This file is empty. Save the network again.")
    if len(content) > MOST_FILE_BYTES:
        size, most = len(content) / 2**20, MOST_FILE_BYTES / 2**20
        raise BadInput(f"This file has {size:,.0f} MB; one of a network may have {most:.0f}.")
    forget_old_arrivals()
    check_room(COPIES * len(content), "network")
    arrival = Arrival(secrets.token_hex(8), name)
    make_home(f"{FOLDER}/{arrival.id}")
    try:
        arrival.file.write_bytes(content)
    except OSError as error:
        arrival.forget()
        raise DiskFull(f"The file could not be kept in {home_folder()} ({error}). Free some space.") from error
    return arrival


def forget_old_arrivals(now: float | None = None) -> None:
    """Remove what has waited for more than a day; `now` is in seconds since 1970."""
    oldest = (time.time() if now is None else now) - KEPT_S
    for folder in (home_folder() / FOLDER).glob("*"):
        if folder.is_dir() and folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)
