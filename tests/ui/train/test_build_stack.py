"""The builder: a layer goes where it can stand, and every stack that can be reached can be trained."""

import random

from cnn.architectures.built import FIRST_STACK, KINDS, check_stack
from ui.train import build_stack

SHAPE, CLASSES = (28, 28, 1), 10


def test_what_reads_maps_goes_below_the_dense_layers() -> None:
    assert build_stack.with_layer(FIRST_STACK, "norm") == ("conv16x3", "max2", "conv32x3", "max2", "norm", "dense64")
    assert build_stack.with_layer(FIRST_STACK, "drop25")[-2:] == ("dense64", "drop25")


def test_no_way_of_building_leads_to_an_invalid_stack() -> None:
    chance, tokens = random.Random(1), FIRST_STACK
    every = [token for kind in KINDS.values() for token in kind.tokens]
    reached = 0
    for _ in range(400):
        if chance.random() < 0.6:
            after = build_stack.with_layer(tokens, chance.choice(every))
        else:
            at = chance.randrange(len(tokens))
            after = (*tokens[:at], *tokens[at + 1 :])
        if build_stack.stands(after, SHAPE, CLASSES):  # what does not is not offered
            tokens, reached = after, reached + 1
            assert len(check_stack(tokens, SHAPE, CLASSES)) == len(tokens) + 1
    assert reached > 100


def test_the_list_tells_shapes_and_costs() -> None:
    lines = (
        build_stack.stack_list(check_stack(FIRST_STACK, SHAPE, CLASSES))
        .replace("\N{MULTIPLICATION SIGN}", "x")
        .splitlines()
    )
    assert lines[0] == "1. Convolution and ReLU, 16 filters of 3x3 → 28x28x16: 160 parameters, 113 k multiply-adds"
    assert lines[1] == "2. Max pooling, 2x2 → 14x14x16"
    assert lines[5] == "6. Dense: the logits → 10: 650 parameters, 640 multiply-adds"
    assert "**105,866** parameters" in lines[-1]
