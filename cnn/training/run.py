"""A whole training from the command line: plan, train, ship. Importing this loads TensorFlow."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from cnn.architectures import find_architecture
from cnn.datasets.dataset import Split, SplitName, find_data_set
from cnn.errors import BadInput
from cnn.training import trainer as training
from cnn.training.checkpoint import TrainingRun
from cnn.training.recipes import RECIPES
from cnn.training.ship import ship_network
from cnn.zoo import Card

ShowProgress = Callable[[training.TrainingProgress], None]


def plan_training(
    name: str, data: str, seed: int, epochs: int | None, batch: int | None, pictures: int
) -> tuple[TrainingRun, ...]:
    """Fill what was not asked for from the recipe: a run a stage; `epochs` of the first are trained alone."""
    recipe = RECIPES[data][name]
    first = TrainingRun(name, data, seed, epochs or recipe.epochs, batch or recipe.batch, pictures)
    if epochs:
        return (first,)
    return tuple(replace(first, epochs=found.epochs, stage=stage) for stage, found in recipe.stages.items())


def train_and_ship(
    stages: Sequence[TrainingRun],
    splits: dict[SplitName, Split],
    runs: Path,
    folder: Path,
    options: training.TrainingOptions,
    first: Path | None = None,
) -> Card:
    """Train one stage after the other, each from the weights of the one before, and ship the network.

    Args:
        stages: from `plan_training`.
        splits: of their data set.
        runs: where the checkpoints stay.
        folder: of the networks of the data set.
        options: of each stage; `start` is of the first.
        first: weights that the first stage ended with, not to train it again; its card lies beside them.
    Raises: BadInput: the card says that they were trained for longer, or for less. BrokenCheckpoint, DiskFull.
    """
    history: list[dict[str, float]] = []
    if first is not None:
        weights, seconds = _trained_before(first, stages[0])
        history = [{"seconds": seconds / stages[0].epochs}] * stages[0].epochs
        stages, options = stages[1:], replace(options, start=weights)
    for stage in stages:
        name = f"{stage.architecture}-{stage.seed}" + ("" if stage.stage == "first" else f"-{stage.stage}")
        parts = splits["train"], splits["validation"], runs / stage.data / name
        trained = training.train_network(stage, *parts, options)
        options = replace(options, start=trained.model.get_weights())
        history += trained.history
    return ship_network(replace(trained, history=history), stage, splits, folder)


def _trained_before(path: Path, run: TrainingRun) -> tuple[list[npt.NDArray[np.float32]], float]:
    """Read weights and how long they were trained: of a card beside them."""
    card = json.loads(path.with_name(path.name.removesuffix(".weights.h5") + ".json").read_text(encoding="utf-8"))
    if card["epochs"] != run.epochs:
        raise BadInput(
            f"{path.name} was trained for {card['epochs']} epochs, by its card. "
            f"The second stage goes on from what the {run.epochs} of the first ended with."
        )
    shape = find_data_set(run.data).shape
    model = find_architecture(run.architecture).build(shape, len(card["classes"]))
    model.load_weights(path)
    return model.get_weights(), float(card["seconds"])


@contextmanager
def progress_bar(title: str) -> Iterator[ShowProgress]:
    """Show a bar over the whole training with the time left, loss and accuracy."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[figures]}"),
    )
    with Progress(*columns) as bar:
        task = bar.add_task(title, total=None, figures="")

        def show(at: training.TrainingProgress) -> None:
            figures = f"epoch {at.epoch}/{at.epochs}   loss {at.loss:.3f}   accuracy {at.accuracy:.1%}"
            done = (at.epoch - 1) * at.steps + at.step
            bar.update(task, total=at.epochs * at.steps, completed=done, figures=figures)

        yield show
