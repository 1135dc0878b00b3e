"""Two people bring the same bytes under different names: neither sees the other's."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.browser.files import png
from tests.pages.driver import opened
from tests.pages.evidence_client import client  # noqa: F401
from ui.resources import photos

NAMES = ("salary.png", "holiday.png")
DATA = png(77)


def words(test: AppTest) -> str:
    """Gather all that the page sends to the browser."""
    return " ".join(str(one.proto) for one in test.main) + str([str(one.proto) for one in test.get("bidi_component")])


@pytest.mark.parametrize("page", ["layers", "arithmetic", "evidence", "lesion", "compare", "robustness"])
def test_a_photo_is_shared_without_its_name(page: str) -> None:
    seen = []
    for name in NAMES:
        own = photos.media_file(name, DATA)
        session = {"inputs:photos": (own,)}
        address = {
            "network": "cifar10/lenet",
            "data": "cifar10",
            "networks": "cifar10/lenet,cifar10/vgg",
            "input": own.key,
        }
        seen.append(words(opened(page, session, **address)))
    assert NAMES[0] in seen[0]
    assert NAMES[1] in seen[1]
    assert NAMES[0] not in seen[1]


def test_a_photo_on_its_own_page_is_shared_without_its_name() -> None:
    seen = []
    for name in NAMES:
        test = opened("photo", architecture="lenet")
        seen.append(words(test.file_uploader[0].upload(name, DATA, "image/png").run()))
    assert NAMES[1] in seen[1]
    assert NAMES[0] not in seen[1]
