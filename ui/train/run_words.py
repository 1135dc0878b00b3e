"""What is said of a run: how it stands, the gap, its health, the time left. No Streamlit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from cnn.runs.estimate import Estimate
from cnn.runs.frames import FrameFigures, LayerHealth
from cnn.runs.table import ACTIVE, RunRow
from cnn.zoo import Card
from ui.text.numbers import percent

GAP: Final = 0.03  # of accuracy: from here on it is told
VANISHED: Final = 1e-3  # gradient of the first layer, by that of the last
STILL: Final = 1e-6  # change of a kernel by its length, in a step: nothing moves
WILD: Final = 0.1  # the same: a kernel is rewritten in ten steps
DEAD: Final = 0.5  # share of a layer's units


def duration(seconds: float) -> str:
    """Write a time as one says it.

    >>> duration(7.4), duration(95), duration(7300)
    ('7 s', '1.6 min', '2.0 h')
    """
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.1f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def estimate_sentence(found: Estimate, unmeasurable: bool = False) -> str:
    """Say before a run what it will take."""
    files = f"{found.files / 2**20:,.0f} MB of files"
    if unmeasurable:
        return f"How long it takes could not be measured: the process ended, as for want of memory. {files} at most."
    if found.seconds is None:
        return f"Measuring on this machine how long it takes. {files} at most."
    memory = f", {found.megabytes:,.0f} MB of memory" if found.megabytes else ""
    return f"About {duration(found.seconds)} on this machine{memory}, {files} at most."


def shipped_sentence(card: Card) -> str:
    """Say how far the network of that kind came that comes with the app: what one may hope for."""
    return (
        f"What may come of it: the {card.title} of the app is at {percent(card.accuracy)} on {card.measured_on}, after "
        f"{card.epochs} epochs."
    )


def state_sentence(row: RunRow, place: int, loading: bool, stopping: bool = False) -> str:
    """Say how a run stands."""
    if stopping and row.state in ACTIVE:
        return f"**{row.name}** stops after this step, and keeps what it learned."
    if row.state == "queued" or loading:
        ahead = f"{place} are before it, two learn at a time" if place >= 2 else "TensorFlow starts; that takes 6 s"
        return f"**{row.name}** begins soon: {ahead}."
    done = f"step {row.step:,} of {row.settings.steps:,}"
    return {
        "running": f"**{row.name}** learns.",
        "paused": f"**{row.name}** is paused at {done}.",
        "stopped": f"**{row.name}** was stopped at {done}. {row.why}",
        "killed": f"**{row.name}** was ended from outside, about {done}. Nothing is lost: it goes on when you ask.",
        "done": f"**{row.name}** is done{_test(row)}.",
        "failed": f"**{row.name}** failed. {row.why}",
    }[row.state].rstrip()


def _test(row: RunRow) -> str:
    if row.test is None:
        return ""
    right, asked = row.test
    low, high = wilson(right, asked)
    return (
        f": **{percent(right / asked)}** of {asked:,} test pictures right, which it never saw "
        f"(95 % interval: {percent(low)} to {percent(high)})"
    )


def wilson(right: int, asked: int) -> tuple[float, float]:
    """Give the 95 % interval of a share. Source: Wilson 1927, JASA 22(158)."""
    z, share = 1.96, right / asked
    middle = (share + z * z / (2 * asked)) / (1 + z * z / asked)
    half = z / (1 + z * z / asked) * math.sqrt(share * (1 - share) / asked + z * z / (4 * asked * asked))
    return middle - half, middle + half


def gap_sentence(now: FrameFigures) -> str:
    """Say how well it reads new pictures beside those that it learns from."""
    if not math.isfinite(now.held_out_loss):
        return "Its answers are no numbers any more."
    new = f"**{percent(now.held_out_accuracy)}** of new pictures right"
    if now.accuracy is None or now.held_out_accuracy < 0.2:
        return f"{new}: it guesses."
    gap = now.accuracy - now.held_out_accuracy
    if gap > GAP:
        return f"{new}, {100 * gap:.0f} points fewer than of those it learns from: some it knows by heart."
    if gap < -GAP:
        return f"{new}, more than of those it learns from, which were counted while it was still worse."
    return f"{new}, about as many as of those it learns from: what it learned holds for new ones."


def left_sentence(left: tuple[float, float] | None) -> str:
    """Say how long it still takes."""
    if left is None:
        return ""
    quick, slow = left
    if duration(quick) == duration(slow):
        return f"About {duration(slow)} left"
    return f"{duration(quick)} to {duration(slow)} left"


def health_sentences(layers: Sequence[LayerHealth]) -> list[str]:
    """Say what is wrong with how the layers learn; [] where nothing is."""
    if not layers:
        return []
    said = []
    bad = [layer.layer for layer in layers if not (math.isfinite(layer.gradient) and math.isfinite(layer.ratio))]
    if bad:
        return [f"**Exploded**: the gradient of {bad[0]} is no number any more. Lower the learning rate."]
    wild = [layer for layer in layers if layer.ratio > WILD]
    if wild:
        said.append(
            f"**Too large a step**: {wild[0].layer} changed by {percent(wild[0].ratio)} of itself in one step; a "
            "thousandth is usual. Lower the learning rate."
        )
    first, last = layers[0], layers[-1]
    if last.gradient > 0 and first.gradient < VANISHED * last.gradient:
        said.append(
            f"**Vanishing**: the gradient of {first.layer}, the first layer, is {last.gradient / first.gradient:,.0f} "
            f"times shorter than that of {last.layer}: the first layers hardly learn."
            if first.gradient > 0
            else f"**Vanished**: no gradient reaches {first.layer}, the first layer."
        )
    dead = [layer for layer in layers if layer.dead is not None and layer.dead >= DEAD]
    if not (said or dead) and all(layer.ratio < STILL for layer in layers):  # else another sentence says why
        said.append("**Standing still**: no kernel changes any more. Raise the learning rate.")
    if dead:
        said.append(
            f"**Dying**: {percent(dead[0].dead or 0)} of the ReLUs of {dead[0].layer} gave 0 for every held-out "
            "picture: no gradient passes them, so they learn no more. A lower rate leaves more alive."
        )
    return said
