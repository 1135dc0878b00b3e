"""Ask several networks about what was read, and put their answers in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cnn.inference.predict import Prediction, predict
from cnn.preprocessing import Digit
from cnn.zoo import Network
from ui.text.agreement import NetworkAnswer, answer_of, no_answer_yet
from ui.text.numbers import percent
from ui.text.out_of_distribution import UNLIKE


def predict_digits(networks: Sequence[Network], digits: Sequence[Digit]) -> list[list[Prediction]]:
    """Answer each of `digits` with each of `networks`: a list a network, in the order of the digits."""
    if not digits:
        return [[] for _ in networks]
    images = np.stack([digit.pixels for digit in digits])  # (digits, 28, 28, 1)
    return [predict(network, images) for network in networks]


def answer_rows(
    networks: Sequence[Network], answers: Sequence[Sequence[Prediction]], which: int
) -> list[NetworkAnswer]:
    """Make one card a network: all digits it reads, and the bars of digit `which`."""
    return [_row(network, predictions, which) for network, predictions in zip(networks, answers, strict=True)]


def _row(network: Network, predictions: Sequence[Prediction], which: int) -> NetworkAnswer:
    if not predictions:
        return no_answer_yet(network)
    return answer_of(network, predictions[which], number_text(network, predictions))


def number_text(network: Network, predictions: Sequence[Prediction]) -> str:
    """Read several digits as one number, such as "407"; "" for one digit alone."""
    labels = [network.card.classes[prediction.label] for prediction in predictions]
    return "".join(labels) if len(labels) > 1 else ""


def predicted_labels(networks: Sequence[Network], answers: Sequence[Sequence[Prediction]], name: str) -> list[str]:
    """List what the network called `name` reads, from left to right; the first one where none has that name."""
    names = [network.name for network in networks]
    place = names.index(name) if name in names else 0
    return [networks[place].card.classes[prediction.label] for prediction in answers[place]]


def answer_sentence(row: NetworkAnswer) -> str:
    """Say one network's answer in a line; "" while there is none."""
    if row.label is None:
        return ""
    if not row.known:
        return f"{row.title}: {UNLIKE} (nearest: {row.label})"
    return f"{row.title} reads {row.label}, {percent(row.confidence)}"
