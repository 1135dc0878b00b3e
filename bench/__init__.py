"""Each figure that the README quotes, against its peers, in one run: `python -m cnn bench`.

Nothing else should run meanwhile. All of it takes about six minutes on two cores.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench import (
    arena,
    engines,
    exported_page,
    first_paint,
    grad_cam,
    inside,
    memory,
    mouse_up,
    own_classes,
    page,
    photo,
    training,
    unit,
)
from bench.figure import Better, Figure, Missing, Sample
from cnn import zoo
from cnn.errors import UnknownName

__all__ = ["BENCHES", "Figure", "figures"]


@dataclass(frozen=True, slots=True)
class Bench:
    """A kind of figure: its goal, a ratio (None: it is only reported), and which side is better; its unit; its measure.

    The last is given the folder of the networks.
    """

    goal: float | None
    unit: str
    measure: Callable[[Path], Iterator[Sample]]
    better: Better = "lower"


BENCHES: Final[Mapping[str, Bench]] = {
    "onnxruntime-1": Bench(1.0, "ms", engines.one_answer),
    "onnxruntime-256": Bench(1.0, "ms", engines.batch),
    "predict": Bench(1.0, "ms", engines.keras_predict),
    "grad-cam": Bench(1.0, "ms", grad_cam.measure),
    "photo": Bench(1.0, "ms", photo.one),
    "folder": Bench(3.0, "photos a second", photo.many, "higher"),
    "own-classes": Bench(1.1, "ms", own_classes.one),
    "embed": Bench(1.0, "ms", own_classes.embed),
    "exported-page": Bench(None, "ms", exported_page.measure),
    "feature-maps": Bench(2.0, "ms", inside.every_layer),
    "unit": Bench(1.5, "ms", unit.measure),
    "five-on-one": Bench(1.2, "ms", arena.five_on_one),
    "data-set": Bench(1.2, "s", arena.whole_set),
    "mouse-up": Bench(1.3, "ms", mouse_up.measure),
    "first-paint": Bench(1.2, "s", first_paint.measure),
    "page": Bench(1.0, "ms", page.measure),
    "page-memory": Bench(1.0, "MB", page.peak),
    "memory": Bench(1.5, "MB", memory.measure),
    "training-keras": Bench(1.5, "pictures a second", training.against_keras, "higher"),
    "training-torch": Bench(1.0, "pictures a second", training.against_torch, "higher"),
    "recording": Bench(1.05, "s", training.recording),
    "to-97-percent": Bench(1.0, "s", training.until_wanted),
    "time-machine": Bench(1.5, "ms", training.slider),
    "beside-a-training": Bench(1.3, "ms", training.neighbours),
    "beside-training-and-evidence": Bench(1.5, "ms", training.busy_neighbours),
}


def figures(names: Sequence[str] | None = None, folder: Path = zoo.NETWORKS_FOLDER) -> Iterator[Figure]:
    """Measure, one figure after the other.

    Args:
        names: keys of BENCHES; all of them if None or empty.
        folder: of the networks whose engines are measured; the app uses the shipped ones.
    Returns: figures as they come; one that lacks a tool or a network says so in its detail.
    Raises: UnknownName: no bench has one of the `names`.
    """
    chosen = list(names or BENCHES)
    for name in chosen:
        if name not in BENCHES:
            raise UnknownName("figure", name, BENCHES)
    return (figure for name in chosen for figure in _measured(name, BENCHES[name], folder))


def _measured(name: str, bench: Bench, folder: Path) -> Iterator[Figure]:
    try:
        for sample in bench.measure(folder):
            full = f"{name}/{sample.of}" if sample.of else name
            yield Figure(full, bench.goal, bench.unit, sample.ours, sample.theirs, sample.detail, bench.better)
    except Missing as gap:
        yield Figure(name, bench.goal, bench.unit, detail=str(gap), better=bench.better)
