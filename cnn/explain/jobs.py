"""What goes between a server and the process that computes evidence. No TensorFlow."""

from __future__ import annotations

import pickle
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
import numpy.typing as npt

from cnn import zoo

READY: Final = "ready"
LENGTH: Final = struct.Struct("<Q")


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """Ask where a network sees a class.

    Attributes:
        network: such as "mnist/resnet".
        image: its exact input, float32 (height, width, channels) in [0, 1].
        label: of the class.
        layer: whose maps are weighted; None for the last ones.
        folder: of the networks.
    """

    network: str
    image: npt.NDArray[np.float32]
    label: int
    layer: str | None = None
    folder: Path = zoo.FOLDER


@dataclass(frozen=True, slots=True, eq=False)
class Heat:
    """Evidence, float32 (height, width) in [0, 1] of the layer's size, and the milliseconds it took."""

    values: npt.NDArray[np.float32]
    milliseconds: float


def send(out: IO[bytes], message: object) -> None:
    """Write a message.

    Raises: OSError: the other end is gone.
    """
    content = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    out.write(LENGTH.pack(len(content)) + content)
    out.flush()


def receive(entry: IO[bytes]) -> Any:
    """Read a message; None where the other end is gone."""
    head = entry.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    content = entry.read(length)
    return pickle.loads(content) if len(content) == length else None
