"""What goes between a server and the process that computes evidence. No TensorFlow."""

from __future__ import annotations

import pickle
import struct
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, Generic, TypeVar

from cnn import zoo
from cnn.array_types import Array
from cnn.attribution.methods import DEFAULT_METHOD
from cnn.attribution.results import (
    AdversarialNudge,
    AttributionMap,
    FaithfulnessCurves,
    FeatureVisualization,
    RandomizationResult,
)
from cnn.backpropagation.results import StepQuestion, TrainingStep

T_co = TypeVar("T_co", covariant=True)

READY_SIGNAL: Final = "ready"
LENGTH_PREFIX: Final = struct.Struct("<Q")


class Request(Generic[T_co]):
    """What the process is asked; its answer is of type `T_co`."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, eq=False)
class AttributionRequest(Request[AttributionMap]):
    """Ask where a network sees a class.

    Attributes:
        network: such as "mnist/resnet".
        image: its exact input, float32 (height, width, channels) in [0, 1].
        label: of the class.
        layer: whose maps are weighed, by a method that weighs maps; None for the last ones.
        folder: of the networks.
        method: a key of `cnn.attribution.methods.ATTRIBUTION_METHODS`.
    """

    network: str
    image: Array
    label: int
    layer: str | None = None
    folder: Path = zoo.NETWORKS_FOLDER
    method: str = DEFAULT_METHOD


@dataclass(frozen=True, slots=True, eq=False)
class FaithfulnessRequest(Request[FaithfulnessCurves]):
    """Ask whether the answer follows a heat map; attributes as `AttributionRequest`.

    Attributes:
        heat: float32 (height, width) in [0, 1].
    """

    network: str
    image: Array
    label: int
    heat: Array
    folder: Path = zoo.NETWORKS_FOLDER


@dataclass(frozen=True, slots=True, eq=False)
class RandomizationRequest(Request[RandomizationResult]):
    """Ask what is left of the evidence when weights are shuffled; attributes as `AttributionRequest`."""

    network: str
    image: Array
    label: int
    method: str = DEFAULT_METHOD
    folder: Path = zoo.NETWORKS_FOLDER


@dataclass(frozen=True, slots=True)
class VisualizationRequest(Request[FeatureVisualization]):
    """Ask what a unit looks for.

    Attributes:
        network: such as "mnist/resnet".
        layer: its name.
        unit: of that layer.
        steps: of the climb.
        seed: of what it starts from.
        folder: of the networks.
    """

    network: str
    layer: str
    unit: int
    steps: int
    seed: int = 0
    folder: Path = zoo.NETWORKS_FOLDER


@dataclass(frozen=True, slots=True, eq=False)
class TrainingStepRequest(Request[TrainingStep]):
    """Ask for one more step of training on a picture; attributes as `AttributionRequest`.

    Attributes:
        asked: what is to be learned, and how.
    """

    network: str
    image: Array
    asked: StepQuestion
    folder: Path = zoo.NETWORKS_FOLDER


@dataclass(frozen=True, slots=True, eq=False)
class NudgeRequest(Request[AdversarialNudge]):
    """Ask for the smallest change that turns the answer; attributes as `AttributionRequest`."""

    network: str
    image: Array
    folder: Path = zoo.NETWORKS_FOLDER


@dataclass(frozen=True, slots=True)
class RequestMessage:
    """A request.

    Attributes:
        number: under which its answer comes back.
        request: what is asked.
        asker: whose it is; askers take turns.
    """

    number: int
    request: Request[Any]
    asker: Hashable = 0


@dataclass(frozen=True, slots=True)
class CancelMessage:
    """Nobody waits for the answer any more."""

    number: int


@dataclass(frozen=True, slots=True, eq=False)
class ReplyMessage:
    """Progress, an answer, or WorkerFailure; in that order, and nothing after the last two."""

    number: int
    content: object


@dataclass(frozen=True, slots=True)
class WorkerFailure:
    """Why there is no answer."""

    reason: str


def send_message(out: IO[bytes], message: object) -> None:
    """Write a message.

    Raises: OSError: the other end is gone.
    """
    content = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    out.write(LENGTH_PREFIX.pack(len(content)) + content)
    out.flush()


def receive_message(entry: IO[bytes]) -> Any:
    """Read a message; None where the other end is gone."""
    head = entry.read(LENGTH_PREFIX.size)
    if len(head) < LENGTH_PREFIX.size:
        return None
    (length,) = LENGTH_PREFIX.unpack(head)
    content = entry.read(length)
    return pickle.loads(content) if len(content) == length else None
