"""Frames that take a tenth of the room: the run's weights in whole steps of a fixed size, each frame as a change.

A frame holds of every kernel how many steps it moved since the frame before; `frames.read_frame` adds them up. From one
frame to the next most weights move by few steps, and LZMA packs small numbers well. Rounding never adds up: a change is
taken between rounded weights. Of the features stay the two principal components that are drawn. No TensorFlow.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from cnn.array_types import Array
from cnn.atomic_files import write_bytes
from cnn.runs.embedding import fit_projection
from cnn.runs.frames import CHANGES, STEP_SIZES, WEIGHTS, frame_path, read_frame

STEPS_A_DEVIATION: Final = (
    8  # steps in the standard deviation of a kernel at the end: rounding moves it by 3.6 % of that
)
LARGE: Final = 1_000  # weights of an array: smaller ones, such as biases and averages, stay float16
EPOCH_1980: Final = (1980, 1, 1, 0, 0, 0)  # the first date that a zip knows: the same frames give the same bytes


def compact_run(source: Path, steps: Sequence[int], target: Path) -> None:
    """Write some frames of a run compactly.

    Args:
        source: folder of the run.
        steps: of the frames that are kept, in order; the last is the moment that the others are projected like.
        target: takes the files; it holds no frames yet.
    Raises: BadInput: a frame is missing or damaged.
    """
    last = read_frame(source, steps[-1])
    sizes = {name: one.std() / STEPS_A_DEVIATION for name, one in last.weights.items() if one.size >= LARGE}
    projection = fit_projection(last.features)
    before: dict[str, npt.NDArray[np.int32]] = {name: np.zeros(last.weights[name].shape, np.int32) for name in sizes}
    for step in steps:
        frame = read_frame(source, step)
        now = {name: np.rint(frame.weights[name] / size).astype(np.int32) for name, size in sizes.items()}
        arrays: dict[str, npt.NDArray[Any]] = {f"{CHANGES}{name}": _small(now[name] - before[name]) for name in now}
        arrays |= {f"{STEP_SIZES}{name}": np.array(size, np.float32) for name, size in sizes.items()}
        arrays |= {
            f"{WEIGHTS}{name}": one.astype(np.float16) for name, one in frame.weights.items() if name not in sizes
        }
        places = (frame.features - projection.centre) @ projection.axes  # (pictures, 2)
        arrays |= {"logits": _rounded_logits(frame.logits), "features": places.astype(np.float16)}
        arrays["figures"] = np.array(json.dumps(asdict(frame.figures)))
        write_bytes(frame_path(target, step), _packed(arrays))
        before = now


def _rounded_logits(logits: Array) -> npt.NDArray[Any]:
    """Round to float16, unless that changed an answer: before the first steps all classes are about as likely."""
    rounded = logits.astype(np.float16)
    return rounded if (rounded.argmax(1) == logits.argmax(1)).all() else logits


def _small(changes: npt.NDArray[np.int32]) -> npt.NDArray[Any]:
    return changes.astype(np.int8 if np.abs(changes).max(initial=0) < 2**7 else np.int16)


def _packed(arrays: dict[str, npt.NDArray[Any]]) -> bytes:
    """Write an .npz that NumPy reads, packed by LZMA: NumPy itself packs by deflate alone."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, one in arrays.items():
            raw = BytesIO()
            np.lib.format.write_array(raw, np.asarray(one), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", EPOCH_1980)
            archive.writestr(entry, raw.getvalue(), zipfile.ZIP_LZMA)
    return content.getvalue()
