"""Two trainings of ours that differ in the shortcuts alone: 56 layers, with and without. No TensorFlow."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cnn.errors import BrokenNetwork
from cnn.paths import ASSETS

RESIDUAL_RUNS_FILE: Final = ASSETS / "lessons" / "shortcut.json"
RESIDUAL_RUN_NAMES: Final[Mapping[str, str]] = {"plain56": "without shortcuts", "resnet56": "with shortcuts"}
LEAST: Final = 2  # points: one is no curve
FloatSeries = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ResidualRun:
    """How one of them went.

    Attributes:
        steps: at which loss and accuracy were kept.
        loss, accuracy: running means over the training pictures, one a step kept; accuracy in [0, 1].
        validation: steps, and the accuracy on held-out pictures there.
        before, after: norm of the gradient of each convolution, from first to last, untrained and trained.
        pictures: in one step.
        seconds: that it took two cores.
    """

    steps: FloatSeries
    loss: FloatSeries
    accuracy: FloatSeries
    validation: tuple[tuple[float, float], ...]
    before: FloatSeries
    after: FloatSeries
    pictures: int
    seconds: float


def read_residual_runs(file: Path = RESIDUAL_RUNS_FILE) -> dict[str, ResidualRun] | None:
    """Read both trainings, in the order of NAMES; None where they did not come with this copy.

    Raises: BrokenNetwork: the file is damaged.
    """
    if not file.is_file():
        return None
    try:
        content = json.loads(file.read_text("utf-8"))
        return {name: _training(content[name]) for name in RESIDUAL_RUN_NAMES}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BrokenNetwork(
            f"The trainings in {file.name} cannot be read ({error!r}). Fetch assets/lessons anew."
        ) from error


def _training(entry: dict[str, Any]) -> ResidualRun:
    steps, loss, accuracy = (_numbers(entry[name]) for name in ("steps", "loss", "accuracy"))
    before, after = (_numbers(entry["gradients"][name]) for name in ("start", "end"))
    validation = tuple((float(step), float(share)) for step, share in entry["validation"])
    if not len(steps) == len(loss) == len(accuracy) or len(before) != len(after):
        raise ValueError("columns of different length")
    if min(len(steps), len(before)) < LEAST or not validation:
        raise ValueError("a training that was cut off at its beginning")
    pictures, seconds = int(entry["images_per_step"]), float(entry["seconds"])
    return ResidualRun(steps, loss, accuracy, validation, before, after, pictures, seconds)


def _numbers(values: Sequence[float]) -> FloatSeries:
    return tuple(float(value) for value in values)
