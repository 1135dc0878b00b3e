"""What a run is examined on: a picture such as it learns from, which it never saw."""

from __future__ import annotations

import streamlit as st

from cnn.array_types import Array
from cnn.datasets.training_sets import training_set
from ui.selection import input_picker
from ui.selection.input_picker import ChosenInput


def choose_examination(name: str) -> tuple[ChosenInput, Array]:
    """Let a person choose a picture for the runs of a training set.

    Returns: the picture, also as the network sees it, float32 (height, width, channels) in [0, 1].
    """
    data = training_set(name)
    st.markdown("**Its examination**: pick a picture, or bring your own. It never learns from it.")
    chosen = input_picker.choose_input(data.like, "train")
    return chosen, chosen.image_of_shape(data.shape)
