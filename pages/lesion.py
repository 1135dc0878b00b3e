"""The Lesion lab: switch units of a layer off, and see what the answer and the accuracy lose."""

import streamlit as st

from cnn.graph import Layer
from ui import contrast, lesion_lab, lesion_view, shell, subject, switches

KEY = "lesion"

shell.title("Lesion lab")
st.markdown(
    "What does the network need a unit for? Click maps to switch them off: they become 0, and everything after them "
    "is computed anew. The network itself is never changed."
)
ask, look = st.columns([1, 3], gap="large")
with ask:
    chosen = subject.ask(KEY)
    layer = lesion_lab.layer(chosen)


@st.fragment
def study(chosen: subject.Subject, layer: Layer) -> None:
    """Compute and show; runs again with every switch."""
    said = st.container()
    units, answer = st.columns([3, 2], gap="large")
    with units:
        off = switches.switches(lesion_view.view(chosen, layer.name), lesion_lab.asked(layer), f"{KEY}:switches")
    found = lesion_view.outcome(chosen, layer.name, off)
    told = lesion_view.sentence(found, layer, off)
    said.markdown(told)
    with answer:
        bars = lesion_view.rows(found)
        contrast.contrast(bars, "How sure it is", ("intact", "with units off"), f"{KEY}:answer", told)
        st.download_button(
            "Keep as PNG",
            lambda: lesion_view.picture(chosen, layer, off, found),
            f"{layer.name}-lesion.png",
            "image/png",
            on_click="ignore",
        )
    lesion_lab.remember(layer, off)
    many, each = st.columns(2, gap="large")
    with many:
        st.subheader("What it costs on other pictures", anchor="accuracy")
        lesion_lab.accuracy(chosen.network, layer, off)
    with each:
        st.subheader("Which unit matters most", anchor="ranking")
        lesion_lab.ranking(chosen, layer, found)


with look:
    study(chosen, layer)
