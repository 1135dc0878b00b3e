"""Ask what was taught about new pictures: it answers at once, before it is a network on the shelf."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from cnn.array_types import Array, Pixels
from cnn.errors import reason
from cnn.inference.photo_classification import TOP_CLASSES
from cnn.teach import TaughtClassifier
from ui.components.class_ranking.class_ranking import RankedClass, render_class_ranking
from ui.components.live_camera.live_camera import LiveAnswer, LiveClass, render_live_camera
from ui.selection.photo_upload import MOST_MB, TYPES
from ui.teach.learning import features_of, features_of_pixels
from ui.text.numbers import percent
from ui.text.verbatim import verbatim


@st.fragment
def try_it(taught: TaughtClassifier) -> None:
    """Ask for a picture, and say what it is."""
    brought, camera = st.columns(2)
    file = brought.file_uploader(
        "A picture that it has not seen", type=list(TYPES), max_upload_size=MOST_MB, key="teach try"
    )
    with camera.popover("Take one with the camera", width="stretch"):
        taken = st.camera_input("Camera", label_visibility="collapsed", key="teach try camera")
    shown = file or taken
    if shown is None:
        return
    try:
        features = features_of(taught.trunk, shown.name, shown.getvalue())
    except Exception as error:  # a bad picture is told, whatever its reader raised
        st.warning(verbatim(reason(shown.name, error)))
        return
    shares = taught.probabilities(features)[0]
    picture, answer = st.columns([1, 2])
    picture.image(shown.getvalue(), width=220)
    with answer:
        if taught.is_none(features)[0]:
            st.markdown("**None of these**: it is unlike all that was taught. The nearest classes:")
        ranks = [
            RankedClass(str(i), taught.classes[i], "", float(shares[i]), percent(float(shares[i])))
            for i in _best(shares)
        ]
        render_class_ranking(ranks, ranks[0].key, "Confidence", f"teach answer {shown.file_id}")


@st.fragment
def try_live(taught: TaughtClassifier) -> None:
    """Answer what the camera sees, about every second."""
    render_live_camera(partial(_answer, taught), "teach live")


def _answer(taught: TaughtClassifier, pixels: Pixels) -> LiveAnswer:
    features = features_of_pixels(taught.trunk, pixels)
    shares, known = taught.probabilities(features)[0], not taught.is_none(features)[0]
    ranks = [LiveClass(taught.classes[i], float(shares[i]), percent(float(shares[i]))) for i in _best(shares)]
    return LiveAnswer(ranks[0].name if known else "None of these. The nearest:", known, ranks)


def _best(shares: Array) -> list[int]:
    """List the most probable classes, the best first."""
    return [int(i) for i in np.argsort(-shares, kind="stable")[:TOP_CLASSES]]
