"""Switch units off and see what the network answers then. No TensorFlow.

Off means: the unit's output is 0 everywhere, as the next layers read it. Where batch normalisation or an activation
follows a layer, that is what comes out of the last of them: a 0 before the normalisation would be shifted by it.
The loaded network is never edited: what stands before the units is known, what comes after is computed anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from cnn.array_types import Array
from cnn.datasets.dataset import Split
from cnn.errors import BadInput, Cancelled, UnknownName
from cnn.graph import Graph, Layer
from cnn.layers.activations import InspectableNetwork
from cnn.layers.partial_forward import PartialForward
from cnn.metrics.significance import ConfidenceInterval, wilson_interval

UnitsOff = Mapping[str, frozenset[int]]  # layer -> its units that are off

UNIT_MAKING_KINDS: Final = (
    "Conv2D",
    "DepthwiseConv2D",
    "Dense",
    "Add",
    "Multiply",
    "Concatenate",
)  # units of their own
UNITWISE_KINDS: Final = ("BatchNormalization", "ReLU", "Activation")  # the same units, one by one
NUMBERS: Final = 2**20  # of the largest layer of a batch, 4 MB: more would not stay in the cache
SURELY_FEWEST: Final = 2  # units: whether one alone does it was tried with each
MOST: Final = 32  # pictures, or units, computed together


def ablatable_layers(graph: Graph) -> tuple[Layer, ...]:
    """List the layers whose units can be switched off, in their order; not the logits, which are the answer."""
    ends = {ablation_point(graph, layer.name) for layer in graph.layers if layer.kind in UNIT_MAKING_KINDS}
    return tuple(layer for layer in graph.layers if layer.name in ends and layer.name != graph.logits.name)


def ablation_point(graph: Graph, name: str) -> str:
    """Follow a layer to where the next ones read its units: past normalisation and activation.

    Raises: UnknownName: no layer has that `name`.
    """
    readers = graph.readers(graph.layer(name).name)
    return ablation_point(graph, readers[0].name) if len(readers) == 1 and readers[0].kind in UNITWISE_KINDS else name


def ablated_logits(forward: PartialForward, maps: Mapping[str, Array], off: UnitsOff) -> Array:
    """Answer with units off: float32 (classes,).

    Args:
        forward: the network.
        maps: what each layer makes of the input, from `InspectableNetwork.maps`; nothing of it is changed.
        off: units of one or several layers.
    Raises: UnknownName: no such layer can be switched.
        BadInput: no such unit.
    """
    known = {name: one[None] for name, one in maps.items()}
    return np.asarray(forward.logits(known, unit_masks(forward.graph, off))[0], np.float32)


def unit_masks(graph: Graph, off: UnitsOff) -> dict[str, Array]:
    """Turn units that are off into what each unit is multiplied with: float32 (1, units)."""
    return {name: _keep(graph, name, units) for name, units in off.items() if units}


def _keep(graph: Graph, name: str, units: frozenset[int]) -> Array:
    layers = {layer.name: layer for layer in ablatable_layers(graph)}
    if name not in layers:
        raise UnknownName("layer that can be switched", name, layers)
    count = layers[name].units
    if not units <= set(range(count)):
        raise BadInput(f"{name} has the units 0 to {count - 1}, not {sorted(units - set(range(count)))}.")
    keep = np.ones((1, count), np.float32)
    keep[0, list(units)] = 0
    return keep


def ablate_each_unit(
    forward: PartialForward,
    maps: Mapping[str, Array],
    layer: str,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Array:
    """Answer with each unit of a layer off alone: float32 (units, classes).

    Raises: UnknownName: no such layer can be switched.
        Cancelled: `stopped` said so.
    """
    count = forward.graph.layer(layer).units
    _keep(forward.graph, layer, frozenset())
    known = {name: one[None] for name, one in maps.items()}
    keep, parts, step = 1 - np.eye(count, dtype=np.float32), [], ablation_batch_size(forward.graph)
    for start in range(0, count, step):
        if stopped():
            raise Cancelled(f"Switching the units of {layer} off was stopped after {start:,} of {count:,}.")
        parts.append(forward.logits(known, {layer: keep[start : start + step]}))
        on_progress(min(start + step, count), count)
    return np.concatenate(parts)


def ablation_batch_size(graph: Graph) -> int:
    """Say how many inputs of a network are best computed together."""
    return max(1, min(MOST, NUMBERS // max(int(np.prod(layer.shape)) for layer in graph.layers)))


@dataclass(frozen=True, slots=True)
class AblationCost:
    """What switching off cost over a set of pictures.

    Attributes:
        asked: pictures.
        before, after: right answers of the intact network, and with the units off.
        changed: answers that became others, right or wrong.
    """

    asked: int
    before: int
    after: int
    changed: int

    @property
    def intervals(self) -> tuple[ConfidenceInterval, ConfidenceInterval]:
        """Give the 95 % intervals of both shares of right answers."""
        return wilson_interval(self.before, self.asked), wilson_interval(self.after, self.asked)


def measure_ablation_cost(
    forward: PartialForward,
    split: Split,
    intact: npt.NDArray[np.int64],
    off: UnitsOff,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    stopped: Callable[[], bool] = lambda: False,
) -> AblationCost:
    """Ask a network with units off about labelled pictures.

    Args:
        forward: the network.
        split: at least one picture that it was not trained on.
        intact: int64 (n,), what the intact network says of them.
        off: as for `ablated_logits`.
        on_progress: called with how many were asked, and how many there are.
        stopped: asked now and then whether to give up.
    Raises: Cancelled: it said so.
    """
    keep, first = unit_masks(forward.graph, off), forward.graph.layers[0].name
    total, said, step = len(split.labels), [], ablation_batch_size(forward.graph)
    for start in range(0, total, step):
        if stopped():
            raise Cancelled(f"It was stopped after {start:,} of {total:,} pictures.")
        images = split.images[start : start + step].astype(np.float32) / np.float32(255)
        said.append(forward.logits({first: images}, keep).argmax(1))
        on_progress(min(start + step, total), total)
    labels = np.concatenate(said)
    right = [int((answers == split.labels).sum()) for answers in (intact, labels)]
    return AblationCost(total, right[0], right[1], int((labels != intact).sum()))


def measure_ablation_cost_on_photos(
    network: InspectableNetwork,
    forward: PartialForward,
    split: Split,
    off: UnitsOff,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    stopped: Callable[[], bool] = lambda: False,
) -> AblationCost:
    """Do the same for a network of large pictures: one at a time, and nothing is computed anew before the units.

    The compiled network computes what stands before them: of ResNet-50 whole, 2.3 s a picture were measured here.

    Args:
        network: as compiled.
        forward: the same network.
        split: as for `measure_ablation_cost`, and so are the others.
        off: of one or several layers.
        on_progress: called with how many were asked, and how many there are.
        stopped: asked now and then whether to give up.
    Raises: Cancelled: it said so.
    """
    total, said = len(split.labels), np.zeros((2, len(split.labels)), np.int64)
    for at, image in enumerate(split.images):
        if stopped():
            raise Cancelled(f"It was stopped after {at:,} of {total:,} pictures.")
        maps = network.maps(image.astype(np.float32) / np.float32(255))
        said[:, at] = [ablated_logits(forward, maps, units).argmax() for units in ({}, off)]
        del maps  # else the next picture would need another engine of 80 MB
        on_progress(at + 1, total)
    before, after = (said == split.labels).sum(1).tolist()
    return AblationCost(total, before, after, int((said[0] != said[1]).sum()))


@dataclass(frozen=True, slots=True)
class FewestUnits:
    """A small set of units without which the answer is another one.

    Attributes:
        units: that are off; empty where not even all of them together turn it.
        label: the answer of the intact network.
        answer: the one without them; `label` where nothing turned it.
        fewest: no smaller set does it. That is known of one unit, and of two, since each alone was tried.
    """

    units: frozenset[int]
    label: int
    answer: int
    fewest: bool


def fewest_units_to_turn(
    forward: PartialForward,
    maps: Mapping[str, Array],
    layer: str,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    stopped: Callable[[], bool] = lambda: False,
) -> FewestUnits:
    """Look for the fewest units of a layer whose absence turns the answer.

    Greedy: the unit goes off whose absence, beside those that are off, leaves the answer the smallest lead over the
    next class. Then each is switched on again where the answer stays turned without that. What is found is asked of
    the network; each of the units is needed, yet another, smaller set may do it, too.

    Raises: UnknownName: no such layer can be switched.
        Cancelled: `stopped` said so.
    """
    count = forward.graph.layer(layer).units
    _keep(forward.graph, layer, frozenset())
    known = {name: one[None] for name, one in maps.items()}
    step = ablation_batch_size(forward.graph)
    label = int(forward.logits(known, {})[0].argmax())

    def leads(sets: list[frozenset[int]]) -> Array:
        """Give the lead of the answer without each of the sets; below 0 it has turned."""
        found = []
        for start in range(0, len(sets), step):
            if stopped():
                raise Cancelled(f"The search for the fewest units of {layer} was cancelled.")
            keep = np.ones((len(sets[start : start + step]), count), np.float32)
            for row, off in enumerate(sets[start : start + step]):
                keep[row, list(off)] = 0
            logits = forward.logits(known, {layer: keep})
            own = logits[:, label].copy()
            logits[:, label] = -np.inf
            found.append(own - logits.max(1))
        return np.concatenate(found)

    off: frozenset[int] = frozenset()
    while len(off) < count:
        left = [unit for unit in range(count) if unit not in off]
        lead = leads([off | {unit} for unit in left])
        off |= {left[int(lead.argmin())]}
        on_progress(len(off), count)
        if lead.min() < 0:
            break
    else:
        return FewestUnits(frozenset(), label, label, False)
    for unit in sorted(off):
        if len(off) > 1 and leads([off - {unit}])[0] < 0:
            off -= {unit}
    answer = int(ablated_logits(forward, maps, {layer: off}).argmax())
    return FewestUnits(off, label, answer, len(off) <= SURELY_FEWEST)
