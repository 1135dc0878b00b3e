"""The same canvas as on the Draw page, with no more than an echo of its strokes."""

import streamlit as st

from ui.components.drawing_canvas import drawing_canvas


@st.fragment
def echo() -> None:
    """Say what was drawn; runs again with every stroke."""
    drawing = drawing_canvas.render_drawing_canvas("echo")
    st.text([stroke.tolist() for stroke in drawing.strokes])


echo()
