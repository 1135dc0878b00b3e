"""What is said of the tests of a heat map, and what is kept of it."""

from __future__ import annotations

from io import BytesIO
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cnn.attribution.results import AttributionMap, FaithfulnessCurves, RandomizationResult
from cnn.progress import Progress
from ui.images.evidence_veil import DARKEST
from ui.inspect import evidence_sanity_checks, evidence_state
from ui.inspect.evidence_heatmaps import (
    HeatmapResults,
    enlarge_heatmap,
    faithfulness_figures,
    faithfulness_sentence,
    heatmaps_png,
    seconds_to_wait,
    show_faithfulness_curves,
)
from ui.inspect.evidence_state import ClassReason
from ui.resources.job_snapshot import JobSnapshot

SHARES = np.linspace(0, 1, 5)
FALLING, RISING = np.array([1, 0.1, 0, 0, 0.0]), np.array([0, 0.9, 1, 1, 1.0])
MIDDLE = np.full(5, 0.5)


@pytest.mark.parametrize(
    ("deletion", "insertion", "said"),
    [
        (FALLING, RISING, "Yes, better than a random order."),
        (RISING, RISING, "Only one way of two."),
        (RISING, FALLING, "No better than a random order."),
        (MIDDLE, MIDDLE, "No better than a random order."),
    ],
)
def test_the_verdict_compares_with_chance(deletion: Any, insertion: Any, said: str) -> None:
    assert faithfulness_sentence(FaithfulnessCurves(SHARES, deletion, insertion, MIDDLE, MIDDLE), "7").startswith(said)


def test_the_figures_are_the_areas() -> None:
    found = FaithfulnessCurves(SHARES, FALLING, RISING, MIDDLE, MIDDLE)
    assert "covered first | 0.15 | 0.50 | less |" in faithfulness_figures(found)
    assert "shown first | 0.85 | 0.50 | more |" in faithfulness_figures(found)


def test_the_sentence_says_what_is_left_of_the_answer_under_cover() -> None:
    said = faithfulness_sentence(FaithfulnessCurves(SHARES, FALLING, RISING, MIDDLE, MIDDLE), "7")
    assert "Cover the brightest 20% of it: 28.0 % is left for 7; cover as much at random: 50.0 %." in said


def test_a_class_that_the_network_does_not_believe_in_has_nothing_to_lose() -> None:
    low = np.full(5, 0.01)
    assert "gives 7 under 5%" in faithfulness_sentence(FaithfulnessCurves(SHARES, low, low, low, low), "7")


def test_the_chart_has_both_ways_beside_chance() -> None:
    drawn = show_faithfulness_curves(FaithfulnessCurves(SHARES, FALLING, RISING, MIDDLE, MIDDLE), "7")
    assert [(line.dashed, list(line.ys)) for line in drawn.lines] == [
        (False, FALLING.tolist()),
        (True, MIDDLE.tolist()),
        (False, RISING.tolist()),
        (True, MIDDLE.tolist()),
    ]
    assert (drawn.y.fit, drawn.y.form) == ("share", "percent")


def test_fine_maps_keep_their_pixels_and_coarse_ones_are_smoothed() -> None:
    values = np.eye(28, dtype=np.float32)
    assert set(np.unique(enlarge_heatmap(values, "pixels"))) == {0, 1}
    assert enlarge_heatmap(values, "pixels").shape == (224, 224)
    assert len(np.unique(enlarge_heatmap(values, "maps"))) > 2


def test_what_is_kept_has_every_map_that_is_there() -> None:
    card = SimpleNamespace(title="LeNet-5", name="mnist/lenet", classes=("0", "1"))
    subject = SimpleNamespace(
        network=SimpleNamespace(card=card), title="Sample 1", image=np.zeros((28, 28, 1), np.float32), key="k"
    )
    heats = {
        "grad-cam": JobSnapshot(True, AttributionMap(np.ones((7, 7), np.float32), 1)),
        "saliency": JobSnapshot(True, AttributionMap(np.zeros((28, 28), np.float32), 1)),
        "occlusion": JobSnapshot(),
    }
    reason: Any = ClassReason(subject, 1, tuple(heats))  # type: ignore[arg-type]
    found = HeatmapResults(reason, heats, {})
    assert found.busy
    assert list(found.maps) == ["grad-cam", "saliency"]
    picture = np.asarray(Image.open(BytesIO(heatmaps_png(found))))
    side = 28 * (384 // 28)
    assert picture.shape[1] == 2 * side + 3 * 16
    middle = picture[34 + 16 + side // 2]
    assert middle[16 + side // 2].max() == 0, "black paper is seen where it speaks for the class"
    assert middle[2 * 16 + side + side // 2].min() == DARKEST, "and is veiled where it does not"


def test_agreement_is_put_in_words() -> None:
    matrix = np.array([[1, 0.9, 0.1], [0.9, 1, 0.2], [0.1, 0.2, 1]])
    said = evidence_sanity_checks.method_agreement_sentence(matrix, ["Grad-CAM", "Layer-CAM", "Occlusion"])
    assert said.startswith("The methods agree in part: 0.40 on average")
    assert said.endswith("Least alike are Grad-CAM and Occlusion, 0.10.")
    assert evidence_sanity_checks.method_agreement_sentence(np.full((2, 2), 0.7), ["a", "b"]).startswith(
        "The methods agree: 0.70"
    )
    assert evidence_sanity_checks.method_agreement_sentence(np.full((2, 2), -0.2), ["a", "b"]).startswith(
        "The methods hardly agree: -0.20"
    )


@pytest.mark.parametrize(
    ("rank", "words"), [(0.9, "Be wary."), (0.4, "a part of what Grad-CAM shows"), (0.0, "as it should.")]
)
def test_what_is_left_is_put_in_words(rank: float, words: str) -> None:
    maps = (np.zeros((7, 7), np.float32),) * 2
    assert words in evidence_sanity_checks.randomization_sentence(
        RandomizationResult(("", "c1"), maps, (1.0, rank), (1.0, 0.2)), "Grad-CAM"
    )


def test_who_waits_behind_another_map_is_told_of_both() -> None:
    card = SimpleNamespace(title="ResNet-20", name="mnist/resnet", architecture="resnet", multiply_adds=31_000_000)
    subject = SimpleNamespace(network=SimpleNamespace(card=card, runner=SimpleNamespace(shape=(28, 28, 1))))
    heats: dict[str, JobSnapshot[AttributionMap]] = {"score-cam": JobSnapshot(), "occlusion": JobSnapshot()}
    evidence_state.seconds_taken(card.name).update({"score-cam": 20.0, "occlusion": 6.0})
    reason: Any = ClassReason(subject, 1, tuple(heats))  # type: ignore[arg-type]
    found = HeatmapResults(reason, heats, {})
    assert (seconds_to_wait(found, "score-cam"), seconds_to_wait(found, "occlusion")) == (20, 26)
    half = HeatmapResults(reason, heats | {"score-cam": JobSnapshot(progress=Progress(0.5))}, {})
    assert seconds_to_wait(half, "occlusion") == 16
    evidence_state.seconds_taken.clear()
