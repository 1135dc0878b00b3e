"""Stacks that a person builds: what is counted is what Keras builds, and what cannot be is refused with a reason."""

from __future__ import annotations

import numpy as np
import pytest

from cnn.architectures import find_architecture
from cnn.architectures.built import FIRST_STACK, KINDS, check_stack, kind_of, stack_name, stack_tokens
from cnn.attribution.methods import network_traits
from cnn.errors import BadInput
from cnn.runs.settings import RunSettings, settings_from_json

SHAPE = (28, 28, 1)
EVERY_KIND = ("conv8x5", "norm", "max2", "drop10", "conv16x3", "conv4x1", "avg2", "dense32", "drop50", "dense16")


def test_a_stack_is_what_was_counted() -> None:
    from cnn.export.multiply_adds import count_multiply_adds

    for tokens in (FIRST_STACK, EVERY_KIND, ("conv3x7", "max2")):
        for shape, classes in ((SHAPE, 10), ((32, 30, 3), 4)):
            model = find_architecture(stack_name(tokens)).build(shape, classes)
            layers = check_stack(tokens, shape, classes)
            assert sum(one.parameters for one in layers) == model.count_params()
            assert sum(one.multiply_adds for one in layers) == count_multiply_adds(model)
            built = [tuple(one.output.shape[1:]) for one in model.layers if one.name not in ("image", "flatten")]
            assert [one.shape for one in layers] == built
            assert np.isfinite(np.asarray(model(np.ones((2, *shape), np.float32)))).all()


@pytest.mark.parametrize(
    ("tokens", "said"),
    [
        (("dense64",), "has a convolution"),
        (("conv16x3", "dense64", "max2"), "reads maps"),
        (("conv16x3", "dense64", "conv16x3"), "reads maps"),
        (("conv16x3", *["max2"] * 5), "maps of 1x1 are left"),
        (("conv16x2",), "No layer is called"),
        (("conv16x3", "dense0"), "has no units"),
        (("conv16x3", *["norm"] * 16), "up to 16 layers"),
        (("conv128x7", "conv128x7"), "too many"),
        (("conv16x3",), "12,544 numbers"),
        (("conv16x3; rm",), "No layer is called"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(tokens: tuple[str, ...], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        check_stack(tokens, SHAPE, 10)
    with pytest.raises(BadInput):
        RunSettings(stack_name(tokens))


def test_every_layer_on_offer_can_stand_on_a_stack() -> None:
    for kind, one in KINDS.items():
        for token in one.tokens:
            assert kind_of(token) == kind
            assert check_stack(("conv8x3", "max2", "max2", "max2", token), SHAPE, 10)[4].token == token


def test_a_stack_is_an_architecture_by_its_name() -> None:
    settings = RunSettings(stack_name(FIRST_STACK))
    assert settings_from_json(settings.to_json()) == settings
    assert stack_tokens(settings.architecture) == FIRST_STACK
    family = find_architecture(settings.architecture)
    assert (family.maps, family.min_size, family.year) == (32, 4, 0)
    assert network_traits(settings.architecture, 1, 1).relu
