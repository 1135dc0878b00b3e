"""The weights of a network that comes with the app, named as frames name them."""

from __future__ import annotations

import h5py
import numpy as np

from cnn import zoo
from cnn.graph import read_graph

LENET = zoo.NETWORKS_FOLDER / "mnist" / "lenet"


def shipped_weights(name: str = "mnist/lenet") -> dict[str, np.ndarray]:
    stem = zoo.NETWORKS_FOLDER / name
    graph, _ = read_graph(stem.with_suffix(".layers.json"))
    with h5py.File(stem.with_suffix(".weights.h5")) as file:
        return {
            f"{layer.name}/{name}": np.asarray(file[place])
            for layer in graph.layers
            for name, place in layer.weights.items()
        }
