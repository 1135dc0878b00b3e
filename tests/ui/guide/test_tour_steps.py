"""The tour's table: its pages, layers and answers are there."""

from __future__ import annotations

import pytest

from cnn.layers import activations
from cnn.paths import ROOT
from ui.guide.tour_steps import NETWORK, TOUR, TourStep
from ui.inspect.arithmetic_state import SOFTMAX


@pytest.mark.parametrize("step", TOUR, ids=lambda step: step.title)
def test_a_step_names_what_is_there(step: TourStep) -> None:
    assert (ROOT / "pages" / f"{step.page}.py").exists()
    assert step.address.get("layer", SOFTMAX) in {SOFTMAX, *activations.open_network(NETWORK).graph.names}
    assert 0 <= step.right < len(set(step.options)) == len(step.options)


def test_nobody_passes_by_always_choosing_the_same() -> None:
    places = [step.right for step in TOUR]
    assert max(places.count(place) for place in places) <= len(TOUR) // 2
