"""The weights of the LeNet that comes with the app, named as frames name them."""

from __future__ import annotations

import h5py
import numpy as np

from cnn import zoo
from cnn.graph import read_graph

LENET = zoo.NETWORKS_FOLDER / "mnist" / "lenet"


def shipped_weights() -> dict[str, np.ndarray]:
    graph, _ = read_graph(LENET.with_suffix(".layers.json"))
    with h5py.File(LENET.with_suffix(".weights.h5")) as file:
        return {
            f"{layer.name}/{name}": np.asarray(file[place])
            for layer in graph.layers
            for name, place in layer.weights.items()
        }
