from dataclasses import replace

import pytest

from cnn import zoo
from ui.text.training_protocol import protocol_sentence

LENET = replace(zoo.read_card("cifar10/lenet"), protocol="60 epochs of SGD", learning_rate=0.1)
VGG = replace(zoo.read_card("cifar10/vgg"), protocol="60 epochs of SGD", learning_rate=0.1)


def test_networks_that_were_trained_alike_say_how_and_what_differs() -> None:
    assert (
        protocol_sentence([LENET, VGG])
        == "All were trained alike: 60 epochs of SGD, with a highest learning rate of 0.1."
    )
    differing = protocol_sentence([LENET, replace(VGG, learning_rate=0.05)])
    assert "All were trained alike" in differing and "LeNet-5 0.1, VGG 0.05" in differing


@pytest.mark.parametrize("other", [replace(VGG, protocol="9 epochs"), replace(VGG, protocol="")])
def test_nothing_is_said_of_networks_that_were_not_or_of_which_nobody_knows(other: zoo.Card) -> None:
    assert protocol_sentence([LENET, other]) == protocol_sentence([other, other][:1]) == ""
