"""What the command line and the page say of a file: what it holds, and what each guess answers. No TensorFlow."""

from __future__ import annotations

from collections.abc import Sequence

from cnn.importing.arrival import ModelFacts
from cnn.importing.guesses import GuessedAnswer
from cnn.importing.input_forms import INPUT_FORMS

ENDINGS = {
    "softmax": "a softmax over its classes",
    "log_softmax": "the logarithm of a softmax",
    "sigmoid": "a sigmoid for each class; shown as shares of one",
    "logits": "logits, without a softmax",
}


def facts_sentence(facts: ModelFacts) -> str:
    """Say what a file holds."""
    height, width, channels = facts.shape
    colours = "in colour" if channels == 3 else "in grey"
    size = f"pictures of {height}x{width} pixels {colours}"
    return (
        f"It takes {size}{' (any size; this was chosen)' if facts.any_size else ''}, tells {facts.classes:,} classes "
        f"apart, and ends in {ENDINGS[facts.ending]}. {facts.layers:,} layers, {facts.parameters:,} parameters."
    )


def guess_line(guess: GuessedAnswer, labels: Sequence[str]) -> str:
    """Say what a network answers where it takes pictures in one form."""
    said = ", ".join(f"{labels[label]} {share:.0%}" for label, share in guess.top)
    return f"{guess.form:9} {INPUT_FORMS[guess.form].title:36} {said}"
