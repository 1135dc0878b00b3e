"""Fool them, a game on the Draw page: a digit that the networks read differently, its score, and a card to keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import streamlit as st

from cnn.array_types import Array
from cnn.metrics.disagreement import answer_divergence
from ui.components.download import download_button
from ui.images.figure_png import FigurePanel, figure_png
from ui.text.agreement import NetworkAnswer
from ui.text.numbers import percent
from ui.text.out_of_distribution import UNLIKE

BEST: Final = "fool them:best"  # in the session
FULL: Final = 100  # points: each sure of a digit of its own
RULES: Final = (
    f"**Fool them.** Draw a digit that they read differently. {FULL} points: each is sure of another digit. "
    f"Who calls it {UNLIKE} is not fooled, and does not count."
)
COMMENTS: Final = (
    (60, "Fooled!"),
    (30, "They part."),
    (5, "They begin to doubt."),
    (1, "Hardly a doubt."),
    (0, "They agree."),
)


@dataclass(frozen=True, slots=True, eq=False)
class FoolingCard:
    """A drawing, what the networks made of it, and its points."""

    points: int
    pixels: Array
    answers: str


def show_fool_them(rows: Sequence[NetworkAnswer], pixels: Array | None) -> None:
    """Show the points of a drawing and the best one so far.

    Args:
        rows: one a network.
        pixels: the digit as they see it, float32 (28, 28, 1); None while nothing is drawn.
    """
    best: FoolingCard | None = st.session_state.get(BEST)
    with st.container(key="fool", border=True):
        if pixels is None:
            st.markdown(RULES)
        else:
            card = FoolingCard(fooling_points(rows), pixels, answers_text(rows))
            if best is None or card.points > best.points:
                best = st.session_state[BEST] = card
            comment = next(said for least, said in COMMENTS if card.points >= least)
            st.markdown(f"**Fool them: {card.points} of {FULL}.** {comment} Your best: {best.points}.")
        if best is not None and best.points > 0:
            download_button(
                f"Download your best card ({best.points} points)",
                partial(card_png, best),
                "fooled.png",
                key="fool keep",
            )


def fooling_points(rows: Sequence[NetworkAnswer]) -> int:
    """Count the points, from 0 to FULL."""
    taken_in = [row.probabilities for row in rows if row.known and row.label is not None]
    shares = np.array(taken_in, np.float32).reshape(len(taken_in), len(rows[0].probabilities))
    return round(FULL * answer_divergence(shares, len(rows)))


def answers_text(rows: Sequence[NetworkAnswer]) -> str:
    """List what each network says."""
    said = (f"{row.label}, {percent(row.confidence)}" if row.known else UNLIKE for row in rows)
    return "; ".join(f"{row.title}: {words}" for row, words in zip(rows, said, strict=True))


def card_png(card: FoolingCard) -> bytes:
    """Draw the card: the digit as the networks see it, the points, and what each says."""
    picture = np.rint(card.pixels[..., 0] * 255).astype(np.uint8)
    title = f"I fooled them: {card.points} of {FULL} points"
    return figure_png([FigurePanel(title, picture)], f"One digit, {card.answers}. ConvScope")
