"""Moments of a training: weights, what the network then made of held-out pictures, and how it learned. No TensorFlow.

A frame is one file, `frame-<step>.npz`, written beside and then renamed: it is whole or not there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from functools import lru_cache
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from cnn.array_types import Array
from cnn.atomic_files import write_bytes
from cnn.errors import DAMAGED_ARCHIVE, BadInput, DiskFull

DENSE: Final = (1, 2, 4, 8, 24, 72, 216, 648, 1944)  # steps with a frame, at most: a network learns most at first
FRAMES_AN_EPOCH: Final = 4  # at most, and 2 or 1 where 4 would cost more than ...
FRAMES_SHARE: Final = 0.025  # ... this of the training, counted in passes: asking a picture is one, learning from it
# is 3; of a run of the page's own length the frames that are dense at first cost as much again
HELD_OUT: Final = 500  # pictures that every frame is measured on: an accuracy to 2 points either way
MOST_FRAMES: Final = 80  # of a run, about: long runs get fewer an epoch
FULL_PRECISION: Final = 250_000  # weights: up to here frames hold float32, from here on float16
WEIGHTS: Final = "weights/"  # before the names of arrays in a file: numbers as they are ...
CHANGES: Final = "changes/"  # ... or, of frames written by `compact_frames`, whole steps since the frame before ...
STEP_SIZES: Final = "step_sizes/"  # ... and how large a step is, the same in all frames of a run
UNREADABLE: Final = (*DAMAGED_ARCHIVE, TypeError)  # a damaged file


@dataclass(frozen=True, slots=True)
class LayerHealth:
    """How a layer learned in the step before a frame.

    Attributes:
        layer: its name; it has a kernel.
        gradient: length of the gradient of its kernel.
        ratio: length of the change of its kernel, by the length of the kernel.
        dead: share of its units, in [0, 1], whose ReLU gave 0 for every held-out picture; None where there is no ReLU.
    """

    layer: str
    gradient: float
    ratio: float
    dead: float | None = None


@dataclass(frozen=True, slots=True)
class FrameFigures:
    """The figures of a frame.

    Attributes:
        step: steps done, from 0.
        epoch: passes done, such as 1.25.
        loss, accuracy: mean over the training batches since the frame before; None at step 0.
        held_out_loss, held_out_accuracy: on the held-out pictures.
        seconds: of training until then, pauses left out.
        layers: from the first to the last.
    """

    step: int
    epoch: float
    loss: float | None
    accuracy: float | None
    held_out_loss: float
    held_out_accuracy: float
    seconds: float
    layers: tuple[LayerHealth, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A moment of a training; nobody changes its arrays.

    Attributes:
        figures: what was measured.
        weights: name, such as "c1/kernel" -> float32.
        logits: of the held-out pictures, float32 (n, classes).
        features: what the last dense layer read of them, float32 (n, features).
    """

    figures: FrameFigures
    weights: Mapping[str, Array]
    logits: Array
    features: Array = field(default_factory=lambda: np.zeros((0, 0), np.float32))


