"""What a run is examined on: a picture such as it learns from, which it never saw."""

from __future__ import annotations

import numpy as np
import streamlit as st

from cnn.array_types import Array
from cnn.datasets.dataset import find_data_set
from cnn.datasets.evaluation_sets import data_folder
from cnn.datasets.training_sets import training_set
from cnn.errors import ConvScopeError
from ui.components.image_picker.image_picker import ImageTile, render_image_picker
from ui.images.data_uri import gray_png_uri
from ui.resources import network_cache
from ui.selection import input_picker
from ui.selection.address import INPUT, keep_in_address
from ui.selection.input_picker import ChosenInput


def choose_examination(name: str) -> tuple[ChosenInput, Array] | None:
    """Let a person choose a picture for the runs of a training set.

    Returns: the picture, also as the network sees it, float32 (height, width, channels) in [0, 1]; None, and a
        sentence on the page, where its pictures are not on this machine.
    """
    data = training_set(name)
    if data.asked_on_pages:
        st.markdown("**Its examination**: pick a picture, or bring your own. It never learns from it.")
        chosen = input_picker.choose_input(data.like, "train")
        return chosen, chosen.image(network_cache.cached_network(f"{data.like}/lenet"))
    st.markdown("**Its examination**: pick a test picture. It never learns from it.")
    try:
        given = _test_pictures(data.like)
    except ConvScopeError as error:
        st.warning(str(error))
        return None
    tiles = [ImageTile(one.key, one.title, one.picture, one.title) for one in given.values()]
    linked = st.query_params.get(INPUT, "")
    key = render_image_picker(tiles, linked if linked in given else tiles[0].key, f"train {data.like}", "Inputs")
    keep_in_address(INPUT, key)
    return given[key], np.asarray(given[key].pixels, np.float32)


@st.cache_resource(max_entries=2, show_spinner=False)
def _test_pictures(name: str) -> dict[str, ChosenInput]:
    """Take the first test picture of each class of a gray data set; raises MissingData."""
    data = find_data_set(name)
    split = data.read("test", data_folder())  # a folder: Keras, which could download it, stays out of this process
    found = {}
    for label, title in enumerate(data.classes):
        pixels = split.images[int((split.labels == label).argmax())].astype(np.float32) / 255
        key = f"{name}-{label}"
        found[key] = ChosenInput(key, title, gray_png_uri(pixels[..., 0], 4), pixels)
    return found
