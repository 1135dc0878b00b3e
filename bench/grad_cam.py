"""Grad-CAM through the warm worker against `tf-keras-vis` and plain TensorFlow: `python -m bench.grad_cam`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from bench.figure import Missing, Sample, need
from bench.timing import medians
from cnn import zoo
from cnn.array_types import Array
from cnn.paths import ROOT

if TYPE_CHECKING:
    import keras

Ask = Callable[[Array], Array]

ROUNDS, LABEL = 15, 3
PEERS = ("tf-keras-vis", "plain TensorFlow")
TOLERANCE = 1e-3  # between maps in [0, 1]: ways that differ more do not compute the same


def measure(folder: Path) -> Iterator[Sample]:
    """Time one map of each network, from the input in this process to the map in this process."""
    need(("tf_keras_vis",))
    with TemporaryDirectory() as out:
        path = Path(out) / "grad_cam.json"
        command = [
            sys.executable,
            "-m",
            "bench.grad_cam",
            str(folder),
            str(path),
            *zoo.answering_networks(folder=folder),
        ]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Missing(f"Grad-CAM: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}")
        found = json.loads(path.read_text())
    for name, (ours, *theirs) in found.items():
        peers = ", ".join(f"{peer} {spent:.2f} ms" for peer, spent in zip(PEERS, theirs, strict=True))
        yield Sample(ours, min(theirs), f"one map, median of {ROUNDS} in turns: {peers}", name)


def main(folder: str, out: str, *names: str) -> None:
    """Measure in a process that may load TensorFlow; writes name -> [ours, tf-keras-vis, plain] in ms."""
    from cnn.worker.client import WorkerClient

    client = WorkerClient()
    found = {name: _one(client, name, Path(folder)) for name in names}
    client.close()
    Path(out).write_text(json.dumps(found))


def _one(client: object, name: str, folder: Path) -> list[float]:
    from cnn.attribution import keras_hooks
    from cnn.export import keras_twin
    from cnn.worker.client import WorkerClient
    from cnn.worker.protocol import AttributionRequest

    assert isinstance(client, WorkerClient)
    shape = zoo.load_network(name, folder).runner.shape
    model = keras_twin.build_keras_twin(name, shape, folder)
    layer = keras_hooks.last_spatial_layer(model)
    image = np.random.default_rng(0).random(shape, np.float32)
    ways = [
        lambda picture: client.submit(AttributionRequest(name, picture, LABEL, folder=folder)).result().values,
        _packaged(model, layer),
        _plain(model, layer),
    ]
    _agree(name, ways, image)
    return medians([lambda way=way: way(image) for way in ways], ROUNDS)  # type: ignore[misc]


def _agree(name: str, ways: Sequence[Ask], image: Array) -> None:
    ours, *theirs = (way(image) for way in ways)
    for peer, heat in zip(PEERS, theirs, strict=True):
        if heat.max() > 0 and np.abs(heat / heat.max() - ours).max() > TOLERANCE:
            raise SystemExit(f"{peer} and ours differ on {name}.")


def _packaged(model: keras.Model, layer: str) -> Ask:
    """Ask `tf-keras-vis` as its documentation shows, but for the map alone, unscaled, of the same layer."""
    from tf_keras_vis.gradcam import Gradcam
    from tf_keras_vis.utils.scores import CategoricalScore

    method, score = Gradcam(model, clone=False), CategoricalScore(LABEL)

    def ask(image: Array) -> Array:
        found = method(
            score,
            image[None],
            penultimate_layer=layer,
            seek_penultimate_conv_layer=False,
            expand_cam=False,
            normalize_cam=False,
        )
        return np.asarray(found[0], np.float32)

    return ask


def _plain(model: keras.Model, layer: str) -> Ask:
    """Write it as Keras' own example does, compiled by `tf.function`."""
    import tensorflow as tf
    from keras import Model

    both = Model(model.inputs, [model.get_layer(layer).output, model.outputs[0]])

    @tf.function  # type: ignore[untyped-decorator]  # TensorFlow has no types
    def heat(images: tf.Tensor, label: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            maps, logits = both(images, training=False)
            score = tf.gather(logits, label, axis=1)
        weights = tf.reduce_mean(tape.gradient(score, maps), (1, 2), keepdims=True)
        return tf.nn.relu(tf.reduce_sum(weights * maps, axis=3))[0]

    return lambda image: heat(tf.constant(image[None]), tf.constant(LABEL)).numpy()


if __name__ == "__main__":
    import cnn.keras_backend  # noqa: F401  before anything imports Keras: it sets TensorFlow's variables

    main(*sys.argv[1:])
