"""What needs Keras, in a process of its own, away from the engines that are timed: `python -m bench.keras_side`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bench.figure import Missing
from cnn.paths import ROOT

if TYPE_CHECKING:
    import keras

    from cnn.zoo.litert_runner import LiteRTRunner

PREDICT_ROUNDS = 15
PHOTOS = 256  # in the folder, the sample photos again and again
PREDICT_BATCH = 32  # photos, Keras' own default
FOLDER_ROUNDS = 5
CLASSES, A_CLASS = 5, 40  # that are taught, and photos of each


def run(task: str, folder: Path, names: Sequence[str], out: Path) -> None:
    """Do `task` in a child process.

    Args:
        task: "onnx" writes <name>.onnx into `out`, "features" its features alone; "taught" puts a
            taught network below `out`, and its name into name.txt; "predict" writes predict.json,
            name -> [ours, theirs] in ms; "folder" writes folder.json, [ours, theirs] in photos a second.
        folder: of the networks.
        names: such as "mnist/lenet".
        out: an existing folder.
    Raises: Missing: the child failed; the last line that it wrote says why.
    """
    command = [sys.executable, "-m", "bench.keras_side", task, str(folder), str(out), *names]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Missing(f"Keras could not do its part: {reason}")


def _model(name: str, folder: Path) -> tuple[keras.Model, LiteRTRunner]:
    """Build a shipped network in Keras, with its weights."""
    from cnn import zoo
    from cnn.export import keras_twin

    network = zoo.load_network(name, folder)
    return keras_twin.build_keras_twin(name, network.runner.shape, folder), network.runner


def _onnx(names: Sequence[str], folder: Path, out: Path) -> None:
    import numpy as np

    for name in names:
        path = out / f"{name}.onnx"
        path.parent.mkdir(parents=True, exist_ok=True)
        model, runner = _model(name, folder)
        model(np.zeros((1, *runner.shape), np.float32))  # Keras exports only what has run once
        model.export(path, format="onnx", verbose=False)


def _features(names: Sequence[str], folder: Path, out: Path) -> None:
    """Write what comes before the last weights of networks that average their maps themselves."""
    import keras
    import numpy as np

    for name in names:
        path = out / f"{name}.onnx"
        path.parent.mkdir(parents=True, exist_ok=True)
        model, runner = _model(name, folder)
        cut = keras.Model(model.inputs, model.get_layer("average").output)
        cut(np.zeros((1, *runner.shape), np.float32))
        cut.export(path, format="onnx", verbose=False)


def _taught(names: Sequence[str], folder: Path, out: Path) -> None:
    """Teach clouds of features: what they came from does not change how long an answer takes."""
    import numpy as np

    from cnn import zoo
    from cnn.home import HOME_VARIABLE
    from cnn.shelf import Shelf
    from cnn.teach import teach_classes
    from cnn.teach.keep import keep_classifier
    from cnn.zoo.feature_extractor import FeatureExtractor

    os.environ[HOME_VARIABLE] = str(out)
    width = FeatureExtractor(zoo.load_network(names[0], folder)).width
    random, labels = np.random.default_rng(0), np.repeat(np.arange(CLASSES), A_CLASS)
    middles = random.random((CLASSES, width))
    clouds = (middles[labels] + 0.1 * random.normal(size=(len(labels), width))).astype(np.float32)
    taught = teach_classes(names[0], [f"class {one}" for one in range(CLASSES)], clouds, labels)
    (out / "name.txt").write_text(keep_classifier(taught, "bench", Shelf()).name, encoding="utf-8")


def _predict(names: Sequence[str], folder: Path, out: Path) -> None:
    import numpy as np

    from bench.timing import medians

    found = {}
    for name in names:
        model, runner = _model(name, folder)
        image = np.random.default_rng(0).random((1, *runner.shape), np.float32)
        calls = [lambda: runner(image), lambda: model.predict(image, verbose=0)]  # noqa: B023
        found[name] = medians(calls, PREDICT_ROUNDS)
    (out / "predict.json").write_text(json.dumps(found))


def _folder(names: Sequence[str], folder: Path, out: Path) -> None:
    """Time a folder of photos through ours, and through Keras with its own loader; writes photos a second."""
    import numpy as np
    from keras import applications, utils

    from bench.timing import medians
    from cnn import zoo
    from cnn.inference import photo_classification

    samples = sorted((zoo.NETWORKS_FOLDER.parent / "photos").glob("*.jpg"))
    paths = [samples[i % len(samples)] for i in range(PHOTOS)]
    network = zoo.load_network(names[0], folder)
    model = applications.EfficientNetB0(weights=None)  # its weights do not change its speed

    def theirs() -> object:
        pictures = [utils.img_to_array(utils.load_img(path, target_size=(224, 224))) for path in paths]
        return model.predict(np.stack(pictures), batch_size=PREDICT_BATCH, verbose=0)

    spent = medians([lambda: list(photo_classification.classify_photo_files(paths, [network])), theirs], FOLDER_ROUNDS)
    (out / "folder.json").write_text(json.dumps([PHOTOS / ms * 1000 for ms in spent]))


def main(task: str, folder: str, out: str, *names: str) -> None:
    """Do one task; see `run`."""
    import cnn.keras_backend  # noqa: F401  before anything imports Keras: it sets TensorFlow's variables

    {"onnx": _onnx, "features": _features, "taught": _taught, "predict": _predict, "folder": _folder}[task](
        names, Path(folder), Path(out)
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
