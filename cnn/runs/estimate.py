"""What a run will take: files, said before it begins; time and memory as measured on this machine. No TensorFlow."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Final

from cnn import machine_memory, zoo
from cnn.architectures.built import BUILT, StackedLayer, check_stack, stack_tokens
from cnn.datasets.dataset import find_data_set
from cnn.datasets.training_sets import training_set
from cnn.runs.frames import FrameFigures, frame_bytes, frame_steps
from cnn.runs.settings import RunSettings
from cnn.runs.table import RunTable

SHIPPED: Final = ("mnist", "cifar10")  # data sets whose small networks come with the app, ten classes each
FEATURES: Final = 256  # numbers that the last layer reads, at most, in the architectures of the table
COPIES: Final = 3  # of all weights in a checkpoint, at most: themselves and two moments of Adam
MOST_SECONDS: Final = 12 * 3600.0  # of a run: a night
WARM_MB: Final = 600  # that a process takes once it has loaded TensorFlow; 656 were measured
PACES: Final = 12  # the last stretches between frames, which the time left is foretold from


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run will take.

    Attributes:
        seconds: of training; None where such a network was never trained on this machine.
        megabytes: of memory; None likewise.
        files: bytes on the disk.
    """

    seconds: float | None
    megabytes: float | None
    files: int


def estimate(settings: RunSettings, table: RunTable) -> Estimate:
    """Foretell what a run will take."""
    found = table.speed(speed_name(settings))
    pictures = settings.steps * settings.batch
    seconds, megabytes = (pictures / found[0], found[1]) if found else (None, None)
    return Estimate(seconds, megabytes, needed_bytes(settings))


def refusal(found: Estimate, warmed: bool) -> str:
    """Say why a run would be more than this machine should be asked for; "" where it is not.

    Args:
        found: what it takes; what was never measured here refuses nothing.
        warmed: a process for it has loaded TensorFlow already, and so holds WARM_MB of what it takes.
    """
    if found.seconds is not None and found.seconds > MOST_SECONDS:
        return (
            f"That takes {found.seconds / 3600:,.0f} hours on this machine; a run takes up to "
            f"{MOST_SECONDS / 3600:.0f}. Choose fewer epochs, or a smaller network."
        )
    _, free = machine_memory.memory_bytes()
    needed = (found.megabytes or 0) - (WARM_MB if warmed else 0)
    if free is not None and needed * 2**20 > free:
        return (
            f"That takes {needed:,.0f} MB more memory, and {free / 2**20:,.0f} MB are free. Close other programs, or "
            "choose a smaller network."
        )
    return ""


def speed_name(settings: RunSettings) -> str:
    """Name what a speed was measured of."""
    return f"{settings.architecture} {training_set(settings.data).like} {settings.batch} {settings.augmentation}"


def needed_bytes(settings: RunSettings) -> int:
    """Foretell how much a run writes: its frames and its checkpoint, twice while it is replaced."""
    count = parameters(settings)
    frames = len(frame_steps(settings.steps, settings.steps_an_epoch, settings.batch))
    built = settings.architecture.startswith(BUILT)
    features = _stack(settings)[-1].multiply_adds // len(training_set(settings.data).classes) if built else FEATURES
    return frames * frame_bytes(count, features) + 2 * COPIES * 4 * count


def parameters(settings: RunSettings) -> int:
    """Count the numbers that a network holds: of a stack, or of the shipped one with inputs of that shape.

    The shipped ones have ten classes; each further one adds a number for each that the last layer reads, at most
    FEATURES in the architectures of the table.
    """
    data = training_set(settings.data)
    if settings.architecture.startswith(BUILT):
        return sum(layer.parameters for layer in _stack(settings))
    like = next(name for name in SHIPPED if find_data_set(name).shape == data.shape)
    shipped = zoo.network_names(like)
    name = f"{like}/{settings.architecture}"
    card = zoo.read_card(name if name in shipped else f"{like}/resnet")
    return card.parameters + max(0, len(data.classes) - len(card.classes)) * FEATURES


def _stack(settings: RunSettings) -> tuple[StackedLayer, ...]:
    data = training_set(settings.data)
    return check_stack(stack_tokens(settings.architecture), data.shape, len(data.classes))


def time_left(figures: Sequence[FrameFigures], step: int, steps: int) -> tuple[float, float] | None:
    """Foretell the seconds left as a range: by the paces between the last frames, the quick and the slow quarter.

    Returns: from and to; None before there are three frames.
    """
    last = figures[-PACES - 1 :]
    paces = [
        (after.seconds - before.seconds) / (after.step - before.step)
        for before, after in itertools.pairwise(last)
        if before.step > 0  # the first step is compiled
    ]
    if len(paces) < 2:
        return None
    quick, _, slow = quantiles(paces, n=4, method="inclusive")
    return (steps - step) * quick, (steps - step) * slow
