"""What cards say in words, as numbers."""

from dataclasses import replace

import pytest

from cnn import zoo
from cnn.metrics.significance import wilson_interval
from cnn.zoo import card_statistics, pretrained

LENET = zoo.read_card("mnist/lenet")


@pytest.mark.parametrize("name", zoo.answering_networks())
def test_every_shipped_card_says_on_how_many_pictures(name: str) -> None:
    card = zoo.read_card(name)
    fits = card_statistics.accuracy_interval(card)
    assert fits is not None
    assert fits.low < card.accuracy < fits.high
    assert 1990 < card_statistics.publication_year(card) < 2030


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("all 10,000 test pictures of MNIST", 10_000),
        ("all 160 test pictures of CIFAR-10, measured on a copy", 160),
        (pretrained.MEASURED_ON, 50_000),
        (f"{pretrained.PUBLISHED} Google; of one photo a class something else", 50_000),
        ("a few of my own", None),
    ],
)
def test_the_words_are_read(words: str, count: int | None) -> None:
    card = replace(LENET, measured_on=words)
    assert card_statistics.measured_pictures(card) == count
    assert (card_statistics.accuracy_interval(card) is None) == (count is None)


def test_the_interval_is_wilsons() -> None:
    assert card_statistics.accuracy_interval(LENET) == wilson_interval(round(10_000 * LENET.accuracy), 10_000)
