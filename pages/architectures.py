"""Five architectures that made history: pick one, and see who made it, what it is made of and what it cost."""

import streamlit as st

from ui import eras, pickers, shell, shortcut, story, trained

shell.title("Architectures")
st.markdown("Five networks that changed what machines see. Pick one to see who made it, its one idea and its price.")


@st.fragment
def study() -> None:
    """Ask, show; runs again with every choice."""
    name = eras.eras(story.eras(), pickers.architecture(story.FIRST), "eras")
    pickers.keep_architecture(name)
    story.tell(name)
    story.diagrams(name)


@st.fragment
def experiment() -> None:
    """Ask for a depth, show what becomes of the gradient."""
    shortcut.study("shortcut")


study()
st.header("Residual: what is left over", anchor="residual", divider="gray")
st.markdown(shortcut.MEANING)
experiment()
trained.show("runs")
story.collections()
