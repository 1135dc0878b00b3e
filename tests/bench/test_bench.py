"""The bench: its arithmetic, its two engines on the same network, and what it says where a tool is missing."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

import bench
from bench import BENCHES, Bench, browser, engines, figures, training, training_side
from bench.figure import Figure, Missing, Sample, need
from bench.server import ONE_LINE, served
from bench.timing import medians
from cnn.architectures import ARCHITECTURES
from cnn.errors import UnknownName
from cnn.paths import ROOT
from cnn.zoo.litert_runner import LiteRTRunner
from tests.support.slow import slow_but_for

NEEDS_ONNX = pytest.mark.skipif(
    not all(map(find_spec, engines.ONNX_TOOLS)), reason=f"needs {', '.join(engines.ONNX_TOOLS)}"
)


@pytest.mark.parametrize(
    ("ours", "theirs", "better", "ratio", "met"),
    [
        (3.0, 4.0, "lower", 0.75, True),
        (4.0, 4.0, "lower", 1.0, True),
        (5.0, 4.0, "lower", 1.25, False),
        (5.0, 4.0, "higher", 1.25, True),
        (3.0, 4.0, "higher", 0.75, False),
    ],
)
def test_a_figure_is_a_ratio_beside_its_goal(ours: float, theirs: float, better: str, ratio: float, met: bool) -> None:
    figure = Figure("speed", 1.0, "ms", ours, theirs, better=better)
    assert figure.as_dict() == {
        "name": "speed",
        "goal": 1.0,
        "unit": "ms",
        "ours": ours,
        "theirs": theirs,
        "detail": "",
        "better": better,
        "ratio": ratio,
        "met": met,
    }
    assert f"speed: {ratio:.2f}, goal at {'most' if better == 'lower' else 'least'} 1" in str(figure)
    assert ("missed" in str(figure)) is not met


def test_a_figure_that_was_not_measured_says_why() -> None:
    figure = Figure("speed", 1.0, "ms", detail="No clock.")
    assert figure.ratio is None
    assert figure.met is None
    assert str(figure) == "speed: not measured. No clock."


def test_a_figure_without_a_goal_is_neither_met_nor_missed() -> None:
    figure = Figure("page", None, "ms", 3.0, 2.0, "how")
    assert figure.met is None
    assert str(figure) == "page: 1.50 (3 against 2 ms; how)"


def of(measure: Callable[[Path], Iterator[Sample]], monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    monkeypatch.setattr(bench, "BENCHES", {"speed": Bench(1.0, "ms", measure)})
    return list(figures())


def test_a_bench_yields_a_figure_for_each_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = [Sample(1, 2, "how", "mnist/lenet"), Sample(3, 2, "how")]
    found = of(lambda folder: iter(samples), monkeypatch)
    assert [(figure.name, figure.ratio) for figure in found] == [("speed/mnist/lenet", 0.5), ("speed", 1.5)]


def test_what_is_missing_costs_only_its_own_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    def measure(folder: Path) -> Iterator[Sample]:
        yield Sample(1, 2, "how", "first")
        raise Missing("No second.")

    assert [(figure.name, figure.detail) for figure in of(measure, monkeypatch)] == [
        ("speed/first", "how"),
        ("speed", "No second."),
    ]


def test_an_unknown_figure_is_refused_before_anything_is_measured() -> None:
    with pytest.raises(UnknownName, match="No figure named 'luck'"):
        figures(["memory", "luck"])


def test_a_missing_package_is_named() -> None:
    need(["json"])
    with pytest.raises(Missing, match="Not installed: no_such_package"):
        need(["json", "no_such_package"])


@NEEDS_ONNX
@pytest.mark.parametrize("name", ["onnxruntime-1", "onnxruntime-256", "predict"])
def test_without_networks_nothing_is_compared(name: str, tmp_path: Path) -> None:
    (figure,) = figures([name], tmp_path)
    assert figure.ratio is None
    assert figure.detail.startswith("No network is shipped")


def test_without_pytorch_the_line_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(training, "find_spec", lambda name: None)
    monkeypatch.delenv(training.TORCH_PYTHON, raising=False)
    (figure,) = figures(["training-torch"], tmp_path)
    assert figure.ratio is None
    assert figure.detail.startswith("PyTorch is not installed")


def test_a_training_that_fails_apart_says_why() -> None:
    with pytest.raises(Missing, match="nobody could not be measured: KeyError: 'nobody'"):
        training_side.train_apart("nobody")


@NEEDS_ONNX
def test_without_a_browser_the_exported_page_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is exported, which takes half a minute."""
    monkeypatch.setattr(browser, "find", lambda: None)
    (figure,) = figures(["exported-page"])
    assert figure.ratio is None
    assert figure.detail == "There is no browser. Run: python scripts/browser.py"


