"""The network of a moment: a frame's weights in the run's graph, run in NumPy. No TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from cnn.array_types import Array
from cnn.datasets.dataset import Split
from cnn.errors import BadInput
from cnn.graph import CONVOLUTION_KINDS, Graph, read_graph
from cnn.layers.partial_forward import PartialForward
from cnn.runs.frames import UNREADABLE, Frame, read_arrays, read_frame

Labels = npt.NDArray[np.int64]

GRAPH_FILE: Final = "graph.json"  # beside the frames: the layers
HELD_OUT_FILE: Final = "held_out.npz"  # the pictures that every frame is measured on


@dataclass(frozen=True, slots=True)
class FrameNetwork:
    """A network as it was after some step; nobody changes it.

    Attributes:
        graph: its layers.
        frame: its weights, and what was measured.
    """

    graph: Graph
    frame: Frame

    def weights(self, layer: str) -> dict[str, Array]:
        """Give the arrays of a layer, such as "kernel"; {} where it has none."""
        return {name: self.frame.weights[f"{layer}/{name}"] for name in self.graph.layer(layer).weights}

    @property
    def forward(self) -> PartialForward:
        """Run it, in NumPy."""
        return PartialForward(self)

    @property
    def first_kernels(self) -> Array:
        """Give the kernels of the first convolution, float32 (height, width, in, out)."""
        first = next(layer.name for layer in self.graph.layers if layer.kind in CONVOLUTION_KINDS)
        return self.weights(first)["kernel"]


def open_frame(folder: Path, step: int) -> FrameNetwork:
    """Open the network of a run as it was after `step` steps.

    Raises: BadInput: there is no such frame.
        BrokenNetwork: the graph is not there.
    """
    graph, _ = read_graph(folder / GRAPH_FILE)
    return FrameNetwork(graph, read_frame(folder, step))


def read_held_out(folder: Path) -> Split:
    """Read the pictures that the frames of a run are measured on.

    Raises: BadInput: they are not there.
    """
    try:
        arrays = read_arrays(folder / HELD_OUT_FILE)
        return Split(arrays["images"], arrays["labels"].astype(np.int64))
    except UNREADABLE as error:
        raise BadInput(f"The held-out pictures of {folder.name} cannot be read ({error}).") from error


def forgetting_events(answers: Labels, labels: Labels) -> Labels:
    """Count how often each picture was right in one frame and wrong in the next.

    Args:
        answers: labels that were answered, (frames, pictures).
        labels: right ones, (pictures,).
    Returns: (pictures,).
    Source: Toneva et al. 2019, arXiv:1812.05159, "forgetting events".
    """
    right = answers == labels
    return np.asarray((right[:-1] & ~right[1:]).sum(axis=0))


def probabilities(network: FrameNetwork, image: Array) -> Array:
    """Ask the network of a moment.

    Args:
        network: of the moment.
        image: float32 (height, width, channels) in [0, 1].
    Returns: float32 (classes,), by softmax; nothing calibrated them.
    """
    found: Array = softmax(network.forward.logits({network.graph.layers[0].name: image[None]}))[0]
    return found


def softmax(logits: Array) -> Array:
    """Turn logits, float32 (n, classes), into probabilities."""
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float32)
