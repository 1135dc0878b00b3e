"""What is said of an input unlike anything a network learned."""

from __future__ import annotations

import numpy as np
import pytest

from cnn import zoo
from cnn.inference.predict import Prediction
from ui.text.numbers import percent
from ui.text.out_of_distribution import UNLIKE, answer_sentence, limits_note


@pytest.mark.parametrize("known", [True, False])
def test_an_answer_is_doubted_where_the_input_is_unlike_all(known: bool) -> None:
    card = zoo.read_card("cifar10/vgg")
    probabilities = np.full(10, 0.059 / 9, np.float32)
    probabilities[5] = 0.941
    said = answer_sentence(card, Prediction(5, probabilities, np.log(probabilities), known, 1.0))
    assert (UNLIKE in said) is not known
    assert ("94.1 %" in said) is known, "a figure would be believed"
    assert "**dog**" in said


def test_networks_of_ten_classes_say_what_they_take_for_them() -> None:
    cards = [zoo.read_card(name) for name in zoo.network_names("cifar10")]
    shares = sorted(card.caught["photos of other things"] for card in cards)
    alone = limits_note(cards[:1])
    assert f"{cards[0].title} knows only these 10: {', '.join(cards[0].classes)}. Of 1,200 crops of 6 photos" in alone
    assert f"it calls {percent(cards[0].caught['photos of other things'])} strange" in alone
    said = limits_note(cards)
    assert f"they call {percent(shares[0])} to {percent(shares[-1])} strange" in said
    assert all(card.title in said for card in cards)


def test_a_network_whose_threshold_notices_nothing_is_said_to_be_blind() -> None:
    blind, sees = zoo.read_card("imagenet/squeezenet"), zoo.read_card("imagenet/efficientnet_lite0")
    assert max(blind.caught.values()) == 0
    said = limits_note([sees, blind])
    assert "SqueezeNet 1.1 cannot tell what is unlike anything it learned: of noise, stripes, letters," in said
    assert "scribbles and fine noise it notices nothing, and names one of its 1,000 classes for anything" in said
    assert "cannot tell" not in limits_note([sees])


def test_percentages_that_were_not_calibrated_are_said_to_be_so() -> None:
    imagenet = zoo.read_card("imagenet/efficientnet_lite0")
    assert imagenet.temperature == 1
    assert "not calibrated" in limits_note([zoo.read_card("mnist/vgg"), imagenet])
    assert limits_note([zoo.read_card("mnist/vgg")]) == ""
