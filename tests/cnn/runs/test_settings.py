"""Settings: what cannot be trained is refused with a sentence, and what was written is read."""

import pytest

from cnn.errors import BadInput, ConvScopeError, UnknownName
from cnn.runs.estimate import needed_bytes, parameters
from cnn.runs.settings import RunSettings, augmentations_for, settings_from_json


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"architecture": "vgg9"}, UnknownName),
        ({"data": "imagenet"}, UnknownName),
        ({"optimizer": "lion"}, UnknownName),
        ({"epochs": 0}, BadInput),
        ({"batch": 512}, BadInput),
        ({"rate": 0.0}, BadInput),
        ({"rate": float("nan")}, BadInput),
        ({"seed": -1}, BadInput),
        ({"pictures": 8}, BadInput),
        ({"pictures": 4_001}, BadInput),
        ({"augmentation": "mirror"}, BadInput),
        ({"data": "cifar10", "augmentation": "hands"}, BadInput),
    ],
)
def test_what_cannot_be_trained_is_refused(changed: dict[str, object], error: type[ConvScopeError]) -> None:
    with pytest.raises(error, match=r"\.$"):
        RunSettings(**changed)  # type: ignore[arg-type]


def test_settings_survive_json_and_unknown_entries() -> None:
    settings = RunSettings("vgg", "cifar10", epochs=2, batch=128, augmentation="mirror", pictures=1000)
    assert settings_from_json(settings.to_json()) == settings
    assert settings_from_json(settings.to_json()[:-1] + ', "later": 1}') == settings
    with pytest.raises(BadInput):
        settings_from_json("[]")


def test_steps_are_whole_batches() -> None:
    assert RunSettings(epochs=3, batch=64).steps == 3 * 62


def test_only_what_suits_is_offered() -> None:
    assert "hands" in augmentations_for("digits")
    assert "mirror" not in augmentations_for("mnist")


def test_a_network_that_is_not_shipped_has_the_size_of_its_twin() -> None:
    assert parameters(RunSettings("plain")) == parameters(RunSettings("resnet")) > 200_000
    assert parameters(RunSettings(data="fashion")) == parameters(RunSettings(data="mnist"))
    assert needed_bytes(RunSettings("vgg")) > needed_bytes(RunSettings("lenet"))
