"""Training: repeats itself, survives a kill, ships whole files or none."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import h5py
import numpy as np
import pytest

from cnn.datasets.dataset import Split, SplitName
from cnn.errors import BadInput, BrokenCheckpoint, DiskFull, MissingData
from cnn.training import checkpoint
from cnn.training.checkpoint import TrainingRun
from tests.support.slow import slow_but_for

if TYPE_CHECKING:
    import keras

PICTURES = 160
Histories = list[dict[str, float]]


@pytest.fixture(scope="module")
def split() -> Split:
    """Digits in invented handwriting, enough to learn a little."""
    from cnn.datasets import synthetic_handwriting

    rng = np.random.default_rng(0)
    labels = np.arange(PICTURES) % 10
    pictures = synthetic_handwriting.render_handwriting(
        [synthetic_handwriting.write_digit(int(label), rng) for label in labels], rng
    )
    return Split((pictures[..., None] * 255).astype(np.uint8), labels)


def plan(epochs: int = 3, seed: int = 1, architecture: str = "alexnet") -> TrainingRun:
    return TrainingRun(architecture, "mnist", seed, epochs, 64, PICTURES)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add an architecture with all that a checkpoint must bring back: moments, moving averages, dropout's seed."""
    from cnn import architectures
    from cnn.training import recipes

    def build(shape: tuple[int, int, int], classes: int) -> keras.Model:
        import keras
        from keras import layers

        image = keras.Input(shape, name="image")
        x = layers.Conv2D(4, 3, strides=4, name="conv")(image)
        x = layers.BatchNormalization(name="norm")(x)
        x = layers.Dropout(0.5, name="dropout")(layers.Flatten(name="flatten")(x))
        return keras.Model(image, layers.Dense(classes, name="logits")(x), name="small")

    one = architectures.Architecture("Small", 2026, "none", "Trains in a second.", 4, 4, build)
    monkeypatch.setitem(architectures._ALL, "small", one)
    monkeypatch.setitem(recipes.RECIPES["mnist"], "small", recipes.RECIPES["mnist"]["resnet"])


class Killed(Exception):
    """Stands for a kill in the middle of an epoch."""


def kill_in_epoch_3(progress: object) -> None:
    if getattr(progress, "epoch") == 3:  # noqa: B009  # typed as object here
        raise Killed


def trained_weights(run: TrainingRun, split: Split, folder: Path, resume: bool = False) -> list[np.ndarray]:
    from cnn.training.trainer import TrainingOptions, train_network

    return train_network(run, split, split, folder, TrainingOptions(resume=resume)).model.get_weights()


@pytest.mark.parametrize("architecture", [slow_but_for(["small"], name) for name in ("small", "alexnet", "resnet")])
@pytest.mark.usefixtures("small")
def test_a_killed_and_resumed_run_ends_with_the_same_weights(architecture: str, split: Split, tmp_path: Path) -> None:
    from cnn.training.trainer import TrainingOptions, train_network

    run = plan(architecture=architecture)
    whole = trained_weights(run, split, tmp_path / "whole")
    with pytest.raises(Killed):
        train_network(run, split, split, tmp_path / "killed", TrainingOptions(on_batch=kill_in_epoch_3))
    assert json.loads((tmp_path / "killed" / "state.json").read_text())["epoch"] == 2
    resumed = trained_weights(run, split, tmp_path / "killed", resume=True)
    for one, other in zip(whole, resumed, strict=True):
        assert np.array_equal(one, other)


@pytest.mark.usefixtures("small")
def test_the_same_seed_gives_the_same_weights_and_another_does_not(split: Split, tmp_path: Path) -> None:
    one, same, other = (
        trained_weights(plan(1, seed, "small"), split, tmp_path / name)
        for name, seed in (("one", 1), ("same", 1), ("other", 2))
    )
    assert all(np.array_equal(a, b) for a, b in zip(one, same, strict=True))
    assert not np.array_equal(one[0], other[0])


