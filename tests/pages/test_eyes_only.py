"""Pages that need an answer, asked for a network that gives none: a sentence, and a network that does."""

from __future__ import annotations

import pytest

from cnn import zoo
from tests.pages import driver

EYES = sorted(set(zoo.network_names()) - set(zoo.answering_networks()))


@pytest.mark.parametrize("name", EYES)
@pytest.mark.parametrize("page", ["photo", "video", "compare", "robustness", "draw"])
def test_a_link_to_it_says_why_it_is_not_offered(page: str, name: str) -> None:
    test = driver.opened(page, network=name, networks=f"{name},imagenet/squeezenet")
    title = zoo.read_card(name).title
    assert [note.value for note in test.info if title in note.value and "no classifier" in note.value]
    assert not test.exception
    offered = [option for box in (*test.selectbox, *test.multiselect) for option in box.options]
    assert not any(title in option for option in offered)


@pytest.mark.parametrize("name", EYES)
def test_backpropagation_has_nothing_to_learn_from(name: str) -> None:
    test = driver.opened("backpropagation", network=name)
    assert "no answer that could be wrong" in test.info[0].value
    assert test.button("take one that answers").label == "Take EfficientNet-Lite0"