def frame_steps(steps: int, steps_an_epoch: int, batch: int) -> tuple[int, ...]:
    """Say after which steps a run of `steps` keeps a frame: dense at first, then evenly, and at the end.

    Args:
        steps: of the run.
        steps_an_epoch: of a pass over the training pictures.
        batch: pictures a step; the fewer, the more a frame's HELD_OUT pictures weigh against them.
    """
    apart = max(1, ceil(HELD_OUT / (FRAMES_SHARE * 3 * batch)), ceil(steps / (MOST_FRAMES - len(DENSE))))
    parts = [steps_an_epoch // count for count in (FRAMES_AN_EPOCH, 2, 1)]
    even = next((part for part in parts if part >= apart), ceil(apart / steps_an_epoch) * steps_an_epoch)
    dense = {step for step in DENSE if step <= min(even, steps) * 3 // 4}
    return tuple(sorted({0, steps, *dense, *range(even, steps, even)}))


def frame_bytes(parameters: int, features: int, held_out: int = HELD_OUT, classes: int = 10) -> int:
    """Foretell the size of a frame's file."""
    return parameters * (4 if parameters <= FULL_PRECISION else 2) + held_out * (2 * features + 4 * classes) + 20_000


def write_frame(folder: Path, frame: Frame) -> None:
    """Keep a frame.

    Raises: DiskFull: it cannot be written; nothing of it is left.
    """
    count = sum(one.size for one in frame.weights.values())
    form = np.float32 if count <= FULL_PRECISION else np.float16
    content = BytesIO()
    arrays: dict[str, npt.NDArray[Any]] = {f"{WEIGHTS}{name}": one.astype(form) for name, one in frame.weights.items()}
    arrays |= {"logits": frame.logits, "features": frame.features.astype(np.float16)}
    arrays["figures"] = np.array(json.dumps(asdict(frame.figures)))
    np.savez(content, allow_pickle=False, **arrays)
    try:
        write_bytes(frame_path(folder, frame.figures.step), content.getvalue())
    except OSError as error:
        raise DiskFull(f"A frame could not be written to {folder} ({error}). Free some space, then go on.") from error


def read_frame(folder: Path, step: int) -> Frame:
    """Read a frame.

    Raises: BadInput: there is none after that step, or it is damaged.
    """
    try:
        arrays = read_arrays(frame_path(folder, step), without=CHANGES)
        weights = {name: one.astype(np.float32) for name, one in _named(arrays, WEIGHTS).items()}
        if sizes := _named(arrays, STEP_SIZES):
            weights |= {name: one * sizes[name] for name, one in _added_changes(folder, step).items()}
        figures = _figures(json.loads(str(arrays["figures"])))
        return Frame(figures, weights, arrays["logits"].astype(np.float32), arrays["features"].astype(np.float32))
    except UNREADABLE as error:
        raise BadInput(f"There is no whole frame after step {step} in {folder.name} ({error}).") from error


@lru_cache(maxsize=4)  # the next frame adds to the one before; a few MB each, and nobody changes them
def _added_changes(folder: Path, step: int) -> Mapping[str, npt.NDArray[np.int32]]:
    """Add up the changes of a compact run until a frame."""
    own = {name: one.astype(np.int32) for name, one in _named(read_arrays(frame_path(folder, step)), CHANGES).items()}
    earlier = [one for one in steps_with_frames(folder) if one < step]
    if not earlier:
        return own
    before = _added_changes(folder, earlier[-1])
    return {name: before[name] + one for name, one in own.items()}


def _named(arrays: Mapping[str, npt.NDArray[Any]], first: str) -> dict[str, npt.NDArray[Any]]:
    return {name.removeprefix(first): one for name, one in arrays.items() if name.startswith(first)}


def read_figures(folder: Path, step: int) -> FrameFigures:
    """Read the figures of a frame alone; raises as `read_frame`."""
    try:
        return _figures(json.loads(str(read_arrays(frame_path(folder, step), "figures")["figures"])))
    except UNREADABLE as error:
        raise BadInput(f"There is no whole frame after step {step} in {folder.name} ({error}).") from error


def read_logits(folder: Path, step: int) -> Array:
    """Read what a frame answered to the held-out pictures, float32 (n, classes); raises as `read_frame`."""
    try:
        return np.asarray(read_arrays(frame_path(folder, step), "logits")["logits"], np.float32)
    except UNREADABLE as error:
        raise BadInput(f"There is no whole frame after step {step} in {folder.name} ({error}).") from error


def read_arrays(path: Path, *names: str, without: str | None = None) -> dict[str, npt.NDArray[Any]]:
    """Read arrays of an .npz; a damaged one raises one of UNREADABLE.

    Args:
        path: of the file.
        names: of the arrays; all of them unless some are named.
        without: those whose names begin so are left out.
    """
    with path.open("rb") as file, np.load(file) as arrays:  # opened here: NumPy leaves a damaged one open
        chosen = [name for name in names or arrays.files if without is None or not name.startswith(without)]
        return {name: arrays[name] for name in chosen}


def steps_with_frames(folder: Path) -> tuple[int, ...]:
    """List after which steps there is a frame, in order."""
    return tuple(sorted(int(path.stem.split("-")[1]) for path in folder.glob("frame-*.npz")))


def drop_frames_after(folder: Path, step: int) -> None:
    """Forget the frames of a run that goes on from an earlier step."""
    for later in steps_with_frames(folder):
        if later > step:
            frame_path(folder, later).unlink(missing_ok=True)


def frame_path(folder: Path, step: int) -> Path:
    """Say where a frame lies."""
    return folder / f"frame-{step:07d}.npz"


def _figures(entries: Mapping[str, Any]) -> FrameFigures:
    known = {one.name for one in fields(FrameFigures)} - {"layers"}
    layers = tuple(LayerHealth(**one) for one in entries["layers"])
    return FrameFigures(**{name: entries[name] for name in known}, layers=layers)


def history(folder: Path, known: Mapping[int, FrameFigures] | None = None) -> list[FrameFigures]:
    """Read the figures of all frames of a run, those that are not `known` already."""
    known = known or {}
    return [known[step] if step in known else read_figures(folder, step) for step in steps_with_frames(folder)]


def mean(values: Iterable[float]) -> float | None:
    """Average; None of nothing."""
    found: Sequence[float] = tuple(values)
    return sum(found) / len(found) if found else None
