"""What layers are, in words."""

import pytest

from cnn import zoo
from cnn.graph import receptive_field
from cnn.layers import activations
from ui.text import layer_text


@pytest.mark.parametrize(
    ("network", "layer", "words"),
    [
        ("mnist/lenet", "c1", "conv 5x5"),
        ("mnist/lenet", "s2", "average pool 2x2, /2"),
        ("mnist/lenet", "logits", "dense"),
        ("mnist/resnet", "average", "average of all"),
        ("imagenet/efficientnet_lite0", "block2_depthwise", "depthwise 3x3, /2"),
        ("imagenet/efficientnet_lite0", "stem_relu6", "ReLU6"),
        ("mnist/inception", "inception3a", "concatenate"),
    ],
)
def test_in_a_few_words(network: str, layer: str, words: str) -> None:
    assert layer_text.layer_label(activations.open_network(network).graph.layer(layer)) == words


def sentence(network: str, layer: str) -> str:
    graph = activations.open_network(network).graph
    return layer_text.layer_sentence(
        graph.layer(layer), receptive_field.receptive_fields(graph)[layer], graph.layers[0].shape
    )


def test_in_a_sentence() -> None:
    assert sentence("mnist/lenet", "c1") == (
        "**c1**: a convolution of 5x5, then tanh. 6 maps of 28x28. 156 parameters. "
        "A value's receptive field: 5x5 px of the input; stride 1 px."
    )
    assert sentence("mnist/lenet", "f6").endswith(
        "84 numbers. 10,164 parameters. The receptive field of each: the whole input."
    )
    assert "851x851 px, more than the whole input" in sentence("imagenet/efficientnet_lite0", "head")


@pytest.mark.parametrize("name", zoo.network_names())
def test_every_kind_of_layer_has_a_noun(name: str) -> None:
    assert {layer.kind for layer in activations.open_network(name).graph.layers} <= set(layer_text.NOUNS)


def test_a_name_below_its_group_is_short() -> None:
    assert layer_text.name_within("block1_1_conv2", "block1_1") == "conv2"
    assert layer_text.name_within("inception3a", "inception3a") == "inception3a"
    assert layer_text.name_within("stem", "") == "stem"
