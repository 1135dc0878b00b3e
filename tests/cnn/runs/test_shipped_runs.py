"""The runs that come with the app: small, whole at every moment, and the same networks after rounding."""

from pathlib import Path

import numpy as np
import pytest

from cnn.errors import UnknownName
from cnn.runs import frame_network, frames
from cnn.runs.compact_frames import STEPS_A_DEVIATION, compact_run
from cnn.runs.embedding import fit_projection
from cnn.runs.frames import Frame, FrameFigures
from cnn.runs.table import RunRow, RunTable, shipped_runs
from scripts.make_shipped_runs import MOST_BYTES, RATES

ASKED = 25  # held-out pictures that are answered anew, in NumPy


def test_each_architecture_has_one_and_the_table_looks_it_up() -> None:
    rows = shipped_runs()
    assert {row.settings.architecture for row in rows} == set(RATES)
    assert RunTable().get(rows[-1].id) is rows[-1]
    with pytest.raises(UnknownName):
        RunTable().get("shipped-nothing")


@pytest.mark.parametrize("row", shipped_runs(), ids=lambda row: row.id)
def test_a_shipped_run_is_small_and_every_moment_opens(row: RunRow) -> None:
    assert sum(path.stat().st_size for path in row.folder.iterdir()) <= MOST_BYTES
    steps = frames.steps_with_frames(row.folder)
    assert (steps[0], steps[-1]) == (0, row.settings.steps)
    assert len(steps) >= 16
    split = frame_network.read_held_out(row.folder)
    for step in steps:
        network = frame_network.open_frame(row.folder, step)
        right = (network.frame.logits.argmax(1) == split.labels).mean()
        assert network.frame.figures.held_out_accuracy == pytest.approx(right)
        assert all(np.isfinite(one).all() for one in network.frame.weights.values())
    images = split.images[:ASKED].astype(np.float32) / 255
    logits = network.forward.logits({network.graph.layers[0].name: images})
    assert (logits.argmax(1) == network.frame.logits[:ASKED].argmax(1)).mean() >= 0.95, "rounded, it answers the same"


def test_rounding_does_not_add_up_from_frame_to_frame(tmp_path: Path) -> None:
    source, target = tmp_path / "run", tmp_path / "compact"
    source.mkdir()
    target.mkdir()
    rng = np.random.default_rng(0)
    kernel, features = rng.standard_normal((40, 50), np.float32), rng.standard_normal((30, 6), np.float32)
    for step in range(12):
        kernel = kernel + rng.normal(0, 0.04, kernel.shape).astype(np.float32)
        figures = FrameFigures(step, step / 4, None, None, 1.0, 0.5, 0.0)
        weights = {"c/kernel": kernel, "c/bias": kernel[0]}
        frames.write_frame(source, Frame(figures, weights, features @ rng.random((6, 10), np.float32), features))
    compact_run(source, range(12), target)
    for step in (11, 3, 7, 0):  # in any order
        whole, small = frames.read_frame(source, step), frames.read_frame(target, step)
        half = 0.51 * kernel.std() / STEPS_A_DEVIATION
        assert np.abs(whole.weights["c/kernel"] - small.weights["c/kernel"]).max() <= half
        assert np.allclose(whole.weights["c/bias"], small.weights["c/bias"], atol=2e-3)
        assert small.figures == whole.figures
    places = [
        np.abs(fit_projection(one.features)(one.features) - 0.5) for one in (whole, small)
    ]  # axes may be mirrored
    assert np.allclose(*places, atol=0.01)
