"""What a run is trained with, and within which bounds. No TensorFlow."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Literal

from cnn.architectures import ARCHITECTURES
from cnn.architectures.built import BUILT, check_stack, stack_tokens
from cnn.datasets.training_sets import training_set
from cnn.errors import BadInput, UnknownName

OptimizerName = Literal["momentum", "adam", "sgd"]
ScheduleName = Literal["cosine", "steps", "constant"]
AugmentationName = Literal["none", "shift", "hands", "mirror"]

MOST_EPOCHS: Final = 100
BATCHES: Final = (8, 16, 32, 64, 128, 256)  # pictures a step
LOWEST_RATE: Final = 1e-5
HIGHEST_RATE: Final = 10.0  # far beyond what is sensible: one may see a network explode
MOST_SEED: Final = 9_999


@dataclass(frozen=True, slots=True)
class OptimizerChoice:
    """An optimizer: what people call it, and the learning rate that suits small networks here."""

    title: str
    rate: float


@dataclass(frozen=True, slots=True)
class AugmentationChoice:
    """A way to change pictures while training: what people call it, and the data sets that it suits."""

    title: str
    suits: tuple[str, ...]


OPTIMIZERS: Final[Mapping[OptimizerName, OptimizerChoice]] = {
    "momentum": OptimizerChoice("SGD with momentum 0.9", 0.05),
    "adam": OptimizerChoice("Adam", 0.003),
    "sgd": OptimizerChoice("plain SGD", 0.1),
}
SCHEDULES: Final[Mapping[ScheduleName, str]] = {
    "cosine": "falls along a cosine",
    "steps": "a tenth after 1/2, again after 3/4",
    "constant": "stays the same",
}
AUGMENTATIONS: Final[Mapping[AugmentationName, AugmentationChoice]] = {
    "none": AugmentationChoice("none", ("mnist", "fashion", "cifar10")),
    "shift": AugmentationChoice("shifted by up to 2 pixels", ("mnist", "fashion", "cifar10")),
    "hands": AugmentationChoice("written by other hands", ("mnist",)),
    "mirror": AugmentationChoice("shifted, half of them mirrored", ("fashion", "cifar10")),
}


@dataclass(frozen=True, slots=True)
class RunSettings:
    """Everything that the weights at the end depend on.

    Attributes:
        architecture: a name of `cnn.architectures.ARCHITECTURES`, or of a stack (`cnn.architectures.built`).
        data: a name of `cnn.datasets.training_sets.TRAINING_SETS`, or of a set of one's own pictures.
        epochs: passes over the training pictures.
        batch: pictures a step.
        rate: the highest learning rate.
        schedule: how the rate changes.
        optimizer: how a gradient becomes a step.
        augmentation: how pictures are changed.
        seed: of weights, order, augmentation and dropout.
        pictures: how many of the training pictures are used; None for all.
    """

    architecture: str = "lenet"
    data: str = "digits"
    epochs: int = 8
    batch: int = 32
    rate: float = OPTIMIZERS["momentum"].rate
    schedule: ScheduleName = "cosine"
    optimizer: OptimizerName = "momentum"
    augmentation: AugmentationName = "none"
    seed: int = 1
    pictures: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be trained.

        Raises: UnknownName: a name that no table knows.
            BadInput: a stack that cannot be, a number out of bounds, an augmentation that does not suit the data.
        """
        data = training_set(self.data)
        if self.architecture.startswith(BUILT):
            check_stack(stack_tokens(self.architecture), data.shape, len(data.classes))
        elif self.architecture not in ARCHITECTURES:
            raise UnknownName("architecture", self.architecture, ARCHITECTURES)
        for kind, name, known in (
            ("optimizer", self.optimizer, OPTIMIZERS),
            ("schedule", self.schedule, SCHEDULES),
            ("augmentation", self.augmentation, AUGMENTATIONS),
        ):
            if name not in known:
                raise UnknownName(kind, name, known)
        for what, value, low, high in (
            ("Epochs", self.epochs, 1, MOST_EPOCHS),
            ("Pictures a step", self.batch, 1, max(BATCHES)),
            ("The learning rate", self.rate, LOWEST_RATE, HIGHEST_RATE),
            ("The seed", self.seed, 0, MOST_SEED),
            ("Training pictures", self.training_pictures, self.batch, data.pictures),
        ):
            if not low <= value <= high:
                raise BadInput(f"{what}: {value:,} is not between {low:,} and {high:,}. Choose a number within.")
        if data.kind not in AUGMENTATIONS[self.augmentation].suits:
            raise BadInput(f"{self.augmentation!r} does not suit {data.title}. Choose another augmentation.")

    @property
    def training_pictures(self) -> int:
        """Count the pictures that it learns from."""
        return training_set(self.data).pictures if self.pictures is None else self.pictures

    @property
    def steps_an_epoch(self) -> int:
        """Count the steps that see every training picture once, as far as whole batches go."""
        return self.training_pictures // self.batch

    @property
    def steps(self) -> int:
        """Count the steps of the whole run."""
        return self.epochs * self.steps_an_epoch

    def to_json(self) -> str:
        """Write them as JSON."""
        return json.dumps(asdict(self))


def settings_from_json(text: str) -> RunSettings:
    """Read what `RunSettings.to_json` wrote; entries of other versions are left out.

    Raises: BadInput: it is not of that form.
    """
    try:
        entries: dict[str, Any] = json.loads(text)
        known = {field.name for field in fields(RunSettings)}
        return RunSettings(**{name: value for name, value in entries.items() if name in known})
    except (ValueError, TypeError, AttributeError) as error:
        raise BadInput(f"The settings of a run cannot be read ({error}). Start another run.") from error


def augmentations_for(data: str) -> tuple[AugmentationName, ...]:
    """List the augmentations that suit a data set."""
    kind = training_set(data).kind
    return tuple(name for name, choice in AUGMENTATIONS.items() if kind in choice.suits)
