"""The strip that leads a picture from page to page, without a browser."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.driver import opened
from ui.guide.follow import DONE, ONWARDS

PAGES = [step.page for step in ONWARDS]


def links(test: AppTest) -> dict[str, dict[str, str]]:
    """Give what the strip's links carry, by the page that they lead to."""
    found: dict[str, Any] = {one.proto.page: one.proto for one in test.get("page_link")}
    return {page: {k: v[0] for k, v in parse_qs(proto.query_string).items()} for page, proto in found.items()}


def labels(test: AppTest) -> list[str]:
    return [one.proto.label for one in test.get("page_link")]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_leads_to_all_others(page: str) -> None:
    found = links(opened(page, network="mnist/lenet", input="sample-3", networks="mnist/lenet,mnist/vgg"))
    assert set(PAGES) | {"draw"} <= set(found)
    assert all(found[one]["input"] == "sample-3" for one in PAGES)
    assert found["layers"]["network"] == "mnist/lenet"
    assert found["draw"]["drawing"]  # a sample is drawn there


def test_the_number_that_was_looked_at_goes_along_past_pages_that_have_none() -> None:
    first = opened("layers", network="mnist/lenet", input="sample-3", layer="c3", unit="2", y="4", x="5")
    place = {"layer": "c3", "unit": "2", "y": "4", "x": "5"}
    assert place.items() <= links(first)["arithmetic"].items()
    held = {name: first.session_state[name] for name in ("follow:place", "follow:visited", "chosen network")}
    then = opened("compare", held, input="sample-3")
    assert place.items() <= links(then)["arithmetic"].items()
    assert sum(DONE in label for label in labels(then)) == 2  # Layers, and here


def test_a_photo_is_followed_from_the_photo_page() -> None:
    found = links(opened("evidence", network="cifar10/lenet", input="cat"))
    assert {"network": "cifar10/lenet", "input": "cat"}.items() <= found["photo"].items()
    assert "draw" not in found
