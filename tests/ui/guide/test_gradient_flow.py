"""The words about gradients, and the words about our two trainings."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from cnn import zoo
from cnn.case_studies import residual_runs
from cnn.case_studies.gradient_flow import GradientFlow
from tests.support import fake_residual_runs
from ui.guide import gradient_flow, residual_training


@pytest.mark.parametrize(
    ("times", "words"),
    [
        (1.0, "neither stronger nor weaker"),
        (0.97, "neither stronger nor weaker"),
        (0.25, "4.0 times weaker"),
        (14.3, "14 times stronger"),
        (1_567.2, "1,600 times stronger"),
        (548_209, "550,000 times stronger"),
        (999.4, "999 times stronger"),
        (1.34e6, "1.3 million times stronger"),
        (1.52e10, "15 billion times stronger"),
        (1.7e11, "170 billion times stronger"),
        (2.24e-16, "4.5 million billion times weaker"),
        (0.0, "times weaker"),
    ],
)
def test_a_change_in_words(times: float, words: str) -> None:
    assert words in gradient_flow.change_text(times)


def test_the_sentence_names_both() -> None:
    fates = {
        gradient_flow.PLAIN: GradientFlow(np.zeros(4), np.array([1, 1e-3])),
        gradient_flow.SHORTCUT: GradientFlow(np.zeros(4), np.array([1, 20.0])),
    }
    said = gradient_flow.gradient_sentence(fates, 27)
    assert "54 layers" in said
    assert "1,000 times weaker **without shortcuts**, and 20 times stronger **with** them" in said


def test_the_result_of_our_trainings(tmp_path: Path) -> None:
    file = fake_residual_runs.write(
        tmp_path / "shortcut.json", steps=[0, 100, 225]
    )  # held-out pictures were seen at 200
    found = residual_runs.read_residual_runs(file)
    assert found is not None
    said = residual_training.training_sentence(found)
    assert "128 a step" in said
    assert "**without shortcuts** 46.0 % after 200 steps, **with shortcuts** 53.0 % after 200 steps" in said
    assert "stopped after 30 minutes" in said
    assert "not why" in said


def test_the_twins_of_20_layers_are_named_with_their_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    shares = {"cifar10/resnet": ("ResNet-20", 0.8569), "cifar10/plain": ("Plain-20", 0.8412)}
    cards = {name: SimpleNamespace(title=title, accuracy=share) for name, (title, share) in shares.items()}
    monkeypatch.setattr(residual_training.network_cache, "available_network_names", lambda _: tuple(cards))
    monkeypatch.setattr(residual_training.network_cache, "cached_card", cards.__getitem__)
    said = residual_training.twins_sentence()
    assert "**ResNet-20** reads 85.7 %" in said
    assert "**Plain-20**, its twin without shortcuts, 84.1 %" in said


@pytest.mark.parametrize("missing", residual_training.TWINS)
def test_one_twin_alone_is_not_told_of(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        residual_training.network_cache,
        "available_network_names",
        lambda _: tuple({*residual_training.TWINS, "cifar10/vgg"} - {missing}),
    )
    assert residual_training.twins_sentence() == ""


def test_both_twins_are_shipped_after_as_many_passes() -> None:
    residual, plain = (zoo.read_card(name) for name in residual_training.TWINS)
    assert residual.epochs == plain.epochs
    assert residual.parameters == plain.parameters
