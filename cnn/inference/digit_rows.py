"""Answers for the command line: one row for each input, digit and network. No TensorFlow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np

from cnn.inference.digit_files import DigitInput
from cnn.inference.predict import Prediction, predict
from cnn.preprocessing import Digit
from cnn.zoo import Network

DigitRow = dict[str, Any]

CHUNK_SIZE = 256  # inputs that are answered together
TOP_DIGITS = 5  # classes a row


def classify_digit_inputs(items: Iterable[DigitInput], networks: Sequence[Network]) -> Iterator[DigitRow]:
    """Answer every digit of every item with every network, many at a time.

    Returns: rows in the order of `items`, then of the digits from left to right, then of `networks`;
        an input that cannot be read gives one row with its error, one without a digit
        gives one row a network that names what was found instead.
    """
    stream = iter(items)
    while chunk := list(islice(stream, CHUNK_SIZE)):
        digits = [digit for item in chunk if item.reading for digit in item.reading.digits]
        answers = _answers(digits, networks)
        for item in chunk:
            yield from _item(item, answers, networks)


def _answers(digits: Sequence[Digit], networks: Sequence[Network]) -> Iterator[tuple[Prediction, ...]]:
    """For each digit, the prediction of every network."""
    if not digits:
        return iter(())
    images = np.stack([digit.pixels for digit in digits])
    return zip(*(predict(network, images) for network in networks), strict=True)


def _item(
    item: DigitInput, answers: Iterator[tuple[Prediction, ...]], networks: Sequence[Network]
) -> Iterator[DigitRow]:
    if item.reading is None:
        yield {"input": item.input, "error": item.error}
        return
    if item.reading.nothing is not None:
        nothing = item.reading.nothing
        for network in networks:
            yield {"input": item.input, "network": network.name, "top": [], "is_digit": False, "nothing": nothing.value}
    several = len(item.reading.digits) > 1
    for digit in item.reading.digits:
        for network, prediction in zip(networks, next(answers), strict=True):
            box = {"box": [round(float(side), 1) for side in digit.box]} if several else {}
            yield {"input": item.input} | _row(network, prediction) | box


def _row(network: Network, prediction: Prediction) -> DigitRow:
    classes = network.card.classes
    return {
        "network": network.name,
        "top": [
            {"class": label, "label": classes[label], "probability": round(probability, 6)}
            for label, probability in prediction.top(TOP_DIGITS)
        ],
        "is_digit": prediction.in_distribution,
        "milliseconds": round(prediction.milliseconds, 4),
    }