def test_progress_counts_every_step(split: Split, tmp_path: Path) -> None:
    from cnn.training.trainer import TrainingOptions, train_network

    seen: list[tuple[int, int]] = []
    options = TrainingOptions(on_batch=lambda at: seen.append((at.epoch, at.step)))
    result = train_network(plan(2, architecture="lenet"), split, split, tmp_path, options)
    steps = len(seen) // 2
    assert seen == [(epoch, step) for epoch in (1, 2) for step in range(1, steps + 1)]
    assert [set(row) for row in result.history] == [
        {"loss", "accuracy", "validation_loss", "validation_accuracy", "seconds"}
    ] * 2


@pytest.fixture(scope="module")
def trained(split: Split, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained")
    trained_weights(plan(1, architecture="lenet"), split, folder)
    return folder


@pytest.fixture
def kept(trained: Path, tmp_path: Path) -> Path:
    """A copy of what a LeNet that was trained for an epoch left, to be damaged."""
    return Path(shutil.copytree(trained, tmp_path / "kept"))


def test_a_damaged_checkpoint_is_refused(split: Split, kept: Path) -> None:
    weights = next(kept.glob("*.weights.h5"))
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 0xFF
    weights.write_bytes(content)
    with pytest.raises(BrokenCheckpoint, match="damaged"):
        trained_weights(plan(1, architecture="lenet"), split, kept, resume=True)


@pytest.mark.parametrize("state", ["", "{", '{"run": {}}', '{"run": {"architecture": 1}}', "[]"])
def test_an_unreadable_state_is_refused(split: Split, tmp_path: Path, state: str) -> None:
    (tmp_path / "state.json").write_text(state)
    with pytest.raises(BrokenCheckpoint, match="cannot be read"):
        trained_weights(plan(1, architecture="lenet"), split, tmp_path, resume=True)


def test_a_checkpoint_of_another_run_is_refused(split: Split, kept: Path) -> None:
    with pytest.raises(BrokenCheckpoint, match="epochs=5"):
        trained_weights(plan(5, architecture="lenet"), split, kept, resume=True)


def test_a_full_disk_leaves_the_former_checkpoint(kept: Path) -> None:
    before = {path.name: path.read_bytes() for path in kept.iterdir()}

    from cnn.architectures import find_architecture

    model = find_architecture("lenet").build((28, 28, 1), 10)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**16, limits[1]))  # bytes; HDF5 itself ends the process at that
    try:
        with pytest.raises(DiskFull, match="File too large"):
            checkpoint.save_checkpoint(model, kept, plan(), 2, [])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert {path.name: path.read_bytes() for path in kept.iterdir()} == before


@pytest.fixture(scope="module")
def few_outliers() -> Iterator[None]:
    """Calibrate with 200 pictures of each kind that is no digit: drawing 2,000 took most of the time of shipping."""
    from cnn.evaluation import ood_samples

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ood_samples, "OOD_PER_KIND", 200)
        yield


