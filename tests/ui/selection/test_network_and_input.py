"""What one looks into: a network and its input, kept from page to page."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnn import zoo
from cnn.media import image_decoding
from tests.browser.files import png
from ui.components.drawing_canvas.drawing_canvas import Drawing, KeptDrawing
from ui.resources import photos
from ui.selection import sample_digits
from ui.selection.address import own_name


def page() -> None:
    import streamlit as st

    from ui.selection import network_and_input

    st.session_state["subject"] = network_and_input.choose_network_and_input("test")


def opened(drawing: Drawing | None = None, **address: str) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    for name, value in address.items():
        app.query_params[name] = value
    if drawing is not None:
        app.session_state["draw:drawing"] = KeptDrawing(drawing)
    app.run()
    assert not app.exception
    return app


def sample(label: int) -> Drawing:
    return Drawing(sample_digits.sample_digits()[label][1])


def test_at_first_it_is_the_network_of_the_draw_page_and_a_seven() -> None:
    asked = opened().session_state["subject"]
    assert (asked.network.name, asked.key, asked.title) == ("mnist/resnet", "sample-7", "Sample 7")
    assert asked.image.shape == (28, 28, 1)


@pytest.mark.parametrize("name", zoo.network_names())
def test_every_network_gets_an_input_of_its_own_shape(name: str) -> None:
    asked = opened(network=name).session_state["subject"]
    assert asked.network.name == name
    assert asked.image.shape == asked.network.runner.shape
    assert asked.image.dtype == np.float32
    assert 0 <= asked.image.min() <= asked.image.max() <= 1


@pytest.mark.parametrize(
    ("network", "wanted", "got"),
    [
        ("mnist/vgg", "sample-3", "sample-3"),
        ("mnist/vgg", "cat", "sample-7"),
        ("imagenet/efficientnet_lite0", "coffee", "coffee"),
        ("cifar10/vgg", "sample-3", "cat"),
        ("nonsense", "sample-2", "sample-2"),
    ],
)
def test_the_address_chooses_the_input(network: str, wanted: str, got: str) -> None:
    assert opened(network=network, input=wanted).session_state["subject"].key == got


def test_what_one_drew_comes_first_and_is_chosen() -> None:
    asked = opened(sample(4)).session_state["subject"]
    assert asked.title == "your drawing"
    assert asked.key.startswith("drawn-")


def test_each_of_several_digits_can_be_chosen() -> None:
    left, right = (sample(label).strokes for label in (4, 7))
    strokes = [stroke * 0.5 + shift for side, shift in ((left, 0), (right, 200)) for stroke in side]
    asked = opened(Drawing(tuple(stroke.astype(np.float32) for stroke in strokes)))
    assert asked.session_state["subject"].title == "your digit 1"


def test_a_link_to_a_sample_wins_over_a_drawing_from_before() -> None:
    assert opened(sample(4), input="sample-3").session_state["subject"].key == "sample-3"


def test_of_all_photos_only_the_chosen_one_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    decode = image_decoding.decode_image
    monkeypatch.setattr(
        image_decoding, "decode_image", lambda data, name, **more: read.append(name) or decode(data, name)
    )
    photos.photo_pixels.clear()
    app = AppTest.from_function(page, default_timeout=60)
    own = [photos.media_file(f"{at}.png", png(at)) for at in range(12)]
    app.session_state["inputs:photos"] = tuple(own)
    app.query_params["network"] = "cifar10/vgg"
    app.run()
    for one in (own[3], own[9], own[3]):
        read.clear()
        app.query_params["input"] = own_name(one.key)
        app.run().run()
        assert app.session_state["subject"].title == one.name
        assert set(read) <= {one.name}
        assert len(read) <= 1


def test_ones_own_photos_stay_when_the_page_changes() -> None:
    app = AppTest.from_function(page, default_timeout=60)
    app.query_params["network"] = "cifar10/vgg"
    own = photos.media_file("mine.jpg", photos.sample_photos()[0].data + b"\0")
    app.session_state["inputs:photos"] = (own,)
    app.query_params["input"] = own_name(own.key)
    app.run()
    assert app.session_state["subject"].title == "mine.jpg"
