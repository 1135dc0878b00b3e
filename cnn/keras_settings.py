"""What Keras reads before it starts, and what ConvScope's processes need of it. Only the standard library.

Keras takes its settings from keras.json, which every program of a person shares, and from variables. A file that asks
for channels_first or float16 broke training after its last epoch, and evidence at once.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

NEEDED: Final[Mapping[str, object]] = {  # in keras.json; what Keras does without that file
    "backend": "tensorflow",
    "floatx": "float32",
    "image_data_format": "channels_last",
    "epsilon": 1e-7,
}
HOME: Final = "KERAS_HOME"  # where keras.json lies, and what Keras downloads
NOWHERE: Final = str(Path(os.devnull) / "keras")  # no folder, and none can be made: there is no file to read
VARIABLES: Final[Mapping[str, str | None]] = {  # to set; None: to leave out
    "KERAS_BACKEND": "tensorflow",
    "KERAS_MAX_EPOCHS": None,
    "KERAS_MAX_STEPS_PER_EPOCH": None,
    "KERAS_NNX_ENABLED": None,
}


def home() -> Path:
    """Say where Keras keeps its file and its downloads, by its own rule."""
    if HOME in os.environ:
        return Path(os.environ[HOME]).expanduser()
    person = Path("~").expanduser()
    return (person if os.access(person, os.W_OK) else Path("/tmp")) / ".keras"


def environment() -> dict[str, str]:
    """Give the variables of a process in which Keras starts as ConvScope needs it, whatever a person has set."""
    kept = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    return kept | {name: value for name, value in VARIABLES.items() if value is not None} | {HOME: NOWHERE}


@contextmanager
def needed() -> Iterator[None]:
    """Within, `import keras` follows neither keras.json nor variables; afterwards only the backend's stays set."""
    before = os.environ.get(HOME)
    os.environ.update(wanted := environment())
    for name in os.environ.keys() - wanted.keys():
        del os.environ[name]
    try:
        yield
    finally:
        del os.environ[HOME]
        if before is not None:
            os.environ[HOME] = before