@pytest.fixture(scope="module")
def shipped(split: Split, few_outliers: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A LeNet trained for an epoch and put in a folder of networks."""
    from cnn.training.ship import ship_network
    from cnn.training.trainer import train_network

    folder = tmp_path_factory.mktemp("networks")
    run = plan(1, architecture="lenet")
    result = train_network(run, split, split, folder / "runs")
    ship_network(result, run, {"train": split, "validation": split, "test": split}, folder / "mnist")
    return folder


def test_shipping_writes_weights_both_tflite_layers_and_card(shipped: Path) -> None:
    from cnn import zoo
    from cnn.layers import activations

    endings = ("tflite", "weights.h5", "json", "layers.tflite", "layers.json")
    assert {path.name for path in (shipped / "mnist").iterdir()} == {f"lenet.{ending}" for ending in endings}
    card = zoo.read_card("mnist/lenet", shipped)
    assert (card.parameters, card.multiply_adds) == (61_706, 416_520)
    assert card.bytes == (shipped / "mnist" / "lenet.tflite").stat().st_size
    assert set(card.caught) >= {"letters", "scribbles", "signs"}
    assert 0 <= card.accuracy <= 1
    assert 0.1 <= card.temperature <= 10
    assert "AdamW" in card.protocol and "other people's hands" in card.protocol
    assert card.learning_rate == 2e-3
    assert "160 test pictures of MNIST" in card.measured_on
    assert zoo.load_network("mnist/lenet", shipped).runner.shape == (28, 28, 1)
    assert activations.open_network("mnist/lenet", shipped).graph.depth == 5


def test_all_networks_on_cifar10_are_trained_alike() -> None:
    from cnn.training.recipes import RECIPES

    assert set(RECIPES["cifar10"]) == set(RECIPES["mnist"])
    assert len({recipe.protocol for recipe in RECIPES["cifar10"].values()}) == 1


def test_a_recipe_of_two_stages_is_planned_as_two_runs() -> None:
    from cnn.training.run import plan_training as planned

    first, second = planned("vgg", "mnist", 1, None, None, PICTURES)
    assert (first.stage, second.stage) == ("first", "refinement")
    assert first.epochs > second.epochs
    assert [run.epochs for run in planned("vgg", "mnist", 1, 2, None, PICTURES)] == [2]
    assert len(planned("vgg", "cifar10", 1, None, None, PICTURES)) == 1


def test_the_second_stage_goes_on_from_the_first(
    split: Split, shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cnn import zoo
    from cnn.datasets import writing_systems
    from cnn.training import run as job
    from cnn.training import trainer
    from cnn.training.trainer import TrainingOptions

    monkeypatch.setenv(writing_systems.FONTS_VARIABLE, str(tmp_path))
    writing_systems.trace_characters.cache_clear()
    stages = plan(1, architecture="lenet"), replace(plan(1, architecture="lenet"), stage="refinement")
    splits: dict[SplitName, Split] = {"train": split, "validation": split, "test": split}
    begun: list[list[np.ndarray]] = []
    monkeypatch.setattr(trainer, "train_epoch", lambda model, *rest: begun.append(model.get_weights()) or {})
    first = shipped / "mnist" / "lenet.weights.h5"
    card = job.train_and_ship(stages, splits, tmp_path / "runs", tmp_path / "mnist", TrainingOptions(), first)
    assert len(begun) == 1, "the first stage is not trained again"
    before = zoo.read_card("mnist/lenet", shipped)
    assert (card.epochs, card.outliers) == (2, "letters, scribbles, signs, noise")
    assert card.seconds >= before.seconds
    with h5py.File(first) as kept:
        assert np.array_equal(kept["layers/conv2d/vars/0"], begun[0][0])
    assert card.protocol.startswith("50 epochs of AdamW, 64 pictures"), (
        "the recipe's first stage, in batches of the run"
    )
    assert "; 1 epochs of AdamW, 64 pictures" in card.protocol, "the second, as long as it was"
    assert card.learning_rate == before.learning_rate, "the highest of both"
    longer = replace(stages[0], epochs=5), stages[1]
    with pytest.raises(
        BadInput, match=r"lenet.weights.h5 was trained for 1 epochs, by its card\. .* the 5 of the first"
    ):
        job.train_and_ship(longer, splits, tmp_path / "runs", tmp_path / "mnist", TrainingOptions(), first)


def test_missing_data_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cnn.datasets.dataset import find_data_set

    monkeypatch.setenv("CONVSCOPE_DATA", str(tmp_path))
    with pytest.raises(MissingData, match="Set CONVSCOPE_DATA"):
        find_data_set("mnist").load()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["train", "vgg9"], "No architecture named 'vgg9'"),
        (["train", "lenet", "--data", "mnits"], "No data set named 'mnits'"),
        (["train", "lenet"], "could not be read"),
        (["train", "lenet", "--epochs", "0"], "at least 1"),
        (["evaluate", "--architecture", "nobody"], "No network trained on mnist named 'nobody'"),
        (["predict", "x.png", "--data", "letters"], "No data set named 'letters'"),
    ],
)
def test_the_command_line_refuses_in_a_sentence(arguments: list[str], says: str, tmp_path: Path) -> None:
    import os

    done = subprocess.run(
        [sys.executable, "-m", "cnn", *arguments],
        capture_output=True,
        text=True,
        env=os.environ | {"CONVSCOPE_DATA": str(tmp_path)},
        check=False,
    )
    assert done.returncode != 0
    assert says in done.stderr
    assert "Traceback" not in done.stderr
