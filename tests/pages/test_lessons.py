"""The teacher's lessons: every link opens its page with the state that it names."""

from __future__ import annotations

import itertools
import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from cnn.inference.predict import predict
from cnn.layers import ablation
from cnn.paths import ROOT
from cnn.perturbations import PERTURBATIONS
from tests.pages import driver
from ui.resources import network_cache, photos
from ui.selection import input_picker

LESSONS = (ROOT / "docs" / "lessons.md").read_text("utf-8")
LINKS = tuple(dict.fromkeys(re.findall(r"\]\(http://localhost:8501/([^)]*)\)", LESSONS)))


def test_there_are_four_lessons_of_45_minutes() -> None:
    lessons = re.split(r"^## ", LESSONS, flags=re.MULTILINE)[1:]
    assert len(lessons) == 4
    for lesson in lessons:
        spans = [(int(begin), int(end)) for begin, end in re.findall(r"^\| (\d+) to (\d+) \|", lesson, re.MULTILINE)]
        assert (spans[0][0], spans[-1][1]) == (0, 45)
        assert all(before[1] == after[0] for before, after in itertools.pairwise(spans))


@pytest.mark.parametrize("link", LINKS)
def test_a_link_opens_its_page_with_its_state(link: str) -> None:
    """A page drops from its address what it does not know, and tells what a link does not carry."""
    parts = urlsplit(link)
    asked = dict(parse_qsl(parts.query))
    test = driver.opened(parts.path, **asked)
    kept = {name: value if isinstance(value, str) else value[0] for name, value in test.query_params.items()}
    assert {name: kept.get(name) for name in asked} == asked
    assert not [one.value for one in test.warning]


def test_a_link_to_a_layer_that_is_not_there_would_be_noticed() -> None:
    test = driver.opened("layers", network="mnist/lenet", layer="nowhere")
    assert "nowhere" not in test.query_params["layer"]


def test_what_comes_out_is_what_the_lessons_say() -> None:
    given = {digit.key: digit.pixels for digit in input_picker.sample_digit_inputs()}
    maps = network_cache.activation_maps("mnist/lenet", "sample-7", given["sample-7"])
    forward = network_cache.forward_pass("mnist/lenet")

    def without(*off: int) -> int:
        return int(ablation.ablated_logits(forward, maps, {"c1": frozenset(off)}).argmax())

    assert ([without(channel) for channel in range(6)], without(1, 3, 5), without(3, 4, 5)) == ([7] * 6, 0, 2)

    def turned(name: str, degrees: float) -> list[tuple[int, bool]]:
        bent = PERTURBATIONS["turn"](given[name][None], degrees)
        answers = [predict(network, bent)[0] for network in network_cache.cached_networks("mnist")]
        return [(one.label, one.in_distribution) for one in answers if one.in_distribution]

    assert turned("sample-7", 30) == [(7, True)] * 2
    assert turned("sample-7", 45) == []
    assert set(turned("sample-6", 45)) == {(6, True)}
    vgg = network_cache.cached_network("cifar10/vgg")
    coffee = next(photo for photo in photos.sample_photos() if photo.name == "Coffee")
    said = predict(vgg, photos.cached_network_input(coffee.key, vgg.runner.shape, coffee)[None])[0]
    assert (vgg.card.classes[said.label], round(said.confidence, 2), said.in_distribution) == (
        "automobile",
        0.97,
        True,
    )