def test_one_network_alone_is_no_comparison(tmp_path: Path) -> None:
    (figure,) = figures(["five-on-one"], tmp_path)
    assert figure.ratio is None
    assert figure.detail == "There are not two networks of mnist to compare."


def test_every_goal_stands_in_the_table() -> None:
    goals = {name: (one.goal, one.better) for name, one in BENCHES.items()}
    assert goals == {
        "onnxruntime-1": (1.0, "lower"),
        "onnxruntime-256": (1.0, "lower"),
        "predict": (1.0, "lower"),
        "grad-cam": (1.0, "lower"),
        "photo": (1.0, "lower"),
        "folder": (3.0, "higher"),
        "own-classes": (1.1, "lower"),
        "embed": (1.0, "lower"),
        "exported-page": (None, "lower"),
        "feature-maps": (2.0, "lower"),
        "unit": (1.5, "lower"),
        "five-on-one": (1.2, "lower"),
        "data-set": (1.2, "lower"),
        "mouse-up": (1.3, "lower"),
        "first-paint": (1.2, "lower"),
        "page": (1.0, "lower"),
        "page-memory": (1.0, "lower"),
        "memory": (1.5, "lower"),
        "training-keras": (1.5, "higher"),
        "training-torch": (1.0, "higher"),
        "recording": (1.05, "lower"),
        "to-97-percent": (1.0, "lower"),
        "time-machine": (1.5, "lower"),
        "beside-a-training": (1.3, "lower"),
        "beside-training-and-evidence": (1.5, "lower"),
    }


def test_calls_are_timed_in_turns() -> None:
    called: list[str] = []
    times = medians([lambda: called.append("a"), lambda: called.append("b")], 2)
    assert "".join(called) == "bbaaaabb"
    assert len(times) == 2
    assert min(times) > 0


@pytest.fixture(scope="module")
def onnx_files(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Ship an architecture untrained, as .tflite beside .onnx, from a process of its own."""

    @cache
    def made(name: str) -> Path:
        return converted(name, tmp_path_factory.mktemp("networks"))

    return made


def converted(name: str, folder: Path) -> Path:
    code = f"""
from pathlib import Path
import numpy as np
from cnn.export import keras_to_tflite
from cnn.architectures import ARCHITECTURES
rng = np.random.default_rng(0)
model = ARCHITECTURES[{name!r}].build((28, 28, 1), 10)
model.set_weights([v + 0.1 * rng.random(v.shape) * (v.ndim == 1) for v in model.get_weights()])
Path({str(folder)!r}, {name!r} + ".tflite").write_bytes(keras_to_tflite.to_tflite(model))
model.export(Path({str(folder)!r}, {name!r} + ".onnx"), format="onnx", verbose=False)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return folder


@NEEDS_ONNX
@pytest.mark.parametrize("name", [slow_but_for(["alexnet"], name) for name in ARCHITECTURES])
@pytest.mark.parametrize("count", [1, 256])
def test_both_engines_run_the_same_network(name: str, count: int, onnx_files: Callable[[str], Path]) -> None:
    folder = onnx_files(name)
    ours = LiteRTRunner((folder / f"{name}.tflite").read_bytes())
    theirs = engines.session(folder / f"{name}.onnx", 1)
    images = np.random.default_rng(1).random((count, 28, 28, 1), np.float32)
    assert float(np.ptp(ours(images))) > 0.01  # a constant would agree with anything
    engines.agree(name, ours, theirs, images)


def test_engines_that_differ_are_not_compared() -> None:
    images = np.zeros((1, 28, 28, 1), np.float32)
    with pytest.raises(Missing, match="lenet and its ONNX twin differ"):
        engines.agree("lenet", lambda _: np.zeros((1, 10), np.float32), lambda _: np.full((1, 10), 2e-4), images)


def test_not_a_number_is_no_agreement() -> None:
    images = np.zeros((1, 28, 28, 1), np.float32)
    with pytest.raises(Missing):
        engines.agree("lenet", lambda _: np.zeros((1, 10), np.float32), lambda _: np.full((1, 10), np.nan), images)


def test_a_server_is_up_inside_and_gone_outside() -> None:
    with served(ONE_LINE) as server:
        assert server.process.poll() is None
        if Path("/proc").exists():
            assert server.peak_megabytes() > 10
    assert server.process.poll() is not None
