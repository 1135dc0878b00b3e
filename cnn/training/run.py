"""A whole training from the command line: plan, train, ship. Importing this loads TensorFlow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from cnn.datasets.dataset import Split, SplitName
from cnn.training import trainer as training
from cnn.training.checkpoint import Run
from cnn.training.recipes import RECIPES
from cnn.training.ship import ship
from cnn.zoo import Card

Show = Callable[[training.Progress], None]


def plan(architecture: str, data: str, seed: int, epochs: int | None, batch: int | None, pictures: int) -> Run:
    """Fill what was not asked for from the recipe."""
    recipe = RECIPES[data][architecture]
    return Run(architecture, data, seed, epochs or recipe.epochs, batch or recipe.batch, pictures)


def run(
    run: Run, splits: dict[SplitName, Split], runs: Path, folder: Path, resume: bool, bfloat16: bool, show: Show
) -> Card:
    """Train and ship one network; the checkpoint stays in `runs`.

    Raises: BrokenCheckpoint, DiskFull.
    """
    checkpoints = runs / run.data / f"{run.architecture}-{run.seed}"
    trained = training.train(run, splits["train"], splits["validation"], checkpoints, resume, bfloat16, show)
    return ship(trained, run, splits, folder)


@contextmanager
def progress_bar(title: str) -> Iterator[Show]:
    """Show a bar over the whole training with the time left, loss and accuracy."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[figures]}"),
    )
    with Progress(*columns) as bar:
        task = bar.add_task(title, total=None, figures="")

        def show(at: training.Progress) -> None:
            figures = f"epoch {at.epoch}/{at.epochs}   loss {at.loss:.3f}   accuracy {at.accuracy:.1%}"
            done = (at.epoch - 1) * at.steps + at.step
            bar.update(task, total=at.epochs * at.steps, completed=done, figures=figures)

        yield show
