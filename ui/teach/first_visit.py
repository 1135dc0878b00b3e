"""What the page shows to somebody who has no pictures here yet: some to begin with, and what comes of them."""

from __future__ import annotations

from typing import Final

import streamlit as st

from cnn.teach.collection import Collection
from ui.components.image_row.image_row import RowImage, render_image_row
from ui.images import data_uri
from ui.teach import taking_in

SHOWN: Final = 5  # samples of a class: a row on a laptop
STEPS: Final = """
1. **Show.** Two kinds of things or more, about 50 pictures of each: from several sides, before different backgrounds.
2. **It learns, in seconds.** A network that has seen very many photos looks at yours. You read how often it would be
   right, and which pictures may lie in the wrong class.
3. **Ask it.** Bring a new photo, or hold things before the camera: it answers live.
4. **Take it home.** As a network that opens on every page here, and as a web page that works from a USB stick.
"""


def show_first_visit(person: str, collection: Collection, trunk: str) -> None:
    """Offer pictures to begin with, and say how it goes on."""
    count = taking_in.SAMPLE_PICTURES
    st.subheader("No pictures at hand? Begin with these", anchor=False)
    st.button(
        f"Teach it these {count} cats and {count} dogs",
        type="primary",
        on_click=lambda: taking_in.take_in_files(person, collection, trunk, taking_in.sample_files(), ""),
        key="teach samples",
    )
    render_image_row(_samples(), "Some of the samples", "teach sample pictures")
    st.subheader("How it goes on", anchor=False)
    st.markdown(STEPS)


@st.cache_resource(show_spinner=False)
def _samples() -> tuple[RowImage, ...]:
    return tuple(
        RowImage(data_uri.color_png_uri(pixels), f"A {name}", name)
        for name in taking_in.SAMPLES
        for pixels in taking_in.sample_images(name)[:SHOWN]
    )
