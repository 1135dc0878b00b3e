"""A step of training in words, formulas and tables. No Streamlit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from cnn.array_types import Array
from cnn.backpropagation.results import StepQuestion, TrainingStep
from cnn.backpropagation.weight_gradient import BETA_1, BETA_2, MOMENTUM, WeightUpdate
from cnn.metrics.softmax import softmax
from ui.text.numbers import percent

MINUS: Final = "\N{MINUS SIGN}"
TIMES: Final = "\N{MULTIPLICATION SIGN}"
TOLERANCE: Final = 1e-4  # of a number, and of what is far smaller than any weight


def loss_sentence(found: TrainingStep, label: int, classes: Sequence[str]) -> str:
    """Say what it answers before this step, and the loss that this makes."""
    shares = softmax(found.logits[-2])
    best, share = int(shares.argmax()), float(shares[label])
    given = f"{share:.4g}"
    return (
        f"It says **{classes[best]}**, {percent(float(shares[best]))}. To **{classes[label]}**, which it shall say, it "
        f"gives {given}. The loss is the negative logarithm of that: {MINUS}ln {given} = **{found.losses[-2]:.4f}**. "
        "(Probabilities as in training, before calibration.)"
    )


def term_rows(read: Array, deltas: Array, terms: Array, most: int) -> list[list[str]]:
    """Write the places that add most to a gradient, the rest together, and the sum: rows of a table."""
    order = np.argsort(-np.abs(terms), axis=None, kind="stable")[:most]
    rows = []
    for at in order:
        y, x = divmod(int(at), terms.shape[1])
        rows.append([f"row {y}, column {x}", *(f"{float(one[y, x]):.5g}" for one in (read, deltas, terms))])
    total = float(terms.sum(dtype=np.float64))
    rest = total - float(terms.reshape(-1)[order].sum(dtype=np.float64))
    if terms.size > most:
        rows.append([f"the other {terms.size - len(order):,} places", "", "", f"{rest:.5g}"])
    return [*rows, ["**all**", "", "", f"**{total:.5g}**"]]


def check_sentence(what: str, ours: float, keras: float) -> str:
    """Say whether Keras finds the same number."""
    apart = abs(ours - keras)
    if apart <= TOLERANCE * max(abs(keras), TOLERANCE):
        return f"{what} is what Keras found: {keras:.6g}, {apart:.1g} apart."
    return f"**{what} differs from Keras': {keras:.6g}.** Please report this."


def update_formula(update: WeightUpdate, asked: StepQuestion) -> str:
    """Write what the optimizer does to the weight, with its numbers."""
    rate, gradient, ended = f"{asked.rate:g}", _number(update.gradient), f"**{update.after:.6g}**"
    begun = f"new weight = {update.before:.6g}"
    if asked.optimizer == "sgd":
        return f"Against the gradient: {begun} {MINUS} {rate} {TIMES} {gradient} = {ended}"
    if asked.optimizer == "momentum":
        earlier = update.velocity + asked.rate * update.gradient
        return (
            f"It keeps {MOMENTUM:g} of its last step, which makes {earlier:.4g}, and goes on against the gradient: "
            f"step = {earlier:.4g} {MINUS} {rate} {TIMES} {gradient} = {update.velocity:.6g}; "
            f"{begun} + {_number(update.velocity)} = {ended}"
        )
    mean = _number(update.velocity)
    return (
        f"The running mean of its gradients ({BETA_1:g} of the last one kept) is {update.velocity:.4g}, that of their "
        f"squares ({BETA_2:g} kept) {update.scale:.4g}; the first is divided by the root of the second: "
        f"{begun} {MINUS} {rate} {TIMES} {mean} / \N{SQUARE ROOT}{update.scale:.4g} = {ended}"
    )


def change_sentence(found: TrainingStep, label: int, classes: Sequence[str]) -> str:
    """Say what this step does to the answer."""
    before, after = softmax(found.logits[-2]), softmax(found.logits[-1])
    best, new = int(before.argmax()), int(after.argmax())
    said = (
        f"After it the loss is **{found.losses[-1]:.4f}** instead of {found.losses[-2]:.4f}: {classes[label]} gets "
        f"{percent(float(after[label]))} instead of {percent(float(before[label]))}"
    )
    if new != best:
        return f"{said}, and it says **{classes[new]}** instead of {classes[best]}."
    return f"{said}; it still says **{classes[new]}**, {percent(float(after[new]))}."


def step_rows(found: TrainingStep, label: int, classes: Sequence[str]) -> list[list[str]]:
    """Write the answers from step to step, this one's last: rows of a table, its head first."""
    rows = [["After", "Loss", f"To {classes[label]}", "It says"]]
    for step, (logits, loss) in enumerate(zip(found.logits, found.losses, strict=True)):
        shares = softmax(logits)
        best = int(shares.argmax())
        told = f"{classes[best]}, {percent(float(shares[best]))}"
        when = "no step" if step == 0 else f"{step} step" if step == 1 else f"{step} steps"
        rows.append([when, f"{loss:.4f}", percent(float(shares[label])), told])
    return rows


def _number(value: float) -> str:
    """Write a number that follows a sign."""
    return f"({value:.6g})" if value < 0 else f"{value:.6g}"
