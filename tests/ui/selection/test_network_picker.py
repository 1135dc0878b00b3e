"""Choices that the address keeps."""

import pytest
from streamlit.testing.v1 import AppTest

BEST = ("imagenet/efficientnet_lite0", "cifar10/vgg")


def one() -> None:
    import streamlit as st

    from ui.selection import network_picker

    st.text(network_picker.choose_photo_network({"imagenet/vgg16": "VGG16, 528 MB to fetch"}))


def several() -> None:
    import streamlit as st

    from tests.ui.selection.test_network_picker import BEST
    from ui.selection import network_picker

    st.text(" ".join(network_picker.choose_photo_networks(BEST)))


def opened(page: object, **address: str) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def test_the_shipped_network_of_a_thousand_classes_comes_first() -> None:
    app = opened(one)
    assert app.text[0].value == "imagenet/efficientnet_lite0"
    assert app.query_params["network"] == "imagenet/efficientnet_lite0"
    assert app.selectbox[0].options[-1] == "VGG16, 528 MB to fetch"


@pytest.mark.parametrize("name", ["cifar10/vgg", "imagenet/vgg16"])
def test_the_address_chooses_a_network(name: str) -> None:
    assert opened(one, network=name).text[0].value == name


@pytest.mark.parametrize("name", ["", "vgg", "mnist/lenet", "cifar10/nope", "VGG, 10 classes (CIFAR-10)"])
def test_an_address_that_names_none_is_ignored(name: str) -> None:
    assert opened(one, network=name).text[0].value == "imagenet/efficientnet_lite0"


def test_a_choice_goes_to_the_address_and_back() -> None:
    app = opened(one, network="cifar10/vgg")
    app.selectbox[0].set_value("cifar10/lenet").run()
    assert app.text[0].value == "cifar10/lenet"
    assert app.query_params["network"] == "cifar10/lenet"
    app.selectbox[0].set_value("imagenet/efficientnet_lite0").run()
    assert app.text[0].value == "imagenet/efficientnet_lite0"
    assert app.query_params["network"] == "imagenet/efficientnet_lite0"


def test_several_networks_begin_with_the_best() -> None:
    app = opened(several)
    assert app.text[0].value == " ".join(BEST)
    assert app.query_params["networks"] == ",".join(BEST)


def test_only_three_of_the_best_are_chosen_at_first() -> None:
    from cnn import zoo

    more = zoo.network_names("cifar10")
    page = f"from ui.selection import network_picker\nnetwork_picker.choose_photo_networks({more[::-1]!r})"
    app = AppTest.from_string(page).run(timeout=60)
    assert app.pills[0].value == list(more[-3:])


def test_the_address_chooses_several_networks() -> None:
    app = opened(several, networks="cifar10/vgg,bogus,cifar10/lenet")
    assert app.text[0].value == "cifar10/lenet cifar10/vgg"
    app.pills[0].unselect("cifar10/vgg").run()
    assert app.text[0].value == "cifar10/lenet"
    assert app.query_params["networks"] == "cifar10/lenet"


def test_no_network_may_be_chosen() -> None:
    app = opened(several)
    for name in BEST:
        app.pills[0].unselect(name)
    assert app.run().text[0].value == ""
