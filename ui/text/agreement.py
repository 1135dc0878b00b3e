"""What several networks answer about one input, in words: each in a line, and who agrees with whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from cnn.inference.predict import Prediction
from cnn.zoo import Network
from ui.text.join_titles import join_titles
from ui.text.numbers import milliseconds, percent
from ui.text.out_of_distribution import UNLIKE

NO_ANSWER: Final = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class NetworkAnswer:
    """One network's column.

    Attributes:
        network: such as "mnist/resnet".
        title: such as "ResNet-20".
        label: the class it answers; None while there is nothing to answer.
        confidence: of that class, in [0, 1].
        milliseconds: that the network took.
        known: False where the input is unlike anything it learned.
        probabilities: calibrated, one a label.
        reading: all digits from left to right, where there are several; "" shows `label`.
    """

    network: str
    title: str
    label: str | None
    confidence: float
    milliseconds: float
    known: bool
    probabilities: tuple[float, ...]
    reading: str = ""

    @property
    def text(self) -> str:
        """What it reads: one digit or several; "" while there is nothing."""
        return "" if self.label is None else self.reading or self.label


def answer_of(network: Network, prediction: Prediction, reading: str = "") -> NetworkAnswer:
    """Show what `network` answered; `reading` where the input holds several digits."""
    return NetworkAnswer(
        network.name,
        network.card.title,
        network.card.classes[prediction.label],
        prediction.confidence,
        prediction.milliseconds,
        prediction.in_distribution,
        tuple(map(float, prediction.probabilities)),
        reading,
    )


def no_answer_yet(network: Network) -> NetworkAnswer:
    """Keep the place of `network` while nothing is drawn."""
    flat = (0.0,) * len(network.card.classes)
    return NetworkAnswer(network.name, network.card.title, None, 0.0, 0.0, True, flat)


def spoken(row: NetworkAnswer) -> str:
    """Say a card in one line, for a screen reader."""
    if row.label is None:
        return f"{row.title}: no answer yet"
    if not row.known:
        return f"{row.title}: {UNLIKE}; nearest is {row.text}, {milliseconds(row.milliseconds)}"
    return f"{row.title}: {row.text}, {percent(row.confidence)}, {milliseconds(row.milliseconds)}"


def agreement_sentence(rows: Sequence[NetworkAnswer]) -> str:
    """Say in one line who agrees, such as "4 of 5 say 7; LeNet says 1"; "" while nothing is drawn."""
    rows = [row for row in rows if row.label is not None]
    blind = [row.title for row in rows if not row.known]
    camps = _camps([row for row in rows if row.known])
    if not camps:
        return f"To {_every(blind)} this is {_unlike(blind)}" if rows else ""
    text, titles = camps[0]
    if len(titles) == len(rows):
        return f"{_all(titles)} {_verb('say', titles)} {text}"
    parts = [f"{_of(titles, len(rows))} {_verb('say', titles)} {text}"]
    parts += [f"{join_titles(titles)} {_verb('say', titles)} {text}" for text, titles in camps[1:]]
    parts += [f"to {join_titles(blind)} this is {_unlike(blind)}"] if blind else []
    return "; ".join(parts)


def _camps(rows: Sequence[NetworkAnswer]) -> list[tuple[str, list[str]]]:
    """Group titles by what they read, the largest camp first."""
    order = sorted(rows, key=lambda row: row.text)
    camps = [(text, [row.title for row in camp]) for text, camp in groupby(order, lambda row: row.text)]
    return sorted(camps, key=lambda camp: -len(camp[1]))


def _every(titles: Sequence[str]) -> str:
    return {1: titles[0], 2: "both"}.get(len(titles), f"all {len(titles)}")


def _unlike(titles: Sequence[str]) -> str:
    return UNLIKE if len(titles) == 1 else UNLIKE.replace("it learned", "they learned")


def _all(titles: Sequence[str]) -> str:
    return {1: titles[0], 2: "Both"}.get(len(titles), f"All {len(titles)}")


def _of(titles: Sequence[str], count: int) -> str:
    return titles[0] if len(titles) == 1 else f"{len(titles)} of {count}"


def _verb(verb: str, titles: Sequence[str]) -> str:
    return verb if len(titles) > 1 else f"{verb}s"
