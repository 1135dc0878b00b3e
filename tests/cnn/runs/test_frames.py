"""Frames: dense at first, whole or not there, and what a damaged one says."""

from pathlib import Path

import numpy as np
import pytest

from cnn.errors import BadInput
from cnn.runs import frames
from cnn.runs.estimate import time_left
from cnn.runs.frames import Frame, FrameFigures, LayerHealth


def frame(step: int, size: int = 3, seconds: float = 0.0) -> Frame:
    figures = FrameFigures(step, step / 4, 0.5, 0.25, 0.75, 0.5, seconds, (LayerHealth("c1", 1.5, 0.01, 0.125),))
    rng = np.random.default_rng(step)
    return Frame(
        figures,
        {"c1/kernel": rng.random((size, size), np.float32)},
        rng.random((5, 10), np.float32),
        np.zeros((5, 4), np.float32),
    )


@pytest.mark.parametrize(
    ("steps", "an_epoch", "batch"),
    [(1, 1, 32), (3, 3, 32), (1000, 125, 32), (35_100, 351, 128), (100, 1, 8), (0, 1, 8)],
)
def test_frames_are_dense_at_first_and_never_too_many(steps: int, an_epoch: int, batch: int) -> None:
    kept = frames.frame_steps(steps, an_epoch, batch)
    assert kept[0] == 0
    assert kept[-1] == steps
    assert len(kept) <= frames.MOST_FRAMES + 1
    if not steps:
        return
    gaps = np.diff(kept)
    assert gaps[0] == 1
    assert (gaps[1:] <= 4 * gaps[:-1]).all(), "no gap is much wider than the one before"


@pytest.mark.parametrize(("steps", "an_epoch", "batch"), [(1000, 125, 32), (13_744, 1718, 32), (500, 500, 8)])
def test_frames_after_the_dense_ones_cost_a_twentieth_of_the_passes(steps: int, an_epoch: int, batch: int) -> None:
    kept = np.array(frames.frame_steps(steps, an_epoch, batch))
    even = kept[kept >= np.diff(kept).max()]
    assert len(even) * frames.HELD_OUT <= 0.051 * 3 * batch * steps + frames.HELD_OUT


def test_a_frame_comes_back_as_it_was(tmp_path: Path) -> None:
    written = frame(4)
    frames.write_frame(tmp_path, written)
    read = frames.read_frame(tmp_path, 4)
    assert read.figures == written.figures == frames.read_figures(tmp_path, 4)
    assert np.array_equal(read.weights["c1/kernel"], written.weights["c1/kernel"])
    assert np.array_equal(read.logits, written.logits)
    assert frames.steps_with_frames(tmp_path) == (4,)


def test_weights_of_a_large_network_are_kept_to_three_digits(tmp_path: Path) -> None:
    written = frame(1, size=501)
    frames.write_frame(tmp_path, written)
    size = (tmp_path / "frame-0000001.npz").stat().st_size
    assert size < frames.frame_bytes(501 * 501, 4) * 1.01
    assert np.allclose(frames.read_frame(tmp_path, 1).weights["c1/kernel"], written.weights["c1/kernel"], atol=1e-3)


def test_a_damaged_or_missing_frame_says_which(tmp_path: Path) -> None:
    frames.write_frame(tmp_path, frame(2))
    path = tmp_path / "frame-0000002.npz"
    path.write_bytes(path.read_bytes()[:300])
    for step in (2, 3):
        with pytest.raises(BadInput, match=f"step {step} "):
            frames.read_frame(tmp_path, step)


def test_a_run_that_goes_back_forgets_what_came_later(tmp_path: Path) -> None:
    for step in (0, 1, 2, 4):
        frames.write_frame(tmp_path, frame(step))
    frames.drop_frames_after(tmp_path, 1)
    assert frames.steps_with_frames(tmp_path) == (0, 1)


def test_the_time_left_is_a_range_and_leaves_compiling_out() -> None:
    seconds = (0.0, 9.0, 9.1, 9.3, 9.4)  # the first step compiles
    told = [frame(step, seconds=at).figures for step, at in zip((0, 1, 2, 3, 4), seconds, strict=True)]
    quick, slow = time_left(told, 4, 14) or (0, 0)
    assert quick == pytest.approx(1.0)
    assert slow == pytest.approx(1.5)
    assert time_left(told[:2], 1, 14) is None
