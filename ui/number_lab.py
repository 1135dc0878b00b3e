"""One number of a network, from what it was made, and that it is what the network computed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import streamlit as st

from cnn.explain import arithmetic, keras_line
from cnn.explain.arithmetic import Made
from cnn.explain.steps import Place
from ui import cache, number_picture, number_words, sandbox, scenes, sums, which_number
from ui.subject import Subject


@st.fragment
def show(subject: Subject, key: str) -> None:
    """Let a person choose a number and see how it is made.

    Args:
        subject: the network and its input.
        key: of the widgets, unique on the page.
    """
    opened = cache.opened(subject.network.name)
    maps = cache.maps(subject.network.name, subject.key, subject.image)
    picked, counted = st.columns([3, 1], vertical_alignment="bottom")
    with picked:
        chosen = which_number.ask_layer(opened.graph)
    softmax = chosen == which_number.SOFTMAX
    layer = opened.graph.logits if softmax else opened.graph.layer(chosen)
    with counted:
        unit = which_number.ask_unit(layer, subject.network.card.classes, maps[layer.name])
    if softmax:
        scene, step = scenes.shares(subject.network.name, subject.key, unit, subject.image)
        sums.sums(scene, sums.spot(scene, (0, 0), key), {}, False, key)
        st.caption(number_words.probability(step, subject.network.card.classes[unit]))
    else:
        _below(subject, _number(subject, Place(layer.name, unit), key))


def _below(subject: Subject, made: Made) -> None:
    """Show the line that makes the layer, the way back to its maps, and the picture to keep."""
    st.code(keras_line.line(made.layer), "python")
    place = made.place
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "This number as PNG",
            lambda: _picture(subject, made),
            f"{place.layer}-{place.unit}-{place.y}-{place.x}.png",
            "image/png",
            on_click="ignore",
        )
        choices = {"network": subject.network.name, "input": subject.key, **which_number.address(place)}
        st.page_link("pages/layers.py", label="All maps of this layer", query_params=choices)


def _picture(subject: Subject, made: Made) -> bytes:
    name = subject.network.name
    return number_picture.picture(made, cache.opened(name).graph, cache.maps(name, subject.key, subject.image))


@st.fragment
def experiment(subject: Subject, key: str) -> None:
    """Let a person try a kernel or a pool of their own on the same picture; `key` is unique on the page."""
    sandbox.sandbox(subject.image, subject.title, key)


def explain() -> None:
    """Say in a few words what the two kinds of layer do."""
    for column, words in zip(st.columns(2, gap="large"), (number_words.CONVOLUTION, number_words.POOLING), strict=True):
        column.markdown(words)


def _number(subject: Subject, place: Place, key: str) -> Made:
    opened = cache.opened(subject.network.name)
    maps = cache.maps(subject.network.name, subject.key, subject.image)
    scene = scenes.scene(subject.network.name, subject.key, place.layer, place.unit, subject.image)
    own = _own(maps[place.layer], place.unit)
    asked, named = which_number.asked_spot(opened.graph.layer(place.layer), own)
    kept = sums.spot(scene, asked, key)
    here = Place(place.layer, place.unit, *kept.value)
    made = arithmetic.compute(opened, maps, here)
    taken = named or kept.value != asked
    if taken:
        which_number.keep(here)
    sums.sums(scene, kept, scenes.exact(made), not taken, key)
    return made


def _own(maps: npt.NDArray[np.float32], unit: int) -> npt.NDArray[np.float32]:
    return maps[..., unit] if maps.ndim == 3 else maps[unit].reshape(1, 1)
