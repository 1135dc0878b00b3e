"""The Robustness page without a browser."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from cnn import zoo
from cnn.datasets.dataset import Split
from cnn.evaluation.robustness import STRENGTH_LEVELS, RobustnessCurve, measure_robustness
from cnn.perturbations import PERTURBATIONS, applicable_perturbations
from tests.cnn.zoo.test_networks import digits
from tests.pages import driver
from ui.compare import robustness_curves

opened = partial(driver.opened, "robustness")


def test_it_opens_with_digits_upright() -> None:
    test = opened()
    assert test.title[0].value == "Robustness: how far can it bend?"
    assert test.selectbox[0].value == "turn"
    assert test.slider[0].value == 0


@pytest.mark.parametrize("kind", ["mnist", "cifar10", "imagenet"])
def test_every_kind_of_picture_offers_what_fits(kind: str) -> None:
    test = opened(data=kind)
    assert test.selectbox[0].value == "turn"
    wanted = [PERTURBATIONS[one.name].title for one in applicable_perturbations(kind == "mnist")]
    assert [option.split(":")[0] for option in test.selectbox[0].options] == wanted


@pytest.mark.parametrize("name", PERTURBATIONS)
def test_every_change_can_be_made_to_its_full(name: str) -> None:
    change = PERTURBATIONS[name]
    test = opened(data="mnist" if change.digits else "cifar10", change=name, strength=f"{change.high:g}")
    assert test.slider[0].value == change.high
    test.slider[0].set_value(change.low).run()
    assert not test.exception
    assert test.query_params["strength"] in (f"{change.low:g}", [f"{change.low:g}"])


@pytest.mark.parametrize(("asked", "got"), [("30", 30), ("900", 0), ("much", 0), ("nan", 0)])
def test_the_address_chooses_a_strength_within_its_bounds(asked: str, got: float) -> None:
    assert opened(strength=asked).slider[0].value == got


def test_a_bogus_address_is_ignored() -> None:
    test = opened(data="cats", change="melt")
    assert test.selectbox[0].value == "turn"


@pytest.fixture
def measured() -> tuple[RobustnessCurve, ...]:
    images, labels = digits(40)
    split = Split(np.rint(images * 255).astype(np.uint8), labels)
    return measure_robustness(
        [zoo.load_network(name) for name in ("mnist/lenet", "mnist/vgg")], split, PERTURBATIONS["turn"]
    )


def test_the_table_has_a_row_a_network_and_strength(measured: tuple[RobustnessCurve, ...]) -> None:
    rows = robustness_curves.curves_csv(measured, PERTURBATIONS["turn"]).splitlines()
    assert rows[0] == "network,change,strength,right,asked,low,high"
    assert len(rows) == 1 + 2 * STRENGTH_LEVELS
    assert rows[1].startswith("mnist/lenet,turn,-90,")


def test_the_sentence_names_who_bears_most(measured: tuple[RobustnessCurve, ...]) -> None:
    lenet, vgg = measured
    better, worse = ("VGG", "LeNet-5") if sum(vgg.correct) > sum(lenet.correct) else ("LeNet-5", "VGG")
    text = robustness_curves.robustness_sentence(measured, PERTURBATIONS["turn"])
    assert text.index(better) < text.index("bears most") < text.index(worse) < text.index("least")


def test_curves_are_measured_behind_the_page_and_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def few(split: Split, count: int = 0) -> Split:
        return split.first(30)

    monkeypatch.setattr("cnn.evaluation.robustness.sample_split", few)
    test = opened(change="brightness")
    start = next(button for button in test.button if button.label.startswith("Ask "))
    start.click().run()
    assert not test.exception
    assert _ended(lambda work: work.result is not None)
    test.run()
    assert not test.exception
    assert any(element.label == "Download the curves (CSV)" for element in test.get("download_button"))


def _ended(check: Callable[[object], bool]) -> bool:
    works = robustness_curves.curve_jobs()
    newest = list(works._works.values())[-1]
    newest.ended.wait(60)
    return check(newest)
