"""One number of a network, from what it was made, and that it is what the network computed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import streamlit as st

from cnn.explain import arithmetic
from cnn.explain.arithmetic import Made
from cnn.explain.steps import Place
from ui import cache, scenes, sums, which_number
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
        scene, _ = scenes.shares(subject.network.name, subject.key, unit, subject.image)
        sums.sums(scene, sums.spot(scene, (0, 0), key), {}, False, key)
    else:
        _number(subject, Place(layer.name, unit), key)


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
